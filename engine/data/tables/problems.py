"""What is wrong in a table, with its place; and the tally of rows that were skipped for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import DataError

KEPT = 20  # problems that are kept in words; the others are counted


@dataclass(frozen=True)
class TableProblem:
    """message: a whole sentence. hint: a way out. line: in the file, from 1; 0 if it is no line's.

    column: the column's name; empty if it is no single column's.
    """

    message: str
    hint: str = ""
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


def ragged(line: int, found: int, width: int, hint: str) -> TableProblem:
    """A row that has too many or too few values."""
    values = "1 value" if found == 1 else f"{found} values"
    columns = "1 column" if width == 1 else f"{width} columns"
    message = f"Line {line} has {values}, but the table has {columns}."
    return TableProblem(message, hint, line)


def bad_cell(line: int, index: int, name: str, reason: str, hint: str) -> TableProblem:
    """A cell that cannot be what its column says. index: of the column, from 0."""
    message = f"Line {line}, column {index + 1} ('{name}'): {reason}."
    return TableProblem(message, hint, line, name)


@dataclass
class Tally:
    """Decides what a bad row does: it stops the reading, or it is skipped and counted."""

    skip: bool
    what: str = "rows"
    skipped: int = 0
    problems: list[TableProblem] = field(default_factory=list)

    def bad_row(self, problem: TableProblem) -> None:
        """Counts the row. Raises DataError unless bad rows are skipped."""
        if not self.skip:
            hint = f"{problem.hint} Correct it, or skip bad {self.what}."
            raise DataError(problem.message, hint=hint.strip(), can_skip=True)
        self.skipped += 1
        if len(self.problems) < KEPT:
            self.problems.append(problem)
