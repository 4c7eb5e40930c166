"""Pooling: the lectures' numbers, and where the gradient goes."""

import numpy as np
import pytest

import engine
from engine import AveragePool, MaxPool
from engine.errors import DesignError

LECTURE = np.array([[1.0, 3, 2, 1], [2, 9, 1, 1], [1, 3, 2, 3], [5, 6, 1, 2]])
OVERLAPPING = np.array(
    [[1.0, 3, 2, 1, 3], [2, 9, 1, 1, 5], [1, 3, 2, 3, 2], [8, 3, 5, 1, 0], [5, 6, 1, 2, 9]]
)


def pooled(layer, image, dy=None):
    """One image of one channel; with dy, dx instead."""
    values, pull = engine.vjp(layer, {}, image[None, :, :, None])
    if dy is None:
        return values["out"][0, :, :, 0].tolist()
    return pull({"out": np.array(dy)[None, :, :, None]})[1][0][0, :, :, 0].tolist()


def test_the_pooling_of_the_lecture():
    """Course 4, week 1, "Pooling layers"."""
    assert pooled(MaxPool(), LECTURE) == [[9, 2], [6, 3]]
    assert pooled(MaxPool(size=3, stride=1), OVERLAPPING) == [[9, 9, 5], [9, 9, 5], [8, 6, 9]]
    assert pooled(AveragePool(), LECTURE) == [[3.75, 1.25], [3.75, 2]]


def test_the_gradient_goes_to_the_winner_or_to_all_alike():
    dy = [[1.0, 2], [3, 4]]
    assert pooled(MaxPool(), LECTURE, dy) == [
        [0, 0, 2, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 4],
        [0, 3, 0, 0],
    ]
    quarters = np.kron(np.array(dy) / 4, np.ones((2, 2)))
    assert pooled(AveragePool(), LECTURE, dy) == quarters.tolist()


def test_of_equal_numbers_the_first_wins():
    assert pooled(MaxPool(), np.zeros((2, 2)), [[5.0]]) == [[5, 0], [0, 0]]


def test_a_winner_of_several_windows_gets_the_gradient_of_each():
    dx = pooled(MaxPool(size=3, stride=1), OVERLAPPING, np.ones((3, 3)))
    assert dx[1][1] == 4
    assert sum(map(sum, dx)) == 9


@pytest.mark.parametrize("layer", [MaxPool(size=7, stride=1), AveragePool(size=7)])
def test_a_window_larger_than_the_image_is_refused(layer):
    with pytest.raises(DesignError, match="a window of 7 × 7 does not fit into an image of 1 × 6"):
        layer.output_shape((1, 6, 6))


def test_the_face_shows_a_stride_of_its_own():
    assert MaxPool().face() == ["2 × 2"]
    assert MaxPool(size=3).face() == ["3 × 3", "stride 2"]
