"""RunList: the runs with a small picture of their cost, to choose which are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.project.runs import Run
from studio.dashboard.runs.run_model import RUN_ROLE, SHAPE_ROLE, Index, RunModel
from studio.look.icons import icon
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.run_figures import cost_text, score_text, style_of_run

PICTURE_WIDTH_PX = 6 * GRID_PX
PICTURE_SHARE = 0.3
"""Of a row's width, at most."""
LETTERS = 15
"""Room for so many beside the picture, to begin with."""
MOST_JOINED = 4
"""A new run joins those that are compared; of more than these, the oldest leave."""


class RunList(QListView):
    """chosen_changed(): others are selected, or a selected one changed."""

    chosen_changed = Signal()

    def __init__(self, rename: Callable[[str, str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RunModel(rename, self)
        self.setModel(self.rows)
        self.setItemDelegate(_Row(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Runs"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.selectionModel().selectionChanged.connect(self._tell)
        theme.changed.connect(self.viewport().update)

    @property
    def chosen(self) -> list[Run]:
        """The selected runs, oldest first."""
        rows = sorted((index.row() for index in self.selectedIndexes()), reverse=True)
        return [self.rows.runs[row] for row in rows]

    def show_runs(self, runs: tuple[Run, ...]) -> None:
        """Show these; what was selected stays so, and a new run joins it."""
        known = {run.key for run in self.rows.runs}
        new = [run.key for run in runs if run.key not in known] if known else []
        keys = [run.key for run in self.chosen] or [run.key for run in runs[-1:]]
        if new:
            keys = [*keys, *(key for key in new if key not in keys)][-MOST_JOINED:]
        current = self.currentIndex()
        held = self.rows.runs[current.row()].key if current.isValid() else ""
        self.blockSignals(True)
        self.rows.show_runs(runs)
        self.choose(keys)
        row = self.rows.row_of(new[-1] if new else held)
        if row >= 0:
            at = self.rows.index(row)
            self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.blockSignals(False)
        self.chosen_changed.emit()

    def choose(self, keys: list[str]) -> None:
        """Select the runs with these keys."""
        selection = QItemSelection()
        for key in keys:
            row = self.rows.row_of(key)
            if row >= 0:
                selection.select(self.rows.index(row), self.rows.index(row))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def set_option(self, numbers: Any) -> str:
        """Select the runs with these numbers. Returns why not, or an empty string."""
        keys = {run.number: run.key for run in self.rows.runs}
        wanted = numbers if isinstance(numbers, (list, tuple)) else [numbers]
        missing = [number for number in wanted if number not in keys]
        if missing:
            told = self.tr("must be some of {known}. Got {missing}.")
            return told.format(known=sorted(keys), missing=missing)
        self.choose([keys[number] for number in wanted])
        return ""

    def option_choices(self) -> list[list[int]]:
        """Each run alone, and the newest together."""
        numbers = sorted(run.number for run in self.rows.runs)
        return [*([number] for number in numbers), numbers[-MOST_JOINED:]]

    def edit_name(self, key: str) -> None:
        """Let a person type another name for a run, in its row."""
        at = self.rows.index(self.rows.row_of(key))
        self.setFocus()
        self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.edit(at)

    def sizeHint(self) -> QSize:
        letters = self.fontMetrics().averageCharWidth() * LETTERS
        return QSize(letters + PICTURE_WIDTH_PX + 4 * GRID_PX, 10 * GRID_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(PICTURE_WIDTH_PX + 4 * GRID_PX, 4 * GRID_PX)

    def _tell(self) -> None:
        if not self.signalsBlocked():
            self.chosen_changed.emit()


class _Row(QStyledItemDelegate):
    """Picture, name and pin, and below them the figures on the dev set."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(PICTURE_WIDTH_PX, 2 * option.fontMetrics.height() + GRID_PX + 2)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        room = _words_of(option.rect.toRectF()).toRect()
        editor.setGeometry(room.adjusted(-GRID_PX // 2, 0, 0, 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        run = index.data(RUN_ROLE)
        colors = theme.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        room = QRectF(option.rect)
        painter.fillRect(room, QColor(colors.raised if selected else colors.surface))
        if selected:
            bar = QRectF(room.left(), room.top() + 2, 4, room.height() - 4)
            painter.fillRect(bar, QColor(colors.accent))
        self._paint_picture(painter, room, run, index.data(SHAPE_ROLE))
        self._paint_words(painter, _words_of(room), run, option)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()

    def _paint_picture(self, painter: QPainter, room: QRectF, run: Run, shape: QPolygonF) -> None:
        box = QRectF(room.left() + GRID_PX, room.top() + GRID_PX / 2, _picture_width(room), 0)
        box.setBottom(room.bottom() - GRID_PX / 2)
        painter.setPen(QPen(QColor(theme.colors.border), 1))
        painter.setBrush(QColor(theme.colors.surface))
        painter.drawRect(box)
        inner = box.adjusted(3, 4, -3, -4)
        fit = QTransform.fromTranslate(inner.left(), inner.top())
        fit.scale(inner.width(), inner.height())
        painter.setPen(QPen(style_of_run(run).ink(), 1.6))
        painter.drawPolyline(fit.map(shape))

    def _paint_words(
        self, painter: QPainter, room: QRectF, run: Run, option: QStyleOptionViewItem
    ) -> None:
        line = option.fontMetrics.height()
        top = QRectF(room.left(), room.top() + GRID_PX / 2, room.width(), line)
        font = tabular_font()
        if run.pinned:
            side = line - 2
            icon("pin").paint(painter, int(top.right() - side), int(top.top()), side, side)
            top.setRight(top.right() - line)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.colors.text))
        _draw(painter, top, run.title)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(theme.colors.muted))
        below = QRectF(room.left(), top.bottom() + 1, room.width(), line)
        width, metrics = below.width(), painter.fontMetrics()
        texts = self.figures(run)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= width)
        _draw(painter, below, next(fitting, texts[-1]))

    def figures(self, run: Run) -> tuple[str, ...]:
        """The figures on the dev set, once there are any, for much room and for less."""
        if "dev_score" not in run.figures:
            one, many = self.tr("1 iteration"), self.tr("{:,} iterations")
            told = one if run.iteration == 1 else many.format(run.iteration)
            return told, f"{run.iteration:,}"
        score = score_text(run, "dev_score")
        short = self.tr("dev {}").format(score)
        return f"{short} · J {cost_text(run, 'dev_cost')}", short, score


def _words_of(room: QRectF) -> QRectF:
    return room.adjusted(_picture_width(room) + 1.5 * GRID_PX, 0, -GRID_PX / 2, 0)


def _picture_width(room: QRectF) -> float:
    return min(PICTURE_WIDTH_PX, PICTURE_SHARE * room.width())


def _draw(painter: QPainter, room: QRectF, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
