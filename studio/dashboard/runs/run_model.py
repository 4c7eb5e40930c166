"""RunModel: the document's runs as rows, newest first; it keeps no copy that could differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    Qt,
)
from PySide6.QtGui import QPolygonF

from engine.project.runs import Run, RunCurve, extremes
from studio.look.plain_text import plain_tip
from studio.plots.run_figures import cost_text, score_text

Index = QModelIndex | QPersistentModelIndex

RUN_ROLE = Qt.ItemDataRole.UserRole
SHAPE_ROLE = Qt.ItemDataRole.UserRole + 1
SHAPE_POINTS = 64
FEWEST_EVALUATIONS = 5
"""With fewer, the picture shows the costs of the batches."""


class RunModel(QAbstractListModel):
    """rename(key, name): called when a name was typed; True if it was taken."""

    def __init__(self, rename: Callable[[str, str], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: list[Run] = []
        self._rename = rename
        self._shapes: dict[str, QPolygonF] = {}

    def show_runs(self, runs: tuple[Run, ...]) -> None:
        """Show these runs."""
        self.beginResetModel()
        self.runs = list(reversed(runs))
        shown = {curve.packed for run in runs for curve in run.curves.values()}
        self._shapes = {packed: s for packed, s in self._shapes.items() if packed in shown}
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """The row of a run; -1 if it is gone."""
        return next((row for row, run in enumerate(self.runs) if run.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.runs)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run = self.runs[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return run.title
        if role == RUN_ROLE:
            return run
        if role == SHAPE_ROLE:
            return self._shape(run)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._story(run))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._story(run)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        run = self.runs[index.row()]
        name = str(value).strip()
        if name == run.title:
            return True
        return self._rename(run.key, name)

    def _shape(self, run: Run) -> QPolygonF:
        """The cost over the iterations in the unit square, y downwards."""
        curve = _cost_of(run)
        if curve is None:
            return QPolygonF()
        if curve.packed not in self._shapes:
            self._shapes[curve.packed] = _polygon(curve)
        return self._shapes[curve.packed]

    def _story(self, run: Run) -> str:
        epochs, iterations = self.tr("{:,} epochs"), self.tr("{:,} iterations")
        epochs = self.tr("1 epoch") if run.epoch == 1 else epochs.format(run.epoch)
        one = self.tr("1 iteration")
        iterations = one if run.iteration == 1 else iterations.format(run.iteration)
        lines = [
            self.tr("{title}, started {date}, seed {seed}").format(
                title=run.title, date=run.started.replace("T", " "), seed=run.training.seed
            ),
            self.tr("{state} after {epochs}, {iterations}").format(
                state=run.state, epochs=epochs, iterations=iterations
            ),
            self.tr("loss: train {}, dev {}").format(
                cost_text(run, "train_cost"), cost_text(run, "dev_cost")
            ),
            self.tr("score: train {}, dev {}").format(
                score_text(run, "train_score"), score_text(run, "dev_score")
            ),
        ]
        lines += [self.tr("at {:,}: {}").format(mark.iteration, mark.text) for mark in run.marks]
        return "\n".join([*lines, self.tr("pinned")] if run.pinned else lines)


def _cost_of(run: Run) -> RunCurve | None:
    evaluated = run.curves.get("train_cost")
    if evaluated is not None and len(evaluated.points[0]) >= FEWEST_EVALUATIONS:
        return evaluated
    return run.curves.get("cost")


def _polygon(curve: RunCurve) -> QPolygonF:
    x, y = curve.points
    finite = np.isfinite(y)
    x, y = x[finite].astype(float), y[finite].astype(float)
    chosen = extremes(y, SHAPE_POINTS)
    x, y = x[chosen], y[chosen]
    if not len(x):
        return QPolygonF()
    low, high = float(y.min()), float(y.max())
    across = (x - x[0]) / max(1.0, float(x[-1] - x[0]))
    down = (high - y) / (high - low) if high > low else np.full(len(y), 0.5)
    return QPolygonF(
        [QPointF(*point) for point in zip(across.tolist(), down.tolist(), strict=True)]
    )
