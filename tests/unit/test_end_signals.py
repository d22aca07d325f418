from __future__ import annotations

import signal

import pytest

from extremecut.end_signals import SIGNALS, heeded


def test_a_closed_terminal_counts_unless_it_is_ignored() -> None:
    if not hasattr(signal, "SIGHUP"):
        pytest.skip("this system has no such signal")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        assert heeded() == (signal.SIGINT, signal.SIGTERM)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        assert heeded() == SIGNALS == (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
