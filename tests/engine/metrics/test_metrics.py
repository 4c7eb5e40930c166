"""Metrics count what their formulas say, leave missing labels out, and refuse what is no answer."""

import dataclasses

import numpy as np
import pytest

from engine.errors import DataError
from engine.metrics import (
    METRICS,
    accuracy,
    cells,
    confusion_matrix,
    f1,
    mean_squared_error,
    per_class,
    precision,
    r2,
    recall,
    sweep,
    weighted_error,
    zero_one_error,
)

NAN = np.nan
DECIDING = [accuracy, zero_one_error, precision, recall, f1, confusion_matrix]

# Binary: true positive, false negative, false positive, true negative, true positive.
P1 = np.array([[0.9, 0.4, 0.6, 0.2, 0.5]])
Y1 = np.array([[1.0, 1.0, 0.0, 0.0, 1.0]])

# Three classes: truth 0, 0, 1, 2; called 0, 1, 1, 1. Class 2 is never called.
P3 = np.array([[0.8, 0.3, 0.1, 0.2], [0.1, 0.6, 0.8, 0.5], [0.1, 0.1, 0.1, 0.3]])
Y3 = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])

# Two labels: the first is known for three examples, the second for two.
PL = np.array([[0.9, 0.8, 0.1, 0.7], [0.2, 0.9, 0.6, 0.4]])
YL = np.array([[1.0, 0.0, 0.0, NAN], [NAN, 1.0, NAN, 1.0]])


def test_binary_decisions_are_counted():
    assert accuracy(P1, Y1) == pytest.approx(3 / 5)
    assert zero_one_error(P1, Y1) == pytest.approx(2 / 5)
    np.testing.assert_allclose(precision(P1, Y1), [2 / 3])
    np.testing.assert_allclose(recall(P1, Y1), [2 / 3])
    np.testing.assert_allclose(f1(P1, Y1), [2 / 3])
    np.testing.assert_array_equal(confusion_matrix(P1, Y1), [[1, 1], [1, 2]])


def test_the_threshold_itself_is_positive_and_can_be_moved():
    assert accuracy(np.array([[0.5]]), np.array([[1]])) == 1.0
    np.testing.assert_allclose(recall(P1, Y1, threshold=0.4), [1.0])
    np.testing.assert_allclose(precision(P1, Y1, threshold=0.95), [0.0])


def test_multi_class_decisions_are_counted():
    assert accuracy(P3, Y3) == pytest.approx(1 / 2)
    assert zero_one_error(P3, Y3) == pytest.approx(1 / 2)
    np.testing.assert_allclose(precision(P3, Y3), [1, 1 / 3, 0])
    np.testing.assert_allclose(recall(P3, Y3), [1 / 2, 1, 0])
    np.testing.assert_allclose(f1(P3, Y3), [2 / 3, 1 / 2, 0])
    np.testing.assert_array_equal(confusion_matrix(P3, Y3), [[1, 1, 0], [0, 1, 0], [0, 1, 0]])


def test_macro_is_the_mean_over_the_classes_as_a_plain_float():
    for metric, expected in ((precision, 4 / 9), (recall, 1 / 2), (f1, 7 / 18)):
        value = metric(P3, Y3, macro=True)
        assert type(value) is float
        assert value == pytest.approx(expected)


def test_multi_label_decisions_leave_missing_labels_out():
    assert accuracy(PL, YL) == pytest.approx(3 / 5)
    assert zero_one_error(PL, YL) == pytest.approx(2 / 5)
    np.testing.assert_allclose(precision(PL, YL), [1 / 2, 1])
    np.testing.assert_allclose(recall(PL, YL), [1, 1 / 2])
    np.testing.assert_array_equal(confusion_matrix(PL, YL), [[[1, 1], [0, 1]], [[0, 0], [1, 1]]])


def test_the_task_can_be_told_where_labels_look_one_hot():
    P, Y = np.array([[0.9, 0.6], [0.8, 0.4]]), np.eye(2)
    assert accuracy(P, Y) == pytest.approx(1 / 2)  # read as two classes: both called the first
    assert accuracy(P, Y, task="multi_label") == pytest.approx(1 / 4)


def test_of_equal_probabilities_the_first_class_wins():
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert accuracy(np.full((2, 2), 0.5), Y) == pytest.approx(1 / 2)


def test_a_weighted_error_counts_bad_mistakes_more():
    weights = np.array([1, 10, 1, 1, 1])
    assert weighted_error(P1, Y1, weights) == pytest.approx(11 / 14)
    assert weighted_error(P1, Y1, weights[None]) == pytest.approx(11 / 14)


