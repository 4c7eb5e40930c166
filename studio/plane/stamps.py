"""Stamps: the markers of examples, painted once and then printed many times."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from studio.look.inks import class_color
from studio.look.theme import theme

ROOM = 1.6
"""A stamp is so much larger than its marker: around it stand the ticks of a wrong answer."""
SIGNS_OF_TWO = ("−", "+")
UNKNOWN_SIGN = "?"
DARK, LIGHT = "#000000", "#FFFFFF"


def signs_of(classes: Sequence[str]) -> list[str]:
    """One character for each class: minus and plus for two; else the names' own if those differ,
    or their numbers from 0, of which the last digit is shown."""
    if len(classes) <= 2:
        return list(SIGNS_OF_TWO)
    first = [name.strip()[:1].upper() for name in classes]
    if all(first) and len(set(first)) == len(first):
        return first
    return [str(index % 10) for index in range(len(classes))]


class Stamps:
    """Markers by set, color, sign and verdict. A set is told by its shape: train is a filled disc,
    dev a ring, test a square. Wrong ones have four ticks around them."""

    def __init__(self, size: float, ratio: float, family: str) -> None:
        """size: of a marker in pixels. ratio: device pixels in a pixel."""
        self.size = size
        self.ratio = ratio
        self._font = QFont(family)
        self._font.setPixelSize(max(6, round(0.85 * size)))
        self._font.setBold(True)
        self._made: dict[tuple[str, int, str, bool], QPixmap] = {}

    @property
    def half(self) -> float:
        """From a stamp's corner to its middle, in pixels."""
        return ROOM * self.size / 2

    def of_class(self, name: str, index: int, classes: int, sign: str, wrong: bool) -> QPixmap:
        """The stamp of an example of a class; index -1: the label is missing."""
        sign = UNKNOWN_SIGN if index < 0 else sign
        return self.of_color(name, class_color(index, classes), sign, wrong)

    def of_color(self, name: str, color: QColor, sign: str = "", wrong: bool = False) -> QPixmap:
        """The stamp of an example with a color of its own."""
        key = name, color.rgb(), sign, wrong
        if key not in self._made:
            self._made[key] = self._paint(name, color, sign, wrong)
        return self._made[key]

    def _paint(self, name: str, color: QColor, sign: str, wrong: bool) -> QPixmap:
        side = round(2 * self.half * self.ratio)
        pixmap = QPixmap(side, side)
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.half, self.half)
        if wrong:
            self._paint_ticks(painter)
        self._paint_shape(painter, name, color)
        ground = QColor(theme.colors.surface) if name == "dev" else color
        painter.setPen(color if name == "dev" else contrasting(ground))
        painter.setFont(self._font)
        box = QRectF(-self.size, -self.size, 2 * self.size, 2 * self.size)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)
        painter.end()
        return pixmap

    def _paint_shape(self, painter: QPainter, name: str, color: QColor) -> None:
        colors, radius = theme.colors, self.size / 2
        box = QRectF(-radius, -radius, self.size, self.size)
        if name == "dev":
            painter.setPen(QPen(QColor(colors.surface), 1.0))
            painter.setBrush(QColor(colors.surface))
            painter.drawEllipse(box)
            painter.setPen(QPen(color, 1.6))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
            return
        painter.setPen(QPen(QColor(colors.surface), 1.0))
        painter.setBrush(color)
        if name == "test":
            painter.drawRect(box)
        else:
            painter.drawEllipse(box)

    def _paint_ticks(self, painter: QPainter) -> None:
        """The arms of a cross, seen around the marker."""
        reach = self.half - 1.0
        for pen in (QPen(QColor(theme.colors.surface), 3.0), QPen(QColor(theme.colors.text), 1.4)):
            painter.setPen(pen)
            painter.drawLine(QPointF(-reach, -reach), QPointF(reach, reach))
            painter.drawLine(QPointF(-reach, reach), QPointF(reach, -reach))


def contrasting(ground: QColor) -> QColor:
    """Black or white, whichever is read better on a ground."""
    return QColor(DARK if _luminance(ground) > 0.18 else LIGHT)


def _luminance(color: QColor) -> float:
    """Relative luminance, 0 to 1. Source: W3C, WCAG 2.1."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
