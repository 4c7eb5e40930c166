"""LabView: the starts that initializers lead to, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from engine.experiments.initialization_lab import Start, StartFinding, title_of
from engine.initializers import Initializer
from engine.probes.spreads import DW, A, Histogram
from engine.words import percent, short_number
from studio.dashboard.histograms.drawing import mean_and_spread, paint_histogram, span_of
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.look.translate import translator
from studio.panels.panel import restyle
from studio.widgets.option import name_option

PLOT_LINES = 1.6
NARROWEST = "dW  −0.0e-0 ± 0.0e-0"


class StartCells(QWidget):
    """Activations and gradients of every layer for one start, from the first layer down."""

    def __init__(self, start: Start, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = start
        self.setFont(tabular_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title_of(start.initializer))
        self.setAccessibleDescription("; ".join(self.texts()))
        theme.changed.connect(self.update)

    def rows(self) -> list[tuple[str, str, Histogram]]:
        """(node, "A" or "dW", histogram), layer by layer."""
        spreads = self.start.spreads
        return [(node, kind, spreads[kind][node]) for node in spreads[DW] for kind in (A, DW)]

    def texts(self) -> list[str]:
        """The numbers in words: "h1 A 0.34 ± 0.51"."""
        return [f"{node} {kind} {mean_and_spread(h)}" for node, kind, h in self.rows()]

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(NARROWEST) + GRID_PX
        return QSize(width, int(sum(self._heights())))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        y, line = 0.0, self.fontMetrics().height()
        for (node, kind, histogram), height in zip(self.rows(), self._heights(), strict=True):
            top = y
            if kind == A:
                self._paint_name(painter, int(y), node)
                top += line
            painter.setPen(QColor(theme.colors.text))
            words = QRect(0, int(top), self.width(), line)
            painter.drawText(words, 0, f"{kind}  {mean_and_spread(histogram)}")
            plot = QRectF(0, top + line, self.width() - GRID_PX, PLOT_LINES * line)
            paint_histogram(painter, histogram, span_of(None, histogram), plot)
            y += height

    def _paint_name(self, painter: QPainter, y: int, node: str) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.colors.text))
        words = self.fontMetrics().elidedText(node, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(QRect(0, y, self.width(), self.fontMetrics().height()), 0, words)
        painter.setFont(self.font())

    def _heights(self) -> list[float]:
        line = self.fontMetrics().height()
        plot = (1 + PLOT_LINES) * line + GRID_PX / 2
        return [plot + (line if kind == A else 0) for _, kind, _ in self.rows()]


class LabView(QScrollArea):
    """A column for each initializer. wanted(initializer): the user wants to start with this."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.starts: list[Start] = []
        self.buttons: list[QPushButton] = []
        self.columns: list[StartCells] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Initializers side by side"))

    def show_starts(self, starts: Sequence[Start], used: Initializer | None) -> None:
        """Show other starts. used: the one that all layers have now, if they agree."""
        keeps = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        had_focus = any(button.hasFocus() for button in self.buttons)
        self.starts, self.buttons, self.columns = list(starts), [], []
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        for column, start in enumerate(self.starts):
            self._add_column(grid, column, start, start.initializer == used)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(5, 1)
        self.setWidget(inside)
        for bar, value in zip(
            (self.horizontalScrollBar(), self.verticalScrollBar()), keeps, strict=True
        ):
            bar.setValue(value)
        if had_focus:
            self.setFocus()

    def _add_column(self, grid: QGridLayout, column: int, start: Start, used: bool) -> None:
        title = PlainLabel(title_of(start.initializer))
        title.setProperty("role", "heading")
        title.setWordWrap(True)
        cost = PlainLabel(self._verdict(start))
        cost.setFont(tabular_font())
        cost.setWordWrap(True)
        cost.setProperty("role", "problem" if start.findings else "text")
        button = QPushButton(self.tr("In use") if used else self.tr("Use"))
        button.setEnabled(not used)
        name = self.tr("Initialize all layers with {}").format(title_of(start.initializer))
        button.setAccessibleName(name)
        button.setToolTip(plain_tip(name))
        name_option(f"use_{start.initializer.kind}", button)
        button.clicked.connect(lambda: self.wanted.emit(start.initializer))
        words = PlainLabel("\n".join(self.words(start)))
        words.setWordWrap(True)
        words.setProperty("role", "problem" if start.findings else "muted")
        cells = StartCells(start)
        cost.setToolTip(plain_tip(words.text()))
        top = Qt.AlignmentFlag.AlignTop
        for row, widget in enumerate((title, cost, button, cells, words)):
            grid.addWidget(widget, row, column, top)
            restyle(widget)
        self.buttons.append(button)
        self.columns.append(cells)

    def words(self, start: Start) -> list[str]:
        """What is wrong with a start, in whole sentences; or that it is sound."""
        if start.findings:
            return [sentence_of(finding) for finding in start.findings]
        return [self.tr("Activations and gradients keep their size from layer to layer.")]

    def _verdict(self, start: Start) -> str:
        """The cost, and the first finding; all of them stand below the histograms."""
        verdict = self.tr("✓ healthy")
        if start.findings:
            verdict = f"✗ {short_name(start.findings[0])}"
        return f"J = {short_number(start.cost)}\n{verdict}"


def short_name(finding: StartFinding) -> str:
    """A finding in a word or two."""
    names = {
        "symmetric": _tr("symmetric"),
        "saturated": _tr("saturated"),
        "dead": _tr("dead units"),
        "fading": _tr("fading"),
        "growing": _tr("growing"),
        "vanishing": _tr("vanishing"),
        "faint": _tr("small gradients"),
        "exploding": _tr("exploding"),
        "still": _tr("does not learn"),
        "costly": _tr("high cost"),
        "broken": _tr("not finite"),
    }
    return names[finding.kind]


def sentence_of(finding: StartFinding) -> str:
    """A finding as a sentence with its numbers."""
    texts = {
        "symmetric": _tr(
            "{share} of the units of “{node}” start with the same weights as another "
            "unit: they stay equal forever (symmetry)."
        ),
        "saturated": _tr(
            "{share} of the activations of “{node}” are saturated: the slope there is almost 0."
        ),
        "dead": _tr("{share} of the units of “{node}” are 0 for the whole batch (dead)."),
        "fading": _tr(
            "The activations fade: their spread is {value} in “{node}”, compared with "
            "{other} in the data."
        ),
        "growing": _tr(
            "The activations grow: their spread is {value} in “{node}”, compared with "
            "{other} in the data."
        ),
        "vanishing": _tr(
            "The gradient vanishes: its norm is {value} in “{node}”, compared with "
            "{other} in the layer with the largest."
        ),
        "faint": _tr("All gradients are small: the largest norm is {value}, in “{node}”."),
        "exploding": _tr("The gradient explodes: its norm is {value} in “{node}”."),
        "still": _tr("The gradient of “{node}” is exactly 0: it does not learn."),
        "costly": _tr("The cost starts at {value}; outputs of 0 would cost only {other}."),
        "broken": _tr("The numbers become infinite: training cannot continue from here."),
    }
    return texts[finding.kind].format(
        node=finding.node,
        share=percent(finding.value, digits=0),
        value=short_number(finding.value),
        other=short_number(finding.other),
    )


_tr = translator("LabView")
