"""The list of the palette: entries under headings that are always open."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from studio.look.theme import GRID_PX, theme
from studio.palette.model import BLOCK, CATEGORY, LAYER, Index

STRIPE_PX = 4


class PaletteView(QTreeView):
    """chosen(index): double-click or Enter. removed(index): Delete on one of the user's blocks,
    which F2 renames."""

    chosen = Signal(object)
    removed = Signal(object)

    def __init__(self, model: QSortFilterProxyModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_EntryPainter(self))
        self.setAccessibleName(self.tr("Layers"))
        self.setHeaderHidden(True)
        self.header().setStretchLastSection(False)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.doubleClicked.connect(self.chosen.emit)
        theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Without this, Qt extends the rows of a narrow list behind its scroll bar."""
        super().resizeEvent(event)
        self.setColumnWidth(0, self.viewport().width())

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Skips the headings."""
        backward = action in (self.CursorAction.MoveUp, self.CursorAction.MovePageUp)
        index = super().moveCursor(action, modifiers)
        while index.isValid() and not is_entry(index):
            index = self.indexAbove(index) if backward else self.indexBelow(index)
        return index if index.isValid() else self.currentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, index = event.key(), self.currentIndex()
        if self.state() == self.State.EditingState:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(index)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index.data(BLOCK) is not None:
            self.removed.emit(index)
        else:
            super().keyPressEvent(event)


def is_entry(index: Index) -> bool:
    """Whether this is an entry for the canvas, not a heading."""
    return index.data(LAYER) is not None or index.data(BLOCK) is not None


class _EntryPainter(QStyledItemDelegate):
    """Paints headings, and entries with the stripe of their category and their formula."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, option.fontMetrics.height() + 2 * GRID_PX - 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        if is_entry(index):
            self._paint_entry(painter, option, index)
        else:
            _paint_heading(painter, option.rect, option.font, index.data())
        painter.restore()

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, option.widget)
        box = option.rect
        stripe = QRect(box.left(), box.top() + 2, STRIPE_PX, box.height() - 4)
        painter.fillRect(stripe, theme.colors.of_category(index.data(CATEGORY)))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colors, metrics = theme.colors, option.fontMetrics
        painter.setPen(QColor(colors.on_accent if selected else colors.text))
        inside = box.adjusted(STRIPE_PX + GRID_PX, 0, -GRID_PX, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        words = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, words)
        painter.setPen(QColor(colors.on_accent if selected else colors.muted))
        inside.setLeft(inside.left() + metrics.horizontalAdvance(words) + GRID_PX)
        formula = index.data(LAYER).formula if index.data(LAYER) is not None else ""
        if metrics.horizontalAdvance(formula) <= inside.width():
            painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, formula)


def _paint_heading(painter: QPainter, box: QRect, font: QFont, text: str) -> None:
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.colors.muted))
    inside = box.adjusted(0, GRID_PX // 2, 0, 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
