from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut import Segmenter
from extremecut.annotations.object_list import ListedObject
from extremecut.cli import segment_list as module
from extremecut.cli.segment_image import Output
from extremecut.cli.segment_list import MERGED_FILE, PROGRESS_FILE, plan, segment_list
from extremecut.errors import DataError, ImageError, PointsError

POINTS = ((20.0, 50.0), (60.0, 30.0), (99.0, 50.0), (60.0, 69.0))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    values = np.random.default_rng(0).integers(0, 256, (100, 120, 3), np.uint8)
    for name in ("a.png", "sub/a.png", "b.png"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(values).save(path)
    return tmp_path / "in"


def row(image: str | None, label: str | None = None, number: int = 1) -> ListedObject:
    return ListedObject(POINTS, image, label, f"list, object {number}")


def planned(
    rows: list, base: Path, form: str = "png", overlays: Path | None = None, out: Path | None = None
) -> list:
    out = out or base.parent / "out"
    objects = base / "list.json"
    return plan(rows, objects=objects, folder=out, overlays=overlays, like=Output(out, form))


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_rows_are_grouped_by_image_and_keep_subfolders(base: Path) -> None:
    rows = [row("a.png"), row("sub/a.png"), row("a.png", "cup"), row(str(base / "b.png"))]
    items = planned(rows, base, overlays=base.parent / "look")
    out = base.parent / "out"
    assert [(item.output.path, len(item.rows)) for item in items] == [
        (out / "a.png", 2), (out / "sub" / "a.png", 1), (out / "b.png", 1)
    ]  # fmt: skip
    assert items[1].output.overlay == base.parent / "look" / "sub" / "a.jpg"
    assert items[1].output.file_name == "sub/a.png"
    assert not out.exists()


@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        (row(None), DataError, 'list, object 1: "image" is missing'),
        (row("missing.png"), ImageError, "list, object 1: no such image"),
        (ListedObject(((9e9, 1),) * 4, "a.png", None, "list, object 1"), PointsError, "object 1: "),
        (row("../in/a.png"), DataError, "would replace the result of a.png"),
    ],
)
def test_the_whole_list_is_checked_first(
    base: Path, bad: ListedObject, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        planned([row("a.png", number=2), bad], base)
    assert not (base.parent / "out").exists()


def test_masks_and_overlays_keep_out_of_the_photos_folders(base: Path) -> None:
    out = base.parent / "out"
    (out / "sub").mkdir(parents=True)
    Image.new("RGB", (120, 100)).save(out / "sub" / "c.jpg")
    far = row(str(out / "sub" / "c.jpg"))
    for rows, places, message in [
        ([row("a.png")], {"out": base / "sub" / ".."}, "list, object 1: .*a.png would lie among"),
        ([row("sub/a.png"), far], {}, "out/sub/a.png would lie among the photos"),
        ([row("b.png")], {"overlays": base}, "in/b.jpg would lie among the photos"),
    ]:
        with pytest.raises(DataError, match=message):
            planned(rows, base, **places)
    assert len(planned([row("a.png"), row("b.png")], base, "coco", out=base)) == 2


def test_no_output_replaces_the_list_or_a_photo(base: Path) -> None:
    for name, form in [("a.json", "polygon"), (MERGED_FILE, "coco"), (PROGRESS_FILE, "png")]:
        with pytest.raises(DataError, match="would replace the list of objects at "):
            plan(
                [row("a.png")],
                objects=base / "sub" / ".." / name,
                folder=base,
                overlays=None,
                like=Output(base, form),
            )
    (base / "b.png").rename(base / "a.json")  # a photo nevertheless
    with pytest.raises(DataError, match=r"the result of a\.png would replace the photo .*a\.json"):
        planned([row("a.png"), row("a.json")], base, "coco", out=base)


def test_overlays_too_large_for_jpeg_are_png(base: Path) -> None:
    for width, suffix in [(65_500, ".jpg"), (65_501, ".png")]:
        Image.new("L", (width, 90)).save(base / "wide.png")
        (item,) = planned([row("wide.png")], base, overlays=base.parent / "look")
        assert item.output.overlay == base.parent / "look" / f"wide{suffix}"


def test_a_photo_whose_mask_no_file_can_hold_fails_and_the_others_go_on(
    base: Path, disc_backend: Any
) -> None:
    Image.new("L", (1_000_001, 90)).save(base / "wide.bmp")
    items = planned([row("wide.bmp"), row("b.png")], base)
    out = base.parent / "out"
    answer = segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    (failure,) = answer["failed"]
    assert "PNG file cannot hold 1000001 x 90 pixels" in failure["error"]
    assert files(out) == {"b.png", PROGRESS_FILE}


@pytest.mark.parametrize(
    "content",
    [b"", b'{"info": "\xff"}', b"[" * 100_000, b"[1]", b"{}", b'{"info": {}, "categories": [],'
     b' "images": [], "annotations": []}'],
)  # fmt: skip
def test_a_damaged_result_of_an_earlier_run_is_named(
    base: Path, disc_backend: Any, content: bytes
) -> None:
    items = planned([row("a.png"), row("b.png")], base, "coco")
    out = base.parent / "out"
    segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    (out / "a.json").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.json, which an earlier .* delete it and run again"):
        segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    (out / "a.json").unlink()
    segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    assert len(json.loads((out / MERGED_FILE).read_text())["images"]) == 2


def test_an_image_must_not_be_called_like_the_merged_file(base: Path) -> None:
    (base / "a.png").rename(base / "annotations.png")
    with pytest.raises(DataError, match="the merged file"):
        planned([row("annotations.png")], base, "coco")


def test_every_image_gets_its_file(base: Path, disc_backend: Any) -> None:
    items = planned([row("a.png"), row("sub/a.png"), row("a.png")], base)
    out = base.parent / "out"
    answer = segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    assert files(out) == {"a.png", "sub/a.png", PROGRESS_FILE}
    assert [len(image["objects"]) for image in answer["images"]] == [2, 1]
    assert answer["failed"] == [] and answer["skipped"] == 0


def test_coco_files_are_merged_at_the_end(base: Path, disc_backend: Any) -> None:
    items = planned([row("a.png", "cup"), row("b.png", "dog")], base, "coco")
    out = base.parent / "out"
    segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    content = json.loads((out / MERGED_FILE).read_text())
    assert [image["file_name"] for image in content["images"]] == ["a.png", "b.png"]
    assert [category["name"] for category in content["categories"]] == ["cup", "dog"]


def test_a_second_run_redoes_only_what_changed(base: Path, disc_backend: Any) -> None:
    segmenter = Segmenter(disc_backend)
    out = base.parent / "out"
    rows = [row("a.png"), row("sub/a.png"), row("b.png")]
    first = segment_list(segmenter, planned(rows, base), folder=out, quiet=True)
    again = segment_list(segmenter, planned(rows, base), folder=out, quiet=True)
    assert again["skipped"] == 3 and again["images"] == first["images"]
    (out / "a.png").unlink()  # an output that is gone
    moved = ListedObject(tuple((x + 1, y) for x, y in POINTS), "sub/a.png")
    third = segment_list(segmenter, planned([rows[0], moved, rows[2]], base), folder=out)
    assert third["skipped"] == 1
    assert third["images"][1]["objects"][0]["box_xyxy"] == [21, 30, 101, 70]
    Image.new("RGB", (120, 100)).save(base / "b.png")  # another photo
    assert segment_list(segmenter, planned(rows, base), folder=out)["skipped"] == 1


def test_a_run_from_another_folder_goes_on_too(
    base: Path, disc_backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(start: Path, *, out: Path) -> dict[str, Any]:
        items = planned([row("a.png"), row("b.png")], start, overlays=out / "look", out=out)
        return segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)

    first = run(base, out=base.parent / "out")
    monkeypatch.chdir(base)
    again = run(Path(), out=Path("../out"))
    assert (first["skipped"], again["skipped"]) == (0, 2)
    assert again["images"][1]["objects"] == first["images"][1]["objects"]
    names = [again["images"][1][key] for key in ("image", "output", "overlay")]
    assert names == ["b.png", "../out/b.png", "../out/look/b.jpg"]


def test_another_list_s_photo_of_the_same_name_is_not_taken_for_done(
    base: Path, disc_backend: Any
) -> None:
    other = base.parent / "other"
    other.mkdir()
    Image.new("RGB", (120, 100)).save(base / "a.bmp")
    Image.new("RGB", (120, 100), "red").save(other / "a.bmp")
    for folder in (base, other):
        os.utime(folder / "a.bmp", (1, 1))  # as archives unpack that keep no times
        out = base.parent / "out"
        items = planned([row("a.bmp")], folder, out=out)
        answer = segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
        assert answer["skipped"] == 0
        assert answer["images"][0]["image"] == str(folder / "a.bmp")


def test_an_interrupted_run_goes_on_where_it_stopped(
    base: Path, disc_backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = base.parent / "out"
    rows = [row("a.png"), row("sub/a.png"), row("b.png")]
    real, calls = module.segment_image, []

    def interrupted(*arguments: Any, **options: Any) -> Any:
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return real(*arguments, **options)

    monkeypatch.setattr(module, "segment_image", interrupted)
    with pytest.raises(KeyboardInterrupt):
        segment_list(Segmenter(disc_backend), planned(rows, base), folder=out, quiet=True)
    assert files(out) == {"a.png", PROGRESS_FILE}
    with (out / PROGRESS_FILE).open("a") as handle:
        handle.write("[" * 100_000 + '\n{"key": "half a li')  # as if the power had gone
    monkeypatch.setattr(module, "segment_image", real)
    answer = segment_list(Segmenter(disc_backend), planned(rows, base), folder=out, quiet=True)
    assert answer["skipped"] == 1 and len(answer["images"]) == 3
    assert segment_list(Segmenter(disc_backend), planned(rows, base), folder=out)["skipped"] == 3


def test_a_damaged_image_is_reported_and_the_others_go_on(
    base: Path, disc_backend: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (base / "a.png").read_bytes()
    (base / "a.png").write_bytes(data[: len(data) // 2])
    items = planned([row("a.png"), row("b.png")], base)
    out = base.parent / "out"
    answer = segment_list(Segmenter(disc_backend), items, folder=out)
    assert files(out) == {"b.png", PROGRESS_FILE}
    (failure,) = answer["failed"]
    assert failure["image"] == str(base / "a.png") and "truncated" in failure["error"]
    assert failure["error"].startswith(items[0].rows[0].where + ": ")
    assert "2/2" in capsys.readouterr().err  # the progress bar


def test_a_photo_that_vanishes_during_the_run_is_reported_and_the_others_go_on(
    base: Path, disc_backend: Any
) -> None:
    items = planned([row("a.png"), row("b.png")], base)
    (base / "a.png").unlink()
    out = base.parent / "out"
    answer = segment_list(Segmenter(disc_backend), items, folder=out, quiet=True)
    assert files(out) == {"b.png", PROGRESS_FILE}
    (failure,) = answer["failed"]
    assert failure["image"] == str(base / "a.png") and "No such file" in failure["error"]
