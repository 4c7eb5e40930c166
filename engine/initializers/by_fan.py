"""Normal weights whose variance follows the number of inputs, outputs, or both."""

from __future__ import annotations

import math
from typing import ClassVar

from numpy.random import Generator

from engine.initializers.base import Initializer, Weights, normal


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
        return normal(rng, shape, math.sqrt(2.0 / fan_in))


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
        return normal(rng, shape, math.sqrt(1.0 / fan_in))


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
        return normal(rng, shape, math.sqrt(2.0 / (fan_in + fan_out)))
