"""The entries of the palette: layers under their categories, then the user's own blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QStandardItem, QStandardItemModel

from engine import Layer
from studio.look.plain_text import plain_tip
from studio.look.theme import CATEGORY_SERIES
from studio.model import block_library, layer_mime
from studio.model.block_library import BlockLibrary, SavedBlock
from studio.model.layer_search import described, matching

LAYER = Qt.ItemDataRole.UserRole
"""The class of a layer's entry."""
CATEGORY = Qt.ItemDataRole.UserRole + 1
BLOCK = Qt.ItemDataRole.UserRole + 2
"""The SavedBlock of a block's entry."""
OWN = "own"
"""The category of blocks."""
Index = QModelIndex | QPersistentModelIndex
_ENTRY = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled


class PaletteModel(QStandardItemModel):
    """A dragged entry travels as a layer or as a block. Renaming an entry renames the block."""

    def __init__(self, blocks: BlockLibrary, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._blocks = blocks
        for category, layers in grouped():
            heading = _heading(category.capitalize(), category)
            for layer in layers:
                heading.appendRow(_layer_entry(layer))
            self.appendRow(heading)
        self._own: QStandardItem | None = None
        self.show_blocks()

    def show_blocks(self) -> None:
        """List the user's blocks; without any, there is no heading either."""
        if self._own is not None:
            self.removeRow(self._own.row())
            self._own = None
        if self._blocks.blocks:
            self._own = _heading(self.tr("My blocks"), OWN)
            for block in self._blocks.blocks:
                self._own.appendRow(_block_entry(block))
            self.appendRow(self._own)

    def mimeTypes(self) -> list[str]:
        return [layer_mime.LAYER_MIME, block_library.BLOCK_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        block = indexes[0].data(BLOCK)
        if block is not None:
            return block_library.to_mime(block)
        return layer_mime.to_mime(indexes[0].data(LAYER)())

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        block = index.data(BLOCK)
        if block is None or role != Qt.ItemDataRole.EditRole:
            return super().setData(index, value, role)
        refusal = self._blocks.rename(block.name, str(value))
        if refusal:
            self._blocks.failed.emit(refusal)
        return not refusal


class PaletteFilter(QSortFilterProxyModel):
    """The entries that match the search. best: the best of them, a layer or a block."""

    def __init__(self, blocks: BlockLibrary) -> None:
        super().__init__()
        self._blocks = blocks
        self._layers: list[type[Layer]] = []
        self._names: list[str] = []
        self.setRecursiveFilteringEnabled(True)

    def look_for(self, text: str) -> None:
        """Show the entries that match this text."""
        wanted = text.strip().lower().split()
        self._layers = matching((layer for _, group in grouped() for layer in group), text)
        self._names = [
            block.name
            for block in self._blocks.blocks
            if all(word in f"{block.name} {block.words}".lower() for word in wanted)
        ]
        self.invalidate()

    def is_best(self, index: Index, text: str) -> bool:
        """Whether Enter takes this entry: a block that starts with the text, or the best layer."""
        begins = [n for n in self._names if n.lower().startswith(text.strip().lower())]
        block = index.data(BLOCK)
        if begins or not self._layers:
            return block is not None and block.name == [*begins, *self._names][0]
        return index.data(LAYER) is self._layers[0]

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        index = self.sourceModel().index(row, 0, parent)
        block = index.data(BLOCK)
        if block is not None:
            return block.name in self._names
        return index.data(LAYER) in self._layers


def grouped() -> list[tuple[str, list[type[Layer]]]]:
    """Categories in the order in which networks are built, each with its layers."""
    groups: dict[str, list[type[Layer]]] = {category: [] for category in CATEGORY_SERIES}
    for layer in Layer.registry.values():
        groups.setdefault(layer.category, []).append(layer)
    return [(category, layers) for category, layers in groups.items() if layers]


def _heading(text: str, category: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    item.setData(category, CATEGORY)
    return item


def _entry(title: str, category: str, words: str) -> QStandardItem:
    item = QStandardItem(title)
    item.setData(category, CATEGORY)
    item.setToolTip(plain_tip(words))
    item.setAccessibleText(title)
    item.setAccessibleDescription(words)
    item.setFlags(_ENTRY)
    return item


def _layer_entry(layer: type[Layer]) -> QStandardItem:
    item = _entry(layer.title, layer.category, described(layer))
    item.setData(layer, LAYER)
    return item


def _block_entry(block: SavedBlock) -> QStandardItem:
    item = _entry(block.name, OWN, block.words)
    item.setData(block, BLOCK)
    item.setFlags(_ENTRY | Qt.ItemFlag.ItemIsEditable)
    return item
