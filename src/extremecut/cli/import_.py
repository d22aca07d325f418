"""`extremecut import`: objects from files of other programs, into a folder of photos' project."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

from extremecut.cli.arguments import author_name
from extremecut.cli.export import FORMATS, add_project_option, note, opened_project, project_file
from extremecut.errors import DataError
from extremecut.files import missing_folders, remove_folders

HELP = "annotations of other programs into a folder of photos"

DESCRIPTION = """\
Read annotations in the format of another program and add them to those of a folder of photos, to
go on with them in `extremecut annotate`. What is there already is not added again. Photos are
found by relative path, then by file name; what belongs to none is listed. If anything in the file
is wrong, nothing is added.

FILE is a file, a folder or a .zip. For the formats see `extremecut export --help`.
"""

EPILOG = """\
examples:
  extremecut import photos/ --format coco instances.json
  extremecut import photos/ --format cvat task.zip --author Ada
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.add_argument("photos", type=Path, metavar="PHOTOS", help="the folder of photos")
    parser.add_argument("file", type=Path, metavar="FILE", help="what another program wrote")
    parser.add_argument("--format", choices=FORMATS, required=True, help="what it is")
    parser.add_argument("--author", metavar="NAME", help="whose work it is (default: your login)")
    add_project_option(parser)
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(arguments: argparse.Namespace) -> int:
    from extremecut.interchange import formats
    from extremecut.interchange.sources import open_source

    author = author_name(arguments.author)
    open_source(arguments.file)  # before a project is made for a file that is not there
    with _no_empty_project_left(arguments), opened_project(arguments) as project:
        refreshed = project.refresh_photos()
        photos = project.photo_sizes()
        reading = formats.FORMATS[arguments.format].opened(arguments.file, photos=photos)
        if not reading.entries and (notes := reading.tally.sentences()):
            raise DataError(f"nothing was imported from {arguments.file}. {' '.join(notes)}")
        taken = project.take_in(reading.annotated(photos), author=author)
    said = [*refreshed.notes, *reading.tally.sentences(), *taken.notes]
    for sentence in said:
        note(sentence)
    if arguments.json:
        import json

        done = {"format": arguments.format, "file": str(arguments.file)}
        counts = {"images": taken.images, "objects": taken.objects}
        print(json.dumps({**done, **counts, "notes": said}))
    else:
        print(f"{taken.objects} objects added to {taken.images} photos")
    return 0


@contextlib.contextmanager
def _no_empty_project_left(arguments: argparse.Namespace) -> Iterator[None]:
    """When the import fails, a project that was made for it goes; around the opened project."""
    store = project_file(arguments)
    if store is None or store.exists():
        yield
        return
    made = missing_folders(store.parent)
    try:
        yield
    except BaseException:
        if _is_untouched(arguments, store):
            store.unlink()
            remove_folders(made)
        raise


def _is_untouched(arguments: argparse.Namespace, store: Path) -> bool:
    """Whether nobody works in a project, nor did so while the import was under way."""
    from extremecut.errors import ExtremecutError

    if not store.exists() or store.with_name(store.name + "-wal").exists():  # open elsewhere
        return False
    try:
        with opened_project(arguments) as project:
            counts = project.summary()
    except ExtremecutError:
        return False
    return counts.objects == 0 and counts.new == counts.images
