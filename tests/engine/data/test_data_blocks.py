"""Data blocks: the named parts of X and of Y, which lie under each other."""

import numpy as np
import pytest

from engine.data import DataBlock, Dataset, TargetBlock
from engine.data.fit import Fit
from engine.errors import DataError

M = 6
POINT, WORDS = DataBlock("point", (2,)), DataBlock("words", (3,), 10, has_lengths=True)
PRICE = TargetBlock("price", 1, "regression")
KIND = TargetBlock("kind", 1, "binary", ("flat", "house"))


def two_blocks(X=None, blocks=(POINT, WORDS)):
    if X is None:
        X = np.zeros((6, M), "f4")
        X[:2] = np.random.default_rng(0).normal(5, 2, (2, M))
        X[2:5] = np.random.default_rng(1).integers(0, 10, (3, M))
        X[5] = [1, 2, 3, 1, 2, 3]
    Y = np.stack([np.arange(M) * 100.0, np.arange(M) % 2])  # (2, m)
    return Dataset(X, Y, "regression", blocks=blocks, target_blocks=(PRICE, KIND))


def test_a_data_set_without_blocks_has_one_of_its_shape_and_one_target():
    data = Dataset(np.zeros((4, 3), "f4"), np.zeros((1, 3)), "binary", shape=(1, 2, 2))
    assert data.blocks == data.target_blocks == ()
    assert data.fit.x_blocks == (DataBlock("x", (1, 2, 2)),)
    assert data.fit.y_blocks == (TargetBlock("y", 1, "binary"),)
    assert data.real_rows.all()


def test_shape_task_classes_and_outputs_are_those_of_the_first_blocks():
    data = two_blocks()
    assert (data.shape, data.n_x, data.task, data.classes) == ((2,), 6, "regression", ())
    assert data.fit == Fit((2,), 1, "regression", (POINT, WORDS), (PRICE, KIND))
    assert data.fit.block("words") is WORDS
    assert data.fit.block(None) is POINT
    assert data.fit.target("kind") is KIND


def test_an_unknown_block_is_named_with_the_nearest_one():
    with pytest.raises(DataError, match=r"have no block 'wrds'\. Did you mean 'words'"):
        two_blocks().fit.block("wrds")
    with pytest.raises(DataError, match=r"no target 'x'\. They have 'price', 'kind'"):
        two_blocks().fit.target("x")


def test_taking_splitting_and_joining_keep_the_blocks_with_their_lengths():
    data = two_blocks()
    taken = data.take([5, 0])
    assert taken.blocks == data.blocks
    assert (taken.X[5] == [3, 1]).all()
    sets = data.split(0.5, 0.5, 0)
    assert sets.train.fit == sets.dev.fit == data.fit
    joined = sets.train.joined(sets.dev)
    assert sorted(joined.X[0]) == sorted(data.X[0])
    assert joined.fit == data.fit
    with pytest.raises(DataError, match="do not fit together"):
        data.joined(two_blocks(blocks=(POINT, DataBlock("words", (3,), 11, True))))


def test_only_real_rows_are_normalized_by_the_training_set():
    sets = two_blocks().split(0.5, 0.5, 0)
    done = sets.normalize()
    assert np.allclose(done.train.X[:2].mean(axis=1), 0, atol=1e-6)
    assert np.allclose(done.train.X[:2].std(axis=1), 1, atol=1e-6)
    assert (done.train.X[2:] == sets.train.X[2:]).all()
    assert (done.dev.X[2:] == sets.dev.X[2:]).all()
    assert (done.normalization.mean[2:] == 0).all()
    assert (done.normalization.scale[2:] == 1).all()


def test_one_target_alone_shares_the_examples_and_takes_no_memory():
    data = two_blocks()
    kind = data.of_target("kind")
    assert (kind.task, kind.classes, kind.n_y) == ("binary", ("flat", "house"), 1)
    assert (kind.labels == [0, 1, 0, 1, 0, 1]).all()
    assert kind.X is data.X
    assert np.shares_memory(kind.Y, data.Y)
    assert data.of_target().task == "regression"
    assert kind.of_target("kind") is kind
    assert data.split(0.5, 0.5, 0).of_target("kind").dev.task == "binary"


@pytest.mark.parametrize(
    ("row", "value", "sentence"),
    [
        (3, 10, "'words' has the token 10 in example 1; a token is a whole number from 0 to 9"),
        (3, 1.5, "has the token 1.5 in example 1"),
        (5, 0, "'words' has the length 0 in example 1; a length is a whole number from 1 to 3"),
        (5, 4, "has the length 4"),
    ],
)
def test_tokens_and_lengths_out_of_range_are_refused(row, value, sentence):
    X = np.array(two_blocks().X)
    X[row, 1] = value
    with pytest.raises(DataError, match=sentence):
        two_blocks(X)


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ((POINT, POINT), "different names; got 'point'"),
        ((POINT,), "X has 6 rows, but its blocks have 2: 'point' 2"),
        ((DataBlock("picture", (1, 1, 5), has_lengths=True),), "must be a sequence"),
        ((DataBlock("words", (2, 3), 5),), "need one size"),
        ((DataBlock("", (6,)),), "different names"),
    ],
)
def test_blocks_that_do_not_fit_are_refused(blocks, sentence):
    with pytest.raises(DataError, match=sentence):
        two_blocks(blocks=blocks)


def test_the_task_must_be_that_of_the_first_target():
    with pytest.raises(DataError, match="but the first target, 'price', is for 'regression'"):
        Dataset(np.zeros((1, 2), "f4"), np.zeros((2, 2)), "binary", target_blocks=(PRICE, KIND))
