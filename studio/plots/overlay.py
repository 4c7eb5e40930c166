"""Overlay: curves of several runs on the same axes, train solid and dev dashed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.project.runs import Run, extremes
from engine.training.history import PER_EVALUATION, History
from studio.plots.curve import Array, PlotCurve, Style
from studio.plots.plot import Plot
from studio.plots.ranges import FIRST_END, Range, from_zero, growing_end, up_to_one
from studio.plots.read_out import ReadOut
from studio.plots.run_figures import style_of_run

COST, SCORE = "cost", "score"
SETS = {"train": Qt.PenStyle.SolidLine, "dev": Qt.PenStyle.DashLine}
BATCH = "batch"
LIVE_POINTS = 1_000
MARGIN = 0.015
"""Room behind the last point, as a share of the x axis."""


class OverlayLine(NamedTuple):
    """One curve. key, title: of its run; name: of its set, such as "train"."""

    key: str
    title: str
    name: str
    style: Style
    x: Array
    y: Array


def lines_of_run(run: Run, kind: str) -> list[OverlayLine]:
    """A kept run's curves; before its first evaluation, the cost of its batches stands for it."""
    names = {name: f"{name}_{kind}" for name in SETS}
    if kind == COST and not _is_evaluated(run):
        names = {BATCH: "cost"}
    return [
        _line(run.key, run.title, name, style_of_run(run), *run.curves[key].points)
        for name, key in names.items()
        if key in run.curves
    ]


def lines_of_history(
    key: str, title: str, style: Style, history: History, kind: str
) -> list[OverlayLine]:
    """The same of a current run."""
    columns = history.evaluations
    count = len(columns[PER_EVALUATION[-1]])
    if kind == COST and not count:
        y = history.cost.values[: len(history)]
        return [_line(key, title, BATCH, style, *_thinned(np.arange(1, len(y) + 1), y))]
    over = "iteration" if kind == COST else "epoch"
    return [
        _line(key, title, name, style, *_thinned(*history.evaluated(f"{name}_{kind}", over)))
        for name in SETS
    ]


def _is_evaluated(run: Run) -> bool:
    return "train_cost" in run.curves and len(run.curves["train_cost"].points[0]) > 0


def _thinned(x: Array, y: Array) -> tuple[Array, Array]:
    chosen = extremes(y, LIVE_POINTS)
    return x[chosen], y[chosen]


def _line(key: str, title: str, name: str, style: Style, x: Array, y: Array) -> OverlayLine:
    finite = np.isfinite(y)
    style = style._replace(line=SETS.get(name, Qt.PenStyle.SolidLine))
    return OverlayLine(key, title, name, style, x[finite].astype(float), y[finite].astype(float))


class Overlay(Plot):
    """kind: COST over iterations, or SCORE over epochs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.kind = COST
        self.lines: list[OverlayLine] = []
        self.curves: list[PlotCurve] = []
        self._ranges: tuple[Range, Range] = (0.0, FIRST_END), (0.0, 1.0)
        self._end = 0.0
        self.read_out = ReadOut(self, self._nearest, self._told_at)

    def show_lines(self, lines: Sequence[OverlayLine], kind: str, score: str = "") -> None:
        """Show these and no others. score: what the scores are called. Where only points came, the
        view stays where it is, and its ranges change in steps."""
        lines = [line for line in lines if len(line.x)]
        looks = [line[:4] for line in lines]
        if kind != self.kind or looks != [line[:4] for line in self.lines] or not lines:
            self._begin(lines, kind, score)
        self.lines = lines
        for line, curve in zip(lines, self.curves, strict=True):
            curve.show_points(line.x, line.y)
        self._fit()
        self.follow(*self._ranges)

    def reset(self) -> None:
        super().reset()
        if hasattr(self, "_ranges"):  # Qt calls it while the plot is being made
            self.follow(*self._ranges)

    def _begin(self, lines: Sequence[OverlayLine], kind: str, score: str) -> None:
        self.read_out.hide()
        for curve in self.curves:
            self.remove(curve)
        self.curves = [self.add(PlotCurve(line.title, line.style)) for line in lines]
        self.kind, self.held, self._end = kind, None, 0.0
        y = self.tr("loss") if kind == COST else score or self.tr("score")
        self._label_below()
        self.set_label("left", y)
        x = self.tr("iteration") if kind == COST else self.tr("epoch")
        self.setAccessibleName(self.tr("{y} over {x}, of several runs").format(y=y, x=x))
        self.reset()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "read_out"):  # Qt resizes the view while it is being made
            self._label_below()

    def _label_below(self) -> None:
        """What the axis counts, and the meaning of the dashes where there is room for it."""
        short = self.tr("iteration") if self.kind == COST else self.tr("epoch")
        long = self.tr("{} (train —  dev - -)").format(short)
        room = self.width() - self.axis("left").width()
        fits = self.fontMetrics().horizontalAdvance(long) < room
        if (label := long if fits else short) != self._labels["bottom"]:
            self.set_label("bottom", label)

    def _fit(self) -> None:
        if not self.lines:
            return
        self._end = growing_end(self._end, max(float(line.x[-1]) for line in self.lines))
        low = min(float(line.y.min()) for line in self.lines)
        high = max(float(line.y.max()) for line in self.lines)
        fitted = from_zero if self.kind == COST else up_to_one
        self._ranges = (0.0, self._end * (1 + MARGIN)), fitted(self.held, low, high)

    def _nearest(self, x: float) -> float | None:
        points = [line.x[int(np.abs(line.x - x).argmin())] for line in self.lines]
        return float(min(points, key=lambda point: abs(point - x))) if points else None

    def _told_at(self, x: float) -> list[str]:
        unit = self.tr("iteration") if self.kind == COST else self.tr("epoch")
        told = [f"{unit} {int(x):,}"]
        for line in self.lines:
            row = int(np.searchsorted(line.x, x, side="right")) - 1
            if row >= 0:
                told.append(f"{line.title}, {line.name} {line.y[row]:.5g}")
        return told
