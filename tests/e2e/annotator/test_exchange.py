"""Out to COCO and back in."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from annotating import CUP, Annotating
from pycocotools.coco import COCO


def exported(annotating: Annotating, folder: Path, format_name: str) -> Path:
    annotating.press("Shift+E")
    dialog = annotating.page.get_by_role("dialog", name="Export")
    dialog.get_by_role("combobox", name="Format").select_option(format_name)
    annotating.wait_until(lambda: "Looking" not in dialog.inner_text())
    with annotating.page.expect_download() as download:
        dialog.get_by_role("link", name="Save zip").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    dialog.wait_for(state="hidden")
    assert "downloads" in annotating.page.locator(".toasts").inner_text()
    return path


def of_another_class(coco: Path, target: Path) -> Path:
    """The same objects, which would be left out of an import if their class were the same too."""
    content = json.loads(coco.read_text())
    for category in content["categories"]:
        category["name"] = f"other {category['name']}"
    target.write_text(json.dumps(content))
    return target


# pycocotools' own arrays do not take NumPy 2's copy keyword.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_coco_says_what_was_accepted_and_comes_back(annotating: Annotating, tmp_path: Path) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    saved = annotating.image["objects"][0]
    mask = annotating.masks()[0]
    archive = exported(annotating, tmp_path, "coco")
    with zipfile.ZipFile(archive) as files:
        [name] = [name for name in files.namelist() if name.endswith(".json")]
        files.extract(name, tmp_path)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / name))
    [annotation] = coco.loadAnns(coco.getAnnIds())
    [image] = coco.loadImgs(annotation["image_id"])
    assert image["file_name"] == "cup-0.jpg"
    again = coco.annToMask(annotation).astype(bool)
    assert (again & mask).sum() / (again | mask).sum() > 0.99
    left_top_right_bottom = np.array(annotation["extreme_points"])
    np.testing.assert_allclose(left_top_right_bottom, saved["points"], atol=1)

    annotating.press("Shift+I")
    dialog = annotating.page.get_by_role("dialog", name="Import")
    dialog.get_by_role("combobox", name="Format").select_option("coco")
    dialog.get_by_label("File", exact=True).set_input_files(
        of_another_class(tmp_path / name, tmp_path / "other.json")
    )
    dialog.get_by_role("button", name="Import").click()
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 2)
    first, second = annotating.masks()
    assert (first & second).sum() / (first | second).sum() > 0.99
    annotating.wait_until(lambda: annotating.page.locator(".object-row").count() == 2)
    if dialog.count():
        annotating.press("Escape")
    annotating.press("Control+z")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 1)


def test_a_format_that_loses_something_says_so_before(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    for _ in range(2):  # one over the other
        annotating.place_object(CUP.points)
        annotating.accept()
    annotating.press("Shift+E")
    dialog = annotating.page.get_by_role("dialog", name="Export")
    dialog.get_by_role("combobox", name="Format").select_option("davis")
    annotating.wait_until(lambda: "overlap" in dialog.inner_text())


def test_a_file_that_is_none_is_refused_in_words(annotating: Annotating, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("{")
    annotating.press("Shift+I")
    dialog = annotating.page.get_by_role("dialog", name="Import")
    dialog.get_by_label("File", exact=True).set_input_files(tmp_path / "wrong.json")
    dialog.get_by_role("button", name="Import").click()
    annotating.wait_until(lambda: dialog.locator(".problem").count() == 1)
    assert len(dialog.locator(".problem").inner_text()) > 10
    annotating.problems.clear()  # the refusal itself


def test_the_detail_of_polygons_is_said_as_it_is_chosen(annotating: Annotating) -> None:
    annotating.open_photo("cup-2.jpg")
    annotating.press("Shift+E")
    dialog = annotating.page.get_by_role("dialog", name="Export")
    save = dialog.get_by_text("Save zip")
    detail = dialog.get_by_label("Detail of polygons")
    detail.fill("5")
    annotating.wait_until(lambda: "by up to 5 px" in dialog.inner_text())
    assert str(save.get_attribute("href")).endswith("tolerance=5")
    for wrong in ("-1", "21", ""):
        detail.fill(wrong)
        annotating.wait_until(lambda: "a number of pixels from 0 to 20" in dialog.inner_text())
        assert save.get_attribute("href") is None
        save.click()
        assert dialog.count() == 1
        detail.fill("1")
        annotating.wait_until(lambda: save.get_attribute("href") is not None)


def test_an_import_that_fails_is_told_to_who_closed_the_dialog(
    annotating: Annotating, tmp_path: Path
) -> None:
    (tmp_path / "wrong.json").write_text("{")
    held: list[Any] = []
    annotating.page.route("**/api/import/**", lambda route: held.append(route))
    annotating.press("Shift+I")
    dialog = annotating.page.get_by_role("dialog", name="Import")
    dialog.get_by_label("File", exact=True).set_input_files(tmp_path / "wrong.json")
    dialog.get_by_role("button", name="Import").click()
    annotating.wait_until(lambda: len(held) == 1)
    annotating.press("Escape")
    assert dialog.count() == 0
    held[0].continue_()
    note = annotating.page.locator(".toast.problem")
    annotating.wait_until(lambda: note.count() == 1)
    assert note.inner_text().startswith("Not imported: ")
    annotating.problems.clear()  # the refusal itself
