"""A gradient that the caller passes in, and a cost function of your own."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from tests.engine.gradient_check.networks import chain

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(3, 20)), RNG.integers(0, 2, (1, 20)).astype(float)


@pytest.fixture
def network():
    layers = [engine.Dense(units=4, activation="tanh"), engine.Output(task="binary")]
    return engine.Network(chain(*layers, names=["x", "h", "y"]), seed=0, dtype="float64")


def gradients_of(network):
    network.cost_and_gradient(X, Y)
    return {name: view.copy() for name, view in network.gradients.items()}


def test_a_right_gradient_of_the_callers_passes_in_either_form(network):
    found = gradients_of(network)
    for gradient in (found, network.gradient.copy(), {f"d{n}": v for n, v in found.items()}):
        assert engine.check_gradients(network, X, Y, gradient=gradient).verdict == "great"


def test_a_wrong_gradient_of_the_callers_is_blamed_and_the_networks_own_stays(network):
    found = gradients_of(network)
    found["h.b"] *= -1
    before = network.gradient.copy()
    report = engine.check_gradients(network, X, Y, gradient=found)
    assert report.blamed == ("h.b",)
    assert report.sentence == "Every other db agrees; db of 'h' is of the wrong sign."
    assert np.array_equal(network.gradient, before)


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        (np.zeros(3), r"must have theta's shape \(21,\); got \(3,\)"),
        ({"h.W": np.zeros((4, 3))}, "The gradient of 'h.b' is missing"),
        ({"h.w": 1}, "no parameter for the gradient 'h.w'"),
        ("great", "must be an array of numbers"),
    ],
)
def test_a_gradient_that_does_not_fit_is_a_sentence(network, gradient, words):
    with pytest.raises(engine.DataError, match=words):
        engine.check_gradients(network, X, Y, gradient=gradient)


def logistic(parameters):
    """J of logistic regression, as a student writes it."""
    z = parameters["w"].T @ X + parameters["b"]
    a = 1 / (1 + np.exp(-z))
    return -(Y * np.log(a) + (1 - Y) * np.log(1 - a)).mean()


def student(parameters, forgot_mean=False):
    a = 1 / (1 + np.exp(-(parameters["w"].T @ X + parameters["b"])))
    m = 1 if forgot_mean else X.shape[1]
    return {"dw": X @ (a - Y).T / m, "db": (a - Y).sum() / m}


PARAMETERS = {"w": RNG.normal(size=(3, 1)), "b": 0.5}


def test_a_students_right_code_passes():
    before = PARAMETERS["w"].copy()
    for gradient in (student, student(PARAMETERS | {"b": np.array(0.5)})):
        report = engine.check_gradients(logistic, PARAMETERS, gradient)
        assert report.verdict in ("great", "look at the worst") and report.passed
        assert [block.name for block in report.blocks] == ["w", "b"]
    assert np.array_equal(PARAMETERS["w"], before)


def test_a_forgotten_mean_in_a_students_code_is_named():
    wrong = student(PARAMETERS, forgot_mean=True)
    report = engine.check_gradients(logistic, PARAMETERS, wrong, examples=20)
    assert report.verdict == "bug" and report.blamed == ("w", "b")
    assert "m = 20 times too large: the 1/m is missing" in report.sentence


def test_one_array_is_enough_and_one_wrong_component_is_shown():
    theta = np.array([[1.0, 2.0], [3.0, 4.0]])
    wrong = 3 * theta**2
    wrong[1, 0] = 5.0
    report = engine.check_gradients(lambda t: (t**3).sum(), theta, wrong)
    assert not report.passed
    assert report.blocks[0].worst[0].index == (1, 0)
    assert engine.check_gradients(lambda t: (t**3).sum(), theta, lambda t: 3 * t**2).passed


def test_a_kink_of_ones_own_function_is_left_out_and_a_bug_beside_it_is_found():
    def relu(t):
        return float(np.maximum(t, 0).sum())

    theta = np.array([0.0, 1.0, -2.0])
    right = engine.check_gradients(relu, theta, [1.0, 1.0, 0.0])
    assert right.passed and right.kinks == 1 and right.checked == 2
    assert right.sentence.endswith("1 component is left out: a kink lies within epsilon.")
    assert not engine.check_gradients(relu, theta, [1.0, 1.0, 1.0]).passed


def test_the_lowest_point_of_a_smooth_function_is_no_kink():
    theta = np.array([0.0, 3.0])
    assert engine.check_gradients(lambda t: (t**2).sum(), theta, 2 * theta).kinks == 0


def test_a_cost_function_that_changes_its_parameters_does_no_harm():
    def cost(theta):
        theta *= 2
        return float((theta**2).sum())

    theta = np.ones(3)
    assert engine.check_gradients(cost, theta, 8 * theta).passed
    assert theta.tolist() == [1, 1, 1]


def test_what_is_no_cost_function_is_a_sentence():
    with pytest.raises(engine.DataError, match="one finite number"):
        engine.check_gradients(lambda t: t, np.ones(3), np.ones(3))
    with pytest.raises(engine.DataError, match="takes a Network or a cost function; got list"):
        engine.check_gradients([1], X, Y)


def test_a_report_prints_in_ten_lines(network):
    design = chain(
        *(engine.Dense(units=3, activation="tanh") for _ in range(8)),
        engine.Output(task="binary"),
        features=3,
    )
    report = engine.check_gradients(engine.Network(design, seed=0), X, Y, fault="doubled_dw")
    lines = repr(report).splitlines()
    assert len(lines) <= 10 and str(report) == repr(report) == report.summary()
    assert lines[0] == report.verdict.sentence and lines[1] == report.sentence
    assert report.blamed[0] in lines[3] and "off by a factor of 2" in lines[3]
