"""What the person who starts the server decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from extremecut.annotator.stored_secret import StoredSecret

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may ask for."""

    json_bytes: int = MEGABYTE
    """Of an ordinary request."""
    action_bytes: int = 32 * MEGABYTE
    """Of an action with its masks."""
    image_bytes: int = 64 * MEGABYTE
    """Of a request to segment a picture sent along; base64 takes 4 bytes for 3."""
    image_pixels: int = 120_000_000
    """Of a picture sent along."""
    import_bytes: int = 512 * MEGABYTE
    """Of an annotation file."""


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of a server."""

    author: str
    """Who works here when the browser has not said another name."""
    hosts: tuple[str, ...] = ()
    """Names by which the server may be addressed, besides those of this machine itself."""
    any_address: bool = False
    """Whether it may be addressed by any IP address: for servers beyond loopback."""
    secret: StoredSecret | None = None
    """The hash of the token or password; None lets everybody in, for loopback only."""
    tls: bool = False
    """Whether the server speaks TLS; cookies are marked secure then."""
    limits: Limits = field(default_factory=Limits)
