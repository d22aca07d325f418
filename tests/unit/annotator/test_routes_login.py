from __future__ import annotations

from typing import Any

from extremecut import __version__


def test_health_needs_nothing(api: Any) -> None:
    assert api.get("/api/health").json() == {"status": "ok", "version": __version__}


def test_where_nobody_logs_in_a_login_is_no_error_and_gives_no_cookie(api: Any) -> None:
    answer = api.post("/api/login", {"token": "anything"})
    assert answer.status_code == 204 and "set-cookie" not in answer.headers
    assert api.post("/api/logout").status_code == 204
