"""ExampleView: one example, as a picture or as a table of its features."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTableWidgetItem, QVBoxLayout, QWidget

from engine.probes.example_pictures import flat
from engine.probes.wrong_examples import WrongExamples
from engine.words import short_number
from studio.look.theme import tabular_font, theme
from studio.widgets.large_picture import LargePicture
from studio.widgets.plain_table import PlainTable
from studio.widgets.tiles import gray_table, image_of

MOST_FEATURES = 200


class ExampleView(QWidget):
    """moved(step): an arrow key asks for the next example, or the one before."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[WrongExamples, int] | None = None
        self.picture = LargePicture(self)
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.table = PlainTable(self)
        self.table.setColumnCount(2)
        self.table.setHorizontalHeaderLabels([self.tr("feature"), self.tr("value")])
        self.table.setFont(tabular_font())
        self.table.setAccessibleName(self.tr("Features of this example"))
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._views = QStackedWidget(self)
        for view in (self.picture, self.table):
            self._views.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)
        theme.changed.connect(self._dress)

    def show_example(self, found: WrongExamples, index: int, spoken: str) -> None:
        """Show one of the wrong examples. spoken: what is said of it."""
        self._shown = found, index
        pixels = found.pixels(index)
        shown: QWidget = self.picture
        if pixels is None:
            shown = self.table
            self._list_features(found, index)
        else:
            image = np.ascontiguousarray(flat(pixels[None])[0])
            self.picture.show_image(image_of(image, gray_table(found.sets.raw.dev.ink)))
        shown.setAccessibleDescription(spoken)
        self.picture.setAccessibleName(spoken)
        self._views.setCurrentWidget(shown)
        self.setFocusProxy(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)

    def _list_features(self, found: WrongExamples, index: int) -> None:
        names = found.sets.raw.dev.feature_names[:MOST_FEATURES]
        values = found.features(index)[:MOST_FEATURES].tolist()
        self.table.setRowCount(len(names))
        for row, (name, value) in enumerate(zip(names, values, strict=True)):
            number = QTableWidgetItem(short_number(float(value)))
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, 0, QTableWidgetItem(name))
            self.table.setItem(row, 1, number)

    def _dress(self) -> None:
        """Pictures are made of the theme's colors."""
        if self._shown is not None and self._shown[0].picture is not None:
            self.show_example(*self._shown, self.picture.accessibleName())
