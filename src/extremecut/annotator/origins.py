"""Who is asking: this server's own page and programs, or another page's script?

A page of another site can make a browser send requests here, and by DNS rebinding even under a
name of its own. The browser says so in `Host`, `Origin` and `Sec-Fetch-Site`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from extremecut.annotator.options import Options

LOOPBACK_NAME = "localhost"


def host_name(host: str) -> str:
    """The name or address in a Host header, without port and brackets, in lower case; "" if odd.

    Example:
        >>> host_name("LocalHost:8000"), host_name("[::1]:8000"), host_name("::1")
        ('localhost', '::1', '')
    """
    name, port = host.lower(), ""
    if name.startswith("["):
        name, bracket, port = name[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            return ""
        port = port.removeprefix(":")
    elif ":" in name:
        name, _, port = name.partition(":")
    return name if not port or (port.isascii() and port.isdigit()) else ""


def address_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """None for anything but a plain IP address."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    """Whether a name or address always means this machine."""
    address = address_of(name)
    return name == LOOPBACK_NAME if address is None else address.is_loopback


def host_is_ours(host: str, options: Options) -> bool:
    """Whether a Host header names this server.

    Only names can be rebound by DNS, so an address is fine where the server listens beyond
    loopback; a name must be one that was told.
    """
    name = host_name(host)
    if is_loopback(name) or name in options.hosts:
        return True
    return options.any_address and address_of(name) is not None


def foreign(method: str, path: str, headers: Mapping[str, str]) -> str | None:
    """Why a request comes from another page; None when it does not.

    Args:
        headers: by lower-case name.
    """
    origin = headers.get("origin")
    if origin is not None:
        scheme, separator, place = origin.lower().partition("://")
        if not separator or scheme not in ("http", "https") or place != headers["host"].lower():
            return "this request comes from another site's page (Origin)"
    site = headers.get("sec-fetch-site", "none")
    if site not in ("same-origin", "none") and not _follows_a_link(method, path, headers):
        return "this request comes from another site's page (Sec-Fetch-Site)"
    return None


def _follows_a_link(method: str, path: str, headers: Mapping[str, str]) -> bool:
    """A person came by a link: the page itself may be seen, it cannot be put into a frame."""
    return (
        method in ("GET", "HEAD")
        and path == "/"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
