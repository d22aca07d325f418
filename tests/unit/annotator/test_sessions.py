from __future__ import annotations

from extremecut.annotator.sessions import (
    FAILURE_SECONDS,
    SESSION_SECONDS,
    Attempts,
    KnownBearers,
    Sessions,
)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_session_lasts_until_its_time_or_the_logout() -> None:
    clock = Clock()
    sessions = Sessions(clock=clock)
    first, second = sessions.begin(), sessions.begin()
    assert first in sessions and second in sessions and "guess" not in sessions
    sessions.end(first)
    assert first not in sessions and second in sessions
    clock.now = SESSION_SECONDS
    assert second not in sessions


def test_sessions_are_bounded() -> None:
    sessions = Sessions(limit=2)
    cookies = [sessions.begin() for _ in range(3)]
    assert [cookie in sessions for cookie in cookies] == [False, True, True]


def test_too_many_wrong_tokens_must_wait() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock, limit=3)
    assert [attempts.begin("10.0.0.1") for _ in range(4)] == [0, 0, 0, FAILURE_SECONDS]
    assert attempts.begin("10.0.0.2") == 0
    clock.now = FAILURE_SECONDS
    assert attempts.begin("10.0.0.1") == 0


def test_a_right_token_forgets_the_wrong_ones() -> None:
    attempts = Attempts(limit=2)
    attempts.begin("a")
    attempts.begin("a")
    attempts.right("a")
    assert attempts.begin("a") == 0


def test_addresses_of_one_ipv6_network_count_together() -> None:
    attempts = Attempts(limit=2)
    assert [attempts.begin(f"2001:db8::{n}") > 0 for n in range(3)] == [False, False, True]
    assert attempts.begin("2001:db8:0:1::1") == 0


def test_ipv4_addresses_count_apart_on_a_server_for_both() -> None:
    attempts = Attempts(limit=1)
    assert attempts.begin("::ffff:10.0.0.1") == 0
    assert attempts.begin("::ffff:10.0.0.2") == 0
    assert attempts.begin("::ffff:10.0.0.1") > 0


def test_guessing_from_everywhere_takes_no_more_memory() -> None:
    attempts = Attempts(addresses=10)
    for number in range(100):
        attempts.begin(f"10.0.0.{number}")
    assert len(attempts) == 10


def test_known_bearers_are_bounded() -> None:
    known = KnownBearers(limit=1)
    known.add("a")
    known.add("b")
    assert "b" in known and "a" not in known
