"""The signals that ask a process to end."""

from __future__ import annotations

import signal

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""SIGHUP, which Windows lacks, comes when the terminal is closed."""

REPEAT_S = 1.0
"""Signals closer together are one: torchrun passes on what the terminal has sent to all, and so
do `timeout` and a shell that is closed."""


def heeded() -> tuple[signal.Signals, ...]:
    """`SIGNALS` without that of a closed terminal where it is ignored, as under nohup."""
    return tuple(number for number in SIGNALS if not _outlives_terminal(number))


def _outlives_terminal(number: signal.Signals) -> bool:
    return number.name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN
