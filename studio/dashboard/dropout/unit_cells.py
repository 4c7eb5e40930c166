"""UnitCells: every unit as a cell; what is dropped is faded and crossed out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine.probes.masks import Mask
from engine.words import percent, short_number
from studio.look.inks import faded
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.look.translate import translator
from studio.widgets.painted_area import PaintedArea

MOST_UNITS = 400
"""Of a layer; of more, the first ones are shown."""
VALUE = "−0.0e-0"
WHOLE_BATCH = -1


class UnitCell(NamedTuple):
    """A unit of a layer, both counted from 0."""

    layer: int
    unit: int


class UnitCells(PaintedArea):
    """The layers below each other, their units in a grid. current_changed(cell)."""

    current_changed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.masks: tuple[Mask, ...] = ()
        self.example = 0
        self.current = UnitCell(0, 0)
        self.setFont(tabular_font())

    def show_masks(self, masks: Sequence[Mask], example: int) -> None:
        """example: which of the batch, or WHOLE_BATCH."""
        self.masks, self.example = tuple(masks), example
        if self.current.layer >= len(masks) or self.current.unit >= self._units(self.current.layer):
            self.current = UnitCell(0, 0)
        self.fit()
        self._tell()

    def is_dropped(self, cell: UnitCell) -> bool:
        """Whether a unit is off for the example, or for every example of the batch."""
        kept = self.masks[cell.layer].kept[cell.unit]
        return not (kept.any() if self.example == WHOLE_BATCH else kept[self.example])

    def text_of(self, cell: UnitCell) -> str:
        """What stands in a cell: the scaled activation, or how many examples keep the unit."""
        mask = self.masks[cell.layer]
        if self.example == WHOLE_BATCH:
            return f"{int(mask.kept[cell.unit].sum())}/{mask.kept.shape[1]}"
        return short_number(float(mask.after[cell.unit, self.example]))

    def heading(self, layer: int) -> str:
        """The keep probability of a layer, its scale, and what it did."""
        mask = self.masks[layer]
        if not mask.drops:
            return _tr("keep_prob {:g}: nothing is dropped, nothing is scaled").format(
                mask.keep_prob
            )
        kept = mask.kept if self.example == WHOLE_BATCH else mask.kept[:, self.example]
        text = _tr("keep_prob {:g}, 1/keep_prob = {:.4g}: {:,} of {:,} kept ({})").format(
            mask.keep_prob,
            1 / mask.keep_prob,
            int(kept.sum()),
            kept.size,
            percent(kept.mean(), digits=0),
        )
        more = _tr("; showing the first {:,}").format(MOST_UNITS)
        return text + (more if len(mask.kept) > MOST_UNITS else "")

    def sentence(self, cell: UnitCell) -> str:
        """A unit with its formula, the numbers filled in."""
        mask = self.masks[cell.layer]
        name = _tr("“{}”, unit {}").format(mask.node, cell.unit + 1)
        if self.example == WHOLE_BATCH:
            return _tr("{}: kept for {} examples.").format(name, self.text_of(cell))
        before = short_number(float(mask.before[cell.unit, self.example]))
        after = short_number(float(mask.after[cell.unit, self.example]))
        if not mask.drops:
            return _tr("{}: a = {}, unchanged.").format(name, before)
        if self.is_dropped(cell):
            return _tr("{}: a = {}, dropped: its output is 0.").format(name, before)
        return _tr("{}: a = {} / {:g} = {}.").format(name, before, mask.keep_prob, after)

    def rect_of(self, cell: UnitCell) -> QRect:
        """Where a cell lies, in coordinates of the content."""
        size, columns = self._cell_size(), self._columns(self.viewport().width())
        top = self._top(cell.layer) + self._heading_height()
        at = QPoint(cell.unit % columns * size.width(), top + cell.unit // columns * size.height())
        return QRect(at, size)

    def content_size(self, room: QSize) -> QSize:
        return QSize(self._cell_size().width(), self._top(len(self.masks)))

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        size, columns = self._cell_size(), self._columns(self.viewport().width())
        height = size.height()
        for layer in range(len(self.masks)):
            top, end = self._top(layer), self._top(layer + 1)
            if end < visible.top() or top > visible.bottom():
                continue
            self._paint_heading(painter, layer, QRect(0, top, visible.width(), end - top))
            top += self._heading_height()
            first = max(0, (visible.top() - top) // height * columns)
            last = min(self._units(layer), ((visible.bottom() - top) // height + 1) * columns)
            places = {
                unit: QRect(
                    unit % columns * size.width() + 2,
                    top + unit // columns * height + 2,
                    size.width() - 4,
                    height - 4,
                )
                for unit in range(first, last)
            }
            self._paint_cells(painter, layer, places)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.viewport().width())
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }.get(Qt.Key(event.key()), 0)
        if not step or not self.masks:
            super().keyPressEvent(event)
            return
        layer, unit = self.current.layer, self.current.unit + step
        if unit < 0 and layer > 0:
            self.set_current(UnitCell(layer - 1, self._units(layer - 1) - 1))
        elif unit >= self._units(layer) and layer + 1 < len(self.masks):
            self.set_current(UnitCell(layer + 1, 0))
        elif 0 <= unit < self._units(layer):
            self.set_current(UnitCell(layer, unit))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x, y = self.offset
        place = event.position().toPoint() + QPoint(x, y)
        for layer in range(len(self.masks)):
            size, columns = self._cell_size(), self._columns(self.viewport().width())
            row = (place.y() - self._top(layer) - self._heading_height()) // size.height()
            unit = row * columns + place.x() // size.width()
            if row >= 0 and place.x() < columns * size.width() and unit < self._units(layer):
                self.set_current(UnitCell(layer, unit))
                return

    def set_current(self, cell: UnitCell) -> None:
        """Make a unit the current one, and scroll to it."""
        self.current = cell
        rect, bar = self.rect_of(cell), self.verticalScrollBar()
        low = rect.bottom() + 1 - self.viewport().height()
        bar.setValue(max(low, min(bar.value(), rect.top() - self._heading_height())))
        self._tell()
        self.viewport().update()

    def _tell(self) -> None:
        self.setAccessibleDescription(self.sentence(self.current) if self.masks else "")
        self.current_changed.emit(self.current)

    def _paint_heading(self, painter: QPainter, layer: int, place: QRect) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.colors.text))
        name, gap = self.masks[layer].node, GRID_PX // 2
        line = QRect(gap, place.y() + gap, place.width() - 2 * gap, self.fontMetrics().height())
        painter.drawText(line, 0, name)
        left = line.adjusted(painter.fontMetrics().horizontalAdvance(name) + GRID_PX, 0, 0, 0)
        painter.setFont(self.font())
        words = self.fontMetrics().elidedText(
            self.heading(layer), Qt.TextElideMode.ElideRight, left.width()
        )
        painter.drawText(left, 0, words)

    def _paint_cells(self, painter: QPainter, layer: int, places: dict[int, QRect]) -> None:
        """Kept cells are filled, dropped ones crossed out; all of a kind in one go."""
        colors = theme.colors
        off = {unit for unit in places if self.is_dropped(UnitCell(layer, unit))}
        inner = [places[unit].adjusted(3, 3, -3, -3) for unit in off]
        painter.setPen(QPen(faded(QColor(colors.muted), 0.6), 1))
        painter.drawLines([QLineF(box.topLeft(), box.bottomRight()) for box in inner])
        painter.drawLines([QLineF(box.bottomLeft(), box.topRight()) for box in inner])
        painter.setPen(QColor(colors.border))
        painter.drawRects([places[unit] for unit in off])
        painter.setBrush(faded(colors.of_series(0), 0.2))
        painter.drawRects([place for unit, place in places.items() if unit not in off])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for group, color in ((off, colors.muted), (places.keys() - off, colors.text)):
            painter.setPen(QColor(color))
            for unit in group:
                text = self.text_of(UnitCell(layer, unit))
                painter.drawText(places[unit], Qt.AlignmentFlag.AlignCenter, text)
        if layer == self.current.layer and self.current.unit in places:
            painter.setPen(QPen(QColor(colors.accent), 2 if self.hasFocus() else 1))
            painter.drawRect(places[self.current.unit])

    def _units(self, layer: int) -> int:
        return min(MOST_UNITS, len(self.masks[layer].kept))

    def _top(self, layer: int) -> int:
        """Where a layer begins; for the number of layers, where the last one ends."""
        columns, height = self._columns(self.viewport().width()), self._cell_size().height()
        rows = sum(-(-self._units(above) // columns) for above in range(layer))
        return layer * self._heading_height() + rows * height

    def _heading_height(self) -> int:
        return self.fontMetrics().height() + GRID_PX

    def _cell_size(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(VALUE) + GRID_PX, metrics.height() + GRID_PX)

    def _columns(self, width: int) -> int:
        return max(1, width // self._cell_size().width())


_tr = translator("UnitCells")
