"""Palette: all layers by category, to drag onto the canvas; typing searches them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from engine import Layer
from studio.forms.column import muted
from studio.layer_mime import LAYER_MIME, to_mime
from studio.layer_search import described, matching
from studio.theme import CATEGORY_SERIES, GRID_PX, theme

_LAYER = Qt.ItemDataRole.UserRole
_CATEGORY = Qt.ItemDataRole.UserRole + 1
STRIPE_PX = 4
Index = QModelIndex | QPersistentModelIndex


class Palette(QWidget):
    """A search box over the list of layers. Says `layer_chosen(layer)` on Enter or double-click."""

    layer_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = _SearchBox()
        self.model = LayerModel()
        self.found = _Found()
        self.found.setSourceModel(self.model)
        self.view = _View(self.found)
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
        self._find("")

    def titles(self) -> list[str]:
        """The titles of the entries on show, from top to bottom."""
        return [index.data() for index in self._entries()]

    def _entries(self) -> Iterator[QModelIndex]:
        for row in range(self.found.rowCount()):
            group = self.found.index(row, 0)
            yield from (self.found.index(i, 0, group) for i in range(self.found.rowCount(group)))

    def _find(self, text: str) -> None:
        self.found.look_for(text)
        self.view.expandAll()
        entries = list(self._entries())
        self.nothing.setText(self.tr("No layer matches “{text}”.").format(text=text.strip()))
        self.nothing.setVisible(not entries)
        self.view.setVisible(bool(entries))
        if entries and text.strip():
            best = self.found.layers[0]
            self.view.setCurrentIndex(next(e for e in entries if e.data(_LAYER) is best))
        else:
            self.view.setCurrentIndex(QModelIndex())

    def _enter_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        first = next(self._entries(), None)
        if first is not None and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(first)

    def _choose_current(self) -> None:
        self._choose(self.view.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        layer = index.data(_LAYER) if index.isValid() else None
        if layer is not None:
            self.layer_chosen.emit(layer())


class LayerModel(QStandardItemModel):
    """The registered layers under their categories; a dragged entry travels as a layer."""

    def __init__(self) -> None:
        super().__init__()
        for category, layers in _groups():
            group = QStandardItem(category.capitalize())
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setData(category, _CATEGORY)
            for layer in layers:
                group.appendRow(_entry(layer))
            self.appendRow(group)

    def mimeTypes(self) -> list[str]:
        return [LAYER_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return to_mime(indexes[0].data(_LAYER)())


class _Found(QSortFilterProxyModel):
    """The entries that match the search. layers: what was found, best matches first."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: list[type[Layer]] = []
        self.setRecursiveFilteringEnabled(True)

    def look_for(self, text: str) -> None:
        """Show the entries that match this text."""
        self.layers = matching((layer for _, group in _groups() for layer in group), text)
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        return self.sourceModel().index(row, 0, parent).data(_LAYER) in self.layers


class _SearchBox(QLineEdit):
    """Enter takes the best match, the arrow down leads into the list, Escape clears."""

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


class _View(QTreeView):
    """Entries under headings that are always open."""

    chosen = Signal(object)

    def __init__(self, model: QSortFilterProxyModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(self.tr("Layers"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(self.chosen.emit)
        theme.changed.connect(self.viewport().update)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Steps over the headings."""
        backward = action in (self.CursorAction.MoveUp, self.CursorAction.MovePageUp)
        index = super().moveCursor(action, modifiers)
        while index.isValid() and index.data(_LAYER) is None:
            index = self.indexAbove(index) if backward else self.indexBelow(index)
        return index if index.isValid() else self.currentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Painter(QStyledItemDelegate):
    """Paints headings, and entries with the stripe of their category and their formula."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, option.fontMetrics.height() + 2 * GRID_PX - 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        if index.data(_LAYER) is None:
            _paint_heading(painter, option.rect, option.font, index.data())
        else:
            self._paint_entry(painter, option, index)
        painter.restore()

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, option.widget)
        box = option.rect
        stripe = QRect(box.left(), box.top() + 2, STRIPE_PX, box.height() - 4)
        painter.fillRect(stripe, theme.colors.of_category(index.data(_CATEGORY)))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colors = theme.colors
        painter.setPen(QColor(colors.on_accent if selected else colors.text))
        inside = box.adjusted(STRIPE_PX + GRID_PX, 0, -GRID_PX, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, index.data())
        painter.setPen(QColor(colors.on_accent if selected else colors.muted))
        metrics = option.fontMetrics
        inside.setLeft(inside.left() + metrics.horizontalAdvance(index.data()) + GRID_PX)
        formula = index.data(_LAYER).formula
        if metrics.horizontalAdvance(formula) <= inside.width():
            painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, formula)


def _paint_heading(painter: QPainter, box: QRect, font: QFont, text: str) -> None:
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.colors.muted))
    inside = box.adjusted(0, GRID_PX // 2, 0, 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _groups() -> list[tuple[str, list[type[Layer]]]]:
    """Categories in the order in which a network is built, each with its layers."""
    groups: dict[str, list[type[Layer]]] = {category: [] for category in CATEGORY_SERIES}
    for layer in Layer.registry.values():
        groups.setdefault(layer.category, []).append(layer)
    return [(category, layers) for category, layers in groups.items() if layers]


def _entry(layer: type[Layer]) -> QStandardItem:
    item = QStandardItem(layer.title)
    item.setData(layer, _LAYER)
    item.setData(layer.category, _CATEGORY)
    item.setToolTip(described(layer))
    item.setAccessibleText(layer.title)
    item.setAccessibleDescription(described(layer))
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    )
    return item
