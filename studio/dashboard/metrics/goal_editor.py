"""GoalEditor: one optimizing metric, and any number of satisficing ones with their limits."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.doctor import MEASURES, Goal, Limit, measures_for, usual_goal
from engine.targets import Targets
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX
from studio.widgets.control_row import ControlRow
from studio.widgets.controls import FieldComboBox
from studio.widgets.option import name_option

MOST_LIMITS = 5
LARGEST_BOUND = 1e9
FIRST_BOUNDS = {"milliseconds": 100.0, "parameters": 100_000.0}
"""Limits to begin with; that of a share is this:"""
FIRST_SHARE = 0.5


class GoalEditor(QWidget):
    """changed: the goal is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.goal = Goal()
        self._task = ""
        self.rows: list[LimitRow] = []
        controls = ControlRow(self)
        controls.add(PlainLabel(self.tr("Optimize")))
        self.optimizing = controls.add_combo(self.tr("Metric to optimize"), [])
        self.add_button = controls.add_button(
            self.tr("Add Limit"),
            self.tr("Add a metric that only has to be good enough (satisficing)."),
        )
        self.add_button.setEnabled(False)  # a limit is on one of the task's metrics
        name_option("optimize", self.optimizing)
        name_option("add_limit", self.add_button)
        self.optimizing.activated.connect(self._read)
        self.add_button.clicked.connect(self._add)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID_PX // 2)
        self._layout.addWidget(controls)

    def set_task(self, task: str) -> None:
        """Offer the metrics of a task; the goal starts over."""
        if task == self._task:
            return
        self._task = task
        self.add_button.setEnabled(bool(self.names))
        self.goal = usual_goal(task)
        for row in list(self.rows):
            self._drop(row)
        self.optimizing.clear()
        for name in self.names:
            self.optimizing.addItem(MEASURES[name].title, name)
        self.optimizing.setCurrentIndex(self.optimizing.findData(self.goal.optimizing))

    @property
    def names(self) -> list[str]:
        """The metrics that suit the task."""
        return list(measures_for(Targets.of(self._task))) if self._task else []

    def _add(self) -> None:
        row = LimitRow(self.names, self)
        row.changed.connect(self._read)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._layout.addWidget(row)
        row.measured.setFocus()
        self._read()

    def _remove(self, row: LimitRow) -> None:
        self._drop(row)
        self.add_button.setFocus()
        self._read()

    def _drop(self, row: LimitRow) -> None:
        self.rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _read(self) -> None:
        limits = tuple(row.limit for row in self.rows)
        self.goal = self.goal.replace(optimizing=self.optimizing.currentData(), limits=limits)
        self.add_button.setEnabled(len(self.rows) < MOST_LIMITS)
        self.changed.emit()


class LimitRow(QWidget):
    """One satisficing metric. changed; removed."""

    changed = Signal()
    removed = Signal()

    def __init__(self, names: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.measured = FieldComboBox()
        self.measured.setAccessibleName(self.tr("Metric with a limit"))
        for name in names:
            self.measured.addItem(MEASURES[name].title, name)
        self.measured.setCurrentIndex(max(0, self.measured.findData("parameters")))
        self.word = PlainLabel(parent=self)
        self.bound = QDoubleSpinBox(self)
        self.bound.setKeyboardTracking(False)
        self.bound.setAccessibleName(self.tr("Limit"))
        self.remove = QToolButton(self)
        self.remove.setText("✕")
        self.remove.setAccessibleName(self.tr("Remove this limit"))
        self.remove.setToolTip(plain_tip(self.remove.accessibleName()))
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        for widget in (self.measured, self.word, self.bound, self.remove):
            layout.addWidget(widget)
        layout.addStretch(1)
        name_option("limit_on", self.measured)
        name_option("limit", self.bound)
        name_option("remove_limit", self.remove)
        self._begin()
        self.measured.activated.connect(self._choose)
        self.bound.valueChanged.connect(lambda _: self.changed.emit())
        self.remove.clicked.connect(self.removed)

    @property
    def limit(self) -> Limit:
        """What has to hold."""
        name, bound = self.measured.currentData(), self.bound.value()
        return Limit(metric=name, bound=bound / 100 if _is_share(name) else bound)

    def _choose(self) -> None:
        self._begin()
        self.changed.emit()

    def _begin(self) -> None:
        """A limit to begin with, in the unit of the metric; shares are percent."""
        name = self.measured.currentData()
        measure = MEASURES[name]
        higher = measure.better == "higher"
        self.word.setText(self.tr("at least") if higher else self.tr("at most"))
        first = FIRST_BOUNDS.get(name, FIRST_SHARE)
        share = _is_share(name)
        self.bound.blockSignals(True)
        self.bound.setDecimals(1 if share or name == "milliseconds" else 0)
        self.bound.setRange(0.0, 100.0 if share else LARGEST_BOUND)
        self.bound.setSuffix(" %" if share else f" {measure.unit}".rstrip())
        self.bound.setValue(100 * first if share else first)
        self.bound.blockSignals(False)


def _is_share(name: str) -> bool:
    """Whether a metric is a share that people read in percent."""
    return MEASURES[name].is_share
