"""Losses and tasks: gradients against differences, hand-worked values, extremes, sentences."""

import itertools
import math

import numpy as np
import pytest

from engine.errors import DataError
from engine.losses import (
    AbsoluteError,
    Binary,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    ErrorFunction,
    MultiClass,
    MultiLabel,
    Regression,
    SquaredError,
    Task,
)
from tests.engine.random_targets import random_targets

LARGE = 1e4
NAN = math.nan
TASKS = [
    *(task() for task in Task.registry.values()),
    *(Regression(error=kind) for kind in ErrorFunction.kinds()),
]
every = pytest.mark.parametrize("task", TASKS, ids=lambda t: str(t.to_json()))


def _example(task, m=5, seed=0):
    """Logits and targets of a task with three outputs where it may have them."""
    rng = np.random.default_rng(seed)
    y = random_targets(task.targets, 3, m, rng)
    return rng.normal(size=(task.units(3), m)), y


@every
def test_the_gradient_agrees_with_central_differences(task, slope, relative_error):
    z, y = _example(task)
    numeric = slope(lambda z: task.loss.value(z, y), z)
    assert relative_error(task.loss.gradient(z, y), numeric) < 1e-8


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_and_gradient_together_equal_each_alone_in_the_same_dtype(task, dtype):
    z, y = (array.astype(dtype) for array in _example(task, m=40))
    value, dz = task.loss.value_and_gradient(z, y)
    tolerance = 1e-5 if dtype == "float32" else 1e-12
    assert value == pytest.approx(task.loss.value(z, y), rel=tolerance)
    assert np.allclose(dz, task.loss.gradient(z, y), rtol=tolerance, atol=0)
    assert (dz.dtype, dz.shape) == (z.dtype, z.shape)
    assert task.predict(z).dtype == z.dtype


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_losses_of_the_examples_sum_to_the_value_in_groups_too(task, dtype):
    z, y = (array.astype(dtype) for array in _example(task, m=40))
    tolerance = 1e-5 if dtype == "float32" else 1e-12
    losses = task.loss.values(z, y)
    assert (losses.shape, losses.dtype) == ((40,), z.dtype)
    assert float(losses.sum()) == pytest.approx(task.loss.value(z, y), rel=tolerance)
    grouped = task.loss.values(np.stack([z, -z], axis=1), y[:, None])  # (n_y, 2, m)
    expected = np.stack([losses, task.loss.values(-z, y)])
    assert np.allclose(grouped, expected, rtol=tolerance, atol=tolerance)


@every
def test_arguments_are_never_changed(task):
    z, y = _example(task)
    z.flags.writeable = y.flags.writeable = False
    task.loss.value_and_gradient(z, y)
    task.loss.value(z, y)
    task.loss.gradient(z, y)
    task.score(task.predict(z), y)
    task.check_targets(y)


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_huge_logits_give_a_large_and_finite_cost(task, dtype):
    z, y = (array.astype(dtype) for array in _example(task, m=50))
    z = np.sign(z) * np.asarray(LARGE, dtype)
    value, dz = task.loss.value_and_gradient(z, y)
    assert math.isfinite(value)
    assert value == pytest.approx(task.loss.value(z, y), rel=1e-5)
    assert value > 1e4
    assert np.isfinite(dz).all()
    assert np.isfinite(task.predict(z)).all()


@every
def test_broken_logits_give_a_broken_cost_that_training_can_see(task):
    z, y = _example(task)
    z[0, 1] = NAN
    with np.errstate(invalid="ignore"):
        assert math.isnan(task.loss.value(z, y))
        assert math.isnan(task.loss.value_and_gradient(z, y)[0])


@every
def test_perfect_predictions_score_one(task):
    _, y = _example(task, m=20)
    sure = task.targets.indicators(y, task.units(3))
    p = task.predict(30 * (2 * sure - 1)) if task.targets.has_classes else y
    assert task.score(p, y) == 1


