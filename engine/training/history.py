"""History: growing columns that a trainer writes and a plot reads, even from another thread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.errors import FileError
from engine.health.alarms import MEASURES, Alarm
from engine.training.column import GrowingColumn
from engine.words import counted

__all__ = [
    "PER_EVALUATION",
    "PER_ITERATION",
    "PER_PROBE",
    "GrowingColumn",
    "History",
    "Mark",
]

Array = np.ndarray

PER_ITERATION = ("cost", "learning_rate", "gradient_norm")
PER_PROBE = ("probe_iteration", "health")
_SINGLE = (*PER_ITERATION, *PER_PROBE, "clipped")
PER_EVALUATION = ("iteration", "epoch", "train_cost", "train_score", "dev_cost", "dev_score")
OF_A_HEAD = PER_EVALUATION[2:]
"""Figures that an evaluation also has for each of several heads: "side.dev_cost". A cost without
the name of a head is the weighted sum that is minimized; a score without one is that of the first
head."""

BEST, RESTORED = "best", "restore"
"""Kinds of the marks at the best evaluation, and where its weights were restored."""
SHOWN = 10
"""Evaluations in a summary."""


def head_figure(head: str, name: str) -> str:
    """The evaluation of one head of several: "side.dev_cost"."""
    return f"{head}.{name}"


class Mark(NamedTuple):
    """Something that happened at an iteration: kind is "pause", "change", "stop", "early"..."""

    iteration: int
    kind: str
    text: str


class History:
    """The record of a run so far.

    nodes: the layers whose gradient norms are the columns of `gradient_norm` (iterations, nodes).
    cost, learning_rate: one value per iteration. evaluations: one value per evaluation, by name
    (see PER_EVALUATION; iteration counts the steps done by then; train_cost and dev_cost are mean
    losses without penalties, NaN where only the dev set was evaluated, for a stop rule; whereas
    `cost` is the J of a mini-batch with them; with several heads, see OF_A_HEAD). heads: the
    outputs, where there are several. probe_iteration, health: one row per measurement of the layers
    (see `measure`). clipped: the iterations whose gradient was clipped. marks: events. alarms: what
    went wrong. baseline: the dev accuracy of always answering the largest class of the training
    set, for unbalanced classes.
    """

    def __init__(self, nodes: Sequence[str], heads: Sequence[str] = ()) -> None:
        self.nodes = tuple(nodes)
        self.heads = tuple(heads) if len(heads) > 1 else ()
        self.cost = GrowingColumn()
        self.learning_rate = GrowingColumn(dtype="float32")
        self.gradient_norm = GrowingColumn(len(self.nodes), "float32")
        of_heads = [head_figure(head, name) for head in self.heads for name in OF_A_HEAD]
        self.evaluations = {name: GrowingColumn() for name in (*of_heads, *PER_EVALUATION)}
        self.probe_iteration = GrowingColumn(dtype="int64")
        self.health = GrowingColumn(len(MEASURES) * len(self.nodes), "float32")
        self.clipped = GrowingColumn(dtype="int64")
        self.marks: list[Mark] = []
        self.alarms: list[Alarm] = []
        self.baseline: float | None = None

    def __len__(self) -> int:
        """Iterations that are recorded in full."""
        return len(self.gradient_norm)

    def __repr__(self) -> str:
        count = len(self.evaluations[PER_EVALUATION[-1]])
        parts = [counted(len(self), "iteration"), counted(count, "evaluation")]
        parts += [counted(len(self.alarms), "alarm")] if self.alarms else []
        costs = [f"{name} {self.latest[name]:.4g}" for name in PER_EVALUATION[2:] if count]
        return f"History({', '.join([*parts, *costs])})"

    def summary(self) -> str:
        """Up to ten evaluations as a table, from the first to the last."""
        names = sorted(self.evaluations, key=lambda name: "." in name)
        columns = [self.evaluations[name].values for name in names]
        count = min(len(column) for column in columns)
        if not count:
            return f"{self!r}\nNothing is evaluated yet."
        shown = sorted({round(i * (count - 1) / (SHOWN - 1)) for i in range(SHOWN)})
        rows = [[_cell(float(column[i])) for column in columns] for i in shown]
        lines = [" ".join(f"{cell:>11}" for cell in row) for row in [names, *rows]]
        return "\n".join([repr(self), *lines])

    @property
    def weights_of(self) -> tuple[int, int] | None:
        """Iteration and epoch of the current weights if a stop rule has restored earlier ones; None
        if they are those of the newest step."""
        at = {mark.kind: mark.iteration for mark in self.marks if mark.kind in (BEST, RESTORED)}
        if at.get(RESTORED) != len(self) or BEST not in at:
            return None
        row = _count(self.evaluations["iteration"], at[BEST]) - 1
        return at[BEST], int(self.evaluations["epoch"].values[row])

    @property
    def newest(self) -> dict[str, float]:
        """The newest evaluation by name, NaN for a set left out; empty before the first."""
        count = len(self.evaluations[PER_EVALUATION[-1]])
        if not count:
            return {}
        return {name: float(c.values[count - 1]) for name, c in self.evaluations.items()}

    @property
    def latest(self) -> dict[str, float]:
        """The same, with the newest known figures of each set."""
        newest = self.newest
        for name, value in newest.items():
            if math.isnan(value):
                known = self.evaluated(name)[1]
                newest[name] = float(known[-1]) if len(known) else value
        return newest

    def evaluated(self, name: str, over: str = "epoch") -> tuple[Array, Array]:
        """The evaluations of one figure: (k,) epochs (or iterations) and values.

        Evaluations that skipped the set of this figure are left out.
        """
        count = len(self.evaluations[PER_EVALUATION[-1]])
        x, y = (self.evaluations[n].values[:count] for n in (over, name))
        known = ~np.isnan(y)
        return x[known], y[known]

    def record(
        self, cost: float, learning_rate: float, norms: Sequence[float], clipped: bool = False
    ) -> None:
        """Add one iteration; norms: (nodes,), before clipping."""
        if clipped:
            self.clipped.append(len(self) + 1)
        self.cost.append(cost)
        self.learning_rate.append(learning_rate)
        self.gradient_norm.append(norms)

    def evaluate(self, **values: float) -> None:
        """Add one evaluation, with a value for each name in PER_EVALUATION."""
        for name, column in self.evaluations.items():
            column.append(values[name])

    def probe(self, iteration: int, health: Array) -> None:
        """Add one measurement of the layers' health; health: (measures, nodes)."""
        self.probe_iteration.append(iteration)
        self.health.append(health.ravel())

    def until(self, iteration: int) -> History:
        """The record up to that iteration. It shares the numbers, so it costs almost nothing."""
        other = History(self.nodes, self.heads)
        for name in PER_ITERATION:
            setattr(other, name, getattr(self, name).first(iteration))
        evaluated = _count(self.evaluations["iteration"], iteration)
        other.evaluations = {n: column.first(evaluated) for n, column in self.evaluations.items()}
        for name in PER_PROBE:
            count = _count(self.probe_iteration, iteration)
            setattr(other, name, getattr(self, name).first(count))
        other.clipped = self.clipped.first(_count(self.clipped, iteration))
        other.marks = [mark for mark in self.marks if mark.iteration <= iteration]
        other.alarms = [alarm for alarm in self.alarms if alarm.iteration <= iteration]
        return other

    def measure(self, name: str) -> tuple[Array, Array]:
        """One measure of health over time: iterations (k,), values (k, nodes); see MEASURES."""
        values = self.health.values
        row = MEASURES.index(name) * len(self.nodes)
        return self.probe_iteration.values[: len(values)], values[:, row : row + len(self.nodes)]

    def to_arrays(self) -> dict[str, Array]:
        """All columns by name, for a file."""
        return {name: np.ascontiguousarray(c.values) for name, c in self._columns().items()}

    def fill(
        self,
        arrays: Mapping[str, Array],
        marks: Sequence[Sequence[Any]],
        alarms: Sequence[Sequence[Any]] = (),
    ) -> None:
        """The inverse of `to_arrays`. Raises FileError if columns are missing or unequal."""
        evaluations = [f"evaluation.{name}" for name in self.evaluations]
        for together in (PER_ITERATION, PER_PROBE, ("clipped",), evaluations):
            if not _equally_long(together, arrays):
                raise FileError("The history in this file is incomplete.", hint="Use another copy.")
        for name, column in self._columns().items():
            column.fill(arrays[name])
        self.marks = [Mark(int(i), str(kind), str(text)) for i, kind, text in marks]
        self.alarms = [Alarm(int(i), str(k), str(n), str(text)) for i, k, n, text in alarms]

    def _columns(self) -> dict[str, GrowingColumn]:
        columns: dict[str, GrowingColumn] = {n: getattr(self, n) for n in _SINGLE}
        return columns | {f"evaluation.{name}": c for name, c in self.evaluations.items()}


def _count(iterations: GrowingColumn, iteration: int) -> int:
    """How many of these ascending iterations are at most this one."""
    return int(np.searchsorted(iterations.values, iteration, side="right"))


def _cell(value: float) -> str:
    """A number in a table; empty for a set that the evaluation skipped."""
    return "-" if math.isnan(value) else f"{value:,.5g}"


def _equally_long(names: Sequence[str], arrays: Mapping[str, Array]) -> bool:
    """Also false if one of them is missing."""
    lengths = {len(arrays[name]) if name in arrays else None for name in names}
    return len(lengths) == 1 and None not in lengths
