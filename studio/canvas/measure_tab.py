"""The tab on a node that shows a live measure: a number, a bar, and a badge for an alarm."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from studio.canvas import ink
from studio.canvas.dimensions import NODE_WIDTH
from studio.look.theme import GRID_PX, theme

ALARM_SIGN = "▲"
GAP = 3.0
"""Between node and tab; behind a group's node lie the cards of its stack."""
GROUP_GAP = 9.0
HEIGHT = 22.0
FAR_HEIGHT = 28.0
INSIDE_TOP = 26.0
"""Of the line below the name."""
NUMBER_WIDTH = NODE_WIDTH / 2 - GRID_PX
"""The middle stays free for ports where the data flow down."""
BAR_HEIGHT = 3.0
NUMBER_PX, MIDDLE_NUMBER_PX, FAR_NUMBER_PX, FAR_NARROW_PX = 13, 16, 26, 20
BADGE_PX = 12


class NodeMeasure(NamedTuple):
    """What a tab tells. symbol: of what is measured, in front of the number. share: the length of
    its bar, from 0 to 1. told: a sentence with a gap, "{}", for the number. alarm: one word for the
    badge, or "". alarms: whole sentences."""

    symbol: str
    text: str
    share: float
    told: str
    alarm: str = ""
    alarms: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The number in a sentence."""
        return self.told.format(self.text)

    @property
    def looks(self) -> tuple[object, ...]:
        """Equal for measures that are painted alike."""
        return self.symbol, self.text, self.share, self.alarm


class Side(Enum):
    """The side of a node at which its tab hangs; inside, where there is no room around it."""

    BELOW = 0
    ABOVE = 1
    RIGHT = 2
    LEFT = 3
    INSIDE = 4

    @property
    def is_beside(self) -> bool:
        """Whether number and badge stand over each other there."""
        return self in (Side.RIGHT, Side.LEFT)


class TabSpot(NamedTuple):
    """Where a tab hangs. whole: with room for number and badge; otherwise for the number alone, at
    the end of the side if `late`."""

    side: Side
    whole: bool = True
    late: bool = False


BELOW = TabSpot(Side.BELOW)
ALONG = (
    BELOW,
    TabSpot(Side.ABOVE),
    TabSpot(Side.BELOW, whole=False),
    TabSpot(Side.BELOW, whole=False, late=True),
    TabSpot(Side.ABOVE, whole=False),
    TabSpot(Side.ABOVE, whole=False, late=True),
)
"""Places for a tab where the data flow to the right, the best one first."""
BESIDE = (
    TabSpot(Side.RIGHT),
    TabSpot(Side.LEFT),
    TabSpot(Side.RIGHT, whole=False),
    TabSpot(Side.RIGHT, whole=False, late=True),
    TabSpot(Side.LEFT, whole=False),
    TabSpot(Side.LEFT, whole=False, late=True),
)
"""Places for a tab where the data flow down: wires leave above and below."""


INSIDE = TabSpot(Side.INSIDE, whole=False)
"""The last resort: over the count of parameters, which the tooltip tells, too."""


def spots(down: bool) -> tuple[TabSpot, ...]:
    """All places for a tab outside of its node, the best one first."""
    return BESIDE + ALONG if down else ALONG


def area_of(spot: TabSpot, height: float, is_group: bool) -> QRectF:
    """What a tab may cover, seen from the upper left corner of a node of this height."""
    if spot.side is Side.INSIDE:
        return QRectF(NODE_WIDTH - NUMBER_WIDTH - GRID_PX, INSIDE_TOP, NUMBER_WIDTH, HEIGHT)
    gap = GROUP_GAP if is_group and spot.side in (Side.BELOW, Side.RIGHT) else GAP
    if spot.side.is_beside:
        left = NODE_WIDTH + gap if spot.side is Side.RIGHT else -gap - NUMBER_WIDTH
        long = 2 * HEIGHT + GAP if spot.whole else HEIGHT
        return QRectF(left, height - long if spot.late else 0.0, NUMBER_WIDTH, long)
    top = -gap - HEIGHT if spot.side is Side.ABOVE else height + gap
    left = NODE_WIDTH - NUMBER_WIDTH if spot.late else 0.0
    return QRectF(left, top, NODE_WIDTH if spot.whole else NUMBER_WIDTH, HEIGHT)


def number_area(area: QRectF) -> QRectF:
    """The part of a tab for the number, and the whole of it where no alarm holds."""
    return QRectF(area.left(), area.top(), NUMBER_WIDTH, HEIGHT)


def paint_near(
    painter: QPainter, area: QRectF, spot: TabSpot, measure: NodeMeasure, middle: bool
) -> None:
    """Number, bar and badge. middle: from so far away that the number must be larger."""
    number, sign = number_area(area), "" if middle else measure.symbol
    if measure.alarm and not spot.whole:
        sign = ALARM_SIGN
    text = f"{sign} {measure.text}".strip()
    _paint_number(painter, number, text, measure, MIDDLE_NUMBER_PX if middle else NUMBER_PX)
    if measure.alarm and spot.whole:
        behind = HEIGHT + GAP if spot.side.is_beside else 0.0
        aside = 0.0 if spot.side.is_beside else NUMBER_WIDTH + GRID_PX / 2
        _paint_badge(painter, area.adjusted(aside, behind, 0, 0), measure.alarm)


def far_area(spot: TabSpot, height: float, is_group: bool, down: bool) -> QRectF:
    """What the tab covers where it is seen from far away; there are no labels on wires then."""
    area = area_of(BELOW if spot.side is Side.INSIDE else spot, height, is_group)
    top = area.bottom() - FAR_HEIGHT if spot.side is Side.ABOVE else area.top()
    if down or spot.side.is_beside:
        return QRectF(area.left(), top, NUMBER_WIDTH, FAR_HEIGHT)
    return QRectF(0.0, top, NODE_WIDTH, FAR_HEIGHT)


def paint_far(painter: QPainter, room: QRectF, measure: NodeMeasure) -> None:
    """The number alone, as large as it goes, with the sign of an alarm."""
    text = f"{ALARM_SIGN} {measure.text}" if measure.alarm else measure.text
    wide = room.width() > NUMBER_WIDTH
    _paint_number(painter, room, text, measure, FAR_NUMBER_PX if wide else FAR_NARROW_PX)


def _paint_number(
    painter: QPainter, room: QRectF, text: str, measure: NodeMeasure, pixels: int
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
    words = ink.elided(f"{ALARM_SIGN} {word}", room.width(), BADGE_PX, bold=True)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
