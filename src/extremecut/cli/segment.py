"""`extremecut segment`: points in, masks out, for one image or a list."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from extremecut.cli.arguments import add_model_options, tolerance_px
from extremecut.cli.segment_image import SUFFIXES, Output, check_places, segment_image
from extremecut.errors import ConfigError, DataError

HELP = "masks of objects from their extreme points"

DESCRIPTION = """\
Segment objects from four or more points each: the left-most, top, right-most and bottom point of
the object, in any order, and any further points on its boundary. Coordinates are pixels, x to the
right and y down, (0, 0) is the centre of the top-left pixel of the upright picture.

formats:
  png      one object: 0 and 255; several: like labels
  labels   16-bit PNG, 0 the background, 1, 2, 3 ... the objects in order, later ones on top
  coco     COCO JSON: polygons, or run lengths where an object has holes
  polygon  JSON with outlines and holes

With --objects and no IMAGE, the list names the images, -o is a folder, and each image gets a file
of its name there (coco: annotations.json holds all of them too). Masks and overlays do not go into
the folder of the photos. The list's rows, photos and points are checked before anything is written.
Started again, the command goes on where it stopped: finished images are recorded in
extremecut-progress.jsonl in that folder.
"""

EPILOG = """\
examples:
  extremecut segment photo.jpg --points "79,237 297,17 480,232 279,384" -o mask.png
  extremecut segment photo.jpg --points "9,50 60,8 99,55 55,80" --points "200,90 250,40 300,95 \
240,150" \\
      -o objects.json --format coco --overlay look.jpg
  extremecut segment --objects objects.csv -o masks

objects.csv:
  image,points
  photos/a.jpg,"79,237 297,17 480,232 279,384"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(wrong_usage=parser.error)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.add_argument("image", nargs="?", type=Path, metavar="IMAGE", help="the photo")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--points", action="append", metavar='"x,y ..."',
        help='an object; repeat for more; where -7,20;9,5;... begins with -: --points="-7,20;..."',
    )  # fmt: skip
    what.add_argument(
        "--objects", type=Path, metavar="FILE",
        help='list of objects: JSON [{"image", "points": [[x, y], ...]}] or CSV image,points',
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT",
        help="file to write; with a list over images, the folder",
    )  # fmt: skip
    parser.add_argument("--format", choices=SUFFIXES, default="png", help="default: png")
    parser.add_argument(
        "--overlay", type=Path, metavar="OUT",
        help="also a picture to look at; with a list over images, another folder",
    )  # fmt: skip
    parser.add_argument(
        "--tolerance", type=tolerance_px, default=1.0, metavar="PX",
        help="how far polygons may lie from the exact outline; 0: exact (default: 1)",
    )  # fmt: skip
    add_model_options(parser)
    parser.add_argument(
        "--json", action="store_true", help="print boxes, areas, confidences, notes"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress bar and no summary")


def run(arguments: argparse.Namespace) -> int:
    if arguments.image is None and arguments.objects is None:
        arguments.wrong_usage("name the IMAGE that the points belong to")
    return _one_image(arguments) if arguments.image is not None else _many_images(arguments)


def _one_image(arguments: argparse.Namespace) -> int:
    from extremecut.annotations.object_list import ListedObject, parse_points, read_object_list
    from extremecut.predictor import Segmenter

    if arguments.objects is None:
        rows = [ListedObject(parse_points(text)) for text in arguments.points]
    else:
        rows = read_object_list(arguments.objects)
        for row in rows:
            if row.image is not None:
                raise DataError(f"{row.where}: names the image {row.image}: leave IMAGE out then")
    output = _output(arguments, arguments.output, arguments.overlay)
    check_places(arguments.image, output, objects=arguments.objects)
    segmenter = Segmenter(arguments.model, device=arguments.device, threads=arguments.threads)
    if arguments.objects is None:
        answer = segment_image(segmenter, arguments.image, rows, output)
    else:  # which may be thousands
        with _bar_once_begun(len(rows), quiet=arguments.quiet) as count:
            answer = segment_image(segmenter, arguments.image, rows, output, on_object=count)
    _report({"images": [answer]}, arguments, whole=answer)
    return 0


@contextmanager
def _bar_once_begun(total: int, *, quiet: bool) -> Iterator[Callable[[], object]]:
    """A progress bar that appears with the first object, so that errors before it are one line."""
    from tqdm import tqdm

    bars: list[Any] = []
    with ExitStack() as stack:

        def count() -> None:
            if not bars:
                bar = tqdm(total=total, unit="object", disable=quiet)
                bars.append(stack.enter_context(bar))
            bars[0].update()

        yield count


def _many_images(arguments: argparse.Namespace) -> int:
    from extremecut.annotations.object_list import read_object_list
    from extremecut.cli.segment_list import plan, segment_list
    from extremecut.predictor import Segmenter

    rows = read_object_list(arguments.objects)
    folder, overlays = arguments.output, arguments.overlay
    if overlays is not None and os.path.realpath(overlays) == os.path.realpath(folder):
        raise ConfigError("-o and --overlay need two different folders")
    like = _output(arguments, folder, None)
    planned = plan(rows, objects=arguments.objects, folder=folder, overlays=overlays, like=like)
    segmenter = Segmenter(arguments.model, device=arguments.device, threads=arguments.threads)
    answer = segment_list(segmenter, planned, folder=folder, quiet=arguments.quiet)
    _report(answer, arguments, whole=answer)
    for failure in answer["failed"]:
        print(f"extremecut: error: {failure['error']}", file=sys.stderr)
    return 1 if answer["failed"] else 0


def _output(arguments: argparse.Namespace, path: Path, overlay: Path | None) -> Output:
    name = "" if arguments.image is None else arguments.image.name
    return Output(path, arguments.format, overlay, arguments.tolerance, name)


def _report(answer: dict[str, Any], arguments: argparse.Namespace, *, whole: Any) -> None:
    """What was found on stdout, what a person should know about it on stderr."""
    if arguments.json:
        print(json.dumps(whole))
    elif not arguments.quiet:
        for image in answer["images"]:
            count = len(image["objects"])
            print(f"{image['output']}: {count} object{'s' if count != 1 else ''}{_sure(image)}")
        if answer.get("skipped"):
            print(f"{answer['skipped']} of {len(answer['images'])} images were finished before")
    for image in answer["images"]:
        for number, found in enumerate(image["objects"], start=1):
            for note in found["notes"]:
                print(
                    f"extremecut: note: {image['image']}, object {number}: {note}", file=sys.stderr
                )


def _sure(image: dict[str, Any]) -> str:
    estimates = [found["confidence"] for found in image["objects"]]
    if None in estimates or not estimates:
        return ""
    shown = ", ".join(f"{100 * value:.0f} %" for value in estimates[:10])
    return f", estimated IoU {shown}{', ...' if len(estimates) > 10 else ''}"
