"""Plot: labelled axes whose ranges are set by hand, zoom and pan with a way back."""

from __future__ import annotations

from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QWidget

from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.curve import PlotCurve
from studio.plots.grid import Grid
from studio.plots.ranges import Range
from studio.plots.value_axis import ValueAxis

ZOOM_STEP = 0.8
PAN_STEP = 0.1
READ_OUT_PX = 4
AXIS_DIGITS = "00.00"

Tick = tuple[float, str]
"""A place on an axis, and what is written there."""


class Plot(pg.PlotWidget):
    """Curves over one x axis.

    following: True while the view follows the data; zooming and panning end it, `reset` brings
    it back. view_changed: zoomed, panned or reset by the user, or resized: draw again.
    ticks: those that `show_ticks` chose, by the side of their axis.
    """

    view_changed = Signal()
    moved_by_key = Signal(int)
    """Shift and an arrow key: move the read-out by this many pixels."""

    def __init__(self, x_label: str, y_label: str, parent: QWidget | None = None) -> None:
        bottom = ValueAxis("bottom")
        super().__init__(parent, enableMenu=False, axisItems={"bottom": bottom})
        self.following = True
        self.logarithmic = False
        self.ticks: dict[str, list[Tick]] = {}
        self._curves: list[PlotCurve] = []
        self.held: Range | None = None
        self._shown: tuple[Range, Range] | None = None
        self._labels = {"bottom": x_label, "left": y_label}
        item = self.getPlotItem()
        item.hideButtons()
        view = item.getViewBox()
        view.setDefaultPadding(0)
        view.disableAutoRange()
        view.sigRangeChangedManually.connect(self._stop_following)
        for side in self._labels:
            self.axis(side).enableAutoSIPrefix(False)
        self.grid = Grid(self.axis("bottom"), self.axis("left"))
        view.addItem(self.grid, ignoreBounds=True)
        view.sigRangeChanged.connect(self.grid.update_lines)
        view.sigResized.connect(self.grid.update_lines)
        self._back = self._make_back_button()
        self.setAccessibleName(f"{y_label} over {x_label}")
        self.dress()
        theme.changed.connect(self.dress)

    def axis(self, side: str) -> pg.AxisItem:
        """The axis at the "left" or at the "bottom"."""
        return self.getPlotItem().getAxis(side)

    def show_ticks(self, side: str, ticks: list[Tick]) -> None:
        """Mark these places of an axis, in place of round numbers."""
        if ticks != self.ticks.get(side):
            self.ticks[side] = ticks
            self.axis(side).setTicks([ticks])

    def add(self, curve: PlotCurve) -> PlotCurve:
        """Show a curve."""
        self._curves.append(curve)
        self.getPlotItem().getViewBox().addItem(curve, ignoreBounds=True)
        return curve

    def remove(self, curve: PlotCurve) -> None:
        """Take a curve away."""
        self._curves.remove(curve)
        self.getPlotItem().getViewBox().removeItem(curve)

    def set_logarithmic(self, on: bool) -> None:
        """Label the y axis for values that are logarithms; the next `follow` sets its range."""
        self.logarithmic = on
        self.held = None
        self.axis("left").setLogMode(x=False, y=on)
        self.reset()

    def set_label(self, side: str, label: str) -> None:
        """Change the label of an axis."""
        self._labels[side] = label
        self.dress()

    def follow(self, x: Range, y: Range) -> None:
        """Show these ranges, unless the user is looking elsewhere."""
        self.held = y
        if self.following and (x, y) != self._shown:
            self._shown = x, y
            self.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)

    def visible_x(self) -> Range:
        """The x range on screen."""
        low, high = self.getPlotItem().getViewBox().viewRange()[0]
        return float(low), float(high)

    def columns(self) -> int:
        """Pixel columns of the plot's area."""
        return max(64, int(self.getPlotItem().getViewBox().width()))

    def reset(self) -> None:
        """Back to a view that follows the data."""
        self.following = True
        self._shown = None
        self._back.hide()
        self.view_changed.emit()

    def dress(self) -> None:
        """Take the theme's colors and fonts."""
        colors = theme.colors
        self.setBackground(colors.surface)
        for side, label in self._labels.items():
            axis = self.axis(side)
            axis.setPen(pg.mkPen(colors.border))
            axis.setTextPen(pg.mkPen(colors.text))
            size = f"{self._points():g}pt"
            axis.setLabel(escape(label), color=colors.muted, **{"font-size": size})
            axis.resizeEvent()  # or a label of another length is not in the middle
        self._fit_fonts()
        for curve in self._curves:
            curve.dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom along x, the arrows pan, Home goes back."""
        view = self.getPlotItem().getViewBox()
        low, high = self.visible_x()
        key, shift = event.key(), PAN_STEP * (high - low)
        arrow = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if arrow and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.moved_by_key.emit(READ_OUT_PX * arrow)
            return
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            view.scaleBy(x=ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            view.scaleBy(x=1 / ZOOM_STEP)
        elif arrow:
            view.translateBy(x=arrow * shift)
        elif key == Qt.Key.Key_Home:
            self.reset()
            return
        else:
            super().keyPressEvent(event)
            return
        self._stop_following()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.colors.accent))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.reset()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_back"):  # Qt resizes the view while it is being made
            self._back.move(self.axis("left").width() + GRID_PX, GRID_PX)
            self.view_changed.emit()

    def _points(self) -> float:
        return self.font().pointSizeF()

    def _fit_fonts(self) -> None:
        """Room for the longest tick text, so that the plot's area does not move."""
        font = tabular_font()
        font.setPointSizeF(self._points())
        for side in self._labels:
            self.axis(side).setTickFont(font)
        line, digits = (
            self.fontMetrics().height(),
            self.fontMetrics().horizontalAdvance(AXIS_DIGITS),
        )
        self.getPlotItem().layout.setContentsMargins(0, line / 2, GRID_PX / 2, 0)
        self.axis("left").setWidth(digits + line + GRID_PX)
        self.axis("bottom").setHeight(2 * line + GRID_PX)

    def _make_back_button(self) -> QPushButton:
        button = QPushButton(self.tr("Reset view"), self)
        button.setToolTip(self.tr("Follow the data again (double-click, or press Home)."))
        button.clicked.connect(self.reset)
        button.hide()
        return button

    def _stop_following(self) -> None:
        self.following = False
        self._shown = None
        self._back.move(int(self.axis("left").width()) + GRID_PX, GRID_PX)
        self._back.show()
        self.view_changed.emit()
