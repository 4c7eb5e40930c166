"""Pieces of a table as arrays, and the vocabulary that gives each category its number."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.data.checks import Array
from engine.data.tables.cells import MISSING, MISSING_CODE
from engine.data.tables.options import Column
from engine.data.words import natural_key
from engine.errors import DataError

MAX_CATEGORIES = 1_000  # of one column: each is a feature of its own


class RowChunk(NamedTuple):
    """Some rows. numbers: (rows, number columns) of float32, NaN where missing.

    codes: (rows, category columns) of int16, positions in the vocabularies, -1 where missing.
    """

    numbers: Array
    codes: Array


class Vocabulary:
    """The categories of one column, numbered as they come.

    position: the column's place in the file. Known categories, from a table that was opened
    before, are kept and nothing is added to them.
    """

    def __init__(self, position: int, column: Column) -> None:
        self.position = position
        self.column = column
        self._codes = {text: code for code, text in enumerate(column.categories)}

    def codes(self, texts: list[str]) -> Array | None:
        """The code of each text, new ones added; None if one is not among the known categories."""
        found = np.empty(len(texts), dtype=np.int16)
        for index, text in enumerate(texts):
            code = self.code(text)
            if code is None:
                return None
            found[index] = code
        return found

    def code(self, text: str) -> int | None:
        """The code of one text. Raises DataError if there are too many categories."""
        text = text.strip()
        if text in MISSING:
            return MISSING_CODE
        if text not in self._codes:
            if self.column.categories:
                return None
            self._check_room()
            self._codes[text] = len(self._codes)
        return self._codes[text]

    def _check_room(self) -> None:
        if len(self._codes) >= MAX_CATEGORIES:
            raise DataError(
                f"Column '{self.column.name}' has more than {MAX_CATEGORIES:,} categories.",
                hint="Ignore the column, or read it as a number.",
            )

    def sorted(self, codes: Array) -> tuple[tuple[str, ...], Array]:
        """The categories that these codes use, in order, numbers by size; and the codes in it.

        A row that was skipped, or lies beyond the rows asked for, leaves no category. Known
        categories are kept, used or not.
        """
        used = np.bincount(codes + 1, minlength=len(self._codes) + 1)[1:] > 0
        texts = tuple(sorted((t for t, c in self._codes.items() if used[c]), key=natural_key))
        if self.column.categories:
            texts = self.column.categories
        moved = np.full(len(self._codes) + 1, MISSING_CODE, dtype=np.int16)  # the last is for -1
        for place, text in enumerate(texts):
            moved[self._codes[text]] = place
        return texts, moved[codes]
