"""Convolution: the lectures' numbers, sizes and counts, and what does not fit."""

import numpy as np
import pytest

import engine
from engine import Conv2D
from engine.errors import DesignError, SpecError
from engine.initializers import Constant
from engine.settings import TrainingSettings

VERTICAL = np.array([[1.0, 0, -1]] * 3)
HALVES = np.repeat([[10.0] * 3 + [0.0] * 3], 6, axis=0)
LECTURE = np.array(
    [
        [3, 0, 1, 2, 7, 4],
        [1, 5, 8, 9, 3, 1],
        [2, 7, 2, 5, 1, 3],
        [0, 1, 3, 1, 7, 8],
        [4, 2, 1, 6, 2, 8],
        [2, 4, 5, 2, 3, 9],
    ],
    float,
)
STRIDED = np.array(
    [
        [2, 3, 7, 4, 6, 2, 9],
        [6, 6, 9, 8, 7, 4, 3],
        [3, 4, 8, 3, 8, 9, 7],
        [7, 8, 3, 6, 6, 3, 4],
        [4, 2, 1, 8, 3, 4, 6],
        [3, 2, 4, 1, 9, 8, 3],
        [0, 1, 3, 9, 2, 1, 4],
    ],
    float,
)


def convolved(image, kernel, **settings):
    """One image of one channel, one filter without bias."""
    layer = Conv2D(filters=1, kernel=len(kernel), bias=False, **settings)
    values, _ = engine.vjp(layer, {"W": kernel[None, None]}, image[None, :, :, None])
    return values["out"][0, :, :, 0].tolist()


def test_the_vertical_edge_detector_of_the_lecture():
    """Course 4, week 1, "Edge detection example"."""
    assert convolved(LECTURE, VERTICAL) == [
        [-5, -4, 0, 8],
        [-10, -2, 2, 3],
        [0, -2, -4, -7],
        [-3, -2, -3, -16],
    ]
    assert convolved(HALVES, VERTICAL) == [[0, 30, 30, 0]] * 4
    assert convolved(HALVES[:, ::-1], VERTICAL) == [[0, -30, -30, 0]] * 4


def test_the_strided_convolution_of_the_lecture():
    """Course 4, week 1, "Strided convolutions": 7 × 7 by 3 × 3 at stride 2 is 3 × 3.

    Notes print 83 and 127 at the right. By hand: 18 + 8 + 36 + 7 + 6 - 8 + 21 = 88 and
    24 + 36 + 28 + 6 + 8 - 3 + 18 = 117.
    """
    kernel = np.array([[3.0, 4, 4], [1, 0, 2], [-1, 0, 3]])
    assert convolved(STRIDED, kernel, stride=2) == [[91, 100, 88], [69, 91, 117], [44, 72, 74]]


def test_backward_by_hand():
    """A 1 × 2 × 2 image, one 2 × 2 kernel, padding 1: every pixel meets every weight once."""
    x = np.array([[1.0, 2], [3, 4]])[None, :, :, None]
    W, b = np.array([[1.0, 0], [0, 2]])[None, None], np.array([[0.5]])
    values, pull = engine.vjp(Conv2D(filters=1, kernel=2, padding=1), {"W": W, "b": b}, x)
    assert values["out"][0, :, :, 0].tolist() == [[2.5, 4.5, 0.5], [6.5, 9.5, 2.5], [0.5, 3.5, 4.5]]
    dy = np.arange(1.0, 10).reshape(1, 3, 3, 1)
    dparams, (dx,) = pull({"out": dy})
    assert dparams["W"][0, 0].tolist() == [[77, 67], [47, 37]]
    assert dparams["b"].tolist() == [[45]]
    assert dx[0, :, :, 0].tolist() == [[7, 10], [16, 19]]


@pytest.mark.parametrize(
    ("size", "settings", "after"),
    [
        (6, {"kernel": 3}, 4),
        (6, {"kernel": 3, "padding": 1}, 6),
        (6, {"kernel": 5, "padding": "same"}, 6),
        (7, {"kernel": 3, "stride": 2}, 3),
        (39, {"kernel": 3}, 37),
        (37, {"kernel": 5, "stride": 2}, 17),
        (17, {"kernel": 5, "stride": 2}, 7),
        (227, {"kernel": 11, "stride": 4}, 55),
        (7, {"kernel": 2, "stride": 2, "padding": "same"}, 4),
        (6, {"kernel": 4, "padding": "same"}, 6),
    ],
)
def test_the_output_has_the_size_of_the_lectures(size, settings, after):
    """floor((n + 2p - f) / s + 1), with the numbers of course 4, week 1, and of AlexNet."""
    assert Conv2D(filters=10, **settings).output_shape((3, size, size)) == (10, after, after)


