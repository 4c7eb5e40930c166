"""Dataset: what it accepts, what it refuses and in which words, and how examples are taken."""

import numpy as np
import pytest

from engine.data import Dataset, from_labels, one_hot
from engine.errors import DataError


def small(**changes):
    """A binary data set of 3 features and 4 examples, with some arguments replaced."""
    X = np.arange(12, dtype=np.float32).reshape(3, 4)
    values = {"X": X, "Y": np.array([[0, 1, 1, 0]]), "task": "binary", **changes}
    return Dataset(**values)


def with_value(value, row, column):
    X = np.ones((3, 4), dtype=np.float32)
    X[row, column] = value
    return X


def test_sizes_names_and_shapes_follow_from_the_arrays():
    data = small()
    assert (data.n_x, data.n_y, data.m) == (3, 1, 4)
    assert data.classes == ("0", "1")
    assert data.feature_names == ("x1", "x2", "x3")
    assert data.shape == (3,)
    assert data.image_shape is None
    assert repr(data) == "Dataset('', binary, n_x=3, n_y=1, m=4, float32, seed=0)"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_x_is_kept_and_y_follows_it(dtype):
    data = small(X=np.ones((3, 4), dtype=dtype), Y=np.array([[True, False, True, False]]))
    assert data.X.dtype == data.Y.dtype == dtype
    assert data.Y.tolist() == [[1, 0, 1, 0]]


def test_every_example_lies_in_one_piece_of_memory():
    data = small()
    for values in (data.X, data.Y, data.take([2, 0]).X, data.take([2, 0]).Y):
        assert values.flags.f_contiguous
    many = small(X=np.ones((3, 4)), Y=np.eye(5)[:, :4], task="multi_class").take([1, 2])
    assert many.Y[:, 0].flags.c_contiguous and many.Y.strides[0] == many.Y.itemsize


def test_the_arrays_are_read_only_but_the_callers_array_is_not():
    X = np.asfortranarray(np.ones((3, 4)))
    data = small(X=X)
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 5
    X[0, 0] = 5
    assert X[0, 0] == 5


def test_labels_are_positions_in_classes():
    assert small().labels.tolist() == [0, 1, 1, 0]
    three = from_labels(np.ones((2, 4)), [2, 0, 1, 2], ("a", "b", "c"))
    assert three.labels.tolist() == [2, 0, 1, 2]
    assert three.labels.dtype == np.int64


def test_from_labels_keeps_the_labels_in_one_row_however_many_classes_there_are():
    two = from_labels(np.ones((2, 3)), [0, 1, 1], ("no", "yes"))
    assert (two.task, two.Y.tolist()) == ("binary", [[0, 1, 1]])
    three = from_labels(np.ones((2, 3)), [0, 2, 1], ("a", "b", "c"))
    assert (three.task, three.Y.tolist(), three.n_y) == ("multi_class", [[0, 2, 1]], 3)


def test_one_hot_columns_become_labels_and_a_column_of_nan_an_unknown_one():
    Y = np.array([[1, 0, np.nan], [0, 0, np.nan], [0, 1, np.nan]])
    data = Dataset(np.ones((2, 3)), Y, "multi_class", ("a", "b", "c"))
    assert data.Y[0, :2].tolist() == [0, 2]
    assert np.isnan(data.Y[0, 2])
    assert data.labels.tolist() == [0, 2, -1]
    assert (data.n_y, data.targets.words(data.Y[:, 2], data.classes)) == (3, "unknown")
    assert Dataset(np.ones((2, 3)), [[0, 3, 1]], "multi_class").classes == ("0", "1", "2", "3")


def test_one_hot_of_worked_example():
    assert one_hot([0, 2], 3).tolist() == [[1, 0], [0, 0], [0, 1]]


def test_multi_label_targets_may_be_unknown():
    Y = np.array([[0, 1, np.nan, 1], [1, 1, 0, 0]])
    data = small(Y=Y, task="multi_label", classes=("car", "sign"))
    assert np.isnan(data.Y[0, 2])
    with pytest.raises(DataError, match="A multi_label data set has no labels"):
        _ = data.labels