@pytest.mark.parametrize(
    ("loss", "z", "y", "value", "gradient"),
    [
        (BinaryCrossEntropy(), [[0.0]], [[1.0]], math.log(2), [[-0.5]]),
        (BinaryCrossEntropy(), [[math.log(3)]], [[1.0]], -math.log(0.75), [[-0.25]]),
        (BinaryCrossEntropy(), [[math.log(3)]], [[0.0]], -math.log(0.25), [[0.75]]),
        (CategoricalCrossEntropy(), [[2.0]] * 4, [[1.0], [0], [0], [0]], math.log(4), None),
        (
            CategoricalCrossEntropy(),
            [[math.log(6)], [math.log(3)], [0.0]],
            [[0.0], [1.0], [0.0]],
            -math.log(0.3),
            [[0.6], [-0.7], [0.1]],
        ),
        (SquaredError(), [[3.0], [1.0]], [[1.0], [0.0]], 2.5, [[2.0], [1.0]]),
        (AbsoluteError(), [[3.0], [-1.0], [2.0]], [[1.0], [0.0], [2.0]], 3.0, [[2 / 2], [-1], [0]]),
    ],
)
def test_losses_are_those_worked_out_by_hand(loss, z, y, value, gradient):
    z, y = np.array(z), np.array(y)
    assert loss.value(z, y) == pytest.approx(value, rel=1e-14)
    if gradient is not None:
        assert np.allclose(loss.gradient(z, y), gradient, rtol=0, atol=1e-15)


@pytest.mark.parametrize("kind", Task.kinds())
def test_a_loss_is_the_sum_over_examples(kind):
    task = Task.parse(kind)
    z, y = _example(task, m=7)
    alone = [task.loss.value(z[:, i : i + 1], y[:, i : i + 1]) for i in range(7)]
    assert task.loss.value(z, y) == pytest.approx(sum(alone))


def test_a_missing_label_has_no_loss_and_no_gradient():
    z = np.array([[0.3, -2.0], [1.0, 0.5]])
    y = np.array([[1.0, NAN], [NAN, 0.0]])
    loss = MultiLabel().loss
    known = loss.value(z[:1, :1], y[:1, :1]) + loss.value(z[1:, 1:], y[1:, 1:])
    value, dz = loss.value_and_gradient(z, y)
    assert value == pytest.approx(known, rel=1e-14)
    assert loss.value(z, y) == pytest.approx(known, rel=1e-14)
    assert dz[0, 1] == dz[1, 0] == 0
    a = MultiLabel().predict(z)
    assert (dz[0, 0], dz[1, 1]) == (a[0, 0] - 1, a[1, 1])
    assert loss.value(z, np.full((2, 2), NAN)) == 0


def test_a_missing_label_does_not_hide_a_broken_logit():
    z, y = np.array([[NAN, 1.0]]), np.array([[1.0, NAN]])
    with np.errstate(invalid="ignore"):
        assert math.isnan(MultiLabel().loss.value_and_gradient(z, y)[0])
        assert math.isnan(MultiLabel().loss.value(z, y))
        assert np.isnan(MultiLabel().loss.values(z, y)).tolist() == [True, False]


def test_scores_are_those_worked_out_by_hand():
    p = np.array([[0.2, 0.5, 0.9, 0.4]])
    assert Binary().score(p, np.array([[0, 1, 0, 0]])) == 0.75
    p = np.array([[0.5, 0.2], [0.3, 0.7], [0.2, 0.1]])
    assert MultiClass().score(p, np.array([[1, 1], [0, 0], [0, 0]])) == 0.5
    p, y = np.array([[0.9, 0.1], [0.6, 0.6]]), np.array([[1, NAN], [0, 1]])
    assert MultiLabel().score(p, y) == pytest.approx(2 / 3)
    assert MultiLabel().score(p, np.full((2, 2), NAN)) == 0
    y = np.array([[1.0, 2.0, 3.0]])
    assert Regression().score(np.array([[1.0, 3.0, 3.0]]), y) == pytest.approx(0.5)
    assert Regression().score(np.full((1, 3), 2.0), y) == 0
    assert Regression().score(y, np.full((1, 3), 2.0)) == 0


