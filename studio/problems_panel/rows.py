"""ProblemList: one row a problem, with an icon, its sentence, and at most one button.

The button stands at the right of the sentence where there is room, and under it where not.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.forms.sentence import paint_alert
from studio.look.theme import GRID_PX, theme
from studio.problems_panel.fix_button import FixButton, wrapped

ICON_PX = 16
LEAST_TEXT_LETTERS = 32
"""The sentence keeps at least this much beside its button; else the button moves under it."""
LINES_KEPT = 2_000
Index = QModelIndex | QPersistentModelIndex


class ProblemList(QListWidget):
    """A list whose sentences wrap; Enter chooses, as a click does, and Tab leads to the buttons."""

    entered_item = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Problems in the design"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._rows = _Rows(self)
        self.setItemDelegate(self._rows)

    def show_sentences(self, sentences: list[str]) -> None:
        """Show these rows, without buttons; the row that was chosen stays so if it can."""
        chosen = self.currentRow()
        self.clear()
        self.addItems(sentences)
        self.setCurrentRow(min(chosen, len(sentences) - 1))

    def button(self, row: int) -> FixButton | None:
        """The button of a row, if it has one."""
        found = self.itemWidget(self.item(row))
        return found if isinstance(found, FixButton) else None

    def set_button(self, row: int, button: FixButton | None) -> None:
        """Give a row a button, or take it away."""
        item = self.item(row)
        if self.itemWidget(item) is not None:
            self.removeItemWidget(item)
        if button is not None:
            self.setItemWidget(item, button)
        self.scheduleDelayedItemsLayout()

    def dress(self) -> None:
        """The theme changed."""
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0 and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_item.emit(item)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _Places(NamedTuple):
    icon: QRect
    text: QRect
    button: QRect


class _Rows(QStyledItemDelegate):
    """Paints icon and sentence, and places the button."""

    def __init__(self, owner: ProblemList) -> None:
        super().__init__(owner)
        self._owner = owner
        self._broken: dict[tuple[str, str, int], list[str]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._owner.viewport().width()
        places = self._places(QRect(0, 0, width, 0), index)
        bottom = max(places.icon.bottom(), places.text.bottom(), places.button.bottom())
        return QSize(width, bottom + 1 + GRID_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        painter.save()
        style, selected = self._owner.style(), bool(option.state & QStyle.StateFlag.State_Selected)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(panel, option, painter, self._owner)
        places, colors = self._places(option.rect, index), theme.colors
        ink = colors.on_accent if selected else colors.problem
        paint_alert(painter, QRectF(places.icon).adjusted(1, 1, -1, -2), ink)
        painter.setPen(colors.on_accent if selected else colors.text)
        lines = self._lines(index, places.text.width())
        painter.drawText(places.text, Qt.AlignmentFlag.AlignTop, "\n".join(lines))
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        if isinstance(editor, FixButton):
            place = self._places(option.rect, index).button
            editor.fit_into(place.width())
            editor.setGeometry(place)

    def _places(self, row: QRect, index: Index) -> _Places:
        metrics: QFontMetrics = self._owner.fontMetrics()
        side, gap = max(ICON_PX, metrics.height()), GRID_PX // 2
        corner = row.topLeft() + QPoint(GRID_PX, gap)
        left, width = corner.x() + side + gap, row.width() - 2 * GRID_PX - side - gap
        button = self._owner.indexWidget(self._owner.model().index(index.row(), 0))
        fix = button if isinstance(button, FixButton) else None
        size = fix.size_on_one_line() if fix is not None else QSize(0, 0)
        beside = width - size.width() - GRID_PX
        if fix is not None and beside < LEAST_TEXT_LETTERS * metrics.averageCharWidth():
            text = QRect(left, corner.y(), width, self._height(index, width))
            under = QPoint(left, text.bottom() + 1 + gap)
            button_place = QRect(under, fix.size_within(width))
        else:
            text_width = beside if size.width() else width
            text = QRect(left, corner.y(), text_width, self._height(index, text_width))
            button_place = QRect(QPoint(left + width - size.width(), corner.y()), size)
        return _Places(QRect(corner, QSize(side, side)), text, button_place)

    def _height(self, index: Index, width: int) -> int:
        return len(self._lines(index, width)) * self._owner.fontMetrics().lineSpacing()

    def _lines(self, index: Index, width: int) -> list[str]:
        """The sentence's lines; measuring is slow, and rows are laid out often."""
        key = (index.data(), self._owner.font().key(), width)
        if key not in self._broken:
            if len(self._broken) > LINES_KEPT:
                self._broken.clear()
            self._broken[key] = wrapped(key[0], self._owner.fontMetrics(), width)
        return self._broken[key]
