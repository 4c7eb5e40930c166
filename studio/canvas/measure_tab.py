"""The tab at a node that tells a live measure: its number, a bar, and a badge for an alarm."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from studio.canvas import ink
from studio.canvas.measures import NODE_WIDTH
from studio.theme import GRID_PX, theme

ALARM_SIGN = "▲"
GAP = 3.0
"""Between node and tab; behind a group's node lie the cards of its stack."""
GROUP_GAP = 9.0
HEIGHT = 22.0
FAR_HEIGHT = 30.0
REACH = GROUP_GAP + FAR_HEIGHT
"""How far a tab reaches beyond its node, at most."""
NUMBER_WIDTH = NODE_WIDTH / 2 - GRID_PX
"""The middle stays free for ports where the data flow down."""
BAR_HEIGHT = 3.0
NUMBER_PX, MIDDLE_NUMBER_PX, FAR_NUMBER_PX, FAR_NARROW_PX = 13, 16, 26, 20
BADGE_PX = 12


class Measure(NamedTuple):
    """What a tab tells. share: the length of its bar, from 0 to 1. words: a sentence with the
    number. alarm: one word for the badge, or "". alarms: whole sentences."""

    text: str
    share: float
    words: str
    alarm: str = ""
    alarms: tuple[str, ...] = ()

    @property
    def looks(self) -> tuple[object, ...]:
        """Equal for measures that are painted alike."""
        return self.text, self.share, self.alarm


class Spot(NamedTuple):
    """Where a tab hangs. right: at the right half; only where a badge has no room beside it."""

    above: bool
    right: bool
    whole: bool


SPOTS = (
    Spot(above=False, right=False, whole=True),
    Spot(above=True, right=False, whole=True),
    Spot(above=False, right=False, whole=False),
    Spot(above=False, right=True, whole=False),
    Spot(above=True, right=False, whole=False),
    Spot(above=True, right=True, whole=False),
)
"""Places for a tab, the best one first: a whole row, or half of one."""


def area_of(spot: Spot, height: float, is_group: bool) -> QRectF:
    """What a tab may cover, seen from the upper left corner of a node of this height."""
    gap = GROUP_GAP if is_group and not spot.above else GAP
    top = -gap - HEIGHT if spot.above else height + gap
    left = NODE_WIDTH - NUMBER_WIDTH if spot.right else 0.0
    return QRectF(left, top, NODE_WIDTH if spot.whole else NUMBER_WIDTH, HEIGHT)


def paint_near(painter: QPainter, area: QRectF, spot: Spot, measure: Measure, middle: bool) -> None:
    """Number, bar and badge. middle: from so far away that the number must be larger."""
    number = QRectF(area.left(), area.top(), NUMBER_WIDTH, HEIGHT)
    text = measure.text
    if measure.alarm and not spot.whole:
        text = f"{ALARM_SIGN} {text}"
    _paint_number(painter, number, text, measure, MIDDLE_NUMBER_PX if middle else NUMBER_PX)
    if measure.alarm and spot.whole:
        _paint_badge(painter, area.adjusted(NODE_WIDTH - NUMBER_WIDTH, 0, 0, 0), measure.alarm)


def paint_far(painter: QPainter, area: QRectF, spot: Spot, measure: Measure, down: bool) -> None:
    """The number alone, as large as it goes, with the sign of an alarm."""
    top = area.bottom() - FAR_HEIGHT if spot.above else area.top()
    text = f"{ALARM_SIGN} {measure.text}" if measure.alarm else measure.text
    width = NUMBER_WIDTH if down else NODE_WIDTH
    room = QRectF(area.left() if down else 0.0, top, width, FAR_HEIGHT)
    _paint_number(painter, room, text, measure, FAR_NARROW_PX if down else FAR_NUMBER_PX)


def _paint_number(
    painter: QPainter, room: QRectF, text: str, measure: Measure, pixels: int
) -> None:
    c = theme.colors
    painter.setPen(ink.pen(c.problem if measure.alarm else c.border, 1.2))
    painter.setBrush(ink.color(c.raised))
    painter.drawRoundedRect(room, 4, 4)
    track = QRectF(room.left() + 4, room.bottom() - BAR_HEIGHT - 1, room.width() - 8, BAR_HEIGHT)
    painter.fillRect(track, ink.color(c.grid))
    track.setWidth(measure.share * track.width())
    painter.fillRect(track, ink.color(c.accent))
    painter.setPen(ink.color(c.text))
    painter.setFont(ink.font(pixels, bold=True))
    words = room.adjusted(0, 0, 0, -BAR_HEIGHT)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, ink.elided(text, room.width(), pixels))


def _paint_badge(painter: QPainter, room: QRectF, word: str) -> None:
    c = theme.colors
    painter.setPen(ink.pen(c.problem, 1.6))
    painter.setBrush(ink.color(c.surface))
    painter.drawRoundedRect(room, 4, 4)
    painter.setPen(ink.color(c.problem))
    painter.setFont(ink.font(BADGE_PX, bold=True))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{ALARM_SIGN} {word}")
