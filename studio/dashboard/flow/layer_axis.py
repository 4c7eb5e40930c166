"""LayerAxis: the names of layers at the left of a plot, as many as can be read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from studio.look.theme import GRID_PX
from studio.plots.plot import Plot

LONGEST_NAME = 12
"""Characters; longer names are cut in the middle, and the read-out tells them in full."""
MOST_SHARE = 0.3
"""The names take no more than this share of the plot's width."""


class LayerAxis:
    """Writes the names of layers at 0, 1, 2... of a plot's left axis."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._shown: tuple[object, ...] = ()

    def show_names(self, names: Sequence[str]) -> None:
        """Show these names, or every second, third... where the rows are too low for all."""
        plot, axis = self._plot, self._plot.axis("left")
        metrics = plot.fontMetrics()
        height = plot.getPlotItem().getViewBox().height()
        stride = stride_of(len(names), height / max(1, metrics.height()))
        key = tuple(names), stride, plot.width(), metrics.height(), axis.width()
        if key == self._shown:
            return
        most = min(LONGEST_NAME * metrics.averageCharWidth(), int(MOST_SHARE * plot.width()))
        middle = Qt.TextElideMode.ElideMiddle
        ticks = [
            (float(layer), metrics.elidedText(names[layer], middle, most))
            for layer in range(0, len(names), stride)
        ]
        plot.show_ticks("left", ticks)
        widest = max((metrics.horizontalAdvance(text) for _, text in ticks), default=0)
        axis.setWidth(widest + metrics.height() + 2 * GRID_PX)
        plot.getPlotItem().layout.activate()  # at once: what is drawn next needs the room left
        self._shown = (*key[:-1], axis.width())


def stride_of(layers: int, lines: float) -> int:
    """Every how many-th of the layers gets a name where this many lines of text fit."""
    return max(1, -int(-layers // max(1.0, lines)))
