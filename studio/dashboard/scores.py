"""Scores of the training and dev sets at every evaluation, with the newest in large figures."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.probes.moment import Moment
from engine.training.history import History, head_figure
from engine.words import percent
from studio.panels.curves_panel import CurvesPanel, Words
from studio.plots.curve import Array, PlotCurve, Style
from studio.plots.ranges import Range, up_to_one
from studio.plots.run_figures import first_of_several, task_of
from studio.plots.series import Series, without_gaps, zigzag

WIDEST_SCORE = "100.00 %"
NO_NUMBER = "–"

TRAIN = Style(0, Qt.PenStyle.SolidLine, "o")
DEV = Style(1, Qt.PenStyle.DashLine, "s")
SCORES = ("train_score", "dev_score")


class ScoresPanel(CurvesPanel):
    """The task's score (accuracy, R²) over epochs; of several outputs, that of the first."""

    x_axis = "epoch"

    id, tab, column, order = "scores", "Scores", 0, 2

    def __init__(self, parent: QWidget | None = None) -> None:
        words = Words(
            self.tr("Train and dev score"),
            self.tr(
                "How well the network does on the training examples, and on dev "
                "examples that it never trains on. 1 is best. A wide gap between the "
                "two means overfitting."
            ),
            self.tr("Press Play. Scores appear after the first evaluation."),
            self.tr("epoch"),
            self.tr("score"),
        )
        super().__init__(words, parent)
        self.series: list[Series] = []
        self._in_percent = False

    def begin(self, history: History, moment: Moment) -> None:
        at, columns = history.evaluations["epoch"], history.evaluations
        self.series = [Series(columns[name], at) for name in SCORES]
        self.show_curves([PlotCurve(self.tr("train"), TRAIN), PlotCurve(self.tr("dev"), DEV)])
        self.legend.reserve(WIDEST_SCORE)
        task = task_of(moment.project) if moment.project is not None else None
        self._in_percent = task is not None and task.score_is_share
        title = task.score_title if task is not None else self.tr("score")
        output = first_of_several(moment.project)
        if output:
            title = self.tr("{score} of “{output}”").format(score=title, output=output)
        if history.baseline is not None:
            words = self.tr("{score} (always the largest class: {share})")
            title = words.format(score=title, share=percent(history.baseline))
        self.plot.set_label("left", title)
        self._show_figures(history)

    def last_x(self, history: History, moment: Moment) -> tuple[float, float]:
        epoch = max(1.0, history.latest.get("epoch", 0.0))  # room for the first, before it comes
        return epoch, float(moment.epochs)

    def version(self, history: History) -> Hashable:
        return len(history.evaluations[SCORES[-1]])

    def keys(self) -> list[str]:
        return ["train", "dev"]

    def read_from(self, history: History) -> None:
        for series, name in zip(self.series, SCORES, strict=True):
            series.x, series.y = history.evaluations["epoch"], history.evaluations[name]

    def take_in(self, history: History) -> bool:
        complete = [series.update() for series in self.series]
        return all(complete)

    def draw(self, history: History) -> None:
        self.plot.follow(self.x_range(), self._y_range())
        for curve, series in zip(self.curves, self.series, strict=True):
            x, envelope = series.window(self.plot)
            points = zigzag(x, envelope.low, envelope.high, envelope.step)
            curve.show_points(*without_gaps(*points))
        self._show_figures(history)

    def nearest(self, x: float) -> float | None:
        if self.history is None or not self.history.latest:
            return None
        epochs = self.history.evaluations["epoch"].values
        epochs = epochs[: len(self.history.evaluations[SCORES[-1]])]  # complete rows
        return float(epochs[int(np.abs(epochs - x).argmin())])

    def lines_at(self, x: float) -> list[str]:
        assert self.history is not None
        train, dev = (_at(*self.history.evaluated(name), x) for name in SCORES)
        return [
            self.tr("epoch {:,.4g}").format(x) if x % 1 else self.tr("epoch {:,}").format(int(x)),
            self.tr("train {}").format(self._figure(train)),
            self.tr("dev {}").format(self._figure(dev)),
        ]

    def table(self, history: History) -> tuple[list[str], Sequence[Array]]:
        count = len(history.evaluations[SCORES[-1]])
        of_heads = [head_figure(head, name) for head in history.heads for name in SCORES]
        names = ("epoch", *SCORES, *of_heads)
        columns = [history.evaluations[name].values[:count] for name in names]
        return [name.replace("_", " ") for name in names], columns

    def _show_figures(self, history: History) -> None:
        for entry, name in zip(self.legend.entries, SCORES, strict=True):
            value = history.latest.get(name)
            entry.set_value(NO_NUMBER if value is None else self._figure(value))

    def _figure(self, score: float) -> str:
        return percent(score, digits=2) if self._in_percent else f"{score:.4f}"

    def _y_range(self) -> Range:
        spans = [span for series in self.series if (span := series.pyramid.extremes())]
        if not spans:
            return self.plot.held or (0.0, 1.0)
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        return up_to_one(self.plot.held, low, high)


def _at(epochs: Array, scores: Array, x: float) -> float:
    """The newest score up to an epoch; NaN before the first."""
    last = int(np.searchsorted(epochs, x, side="right")) - 1
    return float(scores[last]) if last >= 0 else np.nan
