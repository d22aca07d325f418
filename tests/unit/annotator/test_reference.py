from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from extremecut.annotator.reference import page_of


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
