"""One-sided against two-sided differences, and the error against the step."""

import numpy as np
import pytest

import engine
from engine.gradient_check import error_against_epsilon, one_sided, two_sided


def test_the_lectures_cube_gives_3_0001_two_sided_and_3_0301_one_sided():
    def cube(theta):
        return theta**3

    assert two_sided(cube, 1.0, 0.01) == pytest.approx(3.0001, abs=1e-9)
    assert one_sided(cube, 1.0, 0.01) == pytest.approx(3.0301, abs=1e-9)


@pytest.fixture
def curve(make, data):
    return error_against_epsilon(make("tanh", l2=0.3), *data)


def slope(curve, errors, low, high):
    """The slope on logarithmic axes between two steps."""
    inside = (curve.epsilons >= low * 0.99) & (curve.epsilons <= high * 1.01)
    return np.polyfit(np.log10(curve.epsilons[inside]), np.log10(errors[inside]), 1)[0]


def test_the_one_sided_error_falls_like_epsilon(curve):
    assert slope(curve, curve.one_sided, 1e-6, 1e-2) == pytest.approx(1, abs=0.05)


def test_the_two_sided_error_falls_like_epsilon_squared(curve):
    assert slope(curve, curve.two_sided, 1e-4, 1e-2) == pytest.approx(2, abs=0.05)


def test_round_off_grows_like_one_over_epsilon(curve):
    assert slope(curve, curve.two_sided, 1e-14, 1e-9) == pytest.approx(-1, abs=0.15)
    assert slope(curve, curve.one_sided, 1e-14, 1e-9) == pytest.approx(-1, abs=0.15)


def test_the_best_step_lies_between_and_the_usual_one_is_good_enough(curve):
    assert 1e-6 <= curve.best <= 1e-4
    assert curve.two_sided[curve.epsilons == 1e-7][0] < 1e-7
    assert len(curve.epsilons) == 14


def test_the_network_stays_as_it_is(make, data):
    network = make(dtype="float32", batch_norm=True)
    theta, state = network.theta.copy(), {n: v.copy() for n, v in network.state.items()}
    error_against_epsilon(network, *data, epsilons=[1e-3, 1e-5])
    assert np.array_equal(network.theta, theta)
    assert all(np.array_equal(network.state[name], value) for name, value in state.items())


def test_it_can_be_cancelled(make, data):
    with pytest.raises(engine.EngineError, match="canceled"):
        error_against_epsilon(make(), *data, cancel=lambda: True)
