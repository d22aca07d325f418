from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS

PHOTOS = {"a.jpg": (4, 6)}


def read(shapes: str, folder: Path, image: str = 'name="a.jpg" width="6" height="4"') -> Any:
    path = folder / "in.xml"
    path.write_text(f'<annotations>\n<image id="0" {image}>\n{shapes}\n</image>\n</annotations>')
    return FORMATS["cvat"].read(path, photos=PHOTOS)


def mask(rle: str, **changes: Any) -> str:
    values = {"left": 1, "top": 2, "width": 2, "height": 2, "z_order": 0, "label": "cup"} | changes
    attributes = " ".join(f'{name}="{value}"' for name, value in values.items())
    return f'<mask rle="{rle}" source="manual" occluded="0" {attributes}></mask>'


def test_a_full_box_of_two_by_two_is_0_4(tmp_path: Path) -> None:
    back, _ = read(mask("0, 4"), tmp_path)
    (found,) = back.images[0].objects
    assert found == AnnotatedObject(MaskRuns((1, 2, 3, 4), (0, 4)), "cup")


def test_runs_go_along_the_rows_and_begin_with_zeros(tmp_path: Path) -> None:
    # 0 1
    # 1 0
    back, _ = read(mask("1,2,1"), tmp_path)
    assert back.images[0].objects[0].mask == MaskRuns((1, 2, 3, 4), (1, 2, 1))


def test_the_same_is_written(tmp_path: Path) -> None:
    objects = (AnnotatedObject(MaskRuns((1, 2, 3, 4), (1, 2, 1)), 'a "b" <c>'),)
    image = AnnotatedImage("a.jpg", (4, 6), objects)
    FORMATS["cvat"].write(AnnotatedSet((image,), ('a "b" <c>',)), tmp_path / "out.xml")
    text = (tmp_path / "out.xml").read_text()
    assert 'rle="1, 2, 1" left="1" top="2" width="2" height="2" z_order="0"' in text
    back, _ = FORMATS["cvat"].read(tmp_path / "out.xml", photos=PHOTOS)
    assert back.images[0].objects == objects and back.classes == ('a "b" <c>',)


def test_polygons_count_from_the_corner_of_the_first_pixel(tmp_path: Path) -> None:
    back, _ = read('<polygon label="cup" points="1.0,1.0;4.0,1.0;4.0,3.0;1.0,3.0"/>', tmp_path)
    assert back.images[0].objects[0].mask == MaskRuns((1, 1, 4, 3), (0, 6))


def test_lower_z_orders_are_drawn_first_and_groups_are_one_object(tmp_path: Path) -> None:
    shapes = mask("0,4", z_order=2, label="b") + mask("0,4", z_order=1, label="a", group_id=5)
    shapes += mask("0,1", width=1, height=1, left=5, top=0, label="a", group_id=5)
    back, _ = read(shapes, tmp_path)
    first, second = back.images[0].objects
    assert (first.label, second.label) == ("a", "b")
    assert first.mask.area_px == 5 and first.mask.box_xyxy == (1, 0, 6, 4)


def test_masks_beyond_the_photo_are_cut(tmp_path: Path) -> None:
    back, _ = read(mask("0,4", left=5) + mask("0,4", left=-3), tmp_path)
    first, second = back.images[0].objects
    assert first.mask == MaskRuns((5, 2, 6, 4), (0, 2)) and second.mask.box is None


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        ('xtl="1.00" ytl="1.0" xbr="4.0" ybr="3"', MaskRuns((1, 1, 4, 3), (0, 6))),
        ('xtl="-2" ytl="-1" xbr="1" ybr="2"', MaskRuns((0, 0, 1, 2), (0, 2))),
        ('xtl="0" ytl="1" xbr="4" ybr="3" rotation="90"', MaskRuns((1, 0, 3, 4), (0, 8))),
    ],
)
def test_boxes_count_from_the_corner_of_the_first_pixel(
    corners: str, expected: MaskRuns, tmp_path: Path
) -> None:
    back, notes = read(f'<box label="cup" {corners}/>', tmp_path)
    assert back.images[0].objects == (AnnotatedObject(expected, "cup"),) and notes == ()


