"""Every metric against scikit-learn's, on random answers."""

import numpy as np
import pytest

from engine import metrics as ours

theirs = pytest.importorskip("sklearn.metrics")

pytestmark = pytest.mark.oracle

SEEDS = pytest.mark.parametrize("seed", range(5))
CLASSES, EXAMPLES = 4, 60


def binary(seed):
    rng = np.random.default_rng(seed)
    return rng.random((1, EXAMPLES)), rng.integers(0, 2, (1, EXAMPLES)).astype(float)


def multi_class(seed):
    """Truth never holds the last class but one, and class 0 is hardly ever called."""
    rng = np.random.default_rng(seed)
    P = rng.random((CLASSES, EXAMPLES)) * np.array([[0.3], [1], [1], [1]])
    labels = rng.choice([0, 1, 3], EXAMPLES)
    return P / P.sum(axis=0), np.eye(CLASSES)[labels].T, labels


def multi_label(seed):
    rng = np.random.default_rng(seed)
    Y = rng.integers(0, 2, (CLASSES, EXAMPLES)).astype(float)
    return rng.random(Y.shape), np.where(rng.random(Y.shape) < 0.2, np.nan, Y)


@SEEDS
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_binary_shares(seed, name):
    P, Y = binary(seed)
    expected = getattr(theirs, f"{name}_score")(Y[0], P[0] >= 0.5, zero_division=0)
    assert getattr(ours, name)(P, Y)[0] == pytest.approx(expected, rel=1e-12)


@SEEDS
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
@pytest.mark.parametrize("macro", [False, True])
def test_multi_class_shares(seed, name, macro):
    P, Y, labels = multi_class(seed)
    expected = getattr(theirs, f"{name}_score")(
        labels,
        P.argmax(axis=0),
        labels=range(CLASSES),
        average="macro" if macro else None,
        zero_division=0,
    )
    np.testing.assert_allclose(getattr(ours, name)(P, Y, macro=macro), expected, rtol=1e-12)


@SEEDS
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_multi_label_shares_without_the_missing_labels(seed, name):
    P, Y = multi_label(seed)
    score = getattr(theirs, f"{name}_score")
    expected = [
        score(y[~np.isnan(y)], p[~np.isnan(y)] >= 0.5, zero_division=0)
        for p, y in zip(P, Y, strict=True)
    ]
    np.testing.assert_allclose(getattr(ours, name)(P, Y), expected, rtol=1e-12)


@SEEDS
def test_accuracy_and_error(seed):
    P, Y = binary(seed)
    assert ours.accuracy(P, Y) == pytest.approx(theirs.accuracy_score(Y[0], P[0] >= 0.5))
    P, Y, labels = multi_class(seed)
    assert ours.accuracy(P, Y) == pytest.approx(theirs.accuracy_score(labels, P.argmax(axis=0)))
    expected = theirs.zero_one_loss(labels, P.argmax(axis=0))
    assert ours.zero_one_error(P, Y) == pytest.approx(expected)
    P, Y = multi_label(seed)
    known = ~np.isnan(Y)
    expected = theirs.accuracy_score(Y[known], P[known] >= 0.5)
    assert ours.accuracy(P, Y) == pytest.approx(expected)


@SEEDS
def test_the_weighted_error(seed):
    P, Y, labels = multi_class(seed)
    weights = np.random.default_rng(seed).random(EXAMPLES)
    expected = theirs.zero_one_loss(labels, P.argmax(axis=0), sample_weight=weights)
    assert ours.weighted_error(P, Y, weights) == pytest.approx(expected, rel=1e-12)


@SEEDS
def test_confusion_matrices(seed):
    P, Y = binary(seed)
    expected = theirs.confusion_matrix(Y[0], P[0] >= 0.5)
    np.testing.assert_array_equal(ours.confusion_matrix(P, Y), expected)
    P, Y, labels = multi_class(seed)
    expected = theirs.confusion_matrix(labels, P.argmax(axis=0), labels=range(CLASSES))
    np.testing.assert_array_equal(ours.confusion_matrix(P, Y), expected)
    P, Y = multi_label(seed)
    Y = np.nan_to_num(Y)
    expected = theirs.multilabel_confusion_matrix(Y.T, P.T >= 0.5)
    np.testing.assert_array_equal(ours.confusion_matrix(P, Y), expected)


@SEEDS
def test_regression(seed):
    rng = np.random.default_rng(seed)
    P, Y = rng.standard_normal((2, 3, EXAMPLES))
    expected = theirs.mean_squared_error(Y.T, P.T)
    assert ours.mean_squared_error(P, Y) == pytest.approx(expected, rel=1e-12)
    expected = theirs.r2_score(Y.T, P.T, multioutput="variance_weighted")
    assert ours.r2(P, Y) == pytest.approx(expected, rel=1e-12)


@SEEDS
@pytest.mark.parametrize("digits", [1, 6])
def test_the_roc_curve_and_its_area(seed, digits):
    P, Y = binary(seed)
    P = P.round(digits)  # with one digit, many examples share a threshold
    found = ours.sweep(P, Y)
    false_rate, true_rate, thresholds = theirs.roc_curve(Y[0], P[0], drop_intermediate=False)
    np.testing.assert_allclose(found.false_positive_rate, false_rate)
    np.testing.assert_allclose(found.recall, true_rate)
    np.testing.assert_allclose(found.threshold, thresholds)
    assert found.area == pytest.approx(theirs.roc_auc_score(Y[0], P[0]), rel=1e-12)


@SEEDS
def test_precision_against_recall(seed):
    P, Y = binary(seed)
    precision, recall, thresholds = theirs.precision_recall_curve(Y[0], P[0])
    found = ours.sweep(P, Y)
    np.testing.assert_allclose(found.precision[1:], precision[-2::-1])
    np.testing.assert_allclose(found.recall[1:], recall[-2::-1])
    np.testing.assert_allclose(found.threshold[1:], thresholds[::-1])


@SEEDS
def test_scores_of_every_class_from_the_matrix(seed):
    P, _, labels = multi_class(seed)
    Y = np.eye(CLASSES)[labels].T
    found = ours.per_class(ours.confusion_matrix(P, Y))
    expected = theirs.precision_recall_fscore_support(
        labels, P.argmax(axis=0), labels=range(CLASSES), zero_division=0
    )
    rows = [(scores.precision, scores.recall, scores.f1, scores.examples) for scores in found]
    np.testing.assert_allclose(np.transpose(rows), expected, rtol=1e-12)
