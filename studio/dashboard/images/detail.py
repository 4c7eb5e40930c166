"""Detail: one example, large, with the probability of every class."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from engine.words import percent
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.widgets.control_row import ControlRow
from studio.widgets.large_picture import LargePicture
from studio.widgets.painted_area import PaintedArea

VALUE = "100.0 %"


class Judgment(NamedTuple):
    """What the network says of one example. probabilities: one for each of the classes."""

    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    true: int
    predicted: int


class ProbabilityBars(PaintedArea):
    """A bar and a number for every class; the true and the predicted one say so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Probability of every class"))
        self.judgment: Judgment | None = None

    def show_judgment(self, judgment: Judgment) -> None:
        """Show the probabilities of another example, or new ones."""
        self.judgment = judgment
        self.setAccessibleDescription("; ".join(self.texts()))
        self.fit()

    def texts(self) -> list[str]:
        """The rows in words: "4: 2.1 %, true"."""
        if self.judgment is None:
            return []
        return [
            f"{name}: {percent(p)}{self._role(index)}"
            for index, (name, p) in enumerate(
                zip(self.judgment.classes, self.judgment.probabilities, strict=True)
            )
        ]

    def content_size(self, room: QSize) -> QSize:
        rows = len(self.judgment.classes) if self.judgment else 0
        return QSize(24 * GRID_PX, rows * self._row())

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        if self.judgment is None:
            return
        painter.setFont(tabular_font())
        for index in range(len(self.judgment.classes)):
            y = index * self._row()
            if visible.top() - self._row() < y < visible.bottom():
                self._paint_row(painter, index, y, max(visible.width(), 24 * GRID_PX))

    def _paint_row(self, painter: QPainter, index: int, y: int, width: int) -> None:
        assert self.judgment is not None
        metrics, row, colors = self.fontMetrics(), self._row(), theme.colors
        name_width = min(
            max(metrics.horizontalAdvance(name) for name in self.judgment.classes), width // 4
        )
        words = metrics.horizontalAdvance(self.tr("predicted"))
        right = width - metrics.horizontalAdvance(VALUE) - words - 3 * GRID_PX
        left = name_width + 2 * GRID_PX
        p = self.judgment.probabilities[index]
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colors.text))
        name = metrics.elidedText(
            self.judgment.classes[index], Qt.TextElideMode.ElideRight, name_width
        )
        painter.drawText(QRect(GRID_PX // 2, y, name_width, row), middle, name)
        painter.fillRect(
            QRectF(left, y + row * 0.2, max(0, right - left), row * 0.6), QColor(colors.grid)
        )
        bar = QRectF(left, y + row * 0.2, max(0, right - left) * p, row * 0.6)
        painter.fillRect(bar, self._color(index))
        value = QRect(right, y, metrics.horizontalAdvance(VALUE) + GRID_PX, row)
        painter.drawText(value, middle | Qt.AlignmentFlag.AlignRight, percent(p))
        role = QRect(value.right() + GRID_PX, y, words + GRID_PX, row)
        painter.drawText(role, middle, self._role(index).removeprefix(", "))

    def _color(self, index: int) -> QColor:
        """Good for the true class, problem for a wrong prediction; the words say the same."""
        assert self.judgment is not None
        colors = theme.colors
        if index == self.judgment.true:
            return QColor(colors.good)
        return QColor(colors.problem if index == self.judgment.predicted else colors.muted)

    def _role(self, index: int) -> str:
        assert self.judgment is not None
        if index == self.judgment.true:
            return self.tr(", true")
        return self.tr(", predicted") if index == self.judgment.predicted else ""

    def _row(self) -> int:
        """All rows fill the room there is, within reason."""
        line, rows = self.fontMetrics().height(), len(self.judgment.classes) if self.judgment else 1
        return max(line + GRID_PX // 4, min(2 * line, self.viewport().height() // rows))


class Detail(QWidget):
    """One example. closed: back to all. moved(step): the one before, or the next.

    bar: its buttons and its words, for the header of the panel.
    """

    closed = Signal()
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Enlarged picture"))
        self.back = QPushButton(self.tr("All pictures"), self)
        self.back.setToolTip(self.tr("Back to all pictures (Esc)."))
        self.back.clicked.connect(self.closed)
        self.words = PlainLabel(parent=self)
        self.picture = LargePicture(self)
        self.bars = ProbabilityBars(self)
        self.bar = ControlRow()
        self.bar.hide()
        self.bar.add(self.back)
        self.steps = [
            self._step_button("‹", -1, self.tr("Previous picture")),
            self._step_button("›", 1, self.tr("Next picture")),
        ]
        for button in self.steps:
            self.bar.add(button)
        self.bar.add(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.picture, 2)
        row.addWidget(self.bars, 3)

    def show_example(self, image: QImage, words: str, judgment: Judgment) -> None:
        """Show an example, or what the network says of it by now."""
        self.picture.show_image(image)
        self.picture.setAccessibleName(words)
        self.setAccessibleDescription(words)
        self.words.setText(words)
        self.bars.show_judgment(judgment)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.picture.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.picture.update()

    def _step_button(self, text: str, step: int, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAccessibleName(name)
        button.setToolTip(plain_tip(name))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.moved.emit(step))
        return button
