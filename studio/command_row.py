"""CommandRow: paints a command in a list: icon or check mark, name, menu, shortcut."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.menu_entries import Entry
from studio.theme import GRID_PX, theme

ENTRY = Qt.ItemDataRole.UserRole
ICON_PX = 16
MENU_ARROW = " › "
Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def row_height(metrics: QFontMetrics) -> int:
    """The height of a row in this font."""
    return max(metrics.height(), ICON_PX) + GRID_PX


class CommandRow(QStyledItemDelegate):
    """What cannot run now is muted and in italics; its icon is greyed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, option.widget)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_words(painter, option, index.data(ENTRY), selected)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, selected: bool
    ) -> None:
        c = theme.colors
        usual = QColor(c.on_accent if selected else c.text)
        quiet = QColor(c.on_accent if selected else c.muted)
        box = option.rect.adjusted(GRID_PX, 0, -GRID_PX, 0)
        enabled = entry.action.isEnabled()
        _paint_sign(painter, box, entry.action, usual if enabled else quiet)
        keys = ", ".join(entry.keys)
        painter.setPen(quiet)
        painter.drawText(box, RIGHT, keys)
        box.setLeft(box.left() + ICON_PX + GRID_PX)
        box.setRight(box.right() - option.fontMetrics.horizontalAdvance(keys) - 2 * GRID_PX)
        font = painter.font()
        font.setItalic(not enabled)
        painter.setFont(font)
        _paint_title(painter, box, entry, usual if enabled else quiet, quiet)


def _paint_title(painter: QPainter, box: QRect, entry: Entry, ink: QColor, quiet: QColor) -> None:
    """The name, and after it its menu as far as there is room."""
    metrics = painter.fontMetrics()
    right = Qt.TextElideMode.ElideRight
    title = metrics.elidedText(entry.title, right, box.width())
    painter.setPen(ink)
    painter.drawText(box, LEFT, title)
    rest = box.adjusted(metrics.horizontalAdvance(title) + 2 * GRID_PX, 0, 0, 0)
    if rest.width() > metrics.horizontalAdvance("…"):
        painter.setPen(quiet)
        menu = metrics.elidedText(MENU_ARROW.join(entry.menu), right, rest.width())
        painter.drawText(rest, LEFT, menu)


def _paint_sign(painter: QPainter, box: QRect, action: QAction, ink: QColor) -> None:
    """The icon; of what can be turned on and off, a box with or without its check mark."""
    square = QRect(box.left(), box.center().y() - ICON_PX // 2, ICON_PX, ICON_PX)
    if action.isCheckable():
        painter.setPen(ink)
        painter.drawRect(square.adjusted(1, 1, -2, -2))
        if action.isChecked():
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "✓")
    elif not action.icon().isNull():
        mode = QIcon.Mode.Normal if action.isEnabled() else QIcon.Mode.Disabled
        action.icon().paint(painter, square, Qt.AlignmentFlag.AlignCenter, mode)
