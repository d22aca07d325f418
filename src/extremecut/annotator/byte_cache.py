"""Encoded pictures kept for a while, within a bound on memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable


class ByteCache:
    """The least recently used are dropped first. Can be used from several threads."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        return self._total

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            data = self._held.get(key)
            if data is not None:
                self._held.move_to_end(key)
            return data

    def put(self, key: Hashable, data: bytes) -> None:
        """Nothing is kept that is larger than the whole budget."""
        if len(data) > self._budget_bytes:
            return
        with self._lock:
            replaced = self._held.pop(key, b"")
            self._held[key] = data
            self._total += len(data) - len(replaced)
            while self._total > self._budget_bytes:
                self._total -= len(self._held.popitem(last=False)[1])
