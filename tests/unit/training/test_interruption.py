from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

from extremecut.end_signals import REPEAT_S, SIGNALS
from extremecut.training.interruption import StopRequest

Clock = list[float]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that `monotonic` tells."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_only_leaves_a_wish(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with StopRequest() as stop:
        assert not stop.requested
        os.kill(os.getpid(), number)
        assert stop.requested and stop.wanted
    assert signal.getsignal(number) is before


def test_the_second_signal_interrupts(clock: Clock) -> None:
    with StopRequest(), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        clock[0] += REPEAT_S
        os.kill(os.getpid(), signal.SIGINT)


def test_signals_in_quick_succession_are_one(clock: Clock) -> None:
    with StopRequest() as stop:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), number)
            clock[0] += 0.4 * REPEAT_S
    assert stop.requested


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_under_nohup_a_closed_terminal_stops_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopRequest() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
        assert not stop.requested
    finally:
        signal.signal(signal.SIGHUP, before)


def test_time_that_is_over_is_a_wish_but_no_request(clock: Clock) -> None:
    stop = StopRequest(max_minutes=2.0)
    clock[0] += 119
    assert not stop.wanted
    clock[0] += 2
    assert stop.wanted and not stop.requested


def test_in_another_thread_it_catches_nothing_and_fails_not() -> None:
    results = []

    def work() -> None:
        with StopRequest() as stop:
            results.append(stop.requested)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert results == [False]