@pytest.mark.parametrize(("P", "Y"), [(P1, Y1), (P3, Y3)])
def test_equal_weights_give_the_plain_error(P, Y):
    weights = np.full(Y.shape[1], 3.0)
    assert weighted_error(P, Y, weights) == pytest.approx(zero_one_error(P, Y))


def test_a_weighted_error_leaves_missing_labels_out():
    assert weighted_error(PL, YL, np.array([1.0, 2, 3, 4])) == pytest.approx(6 / 12)


def test_a_division_by_zero_gives_zero():
    nothing, negative = np.array([[0.1, 0.2]]), np.array([[0.0, 0.0]])
    for metric in (precision, recall, f1):
        np.testing.assert_array_equal(metric(nothing, negative), [0.0])
    unknown = np.full((2, 3), NAN)
    for metric in (accuracy, zero_one_error):
        assert metric(np.zeros((2, 3)), unknown) == 0.0
    assert weighted_error(P1, Y1, np.zeros(5)) == 0.0
    assert r2(np.array([[1.0, 3.0]]), np.array([[2.0, 2.0]])) == 0.0


def test_regression_errors_are_those_worked_out_by_hand():
    P, Y = np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0, 3.0]])
    assert mean_squared_error(P, Y) == pytest.approx(1 / 3)
    assert r2(P, Y) == pytest.approx(1 / 2)


def test_r2_pools_several_outputs():
    P = np.array([[1.0, 2.0, 4.0], [0.0, 10.0, 20.0]])
    Y = np.array([[1.0, 2.0, 3.0], [0.0, 10.0, 20.0]])
    assert r2(P, Y) == pytest.approx(1 - 1 / 202)
    assert mean_squared_error(P, Y) == pytest.approx(1 / 6)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool"])
def test_targets_may_have_any_type_of_number(dtype):
    assert accuracy(P3.astype("float32"), Y3.astype(dtype)) == pytest.approx(1 / 2)


def test_the_regression_of_whole_numbers_does_not_wrap_around():
    P, Y = np.array([[0, 0]], "uint8"), np.array([[1, 255]], "uint8")
    assert mean_squared_error(P, Y) == pytest.approx((1 + 255**2) / 2)


@pytest.mark.parametrize("metric", DECIDING)
@pytest.mark.parametrize(
    ("P", "Y", "sentence"),
    [
        (P1, Y3, "same shape"),
        (P1[0], Y1[0], "same shape"),
        (P1[:, :0], Y1[:, :0], "one example or more"),
        (np.where(P1 > 0.8, NAN, P1), Y1, "P must be finite"),
        (P1, Y1 + 0.5, "only 0, 1, or NaN"),
        (P1.astype(str), Y1, "must be numbers"),
    ],
)
def test_bad_arrays_are_refused_in_a_sentence(metric, P, Y, sentence):
    with pytest.raises(DataError, match=sentence):
        metric(P, Y)


@pytest.mark.parametrize("metric", DECIDING)
def test_a_task_that_does_not_fit_is_refused(metric):
    for Y, P, task, sentence in (
        (Y3, P3, "binary", r"\(1, m\) for a binary task; got 3 rows"),
        (YL, PL, "multi_class", "one-hot"),
        (Y3, P3, "regression", "A task must be one of binary"),
    ):
        with pytest.raises(DataError, match=sentence):
            metric(P, Y, task=task)


@pytest.mark.parametrize("metric", [mean_squared_error, r2])
def test_regression_leaves_unknown_targets_out_and_refuses_infinite_ones_and_other_shapes(metric):
    P, Y = np.array([[1.0, 5.0, 2.0]]), np.array([[3.0, NAN, 2.0]])
    assert metric(P, Y) == metric(P[:, ::2], Y[:, ::2])
    with pytest.raises(DataError, match="Y must be finite"):
        metric(np.zeros((1, 2)), np.array([[1.0, np.inf]]))
    with pytest.raises(DataError, match="same shape"):
        metric(np.zeros((1, 2)), np.zeros((2, 1)))


@pytest.mark.parametrize("weights", [np.ones(4), np.ones((5, 1)), -np.ones(5), np.full(5, NAN)])
def test_bad_weights_are_refused(weights):
    with pytest.raises(DataError, match="Weights must be"):
        weighted_error(P1, Y1, weights)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_of_the_menus_gives_a_plain_float_and_rates_perfection_best(name):
    metric = METRICS[name]
    assert metric.name == name
    Y = np.array([[1.0, 0.0, 1.0, 0.0]])
    perfect, poor = metric.value(Y, Y), metric.value(1 - Y, Y)
    assert type(perfect) is float
    assert perfect == (1.0 if metric.better == "higher" else 0.0)
    assert perfect > poor if metric.better == "higher" else perfect < poor


