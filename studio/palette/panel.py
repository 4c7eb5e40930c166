"""The palette as a panel: a search box above the list of layers and of the user's own blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from studio.forms.column import muted
from studio.look.theme import GRID_PX
from studio.model.block_library import BlockLibrary
from studio.palette.model import BLOCK, LAYER, PaletteFilter, PaletteModel
from studio.palette.view import PaletteView, is_entry


class Palette(QWidget):
    """Enter or a double-click chooses an entry.

    layer_chosen(layer), block_chosen(block): append it. removed(sentence, undo): one of the user's
    blocks was deleted; `undo()` puts it back.
    """

    layer_chosen = Signal(object)
    block_chosen = Signal(object)
    removed = Signal(str, object)

    def __init__(self, blocks: BlockLibrary | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks = blocks or BlockLibrary(parent=self)
        self.search = _SearchBox()
        self.model = PaletteModel(self.blocks, self)
        self.found = PaletteFilter(self.blocks)
        self.found.setSourceModel(self.model)
        self.view = PaletteView(self.found)
        self.nothing = muted()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, 0)
        column.setSpacing(GRID_PX)
        for widget in (self.search, self.nothing, self.view):
            column.addWidget(widget)
        self.setFocusProxy(self.search)
        self.search.textChanged.connect(self._find)
        self.search.entered.connect(self._choose_current)
        self.search.left_downward.connect(self._enter_list)
        self.view.chosen.connect(self._choose)
        self.view.removed.connect(self._remove)
        self.view.customContextMenuRequested.connect(self._open_menu)
        # Queued, because a block is renamed from within the model.
        self.blocks.changed.connect(self._show_blocks, Qt.ConnectionType.QueuedConnection)
        self._find("")

    def titles(self) -> list[str]:
        """The titles of the visible entries, from top to bottom."""
        return [index.data() for index in self.entries()]

    def entries(self) -> Iterator[QModelIndex]:
        """The visible entries, from top to bottom."""
        for row in range(self.found.rowCount()):
            group = self.found.index(row, 0)
            yield from (self.found.index(i, 0, group) for i in range(self.found.rowCount(group)))

    def _find(self, text: str) -> None:
        self.found.look_for(text)
        self.view.expandAll()
        entries = list(self.entries())
        self.nothing.setText(self.tr("No layer matches “{text}”.").format(text=text.strip()))
        self.nothing.setVisible(not entries)
        self.view.setVisible(bool(entries))
        best = (entry for entry in entries if text.strip() and self.found.is_best(entry, text))
        self.view.setCurrentIndex(next(best, QModelIndex()))

    def _show_blocks(self) -> None:
        """Blocks were added, deleted or renamed: list them, and keep the current entry."""
        at = self.view.currentIndex()
        stays = at.row(), at.parent().data()
        self.model.show_blocks()
        self._find(self.search.text())
        same = (e for e in self.entries() if (e.row(), e.parent().data()) == stays)
        if not self.search.text():
            self.view.setCurrentIndex(next(same, QModelIndex()))

    def _enter_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        first = next(self.entries(), None)
        if first is not None and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(first)

    def _choose_current(self) -> None:
        self._choose(self.view.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        if index.data(BLOCK) is not None:
            self.block_chosen.emit(index.data(BLOCK))
        elif index.data(LAYER) is not None:
            self.layer_chosen.emit(index.data(LAYER)())

    def _remove(self, index: QModelIndex) -> None:
        block, place = index.data(BLOCK), self.blocks.blocks.index(index.data(BLOCK))
        self.blocks.remove(block.name)
        if block not in self.blocks.blocks:
            sentence = self.tr("“{0}” is no longer in your blocks.").format(block.name)
            self.removed.emit(sentence, lambda: self.blocks.put_back(block, place))

    def _open_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at) if at.x() >= 0 else self.view.currentIndex()
        if not is_entry(index):
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self._offer(menu, self.tr("Append"), lambda: self._choose(index))
        if index.data(BLOCK) is not None:
            self._offer(menu, self.tr("Rename\tF2"), lambda: self.view.edit(index))
            self._offer(menu, self.tr("Delete\tDel"), lambda: self._remove(index))
        menu.popup(self.view.viewport().mapToGlobal(at))

    @staticmethod
    def _offer(menu: QMenu, text: str, act: Callable[[], object]) -> None:
        menu.addAction(text).triggered.connect(lambda _checked=False: act())


class _SearchBox(QLineEdit):
    """Enter takes the best match, Down moves into the list, Escape clears."""

    entered = Signal()
    left_downward = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(self.tr("Search layers"))
        self.setAccessibleName(self.tr("Search layers"))
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Down:
            self.left_downward.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