def test_an_odd_padding_gives_the_far_side_one_more():
    """SAME_UPPER: two pixels, a 2 × 2 kernel of ones, and the zero behind them."""
    assert convolved(np.array([[1.0, 2], [3, 4]]), np.ones((2, 2)), padding="same") == [
        [10, 6],
        [7, 4],
    ]


def test_parameters_and_multiplications_are_those_of_the_lectures():
    ten = Conv2D(filters=10, kernel=3)
    assert sum(np.prod(s) for s in ten.parameter_shapes((3, 39, 39)).values()) == 280
    first = Conv2D(filters=8, kernel=5)
    assert sum(np.prod(s) for s in first.parameter_shapes((3, 32, 32)).values()) == 608
    inception = Conv2D(filters=32, kernel=5, padding="same")
    assert inception.multiply_adds((192, 28, 28)) == 120_422_400
    bottleneck = Conv2D(filters=16, kernel=1).multiply_adds((192, 28, 28))
    assert bottleneck + inception.multiply_adds((16, 28, 28)) == 12_443_648


class Fans(Constant):
    """Writes down what it was told."""

    abstract = True

    def draw(self, rng, shape, fan_in, fan_out):
        return super().draw(rng, shape, fan_in, fan_out) + fan_in + 1000 * fan_out


def test_a_filter_sums_its_window_over_all_channels():
    layer = Conv2D(filters=4, kernel=5, initializer=Fans(value=0.0))
    params, _ = layer.initialize(np.random.default_rng(0), (3, 8, 8))
    assert set(params["W"].ravel()) == {3 * 25 + 1000 * 4 * 25}
    assert not params["b"].any()


def test_a_block_of_rows_at_a_time_gives_the_same_as_all_at_once():
    """A batch whose patches exceed one block: as each example alone."""
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(4, 24, 24, 24)), rng.normal(size=(3, 4, 5, 5)), np.ones((3, 1))
    layer = Conv2D(filters=3, kernel=5, padding=2)
    dy = rng.normal(size=(3, 24, 24, 24))
    values, pull = engine.vjp(layer, {"W": W, "b": b}, x)
    dparams, (dx,) = pull({"out": dy})
    summed = np.zeros_like(W)
    for k in range(x.shape[-1]):
        one = slice(k, k + 1)
        alone, pull_one = engine.vjp(layer, {"W": W, "b": b}, x[..., one])
        dparams_one, (dx_one,) = pull_one({"out": dy[..., one]})
        assert np.allclose(values["out"][..., one], alone["out"], rtol=1e-12, atol=1e-12)
        assert np.allclose(dx[..., one], dx_one, rtol=1e-12, atol=1e-12)
        summed += dparams_one["W"]
    assert np.allclose(dparams["W"], summed, rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize(
    ("layer", "shape", "sentence"),
    [
        (
            Conv2D(kernel=5),
            (1, 3, 8),
            "a window of 5 × 5 does not fit into an image of 1 × 3 × 8: floor((n + 2p - f) / s + 1)"
            " = floor((3 + 0 - 5) / 1 + 1) = -1. Make the window smaller, or the image larger.",
        ),
        (
            Conv2D(kernel=9, padding=2, stride=2),
            (1, 8, 4),
            "a window of 9 × 9 does not fit into an image of 1 × 8 × 4 with a padding of 2: "
            "floor((n + 2p - f) / s + 1) = floor((4 + 4 - 9) / 2 + 1) = 0. "
            "Make the window smaller, or the image larger.",
        ),
        (
            Conv2D(),
            (64,),
            "the input must be an image; got a vector of 64. Give the Input a shape of "
            "channels × height × width.",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_the_lectures_formula(layer, shape, sentence):
    with pytest.raises(DesignError) as caught:
        layer.output_shape(shape)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("padding", ["full", -1, 1.5, True, None])
def test_an_unknown_padding_is_refused(padding):
    with pytest.raises(SpecError, match="Conv2D: padding: must be “valid”, “same”, or a whole"):
        Conv2D(padding=padding)


def test_the_face_shows_what_is_not_usual():
    face = Conv2D(filters=6, kernel=5).resolved(TrainingSettings()).face()
    assert face[0] == "6 of 5 × 5"
    assert Conv2D(stride=2, padding="same").face() == ["8 of 3 × 3", "stride 2", "same"]
    assert Conv2D(padding=2).face() == ["8 of 3 × 3", "padding 2"]
