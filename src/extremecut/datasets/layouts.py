"""Which layout a plain path holds: said only where exactly one fits."""

from __future__ import annotations

from pathlib import Path

from extremecut.errors import DataError

Described = tuple[str, tuple[str, ...], dict[str, str]]
"""Kind, paths and options of a data description."""


def describe_path(path: Path) -> Described:
    """The description of a COCO JSON file, or of a folder in one of the known layouts.

    Raises:
        DataError: nothing there, no layout fits, or several do; says what was looked for.
    """
    if path.is_file() and path.suffix.lower() == ".json":
        return ("coco", (str(path),), {})
    if not path.is_dir():
        raise DataError(f"{path} is neither a folder, a COCO JSON file nor a data description")
    fitting = [described for described in _layouts(path) if described is not None]
    if len(fitting) == 1:
        return fitting[0]
    looked = (
        "JPEGImages/480p and Annotations/480p (davis), one annotations/*.json (coco), images and "
        "ground_truth_mask (ecssd), images and masks (masks), images and labels (labels)"
    )
    if fitting:
        kinds = ", ".join(kind for kind, _, _ in fitting)
        raise DataError(f"{path} fits several layouts ({kinds}): say which, as in 'coco:FILE'")
    raise DataError(f"{path} fits no known layout; looked for {looked}")


def _layouts(root: Path) -> list[Described | None]:
    def folders(*names: str) -> tuple[str, ...] | None:
        paths = [root / name for name in names]
        return tuple(map(str, paths)) if all(path.is_dir() for path in paths) else None

    files = sorted((root / "annotations").glob("*.json"))
    images_and_masks = folders("images", "masks")
    images_and_labels = folders("images", "labels")
    return [
        ("davis", (str(root),), {}) if folders("JPEGImages/480p", "Annotations/480p") else None,
        ("coco", (str(files[0]),), {}) if len(files) == 1 else None,
        ("ecssd", (str(root),), {}) if folders("images", "ground_truth_mask") else None,
        # Strict: a folder called masks may as well hold labels or void pixels, one called labels
        # VOC's border, and they would silently become objects or parts of them.
        ("masks", images_and_masks, {"strict": "1"}) if images_and_masks else None,
        ("labels", images_and_labels, {"strict": "1"}) if images_and_labels else None,
    ]
