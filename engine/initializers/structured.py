"""Weights that hand signals on unchanged in length, or unchanged altogether."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from engine.errors import DesignError
from engine.initializers.base import Initializer, Weights


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
