"""`extremecut points`: the extreme points of the objects of a mask, label or COCO file."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extremecut.cli.arguments import check_output, void_value
from extremecut.errors import ConfigError, DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extremecut.annotations.object_list import ListedObject

HELP = "extreme points of the objects of a mask, label or COCO file"

DESCRIPTION = """\
Write the left-most, top, right-most and bottom pixel of every object (the middle one of equals),
in exactly the form that `extremecut segment --objects` reads.

  mask         PNG with one value beside 0: one object
  label image  8 or 16-bit grey or palette PNG: one object a value, 0 the background
  COCO         JSON: one object an annotation, crowds left out; images and categories are kept

Objects of a single pixel have no four points and are left out, with a note.
"""

EPILOG = """\
examples:
  extremecut points mask.png --image photo.jpg -o objects.json
  extremecut points instances_val2017.json --folder val2017 --format csv -o objects.csv
"""

AMBIGUOUS_LABEL = 255


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.add_argument("mask", type=Path, metavar="MASK", help="PNG or COCO JSON")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="default: print the list")
    parser.add_argument("--format", choices=("json", "csv"), help="default: by OUT, else json")
    parser.add_argument(
        "--json", action="store_true", help="the same as --format json, which is the default"
    )
    parser.add_argument(
        "--image", metavar="PHOTO", help="the photo a mask or label image belongs to"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where a COCO file's images are")
    parser.add_argument(
        "--void", type=void_value, metavar="VALUE",
        help='a label that is no object: 255 in VOC and DAVIS; "none": every value is one',
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from extremecut.annotations.object_list import write_object_list
    from extremecut.datasets.folders import IMAGE_SUFFIXES
    from extremecut.files import write_text

    form = "json" if arguments.json else arguments.format
    if arguments.json and arguments.format == "csv":
        raise ConfigError("--json and --format csv contradict each other")
    if form is None:
        by_name = arguments.output is not None and arguments.output.suffix.lower() == ".csv"
        form = "csv" if by_name else "json"
    coco = _is_json(arguments.mask)
    if coco and (arguments.image is not None or arguments.void is not None):
        raise ConfigError("--image and --void belong to mask and label images, not to COCO files")
    if not coco and arguments.folder is not None:
        raise ConfigError("--folder belongs to COCO files; for mask and label images say --image")
    if arguments.output is not None:
        photo = [] if arguments.image is None else [Path(arguments.image)]
        check_output(arguments.output, [arguments.mask, *photo])
        if arguments.output.suffix.lower() in IMAGE_SUFFIXES:  # a photo, or soon taken for one
            raise ConfigError(
                f"the list is JSON or CSV, not a picture, which {arguments.output} should be: "
                "choose an -o that ends in .json or .csv"
            )
    found = list(_coco_objects(arguments) if coco else _image_objects(arguments))
    text = write_object_list(found, form)
    if arguments.output is None:
        print(text, end="")
    else:
        write_text(arguments.output, text)
    if not found:
        print(f"extremecut: note: {arguments.mask} holds no objects", file=sys.stderr)
    elif coco:
        _note_missing_photos(found, arguments)
    return 0


def _note_missing_photos(found: list[ListedObject], arguments: argparse.Namespace) -> None:
    """A list is as good without its photos until something is to be done with it."""
    start = Path() if arguments.output is None else arguments.output.parent
    photos = {start / entry.image for entry in found if entry.image is not None}
    missing = sum(not photo.is_file() for photo in photos)
    if missing:
        print(
            f"extremecut: note: {missing} of {len(photos)} photos are not in "
            f"{_coco_folder(arguments)}: say where they are with --folder",
            file=sys.stderr,
        )


def _is_json(path: Path) -> bool:
    from extremecut.files import open_at_once

    try:
        with open_at_once(path) as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):  # can be read but once
                raise DataError(
                    f"{path} is a pipe or a device: save what comes through it to a file first"
                )
            start = handle.read(64)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from None
    if start.startswith(b"\xff\xd8"):
        raise DataError(f"{path} is a JPEG, whose values are not exact: save masks as PNG")
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _image_objects(arguments: argparse.Namespace) -> Iterator[ListedObject]:
    import numpy as np

    from extremecut.datasets.mask_files import read_values
    from extremecut.geometry.boxes import boxes_of_labels

    path: Path = arguments.mask
    values = read_values(path)
    boxes = boxes_of_labels(values)  # looking at the whole for each would take hours for thousands
    ambiguous = values.dtype == np.uint8 and AMBIGUOUS_LABEL in boxes and len(boxes) > 1
    if ambiguous and arguments.void is None:
        raise DataError(
            f"{path} holds {AMBIGUOUS_LABEL} beside other values: say --void VALUE for the one "
            "that is no object (VOC and DAVIS: 255, GrabCut: 128), or --void none"
        )
    image = None
    if arguments.image is not None:
        photo = Path(arguments.image)
        _check_photo(photo, values.shape, path)
        image = _from_list_to(photo, arguments.output)
    for value, box in boxes.items():
        if value != arguments.void:
            inside = values[box.slices] == value
            where = f"{path}, value {value}"
            yield from _listed(inside, image, None, where, offset_xy=(box.x0, box.y0))


def _check_photo(photo: Path, mask_hw: tuple[int, ...], mask: Path) -> None:
    """That a mask is as large as its photo, where that is there already."""
    from extremecut.images import image_size_hw

    if photo.is_dir():  # "" is one too
        raise ConfigError(f"--image must name a photo, but {photo} is a folder")
    if not photo.is_file():
        return
    height, width = image_size_hw(photo)
    if mask_hw != (height, width):
        raise DataError(
            f"{mask} has {mask_hw[1]} x {mask_hw[0]} pixels, but the upright photo {photo} has "
            f"{width} x {height}: name the photo that the mask was made for"
        )


def _coco_objects(arguments: argparse.Namespace) -> Iterator[ListedObject]:
    from extremecut.datasets.coco import load_coco
    from extremecut.datasets.coco_masks import segmentation_mask

    path: Path = arguments.mask
    content = load_coco(path)
    images = {image["id"]: image for image in content["images"]}
    names = {category.get("id"): category.get("name") for category in content["categories"]}
    folder = _coco_folder(arguments)
    for number, entry in enumerate(content["annotations"]):
        where = f"{path}, annotations[{number}]"
        if entry.get("iscrowd"):
            continue
        image = images[entry["image_id"]]
        size_hw = (image["height"], image["width"])
        mask = segmentation_mask(entry.get("segmentation"), size_hw, where).unpack()
        name = names.get(entry.get("category_id"))
        photo = _from_list_to(folder / image["file_name"], arguments.output)
        yield from _listed(mask, photo, name if isinstance(name, str) else None, where)


def _coco_folder(arguments: argparse.Namespace) -> Path:
    folder: Path = arguments.mask.parent if arguments.folder is None else arguments.folder
    return folder


def _listed(
    mask: NDArray[np.bool_],
    image: str | None,
    label: str | None,
    where: str,
    *,
    offset_xy: tuple[int, int] = (0, 0),
) -> Iterator[ListedObject]:
    from extremecut.annotations.object_list import ListedObject
    from extremecut.geometry.boxes import Box
    from extremecut.geometry.extreme_points import extreme_points

    box = Box.around_mask(mask)
    if box is None or box.area == 1:
        size = "is empty" if box is None else "is a single pixel"
        print(f"extremecut: note: {where} {size} and left out", file=sys.stderr)
        return
    points = (extreme_points(mask) + offset_xy).tolist()
    yield ListedObject(tuple((x, y) for x, y in points), image, label)


def _from_list_to(photo: Path, output: Path | None) -> str:
    """The photo's path as it has to stand in the list: relative to the list's own folder."""
    if photo.is_absolute():
        return str(photo)
    start = Path.cwd() if output is None else output.parent
    path = Path(os.path.relpath(photo, start))
    if ".." in path.parts:  # leads up from the folder itself, not from a link to it
        path = Path(os.path.relpath(photo, start.resolve()))
    return path.as_posix()
