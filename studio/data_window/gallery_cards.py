"""The cards of the gallery: a source each, with its thumbnail, title and sizes."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.data import DataSource
from engine.probes.sketch import Sketch
from studio.data_window.sketch_painter import paint_sketch
from studio.forms.family import first_line
from studio.look.theme import GRID_PX, theme

Index = QModelIndex | QPersistentModelIndex
CARD = Qt.ItemDataRole.UserRole
WIDTH_LETTERS = 30
ASPECT = 0.6
"""Height of a thumbnail over its width."""
WORD_LINES = 3


class Card(NamedTuple):
    """source: as it comes, or as the project has it. sketch: None until it is drawn.

    failure: why it cannot be loaded. in_use: whether it is the project's.
    """

    source: DataSource
    sketch: Sketch | None = None
    failure: str = ""
    in_use: bool = False


class CardModel(QAbstractListModel):
    """All sources that a menu can offer."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[Card] = [Card(kind()) for kind in DataSource.registry.values()]

    def show_in_use(self, source: DataSource) -> None:
        """The project's source is the one of its kind that is shown, and is marked."""
        for row, card in enumerate(self.cards):
            own = type(card.source) is type(source)
            if own and card.source != source:
                self.cards[row] = Card(source, None, "", True)
            else:
                self.cards[row] = card._replace(in_use=own)
        self.dataChanged.emit(self.index(0), self.index(len(self.cards) - 1))

    def show_sketch(self, row: int, sketch: Sketch | None, failure: str = "") -> None:
        """Show what was drawn, or why it was not."""
        self.cards[row] = self.cards[row]._replace(sketch=sketch, failure=failure)
        self.dataChanged.emit(self.index(row), self.index(row))

    def row_in_use(self) -> int:
        """The place of the project's source, or 0."""
        return next((row for row, card in enumerate(self.cards) if card.in_use), 0)

    def facts(self, card: Card) -> str:
        """How much there is."""
        if card.failure:
            return card.failure
        if card.sketch is None:
            return self.tr("loading…")
        found = card.sketch
        examples = self.tr("{m:,} examples").format(m=found.examples)
        features = self.tr("1 feature") if found.features == 1 else self.tr("{n:,} features")
        target = self.tr("one number")
        if found.classes:
            target = self.tr("{n} classes").format(n=len(found.classes))
        return f"{examples}\n{features.format(n=found.features)}, {target}"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self.cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.source.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return first_line(type(card.source))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            use = self.tr(" In use.") if card.in_use else ""
            facts = self.facts(card).replace("\n", ", ")
            return f"{card.source.title}: {facts}.{use}"
        return card if role == CARD else None


class CardPainter(QStyledItemDelegate):
    """Thumbnail, title, sizes. Thumbnails are painted once for each look and size."""

    def __init__(self, model: CardModel) -> None:
        super().__init__()
        self._model = model
        self._thumbnails: dict[int, tuple[object, QPixmap]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = option.fontMetrics
        width = WIDTH_LETTERS * metrics.averageCharWidth()
        words = WORD_LINES * metrics.lineSpacing()
        return QSize(width + 2 * GRID_PX, round(ASPECT * width) + words + 3 * GRID_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: Card = index.data(CARD)
        colors = theme.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(option.rect).adjusted(2, 2, -2, -2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(colors.accent if selected else colors.border), 1 + 2 * selected))
        painter.setBrush(QColor(colors.raised))
        painter.drawRoundedRect(frame, 6, 6)
        inside = frame.adjusted(GRID_PX - 2, GRID_PX - 2, -GRID_PX + 2, -GRID_PX + 2)
        box = QRectF(inside.left(), inside.top(), inside.width(), round(ASPECT * inside.width()))
        self._paint_thumbnail(painter, box, index.row(), card)
        words = QRectF(inside.left(), box.bottom() + GRID_PX / 2, inside.width(), 0)
        words.setBottom(inside.bottom() + 2)
        self._paint_words(painter, words, option, card)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, room: QRectF, option: QStyleOptionViewItem, card: Card
    ) -> None:
        metrics, colors = option.fontMetrics, theme.colors
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        line = QRectF(room.left(), room.top(), room.width(), metrics.lineSpacing())
        elided = painter.fontMetrics().elidedText(
            card.source.title, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, elided)
        painter.setFont(option.font)
        painter.setPen(QColor(colors.problem if card.failure else colors.muted))
        rest = QRectF(room.left(), line.bottom(), room.width(), room.bottom() - line.bottom())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(rest, flags | Qt.TextFlag.TextWordWrap, self._model.facts(card))

    def _paint_thumbnail(self, painter: QPainter, box: QRectF, row: int, card: Card) -> None:
        if card.sketch is not None:
            ratio = painter.device().devicePixelRatioF()
            key = (card.sketch, theme.colors, box.size().toSize(), ratio)
            known = self._thumbnails.get(row)
            if known is None or known[0] != key:
                known = (key, _thumbnail(card.sketch, box, ratio))
                self._thumbnails[row] = known
            painter.drawPixmap(box.topLeft(), known[1])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(theme.colors.border))
        painter.drawRect(box)
        if card.in_use:
            self._paint_tag(painter, box)

    def _paint_tag(self, painter: QPainter, box: QRectF) -> None:
        """In the upper right corner: these are the project's data."""
        words, metrics = self.tr("in use"), painter.fontMetrics()
        width = metrics.horizontalAdvance(words) + GRID_PX
        tag = QRectF(box.right() - width, box.top(), width, metrics.lineSpacing())
        painter.fillRect(tag, QColor(theme.colors.accent))
        painter.setPen(QColor(theme.colors.on_accent))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def _thumbnail(sketch: Sketch, box: QRectF, ratio: float) -> QPixmap:
    pixmap = QPixmap((box.size() * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(theme.colors.surface))
    painter = QPainter(pixmap)
    paint_sketch(painter, QRectF(0, 0, box.width(), box.height()), sketch)
    painter.end()
    return pixmap
