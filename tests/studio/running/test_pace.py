"""Pace: when steps are due, by a clock of our own."""

import pytest

from studio.running import pace as module
from studio.running.pace import MOST_BEHIND_S, SPEEDS, Pace


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])
    return now


def test_without_a_limit_the_next_step_is_always_due(clock):
    pace = Pace()
    pace.begin()
    for _ in range(3):
        assert pace.seconds_left() == 0
        pace.stepped()


@pytest.mark.parametrize("speed", SPEEDS)
def test_steps_follow_each_other_at_the_chosen_speed(clock, speed):
    pace = Pace()
    pace.limit(speed)
    pace.begin()
    for _ in range(10):
        clock[0] += pace.seconds_left()
        pace.stepped()
    assert clock[0] == pytest.approx(100 + 9 / speed)


def test_a_late_step_is_made_up_for_but_a_long_pause_is_not(clock):
    pace = Pace()
    pace.limit(100)
    pace.begin()
    pace.stepped()
    clock[0] += 0.03
    pace.stepped()
    assert pace.seconds_left() == 0
    clock[0] += 60
    steps = 0
    while pace.seconds_left() == 0:
        pace.stepped()
        steps += 1
    assert steps == 1 + round(MOST_BEHIND_S * 100)


def test_a_faster_speed_holds_from_the_last_step_on(clock):
    pace = Pace()
    pace.limit(1)
    pace.begin()
    pace.stepped()
    clock[0] += 0.05
    pace.limit(10)
    assert pace.seconds_left() == pytest.approx(0.05)
    pace.limit(None)
    assert pace.seconds_left() == 0
