"""Key: what the colors of a plane mean, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from engine.probes.coloring import STEPS, Inks, Scale, ramp
from engine.words import number
from studio.look.theme import GRID_PX, theme
from studio.plane.stamps import Stamps

BAR_PX = 12
LONGEST = 14
"""Characters of a class name."""


class Key(NamedTuple):
    """scale: of numbers, with the words at its upper and lower end; None for class colors.
    classes and signs: of the points."""

    scale: Scale | None
    classes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")

    def width(self, metrics: QFontMetrics) -> int:
        """Room that it takes beside a plot."""
        words = [*self._lines(), *(name[:LONGEST] for name in self._names())]
        widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
        return widest + BAR_PX + 3 * GRID_PX

    def paint(self, painter: QPainter, room: QRectF, inks: Inks, stamps: Stamps) -> None:
        """Paint it from the room's top."""
        if self.scale is None:
            self._paint_classes(painter, room, stamps)
        else:
            self._paint_bar(painter, room, inks, stamps)

    def _names(self) -> Sequence[str]:
        return self.classes if self.scale is None else self.ends

    def _lines(self) -> list[str]:
        if self.scale is None:
            return []
        low, high = self.scale.least, self.scale.most
        return [number(high), number((low + high) / 2), number(low)]

    def _paint_bar(self, painter: QPainter, room: QRectF, inks: Inks, stamps: Stamps) -> None:
        line = painter.fontMetrics().height()
        top, bottom = self.ends[1], self.ends[0]
        bar = QRectF(room.left(), room.top(), BAR_PX, room.height())
        if top:
            self._paint_end(painter, room.left(), room.top(), 1, stamps)
            bar.setTop(bar.top() + line + GRID_PX / 2)
        if bottom:
            self._paint_end(painter, room.left(), room.bottom() - line, 0, stamps)
            bar.setBottom(bar.bottom() - line - GRID_PX / 2)
        if bar.height() < line:
            return
        colors = ramp(inks)[::-1].copy()
        image = QImage(colors.data, 1, STEPS, 4, QImage.Format.Format_RGB32)
        painter.drawImage(bar, image)
        painter.setPen(QColor(theme.colors.muted))
        texts = self._lines() if bar.height() >= 3 * line else self._lines()[::2]
        for index, text in enumerate(texts):
            y = bar.top() + index / (len(texts) - 1) * (bar.height() - line)
            box = QRectF(bar.right() + GRID_PX, y, room.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_end(self, painter: QPainter, x: float, y: float, index: int, stamps: Stamps) -> None:
        sign = self.signs[index] if self.signs else ""
        self._paint_entry(painter, x, y, index, 2, sign, self.ends[index], stamps)

    def _paint_classes(self, painter: QPainter, room: QRectF, stamps: Stamps) -> None:
        line = painter.fontMetrics().height() + 2.0
        fit = max(1, int(room.height() // line))
        count = len(self.classes)
        shown = count if count <= fit else fit - 1
        for index in range(shown):
            name, sign = self.classes[index], self.signs[index]
            y = room.top() + index * line
            self._paint_entry(painter, room.left(), y, index, count, sign, name, stamps)
        if shown < count:
            painter.setPen(QColor(theme.colors.muted))
            y = room.top() + (shown + 1) * line - painter.fontMetrics().descent() - 2
            painter.drawText(QPointF(room.left() + GRID_PX, y), f"+{count - shown}")

    def _paint_entry(
        self,
        painter: QPainter,
        x: float,
        y: float,
        index: int,
        classes: int,
        sign: str,
        name: str,
        stamps: Stamps,
    ) -> None:
        line = painter.fontMetrics().height()
        if sign:
            stamp = stamps.of_class("train", index, classes, sign, False)
            middle = QPointF(x + BAR_PX / 2 - stamps.half, y + line / 2 - stamps.half)
            painter.drawPixmap(middle, stamp)
        painter.setPen(QColor(theme.colors.text))
        shift = BAR_PX + GRID_PX if sign else 0
        text = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
        box = QRectF(x + shift, y, 10_000, line)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
