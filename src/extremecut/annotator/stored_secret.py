"""Tokens and passwords, kept as scrypt hashes only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass

from extremecut.errors import ConfigError

# OWASP's second choice: 32 MiB and about a tenth of a second for each attempt.
_COST, _BLOCK, _PARALLEL = 1 << 15, 8, 3
_MEMORY_BYTES = 64 << 20
_DIGEST_BYTES = 32
_DAMAGED = "the stored token is damaged: delete its file to make a new one"
_FORM = re.compile(
    r"scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]{8,})\$([A-Za-z0-9+/=]{8,})"
)

SHORTEST = 12
"""Characters of a password; a token that this module makes has 43."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """What is left of a token or password: enough to know it again."""

    cost: int
    block: int
    parallel: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, secret: str, *, cost: int | None = None) -> StoredSecret:
        """
        Args:
            secret: a token or password.
            cost: scrypt's, a power of two; None for one that takes a tenth of a second.

        Raises:
            ConfigError: too short to keep anybody out.
        """
        if len(secret) < SHORTEST:
            raise ConfigError(
                f"a token or password needs at least {SHORTEST} characters, got {len(secret)}"
            )
        salt = os.urandom(16)
        cost = _COST if cost is None else cost
        return cls(cost, _BLOCK, _PARALLEL, salt, _scrypt(secret, salt, cost, _BLOCK, _PARALLEL))

    @classmethod
    def read(cls, text: str) -> StoredSecret:
        """What `line` wrote, or a token or password as it is.

        Raises:
            ConfigError: too short, more than a line of text, or a damaged hash.
        """
        text = text.strip()
        if not text.startswith("scrypt$"):
            if not text.isprintable():  # nobody could type it
                raise ConfigError("a token or password must be one line of printable characters")
            return cls.of(text)
        match = _FORM.fullmatch(text)
        if match is None:
            raise ConfigError(_DAMAGED)
        cost, block, parallel = (int(part) for part in match.groups()[:3])
        try:
            salt, digest = (base64.b64decode(part, validate=True) for part in match.groups()[3:])
        except binascii.Error:
            raise ConfigError(_DAMAGED) from None
        if len(digest) != _DIGEST_BYTES:
            raise ConfigError(_DAMAGED)
        stored = cls(cost, block, parallel, salt, digest)
        stored.matches("")  # numbers that scrypt does not take are told now, not at a login
        return stored

    @property
    def line(self) -> str:
        """One line of text to keep."""
        salt, digest = (base64.b64encode(part).decode() for part in (self.salt, self.digest))
        return f"scrypt${self.cost}${self.block}${self.parallel}${salt}${digest}"

    def matches(self, secret: str) -> bool:
        """Takes about a tenth of a second on purpose: not for an event loop."""
        found = _scrypt(secret, self.salt, self.cost, self.block, self.parallel)
        return hmac.compare_digest(found, self.digest)


def new_token() -> str:
    """256 random bits, 43 characters."""
    return secrets.token_urlsafe(32)


def _scrypt(secret: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    try:
        return hashlib.scrypt(
            secret.encode(),
            salt=salt,
            n=cost,
            r=block,
            p=parallel,
            maxmem=_MEMORY_BYTES,
            dklen=_DIGEST_BYTES,
        )
    except ValueError as error:
        raise ConfigError(f"the stored token cannot be used: {error}") from None
