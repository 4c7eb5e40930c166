"""QuickMenu: a search box over a list of layers, opened where the new layer will be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine import Layer
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, theme
from studio.model.layer_search import described, matching
from studio.widgets.search_line import SearchLine, move_onto_screen

LAYER = Qt.ItemDataRole.UserRole
ROWS = 8
WIDTH = 40
"""In characters."""
STRIPE_PX = 4
Index = QModelIndex | QPersistentModelIndex
STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Backtab: -1,
}


class QuickMenu(QFrame):
    """Type to search, arrow keys to choose, Enter or a click to take, Escape to leave.

    chosen(layer): a layer was taken. closed(): the menu is gone, with or without a choice.
    """

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, layers: Sequence[type[Layer]], title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setProperty("role", "popup")
        self._layers = list(layers)
        self.search = SearchLine(self.tr("Search layers"), STEPS, self)
        self.list = QListWidget()
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setAccessibleName(self.tr("Layers that fit"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self._heading = PlainLabel(title)
        self._heading.setProperty("role", "muted")
        self.nothing = PlainLabel(self.tr("No matching layer fits here."))
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.search.stepped.connect(self._step)
        self.search.returnPressed.connect(lambda: self.take(self.list.currentItem()))
        self.list.itemClicked.connect(self.take)
        self._find("")

    def open_at(self, at: QPoint) -> None:
        """Show the menu at a point of the screen, ready to type."""
        self.setFixedWidth(WIDTH * self.fontMetrics().averageCharWidth())
        self.adjustSize()
        move_onto_screen(self, at)
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """The titles shown, from top to bottom."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        for widget in (self._heading, self.search, self.nothing, self.list):
            column.addWidget(widget)
        height = ROWS * _row_height(self.fontMetrics().height())
        self.list.setFixedHeight(height)
        self.nothing.setFixedHeight(height)  # the menu keeps its size

    def _find(self, text: str) -> None:
        self.list.clear()
        found = matching(self._layers, text)
        for layer in found:
            item = QListWidgetItem(layer.title)
            item.setData(LAYER, layer)
            item.setToolTip(plain_tip(described(layer)))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, described(layer))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))

    def _step(self, step: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            layer = item.data(LAYER)
            self.close()
            self.chosen.emit(layer())


class _RowPainter(QStyledItemDelegate):
    """A row: the stripe of the category, the title, and the formula where there is room."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _row_height(option.fontMetrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        title, plain.text = plain.text, ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, option.widget)
        painter.save()
        self._paint_words(painter, option, title, index.data(LAYER))
        painter.restore()

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, title: str, layer: type[Layer]
    ) -> None:
        c, box = theme.colors, option.rect
        stripe = QRect(box.left(), box.top() + 2, STRIPE_PX, box.height() - 4)
        painter.fillRect(stripe, c.of_category(layer.category))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        inside = box.adjusted(STRIPE_PX + GRID_PX, 0, -GRID_PX, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(c.on_accent if selected else c.text))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, title)
        width = option.fontMetrics.horizontalAdvance
        if width(title) + width(layer.formula) + GRID_PX <= inside.width():
            painter.setPen(QColor(c.on_accent if selected else c.muted))
            painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, layer.formula)


def _row_height(text_height: int) -> int:
    return text_height + 2 * GRID_PX - 4
