"""The words on a node, for each distance from which they are read."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QStaticText, QTextOption

from studio.canvas import ink
from studio.canvas.dimensions import NODE_WIDTH, STRIPE_WIDTH
from studio.canvas.face import NodeFace
from studio.look.theme import GRID_PX, theme

LEFT = STRIPE_WIDTH + GRID_PX
TEXT_WIDTH = NODE_WIDTH - LEFT - GRID_PX
BADGE = 16.0
"""Room that each badge takes from the name."""
COUNT_MARGIN = 10.0
"""The count of parameters keeps clear of the output port beside it."""
SEPARATOR = " · "
MIDDLE = 0.72
"""Below this scale name and settings only are drawn, larger."""
FAR = 0.4
"""Below this scale only the name is drawn, large."""
FURTHER = 0.27
"""Below this scale the name is drawn as large as the node allows."""
TINY = 0.12
"""Below this scale nothing is written."""


class _Near(NamedTuple):
    """All words, as they are read from near."""

    name: QStaticText
    title: QStaticText
    parameters: QStaticText
    settings: list[QStaticText]


class NodeWords:
    """The words of a face, laid out when they are first seen from a distance: most nodes of a large
    design never are from near. lines: how many lines its settings take."""

    def __init__(self, face: NodeFace) -> None:
        self._face = face
        self._badges = BADGE * sum((bool(face.problems), bool(face.own), face.locked))
        self._lines = wrapped(face.settings)
        self.lines = len(self._lines)

    def paint(self, painter: QPainter, scale: float, height: float) -> None:
        """Write what can be read at this scale onto a node of this height."""
        if scale >= MIDDLE:
            self._paint_near(painter)
        elif scale >= FAR:
            self._paint_middle(painter)
        elif scale >= TINY:
            self._paint_far(painter, height, scale >= FURTHER)

    @cached_property
    def near(self) -> _Near:
        """The words on a node at its natural size."""
        face = self._face
        count = _count_text(face.parameters)
        taken = ink.metrics(ink.SMALL_PX).horizontalAdvance(count) + COUNT_MARGIN
        room = TEXT_WIDTH - (taken if count else 0)
        return _Near(
            _text(face.shown_name, TEXT_WIDTH - self._badges, ink.NAME_PX, bold=True),
            _text(face.title, room, ink.SMALL_PX),
            _text(count, TEXT_WIDTH, ink.SMALL_PX),
            [_text(line, TEXT_WIDTH, ink.TEXT_PX) for line in self._lines],
        )

    @cached_property
    def _middle(self) -> tuple[QStaticText, QStaticText]:
        """Name and settings, larger."""
        face, whole = self._face, NODE_WIDTH - LEFT - GRID_PX / 2
        told = SEPARATOR.join(face.settings) or face.title
        name = _text(face.shown_name, whole - self._badges, ink.MIDDLE_NAME_PX, bold=True)
        return name, _text(told, whole, ink.MIDDLE_TEXT_PX)

    @cached_property
    def _far_name(self) -> QStaticText:
        return _text(self._face.shown_name, NODE_WIDTH - LEFT, ink.FAR_PX, bold=True)

    @cached_property
    def _further_name(self) -> QStaticText:
        return _text(self._face.shown_name, NODE_WIDTH - LEFT, ink.FURTHER_PX, bold=True)

    def _paint_near(self, painter: QPainter) -> None:
        c, near = theme.colors, self.near
        painter.setPen(ink.color(c.text))
        painter.setFont(ink.font(ink.NAME_PX, bold=True))
        painter.drawStaticText(QPointF(LEFT, 6), near.name)
        painter.setFont(ink.font(ink.TEXT_PX))
        for index, line in enumerate(near.settings):
            painter.drawStaticText(QPointF(LEFT, 52 + 18 * index), line)
        painter.setPen(ink.color(c.muted))
        painter.setFont(ink.font(ink.SMALL_PX))
        painter.drawStaticText(QPointF(LEFT, 29), near.title)
        right = NODE_WIDTH - COUNT_MARGIN - near.parameters.size().width()
        painter.drawStaticText(QPointF(right, 29), near.parameters)

    def _paint_middle(self, painter: QPainter) -> None:
        name, settings = self._middle
        painter.setPen(ink.color(theme.colors.text))
        painter.setFont(ink.font(ink.MIDDLE_NAME_PX, bold=True))
        painter.drawStaticText(QPointF(LEFT, 8), name)
        painter.setFont(ink.font(ink.MIDDLE_TEXT_PX))
        painter.drawStaticText(QPointF(LEFT, 43), settings)

    def _paint_far(self, painter: QPainter, height: float, far: bool) -> None:
        name = self._far_name if far else self._further_name
        painter.setPen(ink.color(theme.colors.text))
        painter.setFont(ink.font(ink.FAR_PX if far else ink.FURTHER_PX, bold=True))
        painter.drawStaticText(QPointF(LEFT, (height - name.size().height()) / 2), name)


def wrapped(settings: tuple[str, ...]) -> list[str]:
    """The settings on at most two lines; what does not fit is for the tooltip."""
    lines: list[str] = []
    width = ink.metrics(ink.TEXT_PX).horizontalAdvance
    for word in settings:
        longer = f"{lines[-1]}{SEPARATOR}{word}" if lines else word
        if lines and (width(longer) <= TEXT_WIDTH or len(lines) == 2):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _count_text(parameters: int | None) -> str:
    if not parameters:
        return ""
    if parameters < 1_000_000:
        return f"{parameters:,} param{'' if parameters == 1 else 's'}"
    return f"{parameters / 1e6:,.1f} M params"


def _text(words: str, width: float, pixels: int, bold: bool = False) -> QStaticText:
    laid_out = QStaticText(ink.elided(words, width, pixels, bold))
    laid_out.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    laid_out.setTextOption(option)
    laid_out.prepare(font=ink.font(pixels, bold))
    return laid_out
