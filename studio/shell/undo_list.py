"""UndoList: the history of edits; click or use the arrow keys to go back and forth."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from studio.look.icons import icon
from studio.look.theme import GRID_PX, theme
from studio.model.document import Document

Index = QModelIndex | QPersistentModelIndex


class UndoList(QWidget):
    """All undo steps from the oldest to the newest; the current one is selected. Undone steps are
    below it, muted and in italics, until another edit replaces them."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = QUndoView(document.undo_stack)
        self.view.setEmptyLabel(self.tr("As opened"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setItemDelegate(_Step(self.view))
        self.view.setAccessibleName(self.tr("History of edits"))
        self.view.setToolTip(self.tr("Select a step to go to it."))
        self.setFocusProxy(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        """The saved state has an icon."""
        self.view.setCleanIcon(icon("save"))


class _Step(QStyledItemDelegate):
    """The name of a step; undone ones are muted and in italics. All names are left-aligned."""

    def __init__(self, view: QUndoView) -> None:
        super().__init__(view)
        pixmap = QPixmap(GRID_PX, GRID_PX)
        pixmap.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(pixmap)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        height = option.fontMetrics.height()
        option.decorationSize = QSize(height, height)
        if option.icon.isNull():
            option.icon = self._blank
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        view = self.parent()
        assert isinstance(view, QUndoView)
        if index.row() > view.stack().index():
            option.font.setItalic(True)
            muted = QColor(theme.colors.muted)
            option.palette.setColor(QPalette.ColorRole.Text, muted)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), QFontMetrics(option.font).height() + GRID_PX)
