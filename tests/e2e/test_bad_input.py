"""Bad input gives one clear line and no output, or a right answer: nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.cli.main import main

OBJECT = "20,50 60,30 99,50 60,69"
GOOD_ROW = {"image": "photo.png", "points": [[20, 50], [60, 30], [99, 50], [60, 69]]}


@pytest.fixture
def folder(photo: Path, disc_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a good photo and bad ones of every kind."""
    folder = photo.parent
    monkeypatch.chdir(folder)
    good = Image.open(photo)
    with good:
        good.convert("RGB").save(folder / "photo.jpg", quality=95)
    data = (folder / "photo.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(data[: len(data) // 2])
    (folder / "half.png").write_bytes(photo.read_bytes()[:5000])
    (folder / "head.jpg").write_bytes(data[:10])
    (folder / "empty.png").touch()
    (folder / "text.png").write_text("this is no picture")
    (folder / "folder.png").mkdir()
    model = disc_model.read_bytes()
    (folder / "good.onnx").write_bytes(model)
    (folder / "half.onnx").write_bytes(model[: len(model) // 2])
    (folder / "empty.onnx").touch()
    (folder / "foreign.onnx").write_bytes(foreign_onnx())
    # What `pickle.dumps` makes of a call to os.system: opening it must never run it.
    (folder / "stranger.pth").write_bytes(
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0atouch hurt\x85R."
    )
    (folder / "page.onnx").write_text("<!DOCTYPE html><html><body>404 not found</body></html>")
    (folder / "half.safetensors").write_bytes((500).to_bytes(8, "little") + b'{"weight": {"dty')
    return folder


def foreign_onnx() -> bytes:
    """A valid ONNX file that says nothing about extremecut."""
    onnx = pytest.importorskip("onnx", reason="writing a model file needs the train extra")
    tensor = onnx.helper.make_tensor_value_info("x", 1, [1])
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["x"], ["y"])],
        "foreign",
        [tensor],
        [onnx.helper.make_tensor_value_info("y", 1, [1])],
    )
    opset = onnx.helper.make_opsetid("", 17)
    data: bytes = onnx.helper.make_model(
        graph, opset_imports=[opset], ir_version=8
    ).SerializeToString()
    return data


