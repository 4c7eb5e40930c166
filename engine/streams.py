"""The one place where randomness begins: a Generator for each purpose, all from one seed.

Each purpose has a stream of its own, so that turning dropout on does not change the initial
weights, another split does not move a point, and a longer run does not change the first epochs'
shuffling.

How a seed becomes streams is the *scheme*. Files say with which scheme their data and runs began,
and go on with it. To change it: add a scheme, and leave the older ones as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.random import Generator

from engine.errors import DataError

SCHEME = 2
"""What new projects begin with. 1 let some streams collide: the initial weights held the very
noise of the data, and augmentation drew from dropout's stream."""

PURPOSES = (
    "initialization",
    "shuffle",  # of the training set; index: the epoch
    "dropout",
    "augmentation",
    "sampling",  # the order in which a learning curve takes its examples
    "points",  # positions and noise of generated data
    "order",  # in which generated examples come
    "split",  # which example goes into which set
    "train_dev",  # which training example is held back as train-dev
    "mixing",  # the order in which training examples of two sources come
    "folds",  # which example goes into which fold
)
"""A purpose's place is part of its stream: new ones go to the end."""
_FIRST_DATA_PURPOSE = PURPOSES.index("points")


def stream(seed: int, purpose: str, index: int = 0, scheme: int = SCHEME) -> Generator:
    """A fresh Generator; the same arguments give the same numbers.

    purpose: one of PURPOSES. index: tells the streams of one purpose apart, such as the epoch.
    Raises DataError unless the seed is a whole number, 0 or more.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise DataError(f"A seed must be a whole number, 0 or more; got {seed!r}.")
    number = PURPOSES.index(purpose)
    if scheme == 1:
        return np.random.default_rng(_first_scheme(int(seed), number, index))
    return np.random.default_rng(np.random.SeedSequence(int(seed), spawn_key=(number, index)))


def _first_scheme(seed: int, number: int, index: int) -> list[int]:
    """NumPy takes [seed, k] and [seed, k, 0] for the same, which was overlooked."""
    if number >= _FIRST_DATA_PURPOSE:
        return [seed, number - _FIRST_DATA_PURPOSE]
    return [seed, number, index]


@dataclass
class Draws:
    """What the layers draw from in training passes: a Generator for each purpose.

    The fields are called as the purposes are; both may hold one and the same Generator.
    """

    dropout: Generator
    augmentation: Generator

    @classmethod
    def of(cls, seed: int, scheme: int = SCHEME) -> Self:
        """Those of a run. In scheme 1 augmentation draws from dropout's stream."""
        if scheme == 1:
            return cls.all_from(stream(seed, "dropout", scheme=1))
        return cls(*(stream(seed, name, scheme=scheme) for name in cls.__dataclass_fields__))

    @classmethod
    def all_from(cls, generator: Generator) -> Self:
        """One Generator for all purposes."""
        return cls(generator, generator)

    def jumped(self, times: int) -> Self:
        """Others, as far ahead as no run comes."""
        dropout, augmentation = (
            Generator(each.bit_generator.jumped(times))  # type: ignore[attr-defined]
            for each in (self.dropout, self.augmentation)
        )
        one = self.dropout is self.augmentation
        return type(self)(dropout, dropout if one else augmentation)

    def state(self) -> dict[str, Any]:
        """Plain values for a file."""
        found = {"dropout": self.dropout.bit_generator.state}
        if self.augmentation is not self.dropout:
            found["augmentation"] = self.augmentation.bit_generator.state
        return found

    def restore(self, values: Mapping[str, Any]) -> None:
        """The inverse of `state`. Raises KeyError, TypeError or ValueError if it is none."""
        self.dropout.bit_generator.state = values["dropout"]
        if self.augmentation is not self.dropout:
            self.augmentation.bit_generator.state = values["augmentation"]
