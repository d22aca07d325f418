"""`extremecut export`: the objects of a folder of photos as files of other programs."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from extremecut.cli.arguments import tolerance_px
from extremecut.errors import ConfigError, DataError

if TYPE_CHECKING:
    from extremecut.interchange.annotated import AnnotatedImage
    from extremecut.projects.project import Project

HELP = "the annotations of a folder of photos as COCO, VOC, YOLO, labelme, CVAT, DAVIS or PNGs"

FORMATS = ("coco", "voc", "yolo", "labelme", "cvat", "davis", "labels", "masks")
"""As in `extremecut.interchange.formats`, which a test compares; importing that takes a while."""

DESCRIPTION = """\
Write what was annotated with `extremecut annotate` in the format of another program. What that
cannot hold is said, in notes. Photos are not copied.

  coco     one JSON file; polygons, run lengths for objects with holes, extreme points
  voc      PASCAL VOC: palette PNGs of classes and objects
  yolo     YOLO-seg: a text file of outlines a photo, and data.yaml
  labelme  a JSON file a photo
  cvat     CVAT for images 1.1, one XML file
  davis    DAVIS: a palette PNG a frame
  labels   16-bit label PNGs
  masks    binary PNGs, one an object, in a folder a photo

OUT is a new or empty folder, or ends in .zip; for coco and cvat it may end in .json and .xml.
"""

EPILOG = """\
examples:
  extremecut export photos/ --format coco -o annotations.json
  extremecut export photos/ --format yolo -o dataset/ --tolerance 1.5
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.add_argument("photos", type=Path, metavar="PHOTOS", help="the folder of photos")
    parser.add_argument("--format", choices=FORMATS, required=True, help="see above")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", required=True)
    parser.add_argument(
        "--tolerance", type=tolerance_px, default=1.0, metavar="PX",
        help="how far polygons may lie from the outline; 0 keeps every pixel (default: 1)",
    )  # fmt: skip
    add_project_option(parser)
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace a folder that an export wrote; refused where other files lie in it",
    )
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def add_project_option(parser: argparse.ArgumentParser) -> None:
    """Where the database is."""
    parser.add_argument(
        "--project", metavar="FILE|URL",
        help="where the work is kept (default: PHOTOS/.extremecut/project.sqlite)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from extremecut.interchange import formats

    output: Path = arguments.output
    form = arguments.format
    _check_output(output, arguments.photos, form, formats.FORMATS[form].main)
    _check_there_is_a_project(arguments)
    with _project_to_read(arguments) as project:
        annotated = project.annotated()
        images = CountedImages(annotated.images)
        losses = formats.FORMATS[arguments.format].write(
            replace(annotated, images=images),
            output,
            tolerance_px=arguments.tolerance,
            overwrite=arguments.overwrite,
        )
    for sentence in losses:
        note(sentence)
    if arguments.json:
        import json

        counts = {"images": len(images), "objects": images.objects}
        done = {"format": arguments.format, "output": str(output), **counts}
        print(json.dumps({**done, "losses": list(losses)}))
    else:
        print(f"{images.objects} objects of {len(images)} photos written to {output}")
    return 0


class CountedImages(Sequence["AnnotatedImage"]):
    """Images that pass by one at a time, with a progress bar where somebody watches."""

    def __init__(self, images: Sequence[AnnotatedImage]) -> None:
        self._images = images
        self.objects = 0
        """Of the images that passed by."""

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._images[index]

    def __iter__(self) -> Iterator[AnnotatedImage]:
        from tqdm import tqdm

        bar = tqdm(self._images, unit="photo", disable=None, leave=False)  # on a terminal only
        for image in bar:
            self.objects += len(image.objects)
            yield image


@contextmanager
def _project_to_read(arguments: argparse.Namespace) -> Iterator[Project]:
    """The project, or a copy of one that lies where nothing can be written."""
    from extremecut.projects.project import Project
    from extremecut.projects.sqlite_file import copy_to_read, is_read_only

    store = project_file(arguments)
    if store is None or not is_read_only(store):
        with opened_project(arguments) as project:
            yield project
        return
    with (
        tempfile.TemporaryDirectory(prefix="extremecut-") as folder,
        Project.open(arguments.photos, store=copy_to_read(store, Path(folder))) as project,
    ):
        yield project


def opened_project(arguments: argparse.Namespace) -> Project:
    """The project that the command line names."""
    from extremecut.projects.project import Project

    return Project.open(arguments.photos, store=arguments.project)


def project_file(arguments: argparse.Namespace) -> Path | None:
    """Where the project's file is or would be made; None for a database on a server."""
    if arguments.project is not None and "://" in arguments.project:
        return None
    return Path(arguments.project or arguments.photos / ".extremecut" / "project.sqlite")


def note(text: str) -> None:
    print(f"extremecut: note: {text}", file=sys.stderr)


_ENDINGS_OF_FILES = (".json", ".xml", ".txt", ".csv", ".yaml", ".png", ".gz", ".tar", ".tgz", ".7z")
"""Who names OUT so does not want a folder of that name."""


def _check_output(output: Path, photos: Path, form: str, main: str | None) -> None:
    folder, target = Path(os.path.realpath(photos)), Path(os.path.realpath(output))
    of_files = (".zip",) if main is None else (".zip", Path(main).suffix)
    is_file = target.suffix.lower() in of_files
    if target.is_relative_to(folder) and not is_file:
        raise ConfigError(
            f"{output} lies in the folder of photos, where masks would be taken for photos: choose "
            "a folder beside it, or one that ends in .zip"
        )
    if target.is_dir() or is_file:
        return
    if str(output) == "-":
        raise ConfigError("an export is written to a file or folder, not printed; got -")
    if target.suffix.lower() in _ENDINGS_OF_FILES:
        raise ConfigError(
            f"--format {form} is written to a folder, or to a file that ends in "
            f"{' or '.join(of_files)}; got {output}"
        )


def _check_there_is_a_project(arguments: argparse.Namespace) -> None:
    """Opening would make an empty one."""
    store = project_file(arguments)
    if store is None:
        return
    if arguments.photos.is_dir() and not store.exists():
        raise DataError(
            f"nothing was annotated in {arguments.photos} yet, there is no {store}: "
            f"extremecut annotate {arguments.photos}"
        )
