"""The door, tried from outside."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from extremecut.annotator import access
from extremecut.annotator.access import cookie_name, session_cookie
from extremecut.annotator.options import Options
from extremecut.annotator.stored_secret import StoredSecret

TOKEN = "correct horse battery"
SECRET = StoredSecret.of(TOKEN, cost=1 << 4)
PLACES = ["/", "/api/project", "/api/images/1", "/api/openapi.json", "/api/docs", "/nothing"]


@pytest.mark.parametrize("path", PLACES)
def test_a_rebound_name_gets_nothing(door: Any, path: str) -> None:
    refused = door.get(path, headers={"Host": "evil.com"})
    assert (refused.status_code, refused.json()["code"]) == (403, "host")


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.com"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_sites_page_gets_nothing(door: Any, path: str, headers: dict[str, str]) -> None:
    refused = door.get(path, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign")


def test_another_sites_form_changes_nothing(door: Any) -> None:
    headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}
    assert door.post("/api/classes", {"name": "x"}, headers=headers).status_code == 403
    assert "x" not in {each["name"] for each in door.get("/api/project").json()["classes"]}


def test_a_form_that_pretends_to_be_no_form_changes_nothing(door: Any) -> None:
    # Such a request needs no permission of the browser; its body must not be read as JSON.
    plain = {"Content-Type": "text/plain"}
    refused = door.request("POST", "/api/classes", content='{"name": "x"}', headers=plain)
    assert refused.status_code == 422


def test_two_hosts_or_none_are_refused(door: Any) -> None:
    async def scenario(headers: list[tuple[bytes, bytes]]) -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        scope = {
            "type": "http", "method": "GET", "path": "/api/health", "query_string": b"",
            "headers": headers, "client": None, "server": None, "scheme": "http",
            "http_version": "1.1", "root_path": "", "raw_path": b"/api/health",
        }  # fmt: skip
        await door.app(scope, receive, send)
        status: int = sent[0]["status"]
        return status

    host = (b"host", b"localhost")
    assert [door.run(scenario(headers)) for headers in ([], [host], [host, host])] == [
        403,
        200,
        403,
    ]


def test_without_a_token_only_the_page_and_the_login_are_there(make_api: Any) -> None:
    api = make_api(secret=SECRET)
    for path in ("/api/project", "/api/images/1/tiles/0/0/0", "/api/openapi.json", "/api/docs"):
        refused = api.get(path)
        assert (refused.status_code, refused.json()["code"]) == (401, "login"), path
        assert refused.headers["www-authenticate"] == "Bearer"
    assert api.get("/api/health").status_code == 200
    assert api.get("/").status_code in (200, 503)  # 503: the page has not been built


def test_a_bearer_token_lets_a_program_in(make_api: Any) -> None:
    api = make_api(secret=SECRET)
    for _ in range(2):  # checked, then known
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert api.get("/api/project", headers=headers).status_code == 200
    for wrong in ("Bearer wrong", "Bearer ", f"Basic {TOKEN}", TOKEN):
        assert api.get("/api/project", headers={"Authorization": wrong}).status_code == 401


def test_passwords_may_hold_any_letters(make_api: Any) -> None:
    password = "Grüße aus Ängelholm"
    api = make_api(secret=StoredSecret.of(password, cost=1 << 4))
    header = httpx.Headers({"Authorization": f"Bearer {password}"}, encoding="utf-8")
    assert api.get("/api/project", headers=header).status_code == 200
    assert api.post("/api/login", {"token": password}).status_code == 204


def test_logging_in_and_out(make_api: Any) -> None:
    api = make_api(secret=SECRET)
    assert api.post("/api/login", {"token": "wrong"}).status_code == 401
    answer = api.post("/api/login", {"token": TOKEN})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
    assert api.get("/api/project").json()["login"] is True
    stolen = dict(api.client.cookies)
    assert api.post("/api/logout").status_code == 204
    assert api.get("/api/project").status_code == 401
    assert api.run(api.another(cookies=stolen).get("/api/project")).status_code == 401


def test_cookies_of_other_programs_do_not_log_anybody_out(make_api: Any) -> None:
    api = make_api(secret=SECRET)
    assert api.post("/api/login", {"token": TOKEN}).status_code == 204
    ((name, value),) = api.client.cookies.items()
    api.client.cookies.clear()
    for other in ('theme={"dark":true}', "a b=c", "\xff=1", "=", "x"):
        cookies = f"{other}; {name}={value}".encode("latin-1")
        assert api.get("/api/project", headers={b"Cookie": cookies}).status_code == 200, other


def test_cookies_of_a_tls_server_are_secure() -> None:
    cookie = session_cookie(Options(author="a", tls=True), 8765, "x")
    assert cookie.startswith("__Host-extremecut-8765=x;") and cookie.endswith("; Secure")
    assert "Secure" not in session_cookie(Options(author="a"), 8765, "x")


def test_servers_on_two_ports_do_not_share_a_session() -> None:
    assert cookie_name(Options(author="a"), 1) != cookie_name(Options(author="a"), 2)


def test_guessing_is_stopped_but_others_get_in(make_api: Any) -> None:
    api = make_api(secret=SECRET)
    statuses = [api.post("/api/login", {"token": f"guess {n}"}).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    stopped = api.post("/api/login", {"token": TOKEN})
    assert stopped.status_code == 429 and int(stopped.headers["Retry-After"]) > 0
    bearer = {"Authorization": "Bearer a guess too"}
    assert api.get("/api/project", headers=bearer).status_code == 429
    other = api.another(address="10.0.0.2")
    assert api.run(other.post("/api/login", json={"token": TOKEN})).status_code == 204


def test_a_program_may_begin_with_many_requests_at_once(make_api: Any) -> None:
    api = make_api(secret=SECRET)

    async def statuses(token: str) -> set[int]:
        bearer = {"Authorization": f"Bearer {token}"}
        asked = [api.client.get("/api/project", headers=bearer) for _ in range(30)]
        return {answer.status_code for answer in await asyncio.gather(*asked)}

    assert api.run(statuses(TOKEN)) == {200}
    assert api.run(statuses("a wrong one")) == {401}  # and that was one attempt of ten
    assert api.run(statuses(TOKEN)) == {200}


def test_who_is_told_to_come_again_has_not_guessed(
    make_api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = make_api(secret=SECRET)
    with monkeypatch.context() as full:
        full.setattr(access, "MAX_CHECKS", 0)
        for _ in range(12):
            busy = api.post("/api/login", {"token": TOKEN})
            assert (busy.status_code, busy.headers["Retry-After"]) == (429, "1")
    assert api.post("/api/login", {"token": TOKEN}).status_code == 204


def test_who_is_logged_in_is_not_locked_out_by_a_neighbour(make_api: Any) -> None:
    api = make_api(secret=SECRET)
    api.post("/api/login", {"token": TOKEN})
    stranger = api.another()
    for number in range(12):
        api.run(stranger.post("/api/login", json={"token": f"guess {number}"}))
    assert api.get("/api/project").status_code == 200


@pytest.mark.parametrize("cookie", ["extremecut-0=", "extremecut-80=x", "a=b; c", "\xff=\xff", ";"])
def test_odd_cookies_do_no_harm(make_api: Any, cookie: str) -> None:
    api = make_api(secret=SECRET)
    headers = httpx.Headers({"Cookie": cookie}, encoding="latin-1")
    assert api.get("/api/project", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/assets/../../app.py",
        "/assets/%2e%2e/%2e%2e/app.py",
        "/assets/..%2f..%2fapp.py",
        "/assets/..%5c..%5capp.py",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/assets/%00",
        "/api/images/..%2f..%2fa.png/tiles/0/0/0",
        "/api/export/..%2fcoco",
    ],
)
def test_no_path_leads_out_of_the_page(door: Any, path: str) -> None:
    response = door.run(
        door.client.get(httpx.URL("http://localhost").copy_with(raw_path=path.encode()))
    )
    assert response.status_code in (404, 422)
    assert "root:" not in response.text and "import" not in response.text


def test_websockets_are_not_spoken(door: Any) -> None:
    async def scenario() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        await door.app({"type": "websocket", "path": "/", "headers": []}, receive, send)
        return sent

    assert door.run(scenario()) == [{"type": "websocket.close", "code": 1008}]
