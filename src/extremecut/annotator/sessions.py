"""Who has logged in, and who tries too often. All of it bounded in memory."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable

SESSION_SECONDS = 14 * 24 * 3600
MAX_SESSIONS = 10_000
MAX_FAILURES = 10
"""Wrong tokens of one address before it must wait."""
FAILURE_SECONDS = 300.0
"""How long a wrong token counts."""
MAX_ADDRESSES = 10_000

Clock = Callable[[], float]


class Sessions:
    """The cookies given out; only their hashes are kept. Gone when the server stops."""

    def __init__(self, *, clock: Clock = time.monotonic, limit: int = MAX_SESSIONS) -> None:
        self._clock = clock
        self._limit = limit
        self._ends: OrderedDict[bytes, float] = OrderedDict()  # in the order of their ends

    def begin(self) -> str:
        """A new session's cookie; beyond the limit the oldest session ends."""
        cookie = secrets.token_urlsafe(32)
        self._ends[_digest(cookie)] = self._clock() + SESSION_SECONDS
        while len(self._ends) > self._limit:
            self._ends.popitem(last=False)
        return cookie

    def __contains__(self, cookie: str) -> bool:
        return self._ends.get(_digest(cookie), float("-inf")) > self._clock()

    def end(self, cookie: str) -> None:
        self._ends.pop(_digest(cookie), None)


class Attempts:
    """Counts wrong tokens by address. An attempt counts as wrong until it proves right."""

    def __init__(
        self,
        *,
        clock: Clock = time.monotonic,
        limit: int = MAX_FAILURES,
        addresses: int = MAX_ADDRESSES,
    ) -> None:
        self._clock = clock
        self._limit = limit
        self._addresses = addresses
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, address: str) -> float:
        """Seconds to wait before the next attempt; 0 when this one may be made, and is counted."""
        key, now = _neighbourhood(address), self._clock()
        times = self._times.setdefault(key, deque(maxlen=self._limit))
        self._times.move_to_end(key)
        while len(self._times) > self._addresses:
            self._times.popitem(last=False)
        while times and times[0] <= now - FAILURE_SECONDS:
            times.popleft()
        if len(times) == self._limit:
            return times[0] + FAILURE_SECONDS - now
        times.append(now)
        return 0.0

    def right(self, address: str) -> None:
        """The attempt was no guess: forget this address's failures."""
        self._times.pop(_neighbourhood(address), None)

    def __len__(self) -> int:
        return len(self._times)


class KnownBearers:
    """Bearer tokens that were found right: checking each request's hash anew would be slow."""

    def __init__(self, limit: int = 16) -> None:
        self._limit = limit
        self._digests: OrderedDict[bytes, None] = OrderedDict()

    def add(self, token: str) -> None:
        self._digests[_digest(token)] = None
        while len(self._digests) > self._limit:
            self._digests.popitem(last=False)

    def __contains__(self, token: str) -> bool:
        return _digest(token) in self._digests


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _neighbourhood(address: str) -> str:
    """One household's IPv6 addresses count as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:  # how a server that listens on `::` sees IPv4
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
