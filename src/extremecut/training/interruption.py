"""Ctrl-C, SIGTERM, a closed terminal and a limit of time: wishes that the loop grants between
two steps."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

from extremecut.end_signals import REPEAT_S, heeded


class StopRequest:
    """Inside a `with` block the first signal only sets `requested`; a second one interrupts."""

    def __init__(self, max_minutes: float | None = None) -> None:
        """Begin to count the time.

        Args:
            max_minutes: after so long `wanted` is true; None for no limit.
        """
        self.requested = False
        """By a signal."""
        limit = float("inf") if max_minutes is None else 60 * max_minutes
        self._deadline = time.monotonic() + limit
        self._requested_at = 0.0
        self._before: dict[signal.Signals, Any] = {}

    @property
    def wanted(self) -> bool:
        """By a signal, or because the time is over."""
        return self.requested or time.monotonic() > self._deadline

    def __enter__(self) -> StopRequest:
        # Python allows handlers in the main thread only; elsewhere nothing can be caught.
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in heeded()}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.requested and now - self._requested_at >= REPEAT_S:
            raise KeyboardInterrupt
        if not self.requested:
            self.requested, self._requested_at = True, now
