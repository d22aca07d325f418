from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.formats import FORMATS

PHOTOS = {"sub/a.jpg": (4, 6)}
SQUARE = [[1, 1], [4, 1], [4, 3], [1, 3]]


def png(mask: list[list[int]]) -> str:
    buffer = io.BytesIO()
    Image.fromarray(np.array(mask, np.uint8) * 255).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def read(folder: Path, *shapes: Any, **changes: Any) -> Any:
    content = {
        "version": "5.0.1", "flags": {}, "shapes": list(shapes), "imagePath": "a.jpg",
        "imageData": None, "imageHeight": 4, "imageWidth": 6, "mine": 1,
    }  # fmt: skip
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "sub" / "in.json").write_text(json.dumps(content | changes))
    return FORMATS["labelme"].read(folder, photos=PHOTOS)


def shape(**changes: Any) -> dict[str, Any]:
    return {"label": "cup", "points": SQUARE, "shape_type": "polygon"} | changes


def test_polygons_count_from_the_corner_of_the_first_pixel(tmp_path: Path) -> None:
    back, notes = read(tmp_path, shape())
    (found,) = back.images[0].objects
    assert found.mask == MaskRuns((1, 1, 4, 3), (0, 6)) and found.label == "cup" and notes == ()


def test_a_mask_lies_in_its_inclusive_box(tmp_path: Path) -> None:
    mask = shape(shape_type="mask", points=[[2, 1], [4, 2]], mask=png([[1, 0, 1], [0, 1, 0]]))
    back, _ = read(tmp_path, mask)
    assert back.images[0].objects[0].mask == MaskRuns((2, 1, 5, 3), (0, 1, 1, 1, 1, 1, 1))


def test_masks_and_polygons_beyond_the_photo_are_cut(tmp_path: Path) -> None:
    mask = shape(shape_type="mask", points=[[-1, -1], [0, 0]], mask=png([[1, 1], [1, 1]]))
    back, _ = read(tmp_path, mask, shape(points=[[-3, -3], [2, -3], [2, 2], [-3, 2]]))
    first, second = (each.mask for each in back.images[0].objects)
    assert first == MaskRuns((0, 0, 1, 1), (0, 1)) and second == MaskRuns((0, 0, 2, 2), (0, 4))


def test_a_group_of_one_label_is_one_object(tmp_path: Path) -> None:
    far = [[5, 0], [6, 0], [6, 1], [5, 1]]
    shapes = [shape(group_id=1), shape(label="dog", group_id=1), shape(group_id=1, points=far)]
    back, _ = read(tmp_path, *shapes, shape())
    found = back.images[0].objects
    areas = [(each.label, each.mask.area_px) for each in found]
    assert areas == [("cup", 7), ("dog", 6), ("cup", 6)]


def test_a_rectangle_grouped_with_its_outline_does_not_cover_it(tmp_path: Path) -> None:
    rectangle = shape(shape_type="rectangle", points=[[1, 0], [5, 4]], group_id=2)
    outline = shape(points=[[1, 0], [5, 0], [1, 4]], group_id=2)
    back, notes = read(tmp_path, rectangle, outline)
    (found,) = back.images[0].objects
    assert found.mask.area_px < 12
    assert notes == ("Boxes around an outline of the same group are left out: 1 (in sub/a.jpg).",)


def test_parts_are_grouped_and_holes_make_a_mask(tmp_path: Path, samples: Any) -> None:
    objects = (samples.plain, samples.parts, samples.holed)
    FORMATS["labelme"].write(samples.set_of(*objects), tmp_path / "out", tolerance_px=0)
    content = json.loads((tmp_path / "out" / "sub" / "a.json").read_text())
    assert content["imagePath"] == "a.jpg" and content["imageData"] is None
    assert (content["imageHeight"], content["imageWidth"]) == samples.size_hw
    kinds = [(each["shape_type"], each["group_id"]) for each in content["shapes"]]
    assert kinds == [("polygon", None), *[("polygon", 2)] * 3, ("mask", None)]
    assert content["shapes"][0]["points"] == [[1, 1], [6, 1], [6, 6], [1, 6]]
    assert content["shapes"][4]["points"] == [[7, 1], [14, 7]]
    assert (tmp_path / "out" / "labels.txt").read_text() == "cup\ndog\n"


