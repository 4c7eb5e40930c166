"""Weights of one distribution, whatever the number of inputs."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.initializers.base import Initializer, Weights, normal
from engine.spec import setting


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
        help="Standard deviation of the initial weights around zero.",
        ge=0.0,
        le=1e6,
    )

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return normal(rng, shape, self.standard_deviation)


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
        help="Weights are drawn uniformly between minus this value and this value.",
        ge=0.0,
        le=1e6,
    )

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return rng.uniform(-self.limit, self.limit, shape)


class Zeros(Initializer):
    """All zeros: the units of a layer stay equal forever, because nothing breaks their symmetry.

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
