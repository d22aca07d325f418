from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.datasets.description import open_set
from extremecut.datasets.layouts import describe_path
from extremecut.errors import DataError

LAYOUTS = {
    "masks": ("images", "masks"),
    "labels": ("images", "labels"),
    "ecssd": ("images", "ground_truth_mask"),
    "davis": ("JPEGImages/480p", "Annotations/480p"),
}


def make(root: Path, *folders: str) -> Path:
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
    return root


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_layout_is_recognised_by_its_folders(tmp_path: Path, kind: str) -> None:
    assert describe_path(make(tmp_path, *LAYOUTS[kind]))[0] == kind


def test_one_coco_file_is_recognised(tmp_path: Path) -> None:
    make(tmp_path, "annotations", "images")
    (tmp_path / "annotations" / "instances.json").write_text("{}")

    expected = ("coco", (str(tmp_path / "annotations" / "instances.json"),), {})
    assert describe_path(tmp_path) == expected
    assert describe_path(tmp_path / "annotations" / "instances.json") == expected


def test_two_fitting_layouts_are_not_guessed_between(tmp_path: Path) -> None:
    make(tmp_path, "images", "masks", "labels")

    with pytest.raises(DataError, match=r"fits several layouts \(masks, labels\): say which"):
        describe_path(tmp_path)


def test_what_was_looked_for_is_listed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"looked for JPEGImages/480p and .* images and labels"):
        describe_path(tmp_path)


def test_masks_with_void_are_not_read_as_plain_masks(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    write_image("images/a.jpg")
    write_values("masks/a.png", [[0, 128, 255, 0, 0, 0]] * 4)

    with pytest.raises(DataError, match=r"'grabcut:ROOT' for the GrabCut set"):
        open_set(str(tmp_path))


def test_a_border_beside_labels_is_asked_about(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    write_image("images/a.jpg")
    write_values("labels/a.png", [[0, 1, 255, 0, 0, 0]] * 4)

    with pytest.raises(DataError, match=r"a\.png holds 255 beside other labels: .*\?void=255"):
        open_set(str(tmp_path))
    folders = f"labels:{tmp_path}/images,{tmp_path}/labels"
    assert len(open_set(f"{folders}?void=255")) == 1
    assert len(open_set(folders)) == 2


@pytest.mark.parametrize(
    ("values", "mode", "objects"),
    [
        ([[0, 255, 255, 0, 0, 0]] * 4, "L", 1),
        ([[0, 1, 2, 0, 0, 0]] * 4, "P", 2),
        ([[0, 1, 255, 0, 0, 0]] * 4, "I;16", 2),
    ],
)
def test_a_folder_of_images_and_labels_is_read(
    tmp_path: Path,
    write_image: Callable[..., Path],
    write_values: Callable[..., Path],
    values: object,
    mode: str,
    objects: int,
) -> None:
    write_image("images/a.jpg")
    write_values("labels/a.png", values, mode=mode)

    assert len(open_set(str(tmp_path))) == objects


def test_a_folder_of_images_and_masks_is_read(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    write_image("images/a.jpg")
    write_values("masks/a.png", [[0, 0, 255, 0, 0, 0]] * 4)

    assert len(open_set(str(tmp_path))) == 1
