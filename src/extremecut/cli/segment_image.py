"""Segmenting the listed objects of one image into one file, and an overlay if wanted."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extremecut.errors import DataError, PointsError
from extremecut.files import atomic_path, check_place
from extremecut.geometry.extreme_points import as_points

if TYPE_CHECKING:
    from extremecut.annotations.found import FoundObject, Sheet
    from extremecut.annotations.object_list import ListedObject
    from extremecut.predictor import Segmentation, Segmenter

SUFFIXES = {"png": ".png", "labels": ".png", "coco": ".json", "polygon": ".json"}
"""Each format with the ending of its files."""


@dataclass(frozen=True, slots=True)
class Output:
    """What becomes of one image."""

    path: Path
    """The file with the objects."""
    form: str = "png"
    """One of `SUFFIXES`."""
    overlay: Path | None = None
    """The picture to look at, if wanted."""
    tolerance_px: float = 1.0
    """How far polygons may lie from the exact outline."""
    file_name: str = ""
    """What COCO and polygon files call the image."""


def check_places(image: Path, output: Output, *, objects: Path | None = None) -> None:
    """Find out before the work that a file cannot or must not be written.

    Args:
        objects: the list of objects, if they come from one.

    Raises:
        DataError: an ending that is not the format's; the photo, the list or another output in
            its place.
        OSError: as `check_place`.
    """
    suffix = SUFFIXES[output.form]
    if output.path.suffix.lower() != suffix:
        raise DataError(
            f"--format {output.form} is written to a {suffix} file; got {output.path} "
            "(--format png, labels: .png; coco, polygon: .json)"
        )
    paths = [output.path]
    if output.overlay is not None:
        from extremecut.annotations.overlay import SUFFIXES as PICTURES

        if output.overlay.suffix.lower() not in PICTURES:
            raise DataError(
                f"an overlay is written as one of {', '.join(PICTURES)}; got {output.overlay}"
            )
        paths.append(output.overlay)
    taken = {} if objects is None else {os.path.realpath(objects): "the list of objects"}
    taken[os.path.realpath(image)] = "the photo itself"
    for path in paths:
        place = os.path.realpath(path)  # unlike Path.resolve, without complaint about loops
        if place in taken:
            raise DataError(f"{path} would replace {taken[place]}: choose another name")
        taken[place] = "another output"
        check_place(path)


def segment_image(
    segmenter: Segmenter,
    image: Path,
    rows: Sequence[ListedObject],
    output: Output,
    *,
    on_object: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """Segment, write, and tell what was found.

    Args:
        on_object: called after each object.

    Returns:
        What `--json` prints about the image.

    Raises:
        ImageError, PointsError: as `Segmenter.predict`.
        OSError: an output cannot be written; none is left then.
    """
    from extremecut.annotations.overlay import OverlaySheet
    from extremecut.images import load_image

    pixels = load_image(image)
    size_hw = (pixels.shape[0], pixels.shape[1])
    check_points(rows, size_hw)
    sheets: list[tuple[Path, Sheet]] = [(output.path, _sheet(output, size_hw))]
    if output.overlay is not None:
        sheets.append((output.overlay, OverlaySheet(pixels, suffix=output.overlay.suffix)))
    objects = []
    results = segmenter.predict_batch((pixels, row.points) for row in rows)
    for row, result in zip(rows, results, strict=True):
        found = _found(result, row.label)
        for _, sheet in sheets:
            sheet.add(found)
        objects.append(_described(found, result))
        on_object()
    # All are written before the first takes its place: either every output is there or none.
    with ExitStack() as stack:
        for path, sheet in sheets:
            stack.enter_context(atomic_path(path)).write_bytes(sheet.to_bytes())
    answer: dict[str, Any] = {"image": str(image), "width": size_hw[1], "height": size_hw[0]}
    answer |= {"output": str(output.path), "format": output.form}
    if output.overlay is not None:
        answer["overlay"] = str(output.overlay)
    return answer | {"objects": objects}


def check_points(rows: Sequence[ListedObject], size_hw: tuple[int, int]) -> None:
    """Raises: PointsError: points cannot lie on the image; says which object's."""
    for number, row in enumerate(rows, start=1):
        try:
            as_points(row.points, size_hw=size_hw)
        except PointsError as error:
            where = row.where or (f"object {number}" if len(rows) > 1 else "")
            raise PointsError(f"{where}: {error}" if where else str(error)) from None


def _sheet(output: Output, size_hw: tuple[int, int]) -> Sheet:
    # Imported one by one: a mask needs none of the others.
    if output.form == "coco":
        from extremecut.annotations.coco import CocoSheet

        return CocoSheet(output.file_name, size_hw, tolerance_px=output.tolerance_px)
    if output.form == "polygon":
        from extremecut.annotations.polygon_json import PolygonSheet

        return PolygonSheet(output.file_name, size_hw, tolerance_px=output.tolerance_px)
    from extremecut.annotations.mask_png import LabelSheet

    return LabelSheet(size_hw, always_labels=output.form == "labels")


def _found(result: Segmentation, label: str | None) -> FoundObject:
    from extremecut.annotations.found import FoundObject
    from extremecut.geometry.boxes import Box

    box = None if result.box_xyxy is None else Box(*result.box_xyxy)
    label = (label or "").strip() or None  # blanks after a comma make no other class
    return FoundObject(result.mask, box, result.points_xy, result.confidence, label)


def _described(found: FoundObject, result: Segmentation) -> dict[str, Any]:
    from extremecut.predictor.answer import answer

    described: dict[str, Any] = {**answer(result)}
    return described if found.label is None else described | {"label": found.label}
