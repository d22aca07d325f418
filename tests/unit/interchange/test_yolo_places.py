from __future__ import annotations

import pytest

from extremecut.interchange.yolo_places import in_images, in_place, label_file, without_labels


@pytest.mark.parametrize(
    ("photo", "file"),
    [
        ("a", "labels/a.txt"),
        ("train/a", "labels/train/a.txt"),
        ("images/train/a", "labels/train/a.txt"),
        ("images", "labels/images.txt"),
        ("train/images/a", "images/train/labels/a.txt"),
        ("images/images/a", "images/labels/a.txt"),
        ("labels/a", "labels/labels/a.txt"),
        ("my images/a", "labels/my images/a.txt"),
    ],
)
def test_labels_lie_where_training_looks_for_them(photo: str, file: str) -> None:
    assert label_file(photo) == file
    # What training does with the path of a photo that is in the data set's folder of images.
    whole = "/set/" + (photo if photo.startswith("images/") else f"images/{photo}")
    assert "/labels/".join(whole.rsplit("/images/", 1)) + ".txt" == f"/set/{file}"
    assert in_place([file], [f"{photo}.jpg", "other.jpg"]) == {file: f"{photo}.jpg"}


def test_names_without_the_folder_are_themselves() -> None:
    assert in_images("x/a.b.txt") == without_labels("x/a.b.txt") == "x/a.b"
    assert in_images("labels.txt") == without_labels("labels.txt") == "labels"


def test_a_photo_in_place_has_one_file_and_its_whole_name_comes_first() -> None:
    photos = ["x/a.jpg", "x/a.png", "b.jpg", "images/c.jpg", "c.jpg"]
    assert in_place(["labels/x/a.txt"], photos) == {}
    assert in_place(["labels/x/a.png.txt"], photos) == {"labels/x/a.png.txt": "x/a.png"}
    assert in_place(["labels/c.txt"], photos) == {"labels/c.txt": "images/c.jpg"}
    assert in_place(["labels/x/b.txt", "x/labels/b.txt"], ["x/b.jpg"]) == {}