def test_a_metric_of_the_menus_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        METRICS["accuracy"].title = "x"


def test_cells_hold_the_examples_that_the_matrix_counts():
    for P, Y in ((P1, Y1), (P3, Y3)):
        found = cells(P, Y)
        np.testing.assert_array_equal(found.matrix, confusion_matrix(P, Y))
        places = [(i, j) for i in range(found.classes) for j in range(found.classes)]
        together = [found.examples(i, j) for i, j in places]
        assert [len(examples) for examples in together] == found.matrix.ravel().tolist()
        assert sorted(np.concatenate(together)) == list(range(Y.shape[1]))
    assert cells(P1, Y1).examples(1, 0).tolist() == [1]
    assert cells(P3, Y3).wrong.tolist() == [1, 3]


def test_cells_follow_the_threshold():
    assert cells(P1, Y1, threshold=0.4).wrong.tolist() == [2]
    assert cells(P1, Y1, threshold=0.95).matrix.tolist() == [[2, 0], [3, 0]]


def test_one_label_of_several_has_cells_and_missing_ones_lie_in_none():
    found = cells(PL, YL, label=1)
    assert found.true.tolist() == [-1, 1, -1, 1]
    np.testing.assert_array_equal(found.matrix, confusion_matrix(PL, YL)[1])
    assert found.wrong.tolist() == [3]
    for label in (None, 2, -1):
        with pytest.raises(DataError, match="One of the 2 labels"):
            cells(PL, YL, label=label)


def test_every_class_has_scores_from_the_matrix():
    scores = per_class(np.array([[1, 1], [0, 1]]))
    assert [s.precision for s in scores] == [1, 1 / 2]
    assert [s.recall for s in scores] == [1 / 2, 1]
    assert [s.f1 for s in scores] == pytest.approx([2 / 3, 2 / 3])
    assert [(s.examples, s.called) for s in scores] == [(2, 1), (1, 2)]
    never = per_class(confusion_matrix(P3, Y3))[2]
    assert (never.precision, never.recall, never.f1, never.called) == (0, 0, 0, 0)


def test_a_sweep_knows_every_threshold():
    found = sweep(P1, Y1)
    assert found.threshold.tolist() == [np.inf, 0.9, 0.6, 0.5, 0.4, 0.2]
    for threshold in (0.0, 0.2, 0.21, 0.5, 0.55, 0.9, 1.0):
        at = found.at(threshold)
        assert at["precision"] == pytest.approx(precision(P1, Y1, threshold=threshold)[0])
        assert at["recall"] == pytest.approx(recall(P1, Y1, threshold=threshold)[0])
        assert at["f1"] == pytest.approx(f1(P1, Y1, threshold=threshold)[0])
        assert at["error"] == pytest.approx(zero_one_error(P1, Y1, threshold=threshold))
    assert found.best_f1 == 0.4
    assert found.area == pytest.approx(4 / 6)  # of 6 pairs, the positive one ranks higher in 4


def test_a_sweep_over_one_class_has_no_area():
    found = sweep(np.array([[0.2, 0.8]]), np.array([[1.0, 1.0]]))
    assert found.area is None
    assert found.false_positive_rate.tolist() == [0, 0, 0]
    assert found.recall.tolist() == [0, 0.5, 1]


def test_a_sweep_leaves_missing_labels_out_and_needs_a_binary_task():
    found = sweep(np.array([[0.2, 0.8, 0.5]]), np.array([[0.0, 1.0, NAN]]))
    assert found.threshold.tolist() == [np.inf, 0.8, 0.2]
    assert sweep(np.array([[0.2]]), np.array([[NAN]])).error.tolist() == [0.0]
    with pytest.raises(DataError, match="binary"):
        sweep(P3, Y3)


def test_a_thinned_sweep_keeps_both_ends():
    rng = np.random.default_rng(0)
    found = sweep(rng.random((1, 5_000)), rng.integers(0, 2, (1, 5_000)))
    thin = found.thinned(100)
    assert len(thin.threshold) == 100
    assert (thin.recall[0], thin.recall[-1]) == (0, 1)
    assert thin.area == found.area
    assert thin.thinned(100) is thin
