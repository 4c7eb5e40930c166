"""An initializer in one file."""

from __future__ import annotations

from numpy.random import Generator

from engine.initializers.base import Initializer, Weights


class Signs(Initializer):
    """Plus or minus one over the number of inputs, by the toss of a coin. Source: a test."""

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        return (2.0 * rng.integers(0, 2, shape) - 1.0) / fan_in
