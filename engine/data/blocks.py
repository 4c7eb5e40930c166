"""Blocks: the named parts of X and of Y, which lie under each other.

An example with a picture and a sentence has two blocks in X, a house with a price and a class has
two in Y. A network's inputs and outputs pick a block by its name; the rows of a block are a slice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.spec import did_you_mean
from engine.targets import Targets

Array = NDArray[Any]

MOST_BLOCKS = 64


@dataclass(frozen=True)
class DataBlock:
    """Rows of X that enter a network together.

    shape: that of one example, without m. vocabulary: how many different tokens there are; None
    for real numbers. has_lengths: whether one more row, the last one, says how many of the steps
    (the last axis of the shape) belong to each example: 1 to all of them.

    Example: DataBlock("words", (20,), vocabulary=10_000, has_lengths=True) has 21 rows.
    """

    name: str
    shape: tuple[int, ...]
    vocabulary: int | None = None
    has_lengths: bool = False

    @property
    def kind(self) -> Literal["real", "tokens"]:
        """What its values are. Only real numbers are normalized."""
        return "real" if self.vocabulary is None else "tokens"

    @property
    def rows(self) -> int:
        """Rows of X, that of the lengths included."""
        return math.prod(self.shape) + self.has_lengths

    def check(self, X: Array) -> None:
        """Raise DataError where these rows of X, (rows, m), are not as the block says."""
        self.check_values(X[: math.prod(self.shape)])
        if self.has_lengths:
            self._check_whole(X[-1:], 1, self.shape[-1], "length")

    def check_values(self, values: Array) -> None:
        """The same for an array without the row of lengths."""
        if self.vocabulary is not None:
            self._check_whole(values, 0, self.vocabulary - 1, "token")

    def _check_whole(self, values: Array, low: int, high: int, noun: str) -> None:
        with np.errstate(invalid="ignore"):
            sound = (values >= low) & (values <= high) & (np.floor(values) == values)
        if not sound.all():
            row, column = np.argwhere(~sound)[0]
            raise DataError(
                f"The block '{self.name}' has the {noun} {values[row, column]:g} in example "
                f"{column}; a {noun} is a whole number from {low} to {high:,}."
            )


@dataclass(frozen=True)
class TargetBlock:
    """Rows of Y that are one target of a network.

    outputs: how many numbers, or classes, a network gives for it. task: the kind of the targets
    (engine/targets). classes: their names; none where the targets are numbers.
    """

    name: str
    outputs: int
    task: str
    classes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of Y."""
        return Targets.of(self.task).rows(self.outputs) if self.task else self.outputs


Block = DataBlock | TargetBlock


def slices_of(blocks: Iterable[Block]) -> dict[str, slice]:
    """The rows of each block, by its name: they lie under each other in order."""
    found, start = dict[str, slice](), 0
    for block in blocks:
        found[block.name] = slice(start, start + block.rows)
        start += block.rows
    return found


def kept_targets(Y: Array, blocks: Sequence[TargetBlock]) -> Array:
    """Y as it is kept: where each class has a row of its own, one-hot, it becomes labels."""
    if len(Y) != sum(block.outputs for block in blocks) or all(b.rows == b.outputs for b in blocks):
        return Y
    found, start = [], 0
    for block in blocks:
        rows = Y[start : start + block.outputs]
        found.append(Targets.of(block.task).matrix(rows, block.outputs))
        start += block.outputs
    return np.concatenate(found)


def block_named(name: str | None, blocks: Sequence[Any], what: str) -> Any:
    """The block of this name, the first for None. what: "block" or "target", for the error.

    Raises DataError where there is none.
    """
    if name is None:
        return blocks[0]
    found = next((block for block in blocks if block.name == name), None)
    if found is None:
        names = [block.name for block in blocks]
        known = ", ".join(f"'{known}'" for known in names)
        raise DataError(
            f"The data have no {what} '{name}'.",
            hint=did_you_mean(name, names) or f"They have {known}.",
        )
    return found


def check_layout(blocks: Sequence[Block], rows: int, matrix: str) -> None:
    """Blocks have different names, and together as many rows as X or Y has. Raises DataError."""
    names = [block.name for block in blocks]
    if len(blocks) > MOST_BLOCKS:
        raise DataError(f"At most {MOST_BLOCKS} blocks are possible; got {len(blocks)}.")
    for name in names:
        if not name or names.count(name) > 1:
            raise DataError(f"Blocks of {matrix} need different names; got {name!r}.")
    total = sum(block.rows for block in blocks)
    if total != rows:
        told = ", ".join(f"'{block.name}' {block.rows}" for block in blocks)
        raise DataError(f"{matrix} has {rows} rows, but its blocks have {total}: {told}.")
    for block in blocks:
        if isinstance(block, DataBlock):
            _check_shape(block)


def _check_shape(block: DataBlock) -> None:
    if not block.shape or min(block.shape) < 1:
        raise DataError(f"The block '{block.name}' needs a shape; got {block.shape}.")
    axes = len(block.shape)
    if block.vocabulary is not None and (axes != 1 or block.vocabulary < 1):
        raise DataError(
            f"The tokens '{block.name}' need one size, the most steps, and a vocabulary of at "
            f"least 1; got {block.shape} and {block.vocabulary}."
        )
    if block.has_lengths and block.vocabulary is None and axes != 2:
        raise DataError(
            f"The block '{block.name}' has lengths, so it must be a sequence, (features, most "
            f"steps), or tokens; its shape is {block.shape}."
        )
