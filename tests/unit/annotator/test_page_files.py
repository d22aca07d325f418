from __future__ import annotations

from pathlib import Path
from typing import Any

from extremecut.annotator.page_files import MISSING, PageFiles


def page(tmp_path: Path) -> PageFiles:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "assets" / "index-1a2b.js").write_text("1")
    (folder / ".hidden").write_text("x")
    return PageFiles(folder)


def test_the_page_is_asked_for_again_and_its_assets_are_kept(api: Any, tmp_path: Path) -> None:
    api.app.router.default = page(tmp_path)
    index = api.get("/")
    assert index.text == "<!doctype html>" and index.headers["cache-control"] == "no-cache"
    asset = api.get("/assets/index-1a2b.js")
    assert asset.headers["content-type"].startswith("text/javascript")
    assert "immutable" in asset.headers["cache-control"]
    assert api.request("HEAD", "/").status_code == 200


def test_nothing_else_is_read(api: Any, tmp_path: Path) -> None:
    api.app.router.default = page(tmp_path)
    (tmp_path / "page" / "later.txt").write_text("x")
    for path in ("/.hidden", "/later.txt", "/assets", "/assets/", "/../test_page_files.py"):
        assert api.get(path).status_code == 404, path
    assert api.post("/").status_code == 405


def test_a_missing_page_says_how_to_build_it(api: Any, tmp_path: Path) -> None:
    api.app.router.default = PageFiles(tmp_path / "nowhere")
    answer = api.get("/")
    assert answer.status_code == 503 and answer.json()["detail"] == MISSING
