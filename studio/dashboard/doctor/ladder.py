"""Ladder: the errors from human level to the test set, and the gaps between them, as bars."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.doctor import Diagnosis, ErrorRate, Gap, gap_text, rate_text
from engine.doctor.words import MEANINGS
from engine.words import percent
from studio.look.inks import faded
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.ranges import nice_above

ERROR = "error"
"""The state of a row that is an error and no gap."""
BESIDE_FROM = 24 * GRID_PX
"""With at least so much room left, the bar stands between title and numbers, else below them."""
BAR_SHARE = 0.4
"""The bar of an error is paler than the interval on it."""
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MIDDLE = Qt.AlignmentFlag.AlignVCenter


class LadderRow(NamedTuple):
    """An error: a bar from 0. A gap: a bar from the one error to the other. low, high: its ends;
    bounds: its interval, or None where there is none. state: ERROR, or that of the gap."""

    title: str
    numbers: str
    low: float
    high: float
    bounds: tuple[float, float] | None
    state: str
    tip: str = ""


class Ladder(QWidget):
    """As high as its rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[LadderRow] = []
        self._end = 1.0
        self._beside = True
        self._lines = 1
        self.setAccessibleName(self.tr("Errors, and the gaps between them"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def show_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Show other errors."""
        self.rows = self._rows_of(diagnosis)
        highest = max(max(row.high, *(row.bounds or (0.0,))) for row in self.rows)
        self._end = nice_above(max(highest, 0.01))
        spoken = [f"{row.title}: {row.numbers}" for row in self.rows]
        self.setAccessibleDescription("; ".join(spoken))
        self.updateGeometry()
        self._measure()

    def heightForWidth(self, width: int) -> int:
        _beside, lines = self._form(width)
        return max(1, len(self.rows)) * self._height_of(lines)

    def sizeHint(self) -> QSize:
        width = max(self.width(), 24 * GRID_PX)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(16 * GRID_PX, self.heightForWidth(max(self.width(), 16 * GRID_PX)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(tabular_font())
        height = self._height_of(self._lines)
        for index, row in enumerate(self.rows):
            self._paint_row(painter, row, QRect(0, index * height, self.width(), height))

    # What is painted.

    def _paint_row(self, painter: QPainter, row: LadderRow, place: QRect) -> None:
        line = self.fontMetrics().height()
        indent = 0 if row.state == ERROR else 2 * GRID_PX
        top = QRect(place.left() + indent, place.top(), place.width() - indent, line)
        painter.setPen(QColor(theme.colors.text))
        painter.drawText(top, LEFT | MIDDLE, row.title)
        numbers = top if self._lines == 1 else top.translated(0, line)
        painter.setPen(self._ink(row))
        painter.drawText(numbers, (RIGHT if self._lines == 1 else LEFT) | MIDDLE, row.numbers)
        if self._beside:
            left = self._widest_title() + GRID_PX
            right = place.width() - self._widest_numbers() - GRID_PX
            bar = QRectF(left, place.top() + line * 0.2, right - left, line * 0.6)
        else:
            bar = QRectF(place.left(), numbers.bottom() + 2, place.width() - 1, GRID_PX)
        self._paint_bar(painter, row, bar)

    def _paint_bar(self, painter: QPainter, row: LadderRow, room: QRectF) -> None:
        painter.fillRect(room, QColor(theme.colors.grid))

        def at(value: float) -> float:
            return room.left() + room.width() * max(0.0, min(1.0, value / self._end))

        bar = QRectF(at(row.low), room.top(), max(2.0, at(row.high) - at(row.low)), room.height())
        ink = faded(self._ink(row), BAR_SHARE) if row.state == ERROR else self._ink(row)
        if row.state == "unclear":
            painter.fillRect(bar, QBrush(ink, Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(ink, 1))
            painter.drawRect(bar.adjusted(0, 0, -1, -1))
        else:
            painter.fillRect(bar, ink)
        if row.bounds is not None:
            self._paint_bounds(painter, at(row.bounds[0]), at(row.bounds[1]), room)

    def _paint_bounds(self, painter: QPainter, low: float, high: float, room: QRectF) -> None:
        """A whisker."""
        middle, reach = int(room.center().y()), int(room.height() / 2) - 1
        painter.setPen(QPen(QColor(theme.colors.text), 1))
        painter.drawLine(int(low), middle, int(high), middle)
        for x in (low, high):
            painter.drawLine(int(x), middle - reach, int(x), middle + reach)

    def _ink(self, row: LadderRow) -> QColor:
        """The words beside the bar say the same as its color."""
        colors = theme.colors
        inks = {
            ERROR: colors.text,
            "large": colors.problem,
            "minor": colors.warning,
            "small": colors.good,
        }
        return QColor(inks.get(row.state, colors.text))

    # How it is laid out.

    def _measure(self) -> None:
        self._beside, self._lines = self._form(self.width())
        self.update()

    def _form(self, width: int) -> tuple[bool, int]:
        """Whether the bar stands beside the words, and how many lines these take."""
        words = self._widest_title() + self._widest_numbers() + 2 * GRID_PX
        if words + BESIDE_FROM <= width:
            return True, 1
        return False, 1 if words <= width else 2

    def _height_of(self, lines: int) -> int:
        line = self.fontMetrics().height()
        beside, _ = self._form(self.width())
        return lines * line + (GRID_PX // 2 if beside and lines == 1 else 2 * GRID_PX)

    def _widest_title(self) -> int:
        metrics = self.fontMetrics()
        indents = {row.title: 0 if row.state == ERROR else 2 * GRID_PX for row in self.rows}
        return max((metrics.horizontalAdvance(t) + i for t, i in indents.items()), default=0)

    def _widest_numbers(self) -> int:
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(row.numbers) for row in self.rows), default=0)

    # What is shown.

    def _rows_of(self, diagnosis: Diagnosis) -> list[LadderRow]:
        """Each error, with the gap below it before each but the first."""
        errors = diagnosis.errors
        human = percent(errors.human_level)
        if errors.human is None:
            human = self.tr("unknown, taken as {}").format(human)
        rows = [LadderRow(self.tr("Human level"), human, 0.0, errors.human_level, None, ERROR)]
        titles = {
            "train": self.tr("Training error"),
            "train_dev": self.tr("Train-dev error"),
            "dev": self.tr("Dev error"),
            "test": self.tr("Test error"),
        }
        ends = {"human": errors.human_level} | {n: r.value for n, r in errors.by_set().items()}
        gaps = {gap.high: gap for gap in diagnosis.gaps}
        for name, rate in errors.by_set().items():
            gap = gaps[name]
            rows.append(self._gap_row(gap, ends[gap.low], ends[name]))
            rows.append(_error_row(titles[name], rate))
        return rows

    def _gap_row(self, gap: Gap, low: float, high: float) -> LadderRow:
        states = {
            "large": self.tr("large"),
            "minor": self.tr("comes second"),
            "small": self.tr("small"),
            "unclear": self.tr("unclear"),
        }
        numbers = f"{gap_text(gap)}: {states[gap.state]}"
        ends = min(low, high), max(low, high)
        return LadderRow(gap.title, numbers, *ends, None, gap.state, MEANINGS[gap.name])


def _error_row(title: str, rate: ErrorRate) -> LadderRow:
    low, high = rate.interval
    return LadderRow(title, rate_text(rate), 0.0, rate.value, (low, high), ERROR)