def test_boxes_are_turned_clockwise(tmp_path: Path) -> None:
    turned = 'xtl="1" ytl="1.5" xbr="5" ybr="2.5" rotation="45"'
    back, _ = read(f'<box label="cup" {turned}/>', tmp_path)
    inside = back.images[0].objects[0].mask.mask((4, 6))
    assert inside[1, 2] and inside[2, 3] and not inside[2, 2] and not inside[1, 3]


def test_other_shapes_are_left_out_and_said(tmp_path: Path) -> None:
    shapes = '<ellipse label="cup" cx="1" cy="1" rx="1" ry="1"/><points label="cup"/><x/><tag/>'
    back, notes = read(shapes, tmp_path)
    assert back.images[0].objects == ()
    assert notes == tuple(
        f"Shapes of the kind {kind} are left out: 1 (in a.jpg)."
        for kind in ("ellipse", "points", "unknown")
    )


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (mask("0,5"), "rle must be >= 0 and add up to the 4 pixels"),
        (mask("-4,8"), "add up to"),
        (mask("4611686018427387904,4611686018427387904,4611686018427387904,"
              "4611686018427387904,4"), "add up to"),
        (mask("9" * 30), "rle must be whole numbers"),
        (mask(""), "rle must be whole numbers, got ''"),
        (mask("0,4", width=99999), "width must be a whole number from 1 to 12"),
        (mask("0,4", left="x"), "left must be a whole number, got 'x'"),
        (mask("0,4", z_order="nan"), "z_order must be a whole number"),
        (mask("0,4", label=""), "label must be text"),
        ('<mask label="cup"/>', "left must be a whole number"),
        ('<box label="cup" xtl="1" ytl="1" xbr="2"/>', "ybr must be a finite number, got None"),
        ('<box label="cup" xtl="1" ytl="1" xbr="99" ybr="2"/>', "far outside the photo"),
        ('<polygon label="cup" points="1,1;2,2"/>', "three or more points, got 2"),
        ('<polygon label="cup" points="1,1;2;3,3"/>', "got '2'"),
        ('<polygon label="cup" points="1,nan;2,2;3,3"/>', "must be a finite number"),
        ('<polygon label="cup" points="1,1;2e9,2;3,3"/>', "far outside the photo"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line(shape: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"in.xml, line 3.*{message}"):
        read(shape, tmp_path)


def test_an_image_of_another_size_is_refused(tmp_path: Path) -> None:
    for size in ('width="7" height="4"', 'width="6"', 'width="-6" height="4"'):
        with pytest.raises(DataError, match=r"in.xml, line 2"):
            read("", tmp_path, f'name="a.jpg" {size}')


def test_a_source_without_the_one_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must hold one annotations.xml.*found 0"):
        FORMATS["cvat"].read(tmp_path, photos=PHOTOS)


def test_a_box_grouped_with_its_outline_does_not_cover_it(tmp_path: Path) -> None:
    outline = '<polygon label="cup" points="1,0;5,0;1,4" group_id="3"/>'
    box = '<box label="cup" xtl="1" ytl="0" xbr="5" ybr="4" group_id="3"/>'
    for shapes in (outline + box, box + outline):
        back, notes = read(shapes, tmp_path)
        (found,) = back.images[0].objects
        assert found.mask.area_px < 12
        assert notes == ("Boxes around an outline of the same group are left out: 1 (in a.jpg).",)
    back, _ = read('<box label="cup" xtl="1" ytl="0" xbr="5" ybr="4"/>', tmp_path)
    assert back.images[0].objects[0].mask.area_px == 16


def test_a_photo_that_is_named_twice_keeps_all_objects_on_one_line(tmp_path: Path) -> None:
    once = f'<image id="0" name="a.jpg" width="6" height="4">{mask("0,4")}</image>'
    path = tmp_path / "in.xml"
    path.write_text(f"<annotations>{once}{once.replace('cup', 'dog')}</annotations>")
    back, _ = FORMATS["cvat"].read(path, photos=PHOTOS)
    assert [each.label for each in back.images[0].objects] == ["cup", "dog"]


def test_a_turned_box_at_infinity_is_refused_in_one_line(tmp_path: Path) -> None:
    box = '<box label="cup" xtl="1e308" ytl="0" xbr="1e308" ybr="4" rotation="30"/>'
    with pytest.raises(DataError, match=r"in.xml, line 3: a polygon lies far outside"):
        read(box, tmp_path)