def snapshot(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*")}


def segment(image: str, points: str = OBJECT, *more: str, model: str = "good.onnx") -> list[str]:
    arguments = ["segment", image, "--points", points, "--model", model, *more]
    return arguments if "-o" in more else [*arguments, "-o", "mask.png"]


def listed(rows: str, name: str = "rows") -> list[str]:
    Path(name).write_text(rows)
    return ["segment", "--objects", name, "-o", "out", "--model", "good.onnx"]


def unnamed(name: str) -> str:
    Path(name).write_text(json.dumps([{"points": GOOD_ROW["points"]}]))
    return name


BAD = {
    # images
    "missing image": (lambda: segment("nowhere.jpg"), "no such image: nowhere.jpg"),
    "truncated jpeg": (lambda: segment("half.jpg"), "half.jpg, it is truncated or damaged"),
    "truncated png": (lambda: segment("half.png"), "half.png, it is truncated or damaged"),
    "only a header": (lambda: segment("head.jpg"), "head.jpg"),
    "empty image": (lambda: segment("empty.png"), "empty.png is empty (0 bytes)"),
    "text as image": (lambda: segment("text.png"), "text.png is not an image"),
    "folder as image": (lambda: segment("folder.png"), "folder.png is a folder"),
    # points
    "three points": (lambda: segment("photo.png", "1,2 3,4 5,6"), "got 3"),
    "no points": (lambda: segment("photo.png", ""), "got 0"),
    "words": (lambda: segment("photo.png", "left top right bottom"), "'left'"),
    "nan": (lambda: segment("photo.png", "20,50 60,30 99,50 60,nan"), "NaN"),
    "infinity": (lambda: segment("photo.png", "20,50 60,30 99,50 60,1e999"), "infinity"),
    "far outside": (lambda: segment("photo.png", "20,50 60,30 99,50 60,5000"), "120 x 100 pixels"),
    "beside": (lambda: segment("photo.png", "-9,50 -6,30 -5,50 -6,69"), "do not lie on or near"),
    "all equal": (lambda: segment("photo.png", "9,9 9,9 9,9 9,9"), "lie on the pixel (9, 9)"),
    "second object": (
        lambda: segment("photo.png", OBJECT, "--points", "9,9 9,9 9,9 9,9"), "object 2: "
    ),
    # outputs
    "no such folder": (
        lambda: segment("photo.png", OBJECT, "-o", "no/mask.png"), "no: No such file or directory"
    ),
    "below a file": (lambda: segment("photo.png", OBJECT, "-o", "text.png/mask.png"), "text.png"),
    "over a folder": (lambda: segment("photo.png", OBJECT, "-o", "folder.png"), "folder.png"),
    "over the photo": (lambda: segment("photo.png", OBJECT, "-o", "photo.png"), "photo itself"),
    "lossy mask": (lambda: segment("photo.png", OBJECT, "-o", "mask.jpg"), ".png file"),
    "odd overlay": (lambda: segment("photo.png", OBJECT, "--overlay", "look.txt"), "look.txt"),
    "overlay nowhere": (lambda: segment("photo.png", OBJECT, "--overlay", "no/look.png"), "no: "),
    "device as output": (lambda: segment("photo.png", OBJECT, "-o", "/dev/null"), "/dev/null"),
    # models
    "missing model": (lambda: segment("photo.png", model="nowhere.onnx"), "nowhere.onnx"),
    "half a model": (lambda: segment("photo.png", model="half.onnx"), "half.onnx is damaged"),
    "empty model": (lambda: segment("photo.png", model="empty.onnx"), "empty.onnx is not a model"),
    "foreign model": (lambda: segment("photo.png", model="foreign.onnx"), "without extremecut's"),
    "pickled object": (lambda: segment("photo.png", model="stranger.pth"), "can run code"),
    "web page": (lambda: segment("photo.png", model="page.onnx"), "a web page"),
    "photo as model": (lambda: segment("photo.png", model="photo.png"), "an image"),
    "half a checkpoint": (lambda: segment("photo.png", model="half.safetensors"), "half.safetens"),
    "no such device": (lambda: segment("photo.png", OBJECT, "--device", "toaster"), "toaster"),
    # lists
    "list missing": (
        lambda: ["segment", "--objects", "nowhere.csv", "-o", "out"], "cannot read the list"
    ),
    "list empty": (lambda: listed("[]"), "holds no objects"),
    "json cut": (lambda: listed(json.dumps([GOOD_ROW])[:-9]), "not valid JSON"),
    "json row": (lambda: listed(json.dumps([GOOD_ROW, {"image": "photo.png"}])), "object 2"),
    "csv row": (
        lambda: listed(f'image,points\nphoto.png,"{OBJECT}"\nphoto.png,"1,2 3,4"\n'), "line 3"
    ),
    "list image": (lambda: listed(json.dumps([GOOD_ROW, GOOD_ROW | {"image": "x"}])), "object 2"),
    "list points": (
        lambda: listed(json.dumps([GOOD_ROW, GOOD_ROW | {"points": [[9, 9]] * 4}])), "object 2"
    ),
    "no image named": (
        lambda: listed(json.dumps([GOOD_ROW, {"points": GOOD_ROW["points"]}])), "object 2"
    ),
    "mask over another photo": (
        lambda: [*listed(json.dumps([GOOD_ROW])), "-o", "."], "photo.png would lie among the photos"
    ),
    "result over its list": (
        lambda: ["segment", "photo.png", "--objects", unnamed("a.json"), "-o", "a.json",
                 "--format", "coco"],
        "a.json would replace the list of objects",
    ),
    "photo cut, with a list": (
        lambda: ["segment", "half.jpg", "--objects", unnamed("a.json"), "-o", "mask.png"],
        "truncated or damaged",
    ),
    "results over their list": (
        lambda: [*listed(json.dumps([GOOD_ROW]), "annotations.json"), "--format", "coco",
                 "-o", "."],
        "the merged file would replace the list of objects",
    ),
    "list over a file": (
        lambda: [*listed(json.dumps([GOOD_ROW])), "-o", "text.png"], "text.png: File exists"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_clear_line(
    case: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    command, message = BAD[case]
    arguments = command()
    before = snapshot(folder)
    assert main(arguments) == 1
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("extremecut: error: ") and captured.err.count("\n") == 1
    assert message in captured.err
    assert snapshot(folder) == before


IMAGES = {
    "one pixel": (Image.new("RGB", (1, 1)), "-0.5,0 0,-0.5 0.5,0 0,0.5"),
    "greyscale": (Image.new("L", (120, 100), 90), OBJECT),
    "palette": (Image.new("P", (120, 100), 3), OBJECT),
    "rgba": (Image.new("RGBA", (120, 100), (1, 2, 3, 99)), OBJECT),
    "16 bit": (Image.fromarray(np.arange(12000, dtype=np.uint16).reshape(100, 120)), OBJECT),
    "constant": (Image.new("RGB", (120, 100), "red"), OBJECT),
    "thin": (Image.new("RGB", (120, 100)), "20,50 30,50 99,50 60,50"),
    "diagonal": (Image.new("RGB", (120, 100)), "20,20 30,30 40,40 50,50"),
    "tiny": (Image.new("RGB", (120, 100)), "20,51 22,50 24,51 22,53"),
    "duplicates": (Image.new("RGB", (120, 100)), "20,20 20,20 50,50 50,50"),
    "just outside": (Image.new("RGB", (120, 100)), "-8,50 60,-7 125,50 60,107"),
    "many points": (Image.new("RGB", (120, 100)), OBJECT + " 35,35 88,63"),
}


@pytest.mark.parametrize("case", IMAGES)
def test_odd_input_is_segmented(case: str, folder: Path, capfd: Any) -> None:
    picture, points = IMAGES[case]
    picture.save("odd.png")
    assert main([*segment("odd.png", points), "--json"]) == 0
    (found,) = json.loads(capfd.readouterr().out)["objects"]
    with Image.open("mask.png") as mask:
        assert mask.size == picture.size
        assert np.count_nonzero(np.array(mask)) == found["area_px"] > 0


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_points_refer_to_the_upright_photo(folder: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (100, 120) if orientation != 3 else (120, 100)).save("turned.jpg", exif=exif)
    assert main(segment("turned.jpg", OBJECT, "-o", "mask.png", "--overlay", "look.png")) == 0
    for name in ("mask.png", "look.png"):
        with Image.open(name) as picture:
            assert picture.size == (120, 100)
            assert picture.getexif().get(0x0112, 1) == 1


def test_an_empty_mask_is_a_result_with_a_note(folder: Path, capfd: Any) -> None:
    # Far outside the frame, only the box's empty corner touches the image.
    assert main(segment("photo.png", "-100,-50 -50,-90 3,-50 -50,2")) == 0
    captured = capfd.readouterr()
    assert "note: photo.png, object 1: the mask is empty" in captured.err
    with Image.open("mask.png") as mask:
        assert mask.size == (120, 100) and not np.array(mask).any()


def test_a_200_megapixel_photo_is_segmented(folder: Path, capfd: Any) -> None:
    Image.new("L", (20_000, 10_000), 7).save("huge.png", compress_level=1)
    points = "9020,5050 9060,5030 9099,5050 9060,5069"
    assert main([*segment("huge.png", points, "-o", "a.json", "--format", "coco"), "--json"]) == 0
    captured = capfd.readouterr()
    assert json.loads(captured.out)["objects"][0]["box_xyxy"] == [9020, 5030, 9100, 5070]
    assert "DecompressionBomb" not in captured.err


def test_a_link_to_itself_is_replaced_by_a_mask_and_no_folder(folder: Path, capfd: Any) -> None:
    Path("loop.png").symlink_to("loop.png")
    assert main(segment("photo.png", OBJECT, "-q", "-o", "loop.png")) == 0
    assert capfd.readouterr().out == ""
    assert Path("loop.png").is_file() and not Path("loop.png").is_symlink()
    Path("loop").symlink_to("loop")
    assert main([*listed(json.dumps([GOOD_ROW])), "--overlay", "loop"]) == 1
    assert capfd.readouterr().err.endswith("extremecut: error: loop: File exists\n")


def test_a_stranger_s_pickle_is_not_run(folder: Path) -> None:
    assert main(segment("photo.png", model="stranger.pth")) == 1
    assert not Path("hurt").exists()
