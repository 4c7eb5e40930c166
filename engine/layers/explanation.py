"""Explanation: how one number of a layer's pass comes about, term by term.

A number is a function of a sum of products. Each product has factors, and each factor stands in a
cell of an array of the pass: "W" at (2, 5), or "in" at (5, 0). What is no array of the pass, such
as a softmax's denominator, is an intermediate quantity; the layer explains its cells, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from engine.errors import DataError
from engine.layers.mode import EVALUATION, Mode

Array = np.ndarray


@dataclass(frozen=True)
class Cell:
    """One number. array: an output or input port, a parameter, the derivative of one of these
    ("dout", "din", "dW"), or an intermediate quantity of the layer. index: into that array."""

    array: str
    index: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Factor:
    """One factor of each term. cells: (terms, axes), where they stand; values: (terms,)."""

    array: str
    cells: Array
    values: Array

    @classmethod
    def of(cls, name: str, array: Array, *indices: Any) -> Self:
        """The cells of an array at these indices, numbers or arrays that broadcast together."""
        cells = np.stack([each.ravel() for each in np.broadcast_arrays(*indices)], axis=-1)
        return cls(name, cells, np.asarray(array, "float64")[tuple(cells.T)])  # (terms,)


@dataclass(frozen=True, eq=False)
class Terms:
    """scale times the products of the factors, one for each term; without factors, scale alone."""

    factors: tuple[Factor, ...]
    scale: float = 1.0

    @property
    def values(self) -> Array:
        """The products, (terms,)."""
        product = np.full(1 if not self.factors else len(self.factors[0].values), self.scale)
        for factor in self.factors:
            product = product * factor.values
        return product


@dataclass(frozen=True, eq=False)
class Explanation:
    """value = function(sum of all terms).

    formula: in the lectures' notation. function: None for the sum itself; its name is in `formula`.
    """

    cell: Cell
    formula: str
    terms: tuple[Terms, ...]
    function: Callable[[float], float] | None = None

    @property
    def sum(self) -> float:
        """All terms together."""
        return float(sum(part.values.sum() for part in self.terms))

    @property
    def magnitude(self) -> float:
        """The sum of the terms' absolute values: rounding is judged against it."""
        return float(sum(np.abs(part.values).sum() for part in self.terms))

    @property
    def value(self) -> float:
        """The number that is explained."""
        return self.sum if self.function is None else float(self.function(self.sum))


@dataclass(frozen=True, eq=False)
class Passed:
    """What one pass of one layer took and left, in float64.

    arrays: inputs, outputs and parameters by name, and "d" before the name for derivatives: those
    of inputs and outputs are of the losses' sum, those of parameters are means over the examples.
    """

    arrays: Mapping[str, Array]
    params: Mapping[str, Array]
    state: Mapping[str, Array]
    cache: Any
    mode: Mode = field(default=EVALUATION)

    def __getitem__(self, name: str) -> Array:
        if name not in self.arrays:
            raise DataError(f"The pass has no array '{name}'; it has {', '.join(self.arrays)}.")
        return self.arrays[name]

    def __contains__(self, name: object) -> bool:
        return name in self.arrays

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(next(iter(self.arrays.values())).shape[-1])

    def factor(self, name: str, *indices: Any) -> Factor:
        """Cells of an array of the pass, as a factor."""
        return Factor.of(name, self[name], *indices)


def copied(passed: Passed, cell: Cell, source: Cell, formula: str) -> Explanation:
    """A number that is the same as another one."""
    return Explanation(cell, formula, (Terms((passed.factor(source.array, *source.index),)),))


def elementwise(
    passed: Passed, cell: Cell, slope: float, formulas: tuple[str, str], shift: float = 0.0
) -> Explanation | None:
    """out = slope x + shift and dx = slope dy, for a number of either; None for any other."""
    if cell.array == "out":
        terms = [Terms((passed.factor("in", *cell.index),), slope)]
        terms += [Terms((), shift)] if shift else []
        return Explanation(cell, formulas[0], tuple(terms))
    if cell.array == "din":
        return Explanation(
            cell, formulas[1], (Terms((passed.factor("dout", *cell.index),), slope),)
        )
    return None


def repeated(factor: Factor, count: int) -> Factor:
    """The one cell of a factor, for each of so many terms."""
    return Factor(factor.array, np.repeat(factor.cells, count, axis=0), factor.values.repeat(count))
