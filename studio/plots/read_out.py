"""ReadOut: a line at the pointer, and the exact numbers there."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.plot import Plot


class ReadOut(QObject):
    """Follows the pointer over a plot; Shift with the arrow keys moves it, too.

    nearest(x): the x of the nearest point, or None. text(x): what to say there, in lines.
    """

    def __init__(
        self,
        plot: Plot,
        nearest: Callable[[float], float | None],
        text: Callable[[float], list[str]],
    ) -> None:
        super().__init__(plot)
        self._plot, self._nearest, self._text = plot, nearest, text
        self.x: float | None = None
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        plot.getPlotItem().getViewBox().addItem(self.line, ignoreBounds=True)
        self.label = PlainLabel(parent=plot)
        self.label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.label.setMargin(GRID_PX // 2)
        self.label.hide()
        plot.viewport().installEventFilter(self)
        plot.moved_by_key.connect(self.move_by)
        self._dress()
        theme.changed.connect(self._dress)

    def show_at(self, x: float) -> None:
        """Show the numbers of the point nearest to x."""
        self.x = self._nearest(x)
        if self.x is None:
            self.hide()
            return
        self.line.setPos(self.x)
        self.line.show()
        self.label.setText("\n".join(self._text(self.x)))
        self.label.adjustSize()
        self._place()
        self.label.show()

    def hide(self) -> None:
        """Show nothing."""
        self.x = None
        self.line.hide()
        self.label.hide()

    def move_by(self, pixels: int) -> None:
        """Move along x by about this many pixels, and by one point at least."""
        low, high = self._plot.visible_x()
        if self.x is None:
            self.show_at((low + high) / 2)
            return
        step = (high - low) / self._plot.columns()
        old, distance = self.x, float(pixels)
        while self.x == old and low <= old + distance * step <= high:
            self.show_at(old + distance * step)
            distance *= 2

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._follow(event.position())
        elif event.type() == QEvent.Type.Leave:
            self.hide()
        return False

    def _follow(self, position: QPointF) -> None:
        view = self._plot.getPlotItem().getViewBox()
        at = self._plot.mapToScene(position.toPoint())
        if view.sceneBoundingRect().contains(at):
            self.show_at(view.mapSceneToView(at).x())
        else:
            self.hide()

    def _place(self) -> None:
        """On the side where the pointer is not."""
        view = self._plot.getPlotItem().getViewBox()
        area = view.sceneBoundingRect()
        at = view.mapViewToScene(QPointF(self.x or 0.0, 0.0)).x()
        left = area.left() + GRID_PX
        if at < area.center().x():
            left = area.right() - self.label.width() - GRID_PX
        self.label.move(int(left), int(area.top()) + GRID_PX)

    def _dress(self) -> None:
        colors = theme.colors
        self.label.setFont(tabular_font())
        self.label.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
        )
        self.line.setPen(pg.mkPen(colors.muted))
