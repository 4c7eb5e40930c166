"""Axis ranges change in steps, and hold what is to be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.plots.ranges import FIRST_END, decades, from_zero, growing_end, nice_above, up_to_one


@pytest.mark.parametrize(
    ("value", "nice"), [(1.2, 1.5), (340, 500), (1, 1), (0.07, 0.07), (7.1, 10), (0, 1e-12)]
)
def test_nice_numbers(value, nice):
    assert nice_above(value) == pytest.approx(nice)


@given(st.floats(1e-11, 1e12))
def test_a_nice_number_is_not_below_and_less_than_twice_as_large(value):
    assert value * (1 - 1e-9) <= nice_above(value) <= 2 * value


def test_the_x_axis_grows_a_few_times_while_a_run_grows_a_thousandfold():
    end, ends = 0.0, []
    for iteration in range(1, 20_001):
        new = growing_end(end, iteration)
        assert new >= iteration
        if new != end:
            ends.append(new)
        end = new
    assert len(ends) < 24
    assert ends[0] == FIRST_END


def test_the_x_axis_ends_where_the_run_ends():
    assert growing_end(700.0, 701.0, most=752.0) == 752.0


def test_the_x_axis_follows_a_run_that_was_made_longer():
    assert growing_end(752.0, 753.0, most=2_000.0) == 1_000.0


def test_a_new_run_gets_a_short_axis_again():
    assert growing_end(5_000.0, 3.0) == FIRST_END


@pytest.mark.parametrize("make", [from_zero, up_to_one, decades])
def test_small_changes_leave_the_range_as_it_is(make):
    held = make(None, 0.2, 0.9)
    assert make(held, 0.21, 0.88) == held


@pytest.mark.parametrize("make", [from_zero, up_to_one, decades])
@given(low=st.floats(-50, 1), spread=st.floats(0, 10))
def test_a_range_holds_the_values(make, low, spread):
    bottom, top = make(None, low, low + spread)
    assert bottom <= low
    assert low + spread <= top
    assert bottom < top


def test_costs_start_at_zero():
    assert from_zero(None, 0.5, 2.3)[0] == 0.0


def test_a_range_shrinks_when_little_of_it_is_used():
    assert from_zero((0.0, 100.0), 0.1, 1.0) == (0.0, 1.5)
