"""ThresholdView: what every threshold would give, and the ROC curve, with the chosen one marked."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.metrics import ThresholdSweep
from engine.words import percent
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme
from studio.plots.curve import PlotCurve, Style
from studio.plots.legend import Legend
from studio.plots.plot import Plot

BOTH_FROM = 80
"""A view at least this many characters wide shows the ROC curve, too."""
FULL = (0.0, 1.02)


class ThresholdView(QWidget):
    """Curves of precision, recall, F1 and error over the threshold; a line at the chosen one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.plot = Plot(self.tr("threshold"), self.tr("share"), self)
        self.roc = Plot(self.tr("false positive rate"), self.tr("recall"), self)
        titles = {
            "precision": self.tr("precision"),
            "recall": self.tr("recall"),
            "f1": self.tr("F1"),
            "error": self.tr("error"),
        }
        symbols = "otsd"
        self.curves = {
            name: self.plot.add(PlotCurve(title, Style(i, symbol=symbols[i])))
            for i, (name, title) in enumerate(titles.items())
        }
        self.roc_curve = self.roc.add(PlotCurve(self.tr("ROC"), Style(0)))
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.plot.getPlotItem().getViewBox().addItem(self.line, ignoreBounds=True)
        self.dot = self.roc.add(PlotCurve(self.tr("chosen threshold"), Style(1, symbol="d")))
        self._arrange()
        self._dress()
        theme.changed.connect(self._dress)

    def show_curves(self, drawn: ThresholdSweep) -> None:
        """Draw other curves."""
        finite = np.isfinite(drawn.threshold)
        x = drawn.threshold[finite][::-1]
        for name, curve in self.curves.items():
            curve.show_points(x, getattr(drawn, name)[finite][::-1])
        self.roc_curve.show_points(drawn.false_positive_rate, drawn.recall)
        for plot in (self.plot, self.roc):
            plot.follow((0.0, 1.0), FULL)

    def show_threshold(self, sweep: ThresholdSweep, threshold: float) -> None:
        """Mark a threshold, and say what it gives."""
        values = sweep.at(threshold)
        self.line.setValue(threshold)
        at = np.array([values["false_positive_rate"]]), np.array([values["recall"]])
        self.dot.show_points(*at)
        text = self.tr("Precision {}, recall {}, F1 {}, error {}.").format(
            *(percent(values[name]) for name in ("precision", "recall", "f1", "error"))
        )
        area = self.tr(" Area under the ROC curve: {:.3f}.")
        self.words.setText(text + (area.format(sweep.area) if sweep.area is not None else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.roc.setVisible(self.width() >= BOTH_FROM * self.fontMetrics().averageCharWidth())

    def _arrange(self) -> None:
        curves = list(self.curves.values())
        legend = Legend(parent=self)
        legend.show_curves(curves)
        legend.toggled.connect(lambda index, shown: curves[index].setVisible(shown))
        plots = QHBoxLayout()
        plots.setSpacing(GRID_PX)
        plots.addWidget(self.plot, 1)
        plots.addWidget(self.roc, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.words)
        layout.addWidget(legend)
        layout.addLayout(plots, 1)

    def _dress(self) -> None:
        self.line.setPen(pg.mkPen(QColor(theme.colors.text)))