@pytest.mark.parametrize("points", [[[1, 1], [4, 3]], [[4, 1], [1, 3]], SQUARE])
def test_a_rectangle_lies_between_its_corners(points: Any, tmp_path: Path) -> None:
    back, notes = read(tmp_path, shape(shape_type="rectangle", points=points))
    assert back.images[0].objects[0].mask == MaskRuns((1, 1, 4, 3), (0, 6)) and notes == ()


def test_a_circle_has_its_centre_and_a_point_of_its_rim(tmp_path: Path) -> None:
    back, notes = read(tmp_path, shape(shape_type="circle", points=[[3, 2], [3, 0.1]]))
    # .XX.
    # XXXX
    # XXXX
    # .XX.
    assert back.images[0].objects[0].mask == MaskRuns((1, 0, 5, 4), (1, 2, 1, 8, 1, 2, 1))
    assert notes == ()


def test_other_shapes_are_left_out_and_said(tmp_path: Path) -> None:
    kinds = ("line", "point", "point", "mine", ["x"], None)
    back, notes = read(tmp_path, *(shape(shape_type=kind) for kind in kinds))
    assert back.images[0].objects == ()
    assert notes == (
        "Shapes of the kind line are left out: 1 (in sub/a.jpg).",
        "Shapes of the kind point are left out: 2 (in sub/a.jpg).",
        "Shapes of the kind unknown are left out: 3 (in sub/a.jpg).",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"points": [[1, 1], [2, 2]]}, "three or more points, got 2"),
        ({"points": [[1, 1], [2, 2], [3]]}, r"points\[2\] must be \[x, y\]"),
        ({"points": [[1, 1], [2, 2], [3, "x"]]}, "must be a number"),
        ({"points": [[1, 1], [2, 2], [3, 1e308]]}, "far outside"),
        ({"points": None}, "points must be a list"),
        ({"label": 7}, "label must be text, got 7"),
        ({"group_id": "x"}, "group_id must be a whole number"),
        ({"score": -1}, "score must be from 0 to 1"),
        ({"shape_type": "rectangle", "points": [[1, 1]]}, "two opposite corners, got 1"),
        ({"shape_type": "circle"}, "the centre and a point of the rim, got 4"),
        ({"shape_type": "circle", "points": [[1, 1], [99, 1]]}, "far outside"),
        ({"shape_type": "circle", "points": [[-1e308, 1], [1e308, 1]]}, "far outside"),
        ({"shape_type": "mask"}, "two points near the photo"),
        ({"shape_type": "mask", "points": [[0, 0], [1e9, 1e9]]}, "two points near the photo"),
        ({"shape_type": "mask", "points": [[2, 2], [1, 1]]}, "must be the upper left one"),
        ({"shape_type": "mask", "points": [[0, 0], [1, 1]]}, "mask must be a PNG in base64"),
        ({"shape_type": "mask", "points": [[0, 0], [1, 1]], "mask": "ä"}, "must be a PNG"),
        ({"shape_type": "mask", "points": [[0, 0], [1, 1]], "mask": "AAAA"}, "not a PNG"),
        ({"shape_type": "mask", "points": [[0, 0], [1, 1]], "mask": png([[1]])}, "1 x 1 pixels"),
    ],
)
def test_what_is_wrong_is_refused_with_its_shape(
    changes: dict, message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=rf"in.json, shapes\[1\].*{message}"):
        read(tmp_path, shape(), shape(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"imagePath": None}, "imagePath must be a file name"),
        ({"imageWidth": 7}, "a photo of 7 x 4"),
        ({"imageHeight": None}, "the height must be a whole number"),
        ({"shapes": {}}, "shapes must be a list"),
    ],
)
def test_a_wrong_frame_is_refused(changes: dict, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"in.json.*{message}"):
        read(tmp_path, **changes)


def test_classes_that_begin_with_an_underscore_are_classes(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("__ignore__\n_background_\n_left\ncup\n")
    back, _ = read(tmp_path, shape())
    assert back.classes == ("_left", "cup")
