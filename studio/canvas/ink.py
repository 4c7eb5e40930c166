"""Fonts, colors and glyphs of the canvas. Fonts have pixel sizes, because the view scales them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication

from studio.look.theme import tabular_font, theme

NAME_PX = 15
TEXT_PX = 13
SMALL_PX = 12
NOTE_PX = 14
"""Size of the words of notes on the canvas."""
MIDDLE_NAME_PX = 21
MIDDLE_TEXT_PX = 18
FAR_PX = 28
"""Size of the name where the view is so far away that only the name is drawn."""
FURTHER_PX = 46
"""The same, still further away."""

UNIT_FONT_PX = 13.0
"""100 % is one screen pixel per scene pixel at this size of the interface font."""


def unit() -> float:
    """Screen pixels per scene pixel at 100 %; they grow with the interface font."""
    return max(0.75, QFontInfo(QApplication.font()).pixelSize() / UNIT_FONT_PX)


def font(pixels: int, bold: bool = False) -> QFont:
    """The interface font at a size in scene pixels."""
    return _font(QApplication.font().family(), pixels, bold)


def metrics(pixels: int, bold: bool = False) -> QFontMetricsF:
    """Measures of `font(pixels, bold)`."""
    return _metrics(QApplication.font().family(), pixels, bold)


def elided(text: str, width: float, pixels: int, bold: bool = False) -> str:
    """The text, shortened by an ellipsis to fit into the width."""
    return metrics(pixels, bold).elidedText(text, Qt.TextElideMode.ElideRight, width)


@lru_cache(maxsize=256)
def color(name: str, alpha: float = 1.0) -> QColor:
    """A color by its hexadecimal name, more or less transparent."""
    made = QColor(name)
    made.setAlphaF(alpha)
    return made


def pen(name: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen with round ends."""
    return QPen(color(name), width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def draw_problem(painter: QPainter, center: QPointF, radius: float) -> None:
    """A filled triangle with an exclamation mark."""
    c = theme.colors
    path = QPainterPath(center + QPointF(0, -radius))
    path.lineTo(center + QPointF(radius, 0.8 * radius))
    path.lineTo(center + QPointF(-radius, 0.8 * radius))
    path.closeSubpath()
    painter.setPen(pen(c.problem, 2.5))
    painter.setBrush(color(c.problem))
    painter.drawPath(path)
    painter.setPen(pen(c.surface, 2.0))
    painter.drawLine(center + QPointF(0, -0.3 * radius), center + QPointF(0, 0.2 * radius))
    painter.drawPoint(center + QPointF(0, 0.6 * radius))


def draw_lock(painter: QPainter, center: QPointF) -> None:
    """A closed padlock, 10 px wide."""
    c = theme.colors
    painter.setPen(pen(c.muted, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(center.x() - 3, center.y() - 7, 6, 8), 0, 180 * 16)
    painter.setBrush(color(c.muted))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(center.x() - 5, center.y() - 2, 10, 8), 1.5, 1.5)


def draw_own(painter: QPainter, center: QPointF) -> None:
    """A star: this node has settings of its own."""
    painter.setPen(pen(theme.colors.accent, 2.0))
    for dx, dy in ((0.0, 5.0), (4.3, 2.5), (4.3, -2.5)):
        painter.drawLine(center + QPointF(dx, dy), center - QPointF(dx, dy))


@lru_cache(maxsize=32)
def _font(family: str, pixels: int, bold: bool) -> QFont:
    made = tabular_font()
    made.setFamily(family)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


@lru_cache(maxsize=32)
def _metrics(family: str, pixels: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(family, pixels, bold))
