"""An explanation in the notation of the lectures: the sum of products in symbols, and in numbers.

What varies from term to term of a sum becomes a letter: "Σ_j W_3,j a_j^[1](5)". Indices that vary
alike in two factors have the same letter; examples have i, as in the lectures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.layers.explanation import Cell, Explanation, Factor, Passed, Terms
from engine.network.parts import Part
from engine.walkthrough.notation import PRODUCT, Label, factor, symbol, total
from engine.walkthrough.passes import input_slots, output_slots, pass_of
from engine.walkthrough.place import Place, told
from engine.walkthrough.walk import GREEK
from engine.words import number

LETTERS = "jklpqrst"
EXAMPLE_LETTER = "i"
MOST_STEPS = 3
"""Intermediate quantities that are explained in lines of their own."""


class Explained(NamedTuple):
    """One number of one part's pass, explained. place: the number that the lines are about."""

    place: Place
    part: Part
    passed: Passed
    told: Explanation

    @classmethod
    def of(cls, place: Place, part: Part, cell: Cell) -> Explained:
        """The explanation of a cell of the part's pass."""
        passed = pass_of(place.walk, part)
        return cls(place, part, passed, part.layer.explain(passed, cell))

    def symbols(self) -> str:
        """The sum in symbols."""
        names = _Letters()
        parts = [_in_symbols(self, each, names) for each in self.told.terms]
        return _joined(parts)

    def numbers(self) -> str:
        """The sum with its numbers."""
        return _joined([_in_numbers(each, self.place.walk.m) for each in self.told.terms])

    def where(self) -> list[str]:
        """A line for each intermediate quantity of the terms, with its value."""
        found: dict[str, Cell] = {}
        for each in _factors(self.told):
            if each.array not in self.passed and len(each.values):
                found.setdefault(each.array, Cell(each.array, tuple(map(int, each.cells[0]))))
        lines = []
        for name, cell in list(found.items())[:MOST_STEPS]:
            inner = self.part.layer.explain(self.passed, cell)
            rule = inner.formula.partition(" = ")[2] or inner.formula
            lines.append(f"where {_intermediate(name)} = {rule}, here {number(inner.value)}")
        return lines


def value_lines(explained: Explained, name: str) -> list[str]:
    """ "name = formula", what stands in it, and the same with numbers."""
    told = explained.told
    if told.function is None:
        return [f"{name} = {explained.symbols()}", *explained.where(), f"= {explained.numbers()}"]
    rule = told.formula.partition(" = ")[2] or told.formula
    return [
        f"{name} = {rule}",
        *explained.where(),
        f"of {explained.symbols()}",
        f"of {explained.numbers()}",
    ]


class _Letters:
    """One letter for all indices that vary alike."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}

    def of(self, column: np.ndarray, *, counts_examples: bool) -> str:
        """The letter of a column of cells, (terms,)."""
        if counts_examples:
            return EXAMPLE_LETTER
        key = column.tobytes()
        if key not in self._known:
            self._known[key] = LETTERS[min(len(self._known), len(LETTERS) - 1)]
        return self._known[key]


def _in_symbols(explained: Explained, terms: Terms, letters: _Letters) -> str:
    if not terms.factors:
        return number(terms.scale)
    names = [_name_of(explained, each, letters) for each in terms.factors]
    product = PRODUCT.join(name for name, _ in names)
    varying = dict.fromkeys(letter for _, found in names for letter in found)
    if varying:
        product = f"Σ<sub>{','.join(varying)}</sub> {product}"
    return _scaled(product, terms.scale, explained.place.walk.m)


def _name_of(explained: Explained, each: Factor, letters: _Letters) -> tuple[str, list[str]]:
    """A factor's symbol, and the letters in it."""
    has_examples = _counts_examples(explained, each.array)
    columns = each.cells.T
    index = [
        _label(column, letters, has_examples and axis == len(columns) - 1)
        for axis, column in enumerate(columns)
    ]
    found = [label for label in index if isinstance(label, str)]
    return _written(explained, each.array, index, has_examples), found


def _label(column: np.ndarray, letters: _Letters, counts_examples: bool) -> Label:
    first = int(column[0]) if len(column) else 0
    varies = len(column) > 1 and bool((column != first).any())
    return letters.of(column, counts_examples=counts_examples) if varies else first


def _counts_examples(explained: Explained, array: str) -> bool:
    """Whether an array's last axis counts examples; intermediates are taken as they come."""
    return array in explained.passed and array not in explained.passed.params


def _written(explained: Explained, array: str, index: list[Label], has_examples: bool) -> str:
    part = explained.part
    if array in explained.passed.params:
        shown = index[: len(told(tuple(range(len(index))), explained.passed[array].shape))]
        return symbol(GREEK.get(array, array), None, shown)
    if not has_examples:
        return _intermediate(array)
    slots = input_slots(part) | output_slots(part)
    derivative = array not in slots
    slot = slots[array.removeprefix("d") if derivative else array]
    return explained.place.name_of(slot, index[:-1], index[-1], derivative=derivative)


def _intermediate(name: str) -> str:
    """ "1/sigma" stands in parentheses in a product."""
    shown = f"<i>{name.replace('sigma', 'σ')}</i>"
    return f"({shown})" if "/" in name else shown


def _scaled(product: str, scale: float, m: int) -> str:
    if scale == 1:
        return product
    if _is_mean(scale, m):
        return f"1/m {product}"
    if scale == -1:
        return f"−{product}"
    return f"{factor(scale)}{PRODUCT}{product}"


def _is_mean(scale: float, m: int) -> bool:
    return m > 1 and abs(scale * m - 1) < 1e-12


def _in_numbers(terms: Terms, m: int) -> str:
    if not terms.factors:
        return number(terms.scale)
    rows = zip(*(each.values.tolist() for each in terms.factors), strict=True)
    count = len(terms.factors[0].values)
    if count == 0:
        return "0"
    if terms.scale == 1 and count == len(terms.factors) == 1:
        return number(float(terms.factors[0].values[0]))
    text = total(rows, count)
    if terms.scale == 1:
        return text
    scale = f"1/{m}" if _is_mean(terms.scale, m) else factor(terms.scale)
    return f"{scale}{PRODUCT}{text}" if count == 1 else f"{scale}{PRODUCT}({text})"


def _joined(parts: list[str]) -> str:
    text = parts[0] if parts else "0"
    for part in parts[1:]:
        text += f" − {part[1:]}" if part.startswith("−") else f" + {part}"
    return text


def _factors(told: Explanation) -> Iterator[Factor]:
    return (each for terms in told.terms for each in terms.factors)
