"""COCO instance annotations: polygons and run lengths, crowds left out."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extremecut.datasets.coco_masks import segmentation_mask
from extremecut.datasets.folders import ALL, Selection, existing_folder
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects, ObjectEntry
from extremecut.datasets.mask_files import check_size
from extremecut.errors import DataError
from extremecut.files import is_utf8

ID_FILTERS = ("all", "even", "odd")


def read_coco(
    annotations: Path,
    images: Path | None = None,
    *,
    ids: str = "all",
    min_area: float = 0.0,
    max_area: float | None = None,
    selection: Selection = ALL,
    name: str = "coco",
    cache: ImageCache | None = None,
) -> IndexedObjects:
    """The objects of a COCO JSON file that are not crowds, ordered by image file name.

    Args:
        annotations: the JSON file.
        images: folder of the images; when None, the one folder near the JSON file that holds
            them (see `find_images`).
        ids: "even" or "odd": only images whose id ends in such a digit.
        min_area, max_area: `min_area <= area < max_area`, by the annotation's own "area" (the
            mask's pixels where it has none).
        selection: which of the images.

    Raises:
        DataError: not a COCO file, a wrong annotation (says which), missing images or such of
            another size than it says.
    """
    if ids not in ID_FILTERS:
        raise DataError(f"ids must be one of {ID_FILTERS}, got {ids!r}")
    content = load_coco(annotations)
    folder = find_images(annotations, content["images"]) if images is None else images
    existing_folder(folder)
    chosen = [image for image in content["images"] if ids == "all" or _parity(image["id"]) == ids]
    chosen = selection.of(sorted(chosen, key=lambda image: str(image["file_name"])))
    of_image = _objects_by_image(content)
    categories = {item.get("id"): str(item.get("name")) for item in content["categories"]}
    licences = {item.get("id"): str(item.get("name")) for item in content["licenses"]}
    entries = []
    for image in chosen:
        path = folder / image["file_name"]
        if of_image[image["id"]] and not path.is_file():
            raise DataError(f"{annotations} names the image {path}, which does not exist")
        if of_image[image["id"]]:
            check_size(path, annotations, (image["height"], image["width"]))
        for row, item in of_image[image["id"]]:
            where = f"{annotations}, annotations[{row}] (id {item.get('id', 'missing')})"
            area = _declared_area(item, where)
            if area is not None and not _in_range(area, min_area, max_area):
                continue
            mask = segmentation_mask(
                item.get("segmentation"), (image["height"], image["width"]), where
            )
            if area is None and not _in_range(mask.area_px, min_area, max_area):
                continue
            category = item.get("category_id")
            tags = {"category": categories.get(category, str(category))}
            if image.get("license") in licences:
                tags["licence"] = licences[image["license"]]
            entries.append(
                ObjectEntry(path, mask, None, f"{path.stem}:{item.get('id', row)}", tags)
            )
    return IndexedObjects(name, entries, cache=cache)


def load_coco(path: Path) -> dict[str, Any]:
    """The file's content with checked images; "categories" and "licenses" may be empty.

    Raises:
        DataError: cannot be read, or lacks what the format asks for: sizes, identifiers that are
            numbers or text, each image's used once and known to its annotations, names in UTF-8.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"the COCO file {path} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path} is no COCO file: an object with images and annotations is needed")
    for key, needed in (
        ("images", True), ("annotations", True), ("categories", False), ("licenses", False)
    ):  # fmt: skip
        value = content.get(key) if needed else (content.get(key) or [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise DataError(f'{path} is no COCO file: "{key}" must be a list of objects')
        content[key] = value
    known = _checked_image_ids(content["images"], path)
    for row, item in enumerate(content["annotations"]):
        where = f"{path}, annotations[{row}]"
        _check_identifiers(item, where, needed=("image_id",), optional=("id", "category_id"))
        if item["image_id"] not in known:
            raise DataError(f'{where}: "image_id" {item["image_id"]!r} is not among the images')
        if item.get("iscrowd") not in (None, 0, 1):  # the text "0" would count as yes
            raise DataError(f'{where}: "iscrowd" must be 0 or 1, got {_short(item["iscrowd"])}')
    for key in ("categories", "licenses"):
        for row, item in enumerate(content[key]):
            where = f"{path}, {key}[{row}]"
            _check_identifiers(item, where, optional=("id",))
            if not is_utf8(str(item.get("name"))):
                raise DataError(f'{where}: "name" must be UTF-8 text, got {_short(item["name"])}')
    return content


def _checked_image_ids(images: list[dict[str, Any]], path: Path) -> set[Any]:
    known = set()
    for row, image in enumerate(images):
        where = f"{path}, images[{row}]"
        sizes = (image.get("height"), image.get("width"))
        good_sizes = all(type(size) is int and 0 < size <= 100_000 for size in sizes)
        if not good_sizes or type(image.get("file_name")) is not str or "id" not in image:
            raise DataError(
                f'{where}: "id", "file_name", and "height" and "width" in pixels are needed, got '
                f"{_short(image)}"
            )
        if not is_utf8(image["file_name"], of_file=True):
            raise DataError(
                f'{where}: "file_name" must be UTF-8 text, got {_short(image["file_name"])}'
            )
        _check_identifiers(image, where, needed=("id",), optional=("license",))
        if image["id"] in known:
            raise DataError(f"{where}: the id {image['id']!r} is used twice")
        known.add(image["id"])
    return known


def _check_identifiers(
    item: dict[str, Any], where: str, *, needed: Sequence[str] = (), optional: Sequence[str] = ()
) -> None:
    for key in (*needed, *optional):
        value = item.get(key)
        if type(value) not in (int, float, str) and (key in needed or value is not None):
            raise DataError(f'{where}: "{key}" must be a number or text, got {_short(value)}')


def find_images(annotations: Path, images: list[dict[str, Any]]) -> Path:
    """The folder near a COCO file that holds its images.

    Looked at are the JSON file's own folder and the one above, in each also `images`, the split's
    name (the end of `instances_val2017`) and `images/` with the split's name. Names of images
    that are absolute need none of these.

    Raises:
        DataError: no such folder, or several.
    """
    split = annotations.stem.rsplit("_", maxsplit=1)[-1]
    names = [image["file_name"] for image in images[:5]]
    bases = annotations.absolute().parents[:2]
    if names and all(Path(name).is_absolute() for name in names):
        return bases[0]
    parts = ("", "images", split, f"images/{split}")
    tried = list(dict.fromkeys(base / part for base in bases for part in parts))
    found = [folder for folder in tried if names and all((folder / n).is_file() for n in names)]
    if len(found) != 1:
        listed = ", ".join(str(folder) for folder in (found or tried))
        problem = "are in several folders" if found else "were not found; looked in"
        raise DataError(f"the images of {annotations} {problem}: {listed}. Say images=FOLDER")
    return found[0]


def _objects_by_image(
    content: dict[str, Any],
) -> defaultdict[Any, list[tuple[int, dict[str, Any]]]]:
    found: defaultdict[Any, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for row, item in enumerate(content["annotations"]):
        if not item.get("iscrowd"):
            found[item["image_id"]].append((row, item))
    return found


def _parity(image_id: Any) -> str:
    if type(image_id) is not int:
        raise DataError(f"ids=even or odd needs whole numbers as image ids, got {image_id!r}")
    return "odd" if image_id % 2 else "even"


def _declared_area(item: dict[str, Any], where: str) -> float | None:
    area = item.get("area")
    if area is None:
        return None
    if type(area) not in (int, float) or not abs(area) < math.inf:
        raise DataError(f'{where}: "area" must be a finite number, got {_short(area)}')
    return area


def _in_range(area: float, low: float, high: float | None) -> bool:
    return area >= low and (high is None or area < high)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
