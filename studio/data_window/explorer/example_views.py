"""ExampleViews: the tabs of the data explorer, each another way to look at one set."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTabWidget

from engine.data import Dataset
from engine.probes.sampling import class_words, some
from engine.probes.sketch import pictures_of
from studio.data_window.explorer.class_counts import ClassCounts
from studio.data_window.explorer.histograms import Histograms
from studio.data_window.explorer.rows_model import RowsModel
from studio.data_window.explorer.scatter import ScatterView
from studio.look.theme import GRID_PX
from studio.widgets.option import name_option
from studio.widgets.tiles import Tile, Tiles, gray_table

MOST_PICTURES = 200
COLUMN_LETTERS = 20


class ExampleViews(QTabWidget):
    """Gives the examples to the view in front only; the others wait. counts: of all sets."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.table = RowsModel(), QTableView()
        self.scatter, self.histograms, self.counts = ScatterView(), Histograms(), ClassCounts()
        self.pictures = Tiles(self.tr("Pictures of the examples"))
        self._pictured: list[int] = []
        self._make_table()
        for view, title, id in (
            (self.table, self.tr("&Table"), "table"),
            (self.scatter, self.tr("&Scatter"), "scatter"),
            (self.histograms, self.tr("&Histograms"), "histograms"),
            (self.pictures, self.tr("&Pictures"), "pictures"),
            (self.counts, self.tr("&Classes"), "classes"),
        ):
            self.tabBar().setTabData(self.addTab(view, title), id)
        name_option("view", self.tabBar())

    @property
    def counts_all(self) -> bool:
        """Whether the view in front is about all sets."""
        return self.currentWidget() is self.counts

    def offer_pictures(self, offered: bool) -> None:
        """Whether the examples are pictures."""
        self.setTabVisible(self.indexOf(self.pictures), offered)

    def show_examples(self, data: Dataset) -> None:
        """Give these examples to the view in front."""
        front = self.currentWidget()
        if front is self.table and self.rows.examples is not data:
            self.rows.show_examples(data)
        elif front is self.pictures and data.image_shape is not None:
            self._show_pictures(data)
        elif front in (self.scatter, self.histograms):
            front.show_examples(data)

    def painted(self) -> dict[str, Any]:
        """view: the id of the tab in front, and what it shows; pictures: indices."""
        front = self.currentWidget()
        view = {"view": self.tabBar().tabData(self.currentIndex())}
        if front is self.pictures:
            return {**view, "indices": np.array(self._pictured, int)}
        shows = self.rows if front is self.table else front
        assert isinstance(shows, (RowsModel, ScatterView, Histograms, ClassCounts))
        return {**view, **shows.painted()}

    def _show_pictures(self, data: Dataset) -> None:
        chosen = some(data, MOST_PICTURES)
        pictures = pictures_of(data, chosen)
        self._pictured = chosen.tolist()
        shown = pictures[..., 0] if pictures.shape[3] == 1 else pictures
        captions = [class_words(data, int(index)) for index in chosen]

        def tile_of(place: int) -> Tile:
            number = int(chosen[place]) + 1
            return Tile(captions[place], self.tr("Example %d: %s") % (number, captions[place]))

        self.pictures.show_pictures(
            np.ascontiguousarray(shown), gray_table(data.ink), tile_of, max(captions, key=len)
        )

    def _make_table(self) -> None:
        self.table.setModel(self.rows)
        self.table.setAccessibleName(self.tr("Examples as rows"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setCornerButtonEnabled(False)
        header, metrics = self.table.horizontalHeader(), self.fontMetrics()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultSectionSize(COLUMN_LETTERS * metrics.averageCharWidth())
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() + GRID_PX // 2)
        self.table.verticalHeader().setHighlightSections(False)
