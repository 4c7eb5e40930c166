"""SplitBar: train, dev and test as one bar whose borders can be dragged, or moved by keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine import EngineError
from engine.data import DataPlan
from engine.words import percent
from studio.data_panel.parts import SplitPart, moved, parts_of
from studio.look.theme import GRID_PX, theme

REACH_PX = 8
"""So near to a border, a press takes hold of it."""
STRIPE_PX = 4
STEP, FINE_STEP = 0.01, 0.001
"""A border moves by one percent, or with Shift by a tenth of it."""
SERIES_OF = {"train": 0, "train_dev": 5, "dev": 1, "test": 2}
TINT = 0.2
Counts = Mapping[str, int]


class BorderDrag:
    """A border on its way: nothing is edited before it is let go."""

    def __init__(self, plan: DataPlan, border: int, least: float) -> None:
        self.before = self.plan = plan
        self.border, self._least = border, least

    def move(self, place: float, step: float) -> None:
        """To a place from 0 to 1, in whole steps."""
        place = round(place / step) * step
        self.plan = moved(self.before, self.border, place, self._least)


class SplitBar(QWidget):
    """moved(plan): a border came to rest elsewhere.

    count: how many examples each part of a plan has; raises EngineError where there can be no such
    sets. Left and Right move the chosen border, Up and Down choose one.
    """

    moved = Signal(object)

    def __init__(self, count: Callable[[DataPlan], Counts]) -> None:
        super().__init__()
        self._count = count
        self._plan = DataPlan()
        self._counts: Counts = {}
        self._drag: BorderDrag | None = None
        self.border = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Split of the examples"))
        self.setToolTip(
            self.tr(
                "Drag a border, or select one with Up and Down and move it with Left "
                "and Right. Hold Shift to move it by 0.1 %."
            )
        )
        theme.changed.connect(self.update)

    def show_plan(self, plan: DataPlan, counts: Counts) -> None:
        """Show these parts. counts: empty while they are not known."""
        self._drag = None
        self._plan, self._counts = plan, dict(counts)
        self.border = min(self.border, len(self.parts) - 2)
        self._describe()
        self.update()

    @property
    def parts(self) -> list[SplitPart]:
        """What is shown: while a border is dragged, as it would be."""
        return parts_of(self._drag.plan if self._drag else self._plan)

    @property
    def counts(self) -> Counts:
        """Examples of each part, as far as they are known."""
        return self._counts

    def x_of(self, border: int) -> float:
        """Where a border stands, in pixels."""
        return self.parts[border].end * (self.width() - 1)

    def sizeHint(self) -> QSize:
        return QSize(30 * GRID_PX, 2 * self.fontMetrics().lineSpacing() + STRIPE_PX + 2 * GRID_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        border = self._border_near(event.position().x())
        if event.button() != Qt.MouseButton.LeftButton or border is None:
            return
        self.border = border
        self._drag = BorderDrag(self._plan, border, self._least())
        self._describe()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            near = self._border_near(event.position().x()) is not None
            self.setCursor(
                Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor,
            )
            return
        self._drag.move(event.position().x() / max(1, self.width() - 1), _step_of(event))
        self._recount(self._drag.plan)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and drag.plan != drag.before:
            self.moved.emit(drag.plan)
        self.update()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self.parts) - 2
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._drag = None
            self._recount(self._plan)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._nudge(1 if key == Qt.Key.Key_Right else -1, _step_of(event))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            change = 1 if key == Qt.Key.Key_Down else -1
            self.border = max(0, min(self.border + change, last))
            self._describe()
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _nudge(self, sign: int, step: float) -> None:
        place = self.parts[self.border].end + sign * step
        plan = moved(self._plan, self.border, round(place / step) * step, self._least())
        if plan != self._plan:
            self.moved.emit(plan)

    def _border_near(self, x: float) -> int | None:
        distances = [abs(self.x_of(border) - x) for border in range(len(self.parts) - 1)]
        nearest = min(distances)
        # Of borders in one place the last one: only it can be drawn apart again.
        border = max(i for i, distance in enumerate(distances) if distance == nearest)
        return border if nearest <= REACH_PX else None

    def _least(self) -> float:
        total = sum(self._counts.values())
        return 1 / total if total else FINE_STEP

    def _recount(self, plan: DataPlan) -> None:
        try:
            self._counts = dict(self._count(plan))
        except EngineError:
            self._counts = {}
        self._describe()

    def _describe(self) -> None:
        """For who cannot see it."""
        words = [f"{self.title(part)} {self._figures(part)}" for part in self.parts]
        first, second = self.parts[self.border : self.border + 2]
        chosen = self.tr("The border between {first} and {second} is selected.").format(
            first=self.title(first), second=self.title(second)
        )
        self.setAccessibleDescription(f"{', '.join(words)}. {chosen}")

    # Painting

    def title(self, part: SplitPart) -> str:
        """The name of a part."""
        titles = {
            "train": self.tr("Train"),
            "train_dev": self.tr("Train-dev"),
            "dev": self.tr("Dev"),
            "test": self.tr("Test"),
        }
        return titles[part.name]

    def _figures(self, part: SplitPart) -> str:
        share = percent(part.share, None)
        count = self._counts.get(part.name)
        return share if count is None else f"{share} · {count:,}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = theme.colors
        painter.fillRect(self.rect(), QColor(colors.surface))
        for part in self.parts:
            self._paint_part(painter, part)
        for border in range(len(self.parts) - 1):
            self._paint_border(painter, border)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_part(self, painter: QPainter, part: SplitPart) -> None:
        width = self.width() - 1
        box = QRectF(part.start * width, 0, part.share * width, self.height())
        color = theme.colors.of_series(SERIES_OF[part.name])
        ground = QColor(color)
        ground.setAlphaF(TINT)
        painter.fillRect(box, ground)
        painter.fillRect(QRectF(box.x(), 0, box.width(), STRIPE_PX), color)
        self._paint_words(painter, part, box.adjusted(GRID_PX // 2, STRIPE_PX, -GRID_PX // 2, 0))

    def _paint_words(self, painter: QPainter, part: SplitPart, room: QRectF) -> None:
        """Name and figures as far as there is room for whole words."""
        metrics = self.fontMetrics()
        share = percent(part.share, None)
        lines = [self.title(part)]
        lines += [text for text in (self._figures(part), share) if _fits(metrics, text, room)][:1]
        lines = [text for text in lines if _fits(metrics, text, room)]
        painter.setPen(QColor(theme.colors.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))

    def _paint_border(self, painter: QPainter, border: int) -> None:
        colors = theme.colors
        chosen = border == self.border and (self.hasFocus() or self._drag is not None)
        painter.setPen(QPen(QColor(colors.accent if chosen else colors.text), 3 if chosen else 1))
        x = min(max(self.x_of(border), 1.5), self.width() - 2)
        painter.drawLine(int(x), 0, int(x), self.height())
        if chosen:
            middle, half = self.height() / 2, GRID_PX
            painter.fillRect(QRectF(x - 3, middle - half, 6, 2 * half), QColor(colors.accent))


def _step_of(event: QMouseEvent | QKeyEvent) -> float:
    fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return FINE_STEP if fine else STEP


def _fits(metrics: QFontMetrics, text: str, room: QRectF) -> bool:
    return metrics.horizontalAdvance(text) <= room.width()
