"""Gradient flow: layers by time on a logarithmic color scale, and the profile over depth."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from engine.probes.moment import Moment
from engine.training.history import History
from studio.dashboard.flow.alarm_line import AlarmLine
from studio.dashboard.flow.alarm_spots import AlarmSpots
from studio.dashboard.flow.color_scale import ColorScale
from studio.dashboard.flow.heat_map import HeatMap
from studio.dashboard.flow.layer_axis import LayerAxis
from studio.dashboard.flow.profile import ColorBar, Profile
from studio.dashboard.flow.quantity import (
    FlowQuantity,
    GradientNormFlow,
    HeatCells,
    UpdateRatioFlow,
)
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, theme
from studio.panels.curves_panel import CurvesPanel, Words
from studio.plots.curve import Array
from studio.plots.ranges import Range, decades
from studio.widgets.option import name_option

PROFILE_SHARE = 0.28
"""Of the plot's width..."""
PROFILE_CHARACTERS = 14, 40
"""...but no narrower and no wider than this many characters."""
QUANTITIES = (GradientNormFlow, UpdateRatioFlow)
QUANTITY_IDS = ("gradient_norm", "update_ratio")
LONGEST_NUMBER = 9
"""Characters of an iteration on the axis, with the gap to its neighbor."""
EMPTY_SPAN = (-1.0, 0.0)
MOST_TOLD = 2
"""Alarms that the read-out tells of."""
LEAST_WRAP = 20
"""Characters in a line of the read-out."""


