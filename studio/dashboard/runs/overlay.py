"""Overlay: one curve of several runs on the same axes, train solid and dev dashed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.runs import Run
from studio.dashboard.curve import Array, Curve
from studio.dashboard.plot import Plot
from studio.dashboard.ranges import Range, from_zero, nice_above, up_to_one
from studio.dashboard.read_out import ReadOut
from studio.dashboard.runs.figures import style_of_run, task_of

COST, SCORE = "cost", "score"
SOLID, DASHED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine


class Drawn(NamedTuple):
    """A curve on the plot, and what it shows. name: the set, such as "train"."""

    run: Run
    name: str
    curve: Curve
    x: Array
    y: Array


class Overlay(Plot):
    """kind: COST over iterations, or SCORE over epochs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.kind = COST
        self.drawn: list[Drawn] = []
        self.read_out = ReadOut(self, self._nearest, self._told_at)

    def show_runs(self, runs: Sequence[Run], kind: str) -> None:
        """Show one kind of curves of these runs, and no others."""
        self.kind = kind
        self.read_out.hide()
        for drawn in self.drawn:
            self.remove(drawn.curve)
        self.drawn = [drawn for run in runs for drawn in self._of(run)]
        for drawn in self.drawn:
            self.add(drawn.curve)
            drawn.curve.show_points(drawn.x, drawn.y)
        self._label(runs)
        self._fit()
        self.reset()

    def _of(self, run: Run) -> list[Drawn]:
        """A run's curves; before its first evaluation, the cost of its batches stands for it."""
        names = {"train": SOLID, "dev": DASHED}
        found = [
            self._drawn(run, name, f"{name}_{self.kind}", line) for name, line in names.items()
        ]
        if self.kind == COST and not any(len(drawn.x) for drawn in found):
            found = [self._drawn(run, "batch", "cost", SOLID)]
        return [drawn for drawn in found if len(drawn.x)]

    def _drawn(self, run: Run, name: str, key: str, line: Qt.PenStyle) -> Drawn:
        packed = run.curves.get(key)
        x, y = packed.points if packed is not None else (np.empty(0), np.empty(0))
        finite = np.isfinite(y)
        x, y = x[finite].astype(float), y[finite].astype(float)
        return Drawn(run, name, Curve(run.title, style_of_run(run, line)), x, y)

    def _label(self, runs: Sequence[Run]) -> None:
        sets = self.tr("(train —  dev - -)")
        if self.kind == COST:
            self._name_axes(self.tr("iteration"), sets, self.tr("cost J"))
        else:
            titles = {task.score_title for run in runs if (task := task_of(run)) is not None}
            title = titles.pop() if len(titles) == 1 else self.tr("score")
            self._name_axes(self.tr("epoch"), sets, title)

    def _name_axes(self, x: str, sets: str, y: str) -> None:
        self.set_label("bottom", f"{x}  {sets}")
        self.set_label("left", y)
        self.setAccessibleName(self.tr("{y} over {x}, of the selected runs").format(y=y, x=x))

    def _fit(self) -> None:
        self.held = None
        if not self.drawn:
            self._ranges = (0.0, 20.0), (0.0, 1.0)
            return
        end = max(float(drawn.x[-1]) for drawn in self.drawn)
        low = min(float(drawn.y.min()) for drawn in self.drawn)
        high = max(float(drawn.y.max()) for drawn in self.drawn)
        y = from_zero(None, low, high) if self.kind == COST else up_to_one(None, low, high)
        self._ranges: tuple[Range, Range] = (0.0, 1.015 * min(end * 1.05, nice_above(end))), y

    def reset(self) -> None:
        super().reset()
        if hasattr(self, "_ranges"):
            self.follow(*self._ranges)

    def _nearest(self, x: float) -> float | None:
        points = [drawn.x[int(np.abs(drawn.x - x).argmin())] for drawn in self.drawn]
        return float(min(points, key=lambda point: abs(point - x))) if points else None

    def _told_at(self, x: float) -> list[str]:
        unit = self.tr("iteration") if self.kind == COST else self.tr("epoch")
        lines = [f"{unit} {int(x):,}"]
        for drawn in self.drawn:
            row = int(np.searchsorted(drawn.x, x, side="right")) - 1
            if row >= 0:
                lines.append(f"{drawn.run.title}, {drawn.name} {drawn.y[row]:.5g}")
        return lines
