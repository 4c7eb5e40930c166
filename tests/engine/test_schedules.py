"""Schedules give the numbers of the lectures and start, stay and end where they promise."""

import math

import pytest

from engine.errors import SpecError
from engine.schedules import (
    ConstantRate,
    CosineDecay,
    ExponentialDecay,
    InverseDecay,
    Piecewise,
    RootEpochDecay,
    RootIterationDecay,
    Schedule,
    WarmUp,
)

HAND_WORKED = {
    "constant": (ConstantRate(), [0.2, 0.2, 0.2, 0.2, 0.2]),
    "decay": (InverseDecay(decay_rate=1.0), [0.2, 0.1, 0.2 / 3, 0.05, 0.04]),
    "exponential": (ExponentialDecay(base=0.5), [0.2, 0.1, 0.05, 0.025, 0.0125]),
    "root_epoch": (RootEpochDecay(k=2.0), [0.4, 0.4 / math.sqrt(2), 0.4 / math.sqrt(3), 0.2]),
    "root_iteration": (RootIterationDecay(), [0.2, 0.2 / math.sqrt(2), 0.2 / math.sqrt(3), 0.1]),
    "piecewise": (Piecewise(steps=((1, 0.5), (3, 2))), [0.2, 0.1, 0.1, 0.4, 0.4]),
    "warm_up": (WarmUp(length=4), [0.05, 0.1, 0.15, 0.2, 0.2]),
    "cosine": (
        CosineDecay(epochs=4, final_fraction=0.5),
        [0.2, 0.15 + 0.05 * math.sqrt(0.5), 0.15, 0.15 - 0.05 * math.sqrt(0.5), 0.1, 0.1],
    ),
}
EVERY = pytest.mark.parametrize("kind", Schedule.kinds())


def rates(schedule, count, learning_rate=0.2, iterations_per_epoch=1):
    return [schedule.rate(learning_rate, n, n * iterations_per_epoch) for n in range(count)]


@pytest.mark.parametrize("kind", HAND_WORKED)
def test_the_first_rates_are_those_worked_out_by_hand(kind):
    schedule, expected = HAND_WORKED[kind]
    assert schedule.kind == kind
    assert rates(schedule, len(expected)) == pytest.approx(expected, rel=1e-14)


@EVERY
def test_a_rate_is_a_plain_float_that_grows_with_the_learning_rate(kind):
    schedule = Schedule.parse(kind)
    for n in (0, 1, 7, 50):
        rate = schedule.rate(0.3, n, n)
        assert type(rate) is float
        assert rate > 0
        assert schedule.rate(0.6, n, n) == pytest.approx(2 * rate, rel=1e-14)


def test_the_lectures_table_of_learning_rate_decay():
    """Course 2, week 2: alpha_0 = 0.2 and decay_rate = 1 give 0.1, 0.067, 0.05, 0.04."""
    table = rates(InverseDecay(decay_rate=1), 5)[1:]
    assert table == pytest.approx([0.1, 0.067, 0.05, 0.04], abs=5e-4)


def test_the_assignments_table_of_decay_in_stairs():
    """The assignment "Optimization methods": alpha_0 = 0.5, decay_rate = 0.3, interval = 100."""
    schedule = InverseDecay(decay_rate=0.3, interval=100)
    assert schedule.rate(0.5, 10, 10) == 0.5
    assert schedule.rate(0.5, 100, 100) == pytest.approx(0.3846153846153846, rel=1e-15)


@pytest.mark.parametrize("schedule", [InverseDecay(interval=3), ExponentialDecay(interval=3)])
def test_stairs_stay_put_within_an_interval(schedule):
    first, second, third, fourth = rates(schedule, 4)
    assert first == second == third > fourth


def test_the_epoch_leaves_the_schedules_of_iterations_alone():
    for schedule in (RootIterationDecay(), WarmUp(length=10)):
        assert schedule.rate(0.2, 0, 5) == schedule.rate(0.2, 99, 5) != schedule.rate(0.2, 0, 6)


@pytest.mark.parametrize("kind", sorted({*HAND_WORKED} - {"root_iteration", "warm_up"}))
def test_the_iteration_leaves_the_schedules_of_epochs_alone(kind):
    schedule = Schedule.parse(kind)
    assert schedule.rate(0.2, 3, 5) == schedule.rate(0.2, 3, 500)


def test_a_warm_up_can_count_epochs():
    schedule = WarmUp(length=2, counts="epochs")
    assert rates(schedule, 3, iterations_per_epoch=100) == pytest.approx([0.1, 0.2, 0.2])


def test_a_cosine_ends_at_its_final_fraction_and_stays_there():
    schedule = CosineDecay(epochs=10, final_fraction=0.25)
    assert schedule.rate(0.2, 10, 0) == schedule.rate(0.2, 1000, 0) == pytest.approx(0.05)
    falling = rates(schedule, 11)
    assert falling == sorted(falling, reverse=True)


@pytest.mark.parametrize(
    "steps",
    [
        ((10, 0.1), (5, 0.01)),
        ((10, 0.1), (10, 0.01)),
        ((-1, 0.1),),
        ((1.5, 0.1),),
        ((1, 0.0),),
        ((1, -0.5),),
        ((1, math.nan),),
        ((1, math.inf),),
        ((1, "0.1"),),
        ((1, True),),
        ((1, 0.1, 2),),
        (3, 0.1),
        "10: 0.1",
        None,
    ],
)
def test_manual_steps_out_of_order_or_shape_are_refused_in_one_sentence(steps):
    with pytest.raises(SpecError, match=r"Manual steps: steps must be pairs \(epoch, factor\)"):
        Piecewise(steps=steps)


def test_manual_steps_may_be_empty_or_come_as_lists():
    assert Piecewise(steps=()).rate(0.2, 50, 0) == 0.2
    assert Piecewise(steps=[[2, 1]]) == Piecewise(steps=((2, 1.0),))


@EVERY
def test_values_just_outside_the_limits_are_refused(kind, outside_limits):
    cls = Schedule.registry[kind]
    bad = outside_limits(cls)
    assert bad or kind in ("constant", "piecewise")
    for field, value in bad:
        with pytest.raises(SpecError, match=field):
            cls(**{field: value})


@EVERY
def test_a_schedule_survives_the_way_through_json(kind):
    schedule, _ = HAND_WORKED.get(kind, (Schedule.parse(kind), ()))
    assert Schedule.parse(schedule.to_json()) == schedule
    assert hash(schedule) == hash(Schedule.parse(schedule.to_json()))
