from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from extremecut.annotator.reference import page_of

ROOT = Path(__file__).resolve().parents[3]


def test_the_reference_names_every_path_and_needs_no_script(door: Any) -> None:
    page = door.get("/api/docs").text
    for path in door.get("/api/openapi.json").json()["paths"]:
        assert path in page
    assert "<script" not in page and "style=" not in page and "//" not in page.split("<h1>")[0]
    assert door.get("/api/docs.css").headers["content-type"].startswith("text/css")


def test_links_lead_to_types_of_the_same_page(door: Any) -> None:
    found: dict[str, set[str]] = {"id": set(), "href": set()}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name in found and value:
                    found[name].add(value)

    Reader().feed(door.get("/api/docs").text)
    links = {link[1:] for link in found["href"] if link.startswith("#")}
    assert links and links <= found["id"]


def test_descriptions_are_escaped() -> None:
    info = {"title": "<b>", "version": "1", "description": "a & b"}
    page = page_of({"info": info, "paths": {}})
    assert "&lt;b&gt;" in page and "a &amp; b" in page


def test_the_guide_has_a_row_for_every_request(door: Any) -> None:
    guide = (ROOT / "docs" / "annotator-server.md").read_text()
    listed = set()
    for row in re.findall(r"^\| `[A-Z]+ /api/.*", guide, re.M):
        asked = row.split(" |")[0]
        found = re.findall(
            r"`(GET|PUT|POST|PATCH|DELETE)(?:` and `(DELETE))? (/api/[^` ?]*)", asked
        )
        for first, second, path in found:
            listed |= {(method, _unnamed(path)) for method in (first, second) if method}
    for path, methods in door.get("/api/openapi.json").json()["paths"].items():
        for method in methods:
            if path != "/api/segment":  # has a section of its own
                assert (method.upper(), _unnamed(path)) in listed, f"{method} {path}"


def _unnamed(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def test_the_reference_reads_as_it_was_meant(door: Any) -> None:
    described = door.get("/api/openapi.json").json()["paths"]["/api/login"]["post"]["description"]
    assert described.startswith("Exchange the token")
