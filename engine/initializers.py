"""Initializers: how the weights of a layer start.

To add one, write a class with a `draw` method below: menus, files and tests find it by themselves.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from engine.errors import DesignError
from engine.spec import Family, setting

Weights = NDArray[np.float64]


class Initializer(Family):
    """How a weight array starts. Biases start at zero whatever the initializer.

    A weight array is (n_out, n_in), or (n_out, n_in, height, width) for a convolution.
    fan_in is the number of inputs that one unit sums (n[l-1] for Dense), fan_out the number of
    units that one input feeds (n[l] for Dense); a convolution counts its window in both.
    """

    multiplier: float = setting(
        1.0,
        title="Multiplier",
        help="Scales every initial weight. Try 10 to see too large a start, and 0 to see symmetry.",
        ge=0.0,
        le=1e6,
    )

    def sample(
        self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, dtype: DTypeLike
    ) -> NDArray[Any]:
        """Initial weights of this shape and dtype.

        The numbers are drawn in float64 and then rounded, so that a float32 network and a float64
        network of the same seed start from the same weights.
        """
        return (self.multiplier * self.draw(rng, shape, fan_in, fan_out)).astype(dtype)

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        """The weights in float64, before the multiplier. Each initializer says how."""
        raise NotImplementedError


class He(Initializer):
    """Normal with variance 2 / fan_in: under ReLU, activations keep their size through the layers.

    W = randn(n[l], n[l-1]) * sqrt(2 / n[l-1])

    PyTorch: `kaiming_normal_(nonlinearity="relu")`. Keras: `HeNormal`, which cuts the normal at two
    standard deviations and widens it to the same variance; here, as in the lectures, it is not cut.

    Example: 50 inputs give weights with standard deviation sqrt(2 / 50) = 0.2.

    Source: He et al. 2015, "Delving Deep into Rectifiers"; Deep Learning Specialization, course 2,
    week 1.
    """

    title: ClassVar[str] = "He"

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return _normal(rng, shape, math.sqrt(2.0 / fan_in))


class Xavier(Initializer):
    """Normal with variance 1 / fan_in: the lectures' choice for tanh.

    W = randn(n[l], n[l-1]) * sqrt(1 / n[l-1])

    This is LeCun's rule, which the lectures call Xavier; what PyTorch and Keras call Xavier or
    Glorot divides by the mean of fan_in and fan_out: see Glorot. Keras: `LecunNormal` (cut normal).

    Example: 25 inputs give weights with standard deviation sqrt(1 / 25) = 0.2.

    Source: LeCun et al. 1998, "Efficient BackProp"; Deep Learning Specialization, course 2, week 1.
    """

    title: ClassVar[str] = "Xavier"

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return _normal(rng, shape, math.sqrt(1.0 / fan_in))


class Glorot(Initializer):
    """Normal with variance 2 / (fan_in + fan_out): a compromise between forward and backward pass.

    W = randn(n[l], n[l-1]) * sqrt(2 / (n[l-1] + n[l]))

    PyTorch: `xavier_normal_`. Keras: `GlorotNormal` (cut normal); the default of Keras layers is
    the uniform distribution of the same variance.

    Example: 30 inputs and 20 units give weights with standard deviation sqrt(2 / 50) = 0.2.

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward
    neural networks"; Deep Learning Specialization, course 2, week 1 (there
    named after Yoshua Bengio).
    """

    title: ClassVar[str] = "Glorot"

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return _normal(rng, shape, math.sqrt(2.0 / (fan_in + fan_out)))


class Normal(Initializer):
    """Normal with a fixed standard deviation, whatever the number of inputs.

    W = randn(n[l], n[l-1]) * standard_deviation

    The default 0.01 is the lectures' first choice for shallow networks; in deep ones the
    activations die out from layer to layer.

    Example: Normal(standard_deviation=0.01)

    Source: Deep Learning Specialization, course 1, week 3, "Random initialization".
    """

    standard_deviation: float = setting(
        0.01,
        title="Standard deviation",
        help="The spread of the initial weights around zero.",
        ge=0.0,
        le=1e6,
    )

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return _normal(rng, shape, self.standard_deviation)


class Uniform(Initializer):
    """Uniform between -limit and limit; the variance is limit^2 / 3.

    W = limit * (2 * rand(n[l], n[l-1]) - 1)

    The default 0.05 is that of Keras' `RandomUniform`; PyTorch's `uniform_` starts at 0 instead.

    Example: Uniform(limit=0.05) draws from [-0.05, 0.05).

    Source: the uniform distribution; LeCun et al. 1998, "Efficient BackProp", on why around zero.
    """

    limit: float = setting(
        0.05,
        title="Limit",
        help="Weights are drawn evenly between minus this number and this number.",
        ge=0.0,
        le=1e6,
    )

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return rng.uniform(-self.limit, self.limit, shape)


class Zeros(Initializer):
    """All zeros: the units of a layer stay equal for ever, because nothing breaks their symmetry.

    W = 0. It takes no random numbers. Same as PyTorch's `zeros_` and Keras' `Zeros`.

    Example: Zeros() before a single sigmoid unit is sound (logistic regression has no symmetry to
    break); in a hidden layer it shows why weights start at random.

    Source: Deep Learning Specialization, course 1, week 3, "Random initialization".
    """

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return np.zeros(shape)


class Constant(Initializer):
    """Every weight the same number: symmetric units again, but not dead ones.

    W = value. It takes no random numbers. Same as PyTorch's `constant_` and Keras' `Constant`.

    Example: Constant(value=0.5)

    Source: Goodfellow, Bengio and Courville 2016, "Deep Learning", section 8.4, on symmetry.
    """

    value: float = setting(
        0.1, title="Value", help="The value of every initial weight.", ge=-1e6, le=1e6
    )

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return np.full(shape, self.value)


class Orthogonal(Initializer):
    """A random rotation: its singular values are all 1, so that deep linear networks keep lengths.

    W^T W = I when n_out >= n_in, and W W^T = I when n_out <= n_in. Axes after the first are
    flattened for this, so that a convolution's W counts as (n_out, n_in * height * width).

    W is the Q of the QR decomposition of a normal matrix, each column of Q times the sign of R's
    diagonal: without this correction the rotations are not uniformly distributed. PyTorch's
    `orthogonal_` and Keras' `Orthogonal` do the same.

    Example: Orthogonal(multiplier=1.41) for ReLU, whose gain is sqrt(2).

    Source: Saxe et al. 2013, "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks"; Mezzadri 2007, "How to generate random matrices from the classical compact
    groups" (the signs).
    """

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        rows, columns = shape[0], math.prod(shape[1:])
        tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(tall)
        q *= np.where(np.diagonal(r) < 0, -1.0, 1.0)
        return (q if rows >= columns else q.T).reshape(shape)  # shape


class Identity(Initializer):
    """Ones on the diagonal: the layer starts by handing its input on.

    W[i, i] = 1 and 0 elsewhere; W may be rectangular. In a convolution the 1 stands in the middle
    of the window. It takes no random numbers. PyTorch: `eye_`, and `dirac_` for convolutions;
    Keras' `Identity` is for two axes only.

    Example: Identity() on a Dense(2) layer after 3 inputs gives [[1, 0, 0], [0, 1, 0]].

    Source: Le, Jaitly and Hinton 2015, "A Simple Way to Initialize Recurrent Networks of Rectified
    Linear Units".
    """

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        if len(shape) < 2:
            raise DesignError(
                f"The identity initializer needs weights with two axes or more; got shape {shape}.",
                hint="Choose another initializer here.",
            )
        weights = np.zeros(shape)
        middle: tuple[int, ...] = tuple(size // 2 for size in shape[2:])
        for i in range(min(shape[:2])):
            weights[(i, i, *middle)] = 1.0
        return weights


def _normal(rng: Generator, shape: tuple[int, ...], standard_deviation: float) -> Weights:
    return rng.standard_normal(shape) * standard_deviation


COMPARED: tuple[Initializer, ...] = (
    Zeros(),
    Normal(standard_deviation=10.0),
    Normal(standard_deviation=0.01),
    Xavier(),
    He(),
)
"""The starts that courses compare: no spread, much too large, small, and the two that fit the
number of inputs. Source: course 1, week 3; course 2, week 1, "Initialization"."""
