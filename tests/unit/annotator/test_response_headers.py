from __future__ import annotations

from typing import Any

import pytest

from extremecut.annotator.response_headers import CONTENT_SECURITY_POLICY, HEADERS


@pytest.mark.parametrize("path", ["/", "/api/project", "/api/images/99", "/nothing"])
def test_every_answer_says_what_a_browser_may_do(door: Any, path: str) -> None:
    response = door.get(path)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert "cache-control" in response.headers


def test_refusals_at_the_door_carry_them_too(door: Any) -> None:
    refused = door.get("/", headers={"Host": "evil.com"})
    assert refused.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY and "http" not in CONTENT_SECURITY_POLICY
    assert "default-src 'self'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_answers_of_the_api_are_not_stored(door: Any) -> None:
    assert door.get("/api/images/1").headers["cache-control"] == "no-store"