class FlowPanel(CurvesPanel):
    """A strip of colors, a row for each layer from the input side at the bottom to the output side
    at the top, and beside it the newest values. A cell shows the greatest value of its time.
    """

    id, tab, column, order = "flow", "Flow", 2, 1

    def __init__(self, parent: QWidget | None = None) -> None:
        words = Words(
            self.tr("Gradient flow"),
            self.tr(
                "Each row is a layer, with the input at the bottom. Each cell shows "
                "the largest value in its stretch of time, hatched where it is "
                "exactly 0 or not a number. The line on the right is the latest step: "
                "if it leans left toward the bottom, gradients vanish; if it leans "
                "right, they explode."
            ),
            self.tr("Press Play to see how strongly each layer learns."),
            self.tr("iteration"),
            self.tr("input → output"),
        )
        self.quantities: list[FlowQuantity] = []
        self.heat, self.profile, self.color_bar = HeatMap(), Profile(), ColorBar()
        self.alarm_line = AlarmLine()
        super().__init__(words, parent)
        self._span: Range | None = None
        self._names: tuple[str, ...] = ()
        self._alarms = AlarmSpots()
        self._axis = LayerAxis(self.plot)
        self._density = 0.0
        self._cells = HeatCells(np.zeros((0, 0)), 0.5, 0.0)
        self.alarm_line.chosen.connect(self.node_chosen)
        self.plot.setAccessibleName(self.tr("Heat strip: every layer over iterations"))
        self.plot.scene().sigMouseClicked.connect(self._click)
        self.plot.installEventFilter(self)
        self.plot.viewport().installEventFilter(self)  # after the read-out's: asked before it
        theme.changed.connect(self.redraw)

    # What CurvesPanel asks.

    def arrange(self) -> None:
        self.legend.hide()  # the color scale is the legend
        self._add_choice()
        self.add_row(self.alarm_line)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        item = self.plot.getPlotItem()
        view = item.getViewBox()
        view.setMouseEnabled(x=True, y=False)
        view.addItem(self.heat, ignoreBounds=True)
        item.layout.addItem(self.profile, 2, 3)
        item.layout.addItem(self.color_bar, 3, 3)
        item.layout.setColumnSpacing(2, GRID_PX)

    def begin(self, history: History, moment: Moment) -> None:
        self.quantities = [quantity(history) for quantity in QUANTITIES]
        self._names, self._span = history.nodes, None
        self._alarms = AlarmSpots()
        self._set_row(None)

    def read_from(self, history: History) -> None:
        for each in self.quantities:
            each.history = history

    def version(self, history: History) -> Hashable:
        return super().version(history), len(history.health), self._chosen

    def take_in(self, history: History) -> bool:
        return self.quantity.update()

    def draw(self, history: History) -> None:
        quantity = self.quantity
        self._fit()
        self._axis.show_names(self._names)
        self.plot.follow(self.x_range(), (-0.5, len(self._names) - 0.5))
        scale = ColorScale(*self._find_span(quantity))
        cells = quantity.cells(*self.plot.visible_x(), self.plot.columns())
        view = self.plot.getPlotItem().getViewBox()
        self.heat.show_cells(cells, scale, view.viewRect())
        self._cells = cells
        self._alarms.update(history)
        self.heat.show_spots(self._alarms.in_view(*self.plot.visible_x(), self.plot.columns()))
        self.profile.show_values(self._newest(quantity), scale)
        self.color_bar.show_scale(scale, self._title())
        self.alarm_line.show_alarms(history.alarms)

    def painted(self) -> dict[str, Any]:
        """values: (cells, nodes), the largest of each cell; iterations: where the cells begin."""
        cells = self._cells
        count = len(cells.values)
        begins = cells.left + 0.5 + np.arange(count) * (cells.width / max(1, count))
        return {
            "quantity": QUANTITY_IDS[self._chosen],
            "nodes": list(self._names),
            "iterations": begins,
            "values": cells.values,
            "alarms": [alarm._asdict() for alarm in self.alarm_line.alarms],
        }

    def painted_set(self) -> str:
        return "train"

    def nearest(self, x: float) -> float | None:
        near = super().nearest(x)
        if near is None or not len(self.quantity.recorded):
            return None
        return float(self.quantity.iteration_of(self.quantity.row_at(near)))

    def lines_at(self, x: float) -> list[str]:
        assert self.history is not None
        values = self.quantity.recorded[self.quantity.row_at(x)]
        told = [self.tr("iteration {:,}").format(int(x))]
        row = self.heat.current
        if row is None:
            told += self._ends(values)
        else:
            told.append(f"{self._names[row]}: {self._title()} {values[row]:.4g}")
        return told + self._alarms_near(self.history, x, row)

    def table(self, history: History) -> tuple[list[str], Sequence[Array]]:
        quantity = self.quantity
        values = quantity.recorded
        return ["iteration", *history.nodes], [quantity.iterations[: len(values)], *values.T]

    # What is its own.

    @property
    def quantity(self) -> FlowQuantity:
        """What the strip shows now."""
        return self.quantities[self._chosen]

    def show_quantity(self, index: int) -> None:
        """Show the gradient norm (0) or the update ratio (1)."""
        self.choice.button(index).setChecked(True)

    @property
    def _chosen(self) -> int:
        return self.choice.checkedId()

    def follow(self, moment: Moment) -> None:
        super().follow(moment)
        if self.is_empty:
            self.alarm_line.show_alarms(())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            return self._hover(event.position())
        if event.type() == QEvent.Type.Leave and watched is self.plot.viewport():
            self._set_row(None)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return watched is self.plot and self._press(Qt.Key(event.key()))
        return False

    def _add_choice(self) -> None:
        self.choice = QButtonGroup(self)
        for index, (text, tip) in enumerate(
            (
                (self.tr("Gradient norm"), self.tr("‖gradient‖ of each layer, at every step.")),
                (
                    self.tr("Update ratio"),
                    self.tr(
                        "‖change of W in one step‖ / ‖W‖, measured every {} steps; about 10⁻³ is "
                        "healthy."
                    ).format(UpdateRatioFlow.spacing),
                ),
            )
        ):
            button = QRadioButton(text, self)
            button.setToolTip(plain_tip(tip))
            name_option(QUANTITY_IDS[index], button)
            self.choice.addButton(button, index)
            self.header.addWidget(button)
        self.header.addStretch(1)
        self.choice.button(0).setChecked(True)
        self.choice.idToggled.connect(self._take_choice)

    def _take_choice(self, _index: int, on: bool) -> None:
        if on:
            self._change_quantity()

    def _change_quantity(self) -> None:
        label, spacing = self.tr("iteration"), QUANTITIES[self._chosen].spacing
        if spacing > 1:
            label = self.tr("iteration (measured every {})").format(spacing)
        self.plot.set_label("bottom", label)
        self._span = None
        if self.history is not None and len(self.history):
            self.behind = not self.take_in(self.history)
            self.read_out.hide()
            self.redraw()

    def _title(self) -> str:
        button = self.choice.checkedButton()
        assert button is not None, "one of the quantities is always chosen"
        return button.text().lower()

    def _find_span(self, quantity: FlowQuantity) -> Range:
        """The ends of the color scale, in powers of ten; they change in steps."""
        found = quantity.pyramid.extremes()
        if found is None:
            return self._span or EMPTY_SPAN
        low, high = (math.log10(value) for value in found)
        self._span = decades(self._span, low, high)
        return self._span

    def _newest(self, quantity: FlowQuantity) -> Array:
        recorded = quantity.recorded
        return recorded[-1] if len(recorded) else np.full(len(self._names), np.nan)

    def _ends(self, values: Array) -> list[str]:
        """The least and the greatest of one moment, with their layers."""
        if not np.isfinite(values).any():
            return []
        least, most = int(np.nanargmin(values)), int(np.nanargmax(values))
        return [
            self.tr("least: {} {:.3g}").format(self._names[least], values[least]),
            self.tr("greatest: {} {:.3g}").format(self._names[most], values[most]),
        ]

    def _alarms_near(self, history: History, x: float, row: int | None) -> list[str]:
        """Alarms of a row, or of all, about an iteration."""
        low, high = self.plot.visible_x()
        reach = 6 * (high - low) / self.plot.columns()
        name = self._names[row] if row is not None else None
        found = [
            self.alarm_line.sentence(alarm)
            for alarm in history.alarms
            if abs(alarm.iteration - x) <= reach and name in (None, alarm.node)
        ]
        room = int(0.9 * self.plot.columns() / self.plot.fontMetrics().averageCharWidth())
        return [line for told in found[:MOST_TOLD] for line in wrap(told, max(LEAST_WRAP, room))]

    def _fit(self) -> None:
        """The profile's width follows the panel's."""
        width = self.plot.fontMetrics().averageCharWidth()
        least, most = (count * width for count in PROFILE_CHARACTERS)
        wanted = float(min(max(PROFILE_SHARE * self.plot.width(), least), most))
        if self.profile.maximumWidth() != wanted:
            for item in (self.profile, self.color_bar):
                item.setMinimumWidth(wanted)
                item.setMaximumWidth(wanted)
        columns = self.plot.columns()
        labels = columns / (LONGEST_NUMBER * width)
        density = min(1.0, labels / math.log(columns))
        if density != self._density:  # setting it draws the axis again
            self._density = density
            self.plot.axis("bottom").setTickDensity(density)

    # Pointer and keys.

    def _set_row(self, row: int | None) -> None:
        self.heat.show_current(row)
        self.profile.show_current(row)

    def _row_at(self, at: QPointF) -> int | None:
        """The layer at a height of the plot's scene, in the strip or in the profile."""
        view = self.plot.getPlotItem().getViewBox()
        area = view.sceneBoundingRect().united(self.profile.sceneBoundingRect())
        if not self._names or not area.contains(at):
            return None
        return self.profile.layer_at(at.y() - area.top())

    def _in_profile(self, at: QPointF) -> bool:
        return bool(self.profile.sceneBoundingRect().contains(at))

    def _hover(self, position: QPointF) -> bool:
        """Follow the pointer; over the profile the read-out tells of the newest values."""
        at = self.plot.mapToScene(position.toPoint())
        row = self._row_at(at)
        self._set_row(row)
        if row is None or not self._in_profile(at) or self.history is None:
            return False
        self.read_out.show_at(float(len(self.history)))
        return True

    def _press(self, key: Qt.Key) -> bool:
        """Up and Down choose a row, Enter shows its layer on the canvas."""
        row = self.heat.current
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(key)
        if step is not None and self._names:
            self._set_row(0 if row is None else min(max(row + step, 0), len(self._names) - 1))
            self.read_out.show_at(self.read_out.x or self._end)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.node_chosen.emit(self._names[row])
            return True
        return False

    def _click(self, event: MouseClickEvent) -> None:
        """A click on a row shows its layer on the canvas; a drag pans and is no click."""
        row = self._row_at(event.scenePos())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.node_chosen.emit(self._names[row])
