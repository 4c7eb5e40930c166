"""The one source of randomness: a Generator for each purpose, all from one seed.

Each purpose has its own stream. Turning dropout on does not change the initial weights, a different
split does not move a point, and a longer run does not change how the first epochs are shuffled.

The *scheme* is how a seed becomes streams. Files record the scheme that their data and runs started
with, and keep it. To change the scheme, add a new one and leave the older ones as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.random import Generator

from engine.errors import DataError

SCHEME = 2
"""The scheme of new projects. In scheme 1, some streams collided: the initial weights were exactly
the noise of the data, and augmentation drew from the stream of dropout."""

PURPOSES = (
    "initialization",
    "shuffle",  # of the training set; index: the epoch
    "dropout",
    "augmentation",
    "sampling",  # the order in which a learning curve takes its examples
    "points",  # positions and noise of generated data
    "order",  # the order of generated examples
    "split",  # which example goes into which set
    "train_dev",  # which training examples are held back as train-dev
    "mixing",  # the order in which training examples of two sources come
    "folds",  # which example goes into which fold
)
"""The position of a purpose determines its stream, so add new ones at the end."""
_FIRST_DATA_PURPOSE = PURPOSES.index("points")


def stream(seed: int, purpose: str, index: int = 0, scheme: int = SCHEME) -> Generator:
    """A fresh Generator; the same arguments give the same numbers.

    purpose: one of PURPOSES. index: selects one of several streams of a purpose, such as the epoch.
    Raises DataError unless the seed is a whole number, 0 or more.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise DataError(f"A seed must be a whole number, 0 or more; got {seed!r}.")
    number = PURPOSES.index(purpose)
    if scheme == 1:
        return np.random.default_rng(_first_scheme(int(seed), number, index))
    return np.random.default_rng(np.random.SeedSequence(int(seed), spawn_key=(number, index)))


def _first_scheme(seed: int, number: int, index: int) -> list[int]:
    """Overlooks that NumPy treats [seed, k] and [seed, k, 0] as the same."""
    if number >= _FIRST_DATA_PURPOSE:
        return [seed, number - _FIRST_DATA_PURPOSE]
    return [seed, number, index]


@dataclass
class Draws:
    """What the layers draw from in training passes: a Generator for each purpose.

    Each field is named after its purpose. Both may be the same Generator.
    """

    dropout: Generator
    augmentation: Generator

    @classmethod
    def of(cls, seed: int, scheme: int = SCHEME) -> Self:
        """The generators of a run. In scheme 1, augmentation draws from the stream of dropout."""
        if scheme == 1:
            return cls.all_from(stream(seed, "dropout", scheme=1))
        return cls(*(stream(seed, name, scheme=scheme) for name in cls.__dataclass_fields__))

    @classmethod
    def all_from(cls, generator: Generator) -> Self:
        """One Generator for all purposes."""
        return cls(generator, generator)

    def jumped(self, times: int) -> Self:
        """Independent generators, jumped further ahead than any run gets."""
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
