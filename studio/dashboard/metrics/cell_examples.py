"""CellExamples: the examples in one cell of the confusion matrix, as pictures or as numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTableWidgetItem, QVBoxLayout, QWidget

from engine.probes.example_pictures import flat
from engine.probes.predictions import Judged
from engine.words import percent, short_number
from studio.look.theme import tabular_font, theme
from studio.widgets.plain_table import PlainTable
from studio.widgets.tiles import Tile, Tiles, gray_table

MOST_SHOWN = 200
MOST_FEATURES = 50


class CellExamples(QWidget):
    """closed: back to the matrix."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = np.zeros(0, int)
        self._judged: Judged | None = None
        self._called = 0
        self.gallery = Tiles(self.tr("Examples in this cell"), self)
        self.table = PlainTable(self)
        self.table.setAccessibleName(self.tr("Examples in this cell"))
        self.table.setFont(tabular_font())
        self.table.horizontalHeader().setStretchLastSection(False)
        mode = QHeaderView.ResizeMode.ResizeToContents
        self.table.horizontalHeader().setSectionResizeMode(mode)
        self._views = QStackedWidget(self)
        for view in (self.gallery, self.table):
            self._views.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)
        theme.changed.connect(self._dress)

    def show_examples(self, judged: Judged, numbers: np.ndarray, called: int) -> None:
        """Show these examples of a set, which were all taken for one class."""
        self._judged, self._called = judged, called
        self.numbers = numbers[:MOST_SHOWN]
        if judged.picture is not None:
            self._show_pictures()
        else:
            self._show_numbers()
        shown = self.gallery if judged.picture is not None else self.table
        self._views.setCurrentWidget(shown)
        self.setFocusProxy(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _show_pictures(self) -> None:
        assert self._judged is not None
        pixels = self._judged.pixels(self.numbers)
        assert pixels is not None
        longest = self.tr("{:,}: {}").format(self._judged.part.m, percent(1.0))
        self.gallery.show_pictures(
            flat(pixels), gray_table(self._judged.part.ink), self._tile, longest
        )

    def _tile(self, index: int) -> Tile:
        assert self._judged is not None
        number = int(self.numbers[index])
        p = percent(self._judged.probability(number, self._called))
        name = self._judged.classes[self._called]
        spoken = self.tr("Example {:,}: predicted “{}” with probability {}.").format(
            number + 1, name, p
        )
        return Tile(self.tr("{:,}: {}").format(number + 1, p), spoken)

    def _show_numbers(self) -> None:
        judged = self._judged
        assert judged is not None
        features = judged.features(self.numbers)[:MOST_FEATURES]  # (features, n)
        names = judged.part.feature_names[:MOST_FEATURES]
        titles = [self.tr("example"), self.tr("sure"), *names]
        self.table.setColumnCount(len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setRowCount(len(self.numbers))
        for row, number in enumerate(self.numbers.tolist()):
            p = judged.probability(number, self._called)
            texts = [
                f"{number + 1:,}",
                percent(p),
                *(short_number(float(x)) for x in features[:, row]),
            ]
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)

    def _dress(self) -> None:
        """Pictures are made of the theme's colors."""
        if self._judged is not None and self._judged.picture is not None:
            self._show_pictures()