def test_take_keeps_order_repeats_and_everything_else():
    data = small(name="tiny", seed=7, feature_names=("a", "b", "c"), image_shape=(3, 1, 1))
    taken = data.take([3, 1, 1])
    assert taken.X.tolist() == [[3, 1, 1], [7, 5, 5], [11, 9, 9]]
    assert taken.Y.tolist() == [[0, 1, 1]]
    assert (taken.name, taken.seed, taken.image_shape) == ("tiny", 7, (3, 1, 1))
    assert taken.feature_names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("indices", "sentence"),
    [
        ([4], "There is no example 4; they go from 0 to 3."),
        ([-1], "There is no example -1; they go from 0 to 3."),
        ([], "Examples are taken by a non-empty row of whole numbers; got shape (0,)"),
        ([0.5], "got shape (1,) of float64."),
        ([[0]], "got shape (1, 1)"),
    ],
)
def test_take_refuses(indices, sentence):
    with pytest.raises(DataError) as caught:
        small().take(indices)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"X": np.ones(4)}, "X must be (n_x, m); got shape (4,). Make it two-dimensional with X."),
        ({"X": np.ones((2, 2, 4))}, "X must be (n_x, m); got shape (2, 2, 4)."),
        ({"X": np.ones((3, 0))}, "X must have at least one row and one example; got shape (3, 0)."),
        ({"X": np.ones((3, 4), dtype=int)}, "X must be float32 or float64; got int64. Convert"),
        ({"X": np.ones((3, 4), dtype=np.float16)}, "X must be float32 or float64; got float16."),
        ({"X": np.ones((4, 3))}, "X has 3 examples, but Y has 4. X looks transposed: pass X.T."),
        ({"X": np.ones((3, 5))}, "X has 5 examples, but Y has 4. Examples are columns."),
        ({"X": with_value(np.nan, 1, 2)}, "X holds nan in row 1 (feature 'x2'), column 2 (example"),
        ({"X": with_value(-np.inf, 2, 3)}, "X holds -inf in row 2 (feature 'x3'), column 3"),
        ({"Y": np.array([["a", "b", "a", "b"]])}, "Y must hold numbers; got <U1."),
        ({"Y": np.array([[0, 1, 2, 0]])}, "Y holds 2 in row 0, column 2; a binary target must be"),
        ({"Y": np.eye(4)}, "Y must be (1, m) for a binary task; got 4 rows."),
        ({"task": "ranking"}, "A task must be one of binary, multi_class, multi_label, regression"),
        (
            {"task": "multi_class", "classes": ("a", "b"), "Y": np.array([[0, 2, 1, 0]])},
            "Y holds 2 in row 0, column 1; a label must be a whole number from 0 to 1",
        ),
        ({"classes": ("a",)}, "This binary task has 2 classes; got 1 class names: a."),
        ({"classes": ("a", "a")}, "Class names must differ from each other; got a, a."),
        ({"feature_names": ("a",)}, "X has 3 features, but there are 1 feature names."),
        ({"shape": (2, 2)}, "shape (2, 2) must hold 3 values, one for each row of X."),
        ({"image_shape": (1, 2, 2)}, "image_shape (1, 2, 2) must hold 3 values"),
        ({"image_shape": (1, -1, -3)}, "image_shape (1, -1, -3) must hold 3 values"),
    ],
)
def test_a_bad_argument_is_refused_with_a_sentence(changes, sentence):
    with pytest.raises(DataError) as caught:
        small(**changes)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("task", "Y", "sentence"),
    [
        ("multi_class", [[1, 0, 0, 0], [0, 0, 1, 1]], "Column 1 of Y has 0 ones"),
        ("multi_class", [[1, 1, 0, 1], [0, 0, 1, 1]], "Column 3 of Y has 2 ones; one-hot targets"),
        ("multi_class", [[1, 1, 0, 0.5], [0, 0, 1, 0.5]], "Y holds 0.5 in row 0, column 3"),
        (
            "multi_label",
            [[1, 3, 0, 1], [0, 0, 1, 1]],
            "Y holds 3 in row 0, column 1; a multi",
        ),
        ("regression", [[1, 3, np.inf, 1]], "Y holds inf in row 0, column 2; a regression target"),
    ],
)
def test_targets_that_do_not_suit_the_task_are_refused(task, Y, sentence):
    with pytest.raises(DataError) as caught:
        small(Y=np.array(Y), task=task)
    assert sentence in str(caught.value)


def test_the_first_bad_value_is_the_one_of_the_first_bad_example():
    X = with_value(np.nan, 0, 3)
    X[2, 1] = np.nan
    with pytest.raises(DataError, match=r"row 2 \(feature 'x3'\), column 1"):
        small(X=X)


@pytest.mark.parametrize(
    ("labels", "classes", "sentence"),
    [
        ([0, 3, 1], ("a", "b", "c"), "The label of example 1 is 3; with 3 classes, labels go from"),
        ([0, 1, -1], ("a", "b"), "The label of example 2 is -1; with 2 classes, labels go from 0"),
        (
            [0, 0.5, 1],
            ("a", "b"),
            "Labels must be one row of whole numbers; got shape (3,) of",
        ),
        ([[0, 1, 1]], ("a", "b"), "Labels must be one row of whole numbers; got shape (1, 3)"),
        ([0, 0, 0], ("a",), "A classification needs at least 2 classes; got 1."),
        ([0, 1], ("a", "b"), "X has 3 examples, but Y has 2."),
    ],
)
def test_bad_labels_are_refused_with_a_sentence(labels, classes, sentence):
    with pytest.raises(DataError) as caught:
        from_labels(np.ones((2, 3)), labels, classes)
    assert sentence in str(caught.value)
