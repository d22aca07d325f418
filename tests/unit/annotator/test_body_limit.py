from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from extremecut.annotator import body_limit
from extremecut.annotator.body_limit import limit_of
from extremecut.annotator.options import Limits

SMALL = Limits(
    json_bytes=100, action_bytes=200, image_bytes=300, image_pixels=10**6, import_bytes=400
)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/api/classes", 100),
        ("/api/images/12/actions", 200),
        ("/api/images/12/undo", 100),
        ("/api/segment", 300),
        ("/api/import/coco", 400),
        ("/", 100),
    ],
)
def test_each_path_has_its_limit(path: str, limit: int) -> None:
    assert limit_of(path, SMALL) == limit


def test_what_says_to_be_too_large_is_refused_at_once(make_api: Any) -> None:
    refused = make_api(limits=SMALL).post("/api/classes", {"name": "x" * 100})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_what_grows_too_large_is_refused_too(make_api: Any) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for part in ("{", *([" " * 50] * 20), "}"):
            yield part.encode()

    api = make_api(limits=SMALL)
    for path in ("/api/classes", "/api/import/coco", "/api/segment"):
        headers = {"Content-Type": "application/json"}
        refused = api.request("POST", path, content=endless(), headers=headers)
        assert refused.status_code == 413, path


def test_a_length_that_is_no_number_is_refused(make_api: Any) -> None:
    headers = {"Content-Length": "many", "Content-Type": "application/json"}
    api = make_api(limits=SMALL)
    assert api.request("POST", "/api/classes", content=b"{}", headers=headers).status_code == 413


def test_what_fits_goes_through(make_api: Any) -> None:
    body = json.dumps({"name": "x" * 50})
    assert len(body) < 100
    assert make_api(limits=SMALL).post("/api/classes", {"name": "x" * 50}).status_code == 201


def test_all_requests_together_are_bounded(make_api: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(body_limit, "TOTAL_BYTES", -1)
    refused = make_api().get("/api/project")
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