@pytest.mark.parametrize(
    ("task", "y", "sentence"),
    [
        (
            Binary(),
            [[0, 2.0]],
            "Y holds 2.0 in row 0, column 1; a binary target must be 0 or 1, or NaN (unknown). For "
            "other numbers, choose the regression task.",
        ),
        (
            MultiClass(),
            [[0, 1.5, NAN]],
            "Y holds 1.5 in row 0, column 1; a label must be a whole number from 0, or NaN "
            "(unknown).",
        ),
        (Binary(), [[0.0], [1.0]], "Y must be (1, m) for a binary task; got 2 rows."),
        (
            MultiClass(),
            [[1.0, 1.0], [0.0, 1.0]],
            "Column 1 of Y has 2 ones; one-hot targets have exactly one. Make it with "
            "engine.data.one_hot(labels, classes), or give the labels, (1, m).",
        ),
        (
            MultiClass(),
            [[0.5], [0.5]],
            "Y holds 0.5 in row 0, column 0; a one-hot target must be 0 or 1. Make it with "
            "engine.data.one_hot(labels, classes), or give the labels, (1, m).",
        ),
        (
            MultiLabel(),
            [[0.0, -1.0]],
            "Y holds -1.0 in row 0, column 1; a multi-label target must be 0, 1, or NaN (unknown).",
        ),
        (
            MultiLabel(),
            [[math.inf]],
            "Y holds inf in row 0, column 0; a multi-label target must be 0, 1, or NaN (unknown).",
        ),
        (
            Regression(),
            [[math.inf]],
            "Y holds inf in row 0, column 0; a regression target must be finite, or NaN (unknown).",
        ),
    ],
)
def test_targets_that_a_task_cannot_have_are_refused_with_a_sentence(task, y, sentence):
    with pytest.raises(DataError) as caught:
        task.check_targets(np.array(y))
    assert str(caught.value) == sentence


def test_targets_of_each_task_are_accepted():
    Binary().check_targets(np.array([[0, 1, NAN]]))
    MultiClass().check_targets(np.eye(3))
    MultiClass().check_targets(np.array([[0, 2, NAN]]), 3)
    MultiLabel().check_targets(np.array([[0, NAN], [1, 1]]))
    Regression().check_targets(np.array([[-3.5, 1e30, NAN]]))


@every
def test_a_task_survives_json(task):
    assert Task.parse(task.to_json()) == task
    assert task.units(1) == 1


def exact(z, y):
    """Loss and derivative of sure predictions in double precision: log1p and expm1 lose nothing."""
    wrong = np.where(y == 1, -z, z)
    p = 1 / (1 + np.exp(-wrong))
    return np.log1p(np.exp(wrong)).sum(), np.where(y == 1, -p, p)


@pytest.mark.parametrize(
    ("dtype", "size"),
    [*itertools.product(["float32", "float64"], [9.0, 11, 15, 20, 40]), ("float64", 80.0)],
)
def test_a_small_cost_keeps_its_digits_and_so_does_its_gradient(dtype, size):
    z = np.array([[size, -size, size]])
    y = np.array([[1.0, 0.0, 1.0]])
    expected, dz = exact(z, y)
    tolerance = 1e-3 if dtype == "float32" else 1e-9
    z, y = z.astype(dtype), y.astype(dtype)
    loss = Task.registry["binary"]().loss
    value, found = loss.value_and_gradient(z, y)
    assert value == pytest.approx(expected, rel=1e-6)
    assert loss.value(z, y) == pytest.approx(expected, rel=1e-6)
    assert found == pytest.approx(dz, rel=tolerance, abs=0)

    both = np.concatenate([z, np.zeros_like(z)])
    one_hot = np.concatenate([y, 1 - y])
    loss = Task.registry["multi_class"]().loss
    value, found = loss.value_and_gradient(both, one_hot)
    assert value == pytest.approx(expected, rel=1e-5)
    assert loss.value(both, one_hot) == pytest.approx(expected, rel=1e-5)
    assert found[:1] == pytest.approx(dz, rel=tolerance, abs=0)
    assert found[1:] == pytest.approx(-dz, rel=tolerance, abs=0)


@pytest.mark.parametrize("name", ["binary", "multi_class"])
def test_a_derivative_too_small_to_be_squared_is_zero_and_a_larger_one_stays(name):
    """Denormal numbers slow every product down, and no optimizer's dW^2 can hold them."""
    loss = Task.registry[name]().loss
    sizes = np.array([30.0, 80, 95, 100], np.float32)
    z, y = (sizes[None], np.ones((1, 4), np.float32))
    if name == "multi_class":
        z, y = np.vstack([z, 0 * z]), np.vstack([y, 0 * y])
    value, dz = loss.value_and_gradient(z, y)
    assert value == pytest.approx(math.exp(-30), rel=1e-3)
    assert dz[0, 0] == pytest.approx(-math.exp(-30), rel=1e-3)
    assert not dz[:, 1:].any()
