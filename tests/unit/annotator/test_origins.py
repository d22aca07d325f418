from __future__ import annotations

import pytest

from extremecut.annotator.options import Options
from extremecut.annotator.origins import foreign, host_is_ours, host_name, is_loopback

LOCAL = Options(author="me")
TEAM = Options(author="me", hosts=("photos.lab",), any_address=True)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:80", "localhost"),
        ("[::1]", "::1"),
        ("[::1]:80", "::1"),
        ("::1", ""),
        ("[::1", ""),
        ("[::1]80", ""),
        ("a:b", ""),
        ("", ""),
        ("evil.com:80@localhost", ""),
    ],
)
def test_names_are_found_in_host_headers(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:1", "127.8.9.1", "[::1]:9"])
def test_this_machine_goes_by_its_own_names(host: str) -> None:
    assert host_is_ours(host, LOCAL) and host_is_ours(host, TEAM)


@pytest.mark.parametrize(
    "host",
    ["evil.com", "localhost.evil.com", "127.0.0.1.nip.io", "localhost.", "", "192.168.0.9", "0"],
)
def test_names_that_dns_can_rebind_are_refused(host: str) -> None:
    assert not host_is_ours(host, LOCAL)


def test_a_team_server_goes_by_its_addresses_and_the_names_it_was_told() -> None:
    assert host_is_ours("192.168.0.9:8765", TEAM)
    assert host_is_ours("Photos.Lab:8765", TEAM)
    assert not host_is_ours("evil.com:8765", TEAM)


@pytest.mark.parametrize("name", ["0.0.0.0", "::", "192.168.0.9", "example.org"])
def test_loopback_is_this_machine_only(name: str) -> None:
    assert not is_loopback(name)


def why(method: str = "POST", path: str = "/api/segment", **headers: str) -> str | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return foreign(method, path, {"host": "localhost:8765", **named})


def test_programs_and_our_own_page_are_not_foreign() -> None:
    assert why() is None
    assert why(origin="http://localhost:8765", sec_fetch_site="same-origin") is None
    assert why(method="GET", path="/", sec_fetch_site="none") is None


@pytest.mark.parametrize(
    "origin",
    ["http://evil.com", "http://localhost:9999", "http://localhost", "null", "file://", ""],
)
def test_another_origin_is_foreign(origin: str) -> None:
    assert "Origin" in (why(origin=origin) or "")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something new"])
def test_another_site_is_foreign(site: str) -> None:
    assert "Sec-Fetch-Site" in (why(sec_fetch_site=site) or "")


def test_a_link_from_elsewhere_opens_the_page_but_not_the_api() -> None:
    link = {
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "navigate",
        "sec_fetch_dest": "document",
    }
    assert why(method="GET", path="/", **link) is None
    assert why(method="GET", path="/api/export/coco", **link) is not None
    assert why(method="POST", path="/", **link) is not None
    assert why(method="GET", path="/", **(link | {"sec_fetch_dest": "iframe"})) is not None
