"""CommandRow: paints a command in a list: icon or check mark, name, menu, shortcut."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.look.theme import GRID_PX, theme
from studio.shell.menu_entries import Entry

ENTRY = Qt.ItemDataRole.UserRole
MENU_ARROW = " › "
Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def row_height(metrics: QFontMetrics) -> int:
    """The height of a row with this font."""
    return sign_size(metrics) + GRID_PX


def sign_size(metrics: QFontMetrics) -> int:
    """Width and height of the icons beside this font."""
    return max(metrics.height(), 2 * GRID_PX)


class CommandRow(QStyledItemDelegate):
    """Disabled commands are muted and in italics."""

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
        box.setLeft(box.left() + sign_size(option.fontMetrics) + GRID_PX)
        box.setRight(box.right() - option.fontMetrics.horizontalAdvance(keys) - 2 * GRID_PX)
        font = painter.font()
        font.setItalic(not enabled)
        painter.setFont(font)
        _paint_title(painter, box, entry, usual if enabled else quiet, quiet)


def _paint_title(painter: QPainter, box: QRect, entry: Entry, ink: QColor, quiet: QColor) -> None:
    """The name, followed by its menu if there is room."""
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
    """The icon; for commands that can be turned on and off, a box with or without a check mark."""
    size = sign_size(painter.fontMetrics())
    square = QRect(box.left(), box.center().y() - size // 2, size, size)
    if action.isCheckable():
        painter.setPen(ink)
        painter.drawRect(square.adjusted(1, 1, -2, -2))
        if action.isChecked():
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "✓")
    elif not action.icon().isNull():
        painter.drawPixmap(square, _tinted(action.icon().pixmap(2 * size), ink))


def _tinted(pixmap: QPixmap, ink: QColor) -> QPixmap:
    """An icon in another color, because text has another color in a selected row."""
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), ink)
    painter.end()
    return pixmap
