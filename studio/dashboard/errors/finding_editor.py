"""FindingEditor: what a person notes on one example: categories, a wrong label, words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.project.findings import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, Finding
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.widgets.controls import FieldCheckBox, FieldComboBox
from studio.widgets.option import name_option

NUMBERED = 9
"""So many categories have a key: 1 to 9."""


class FindingEditor(QWidget):
    """looked_at(on), tagged(category, on), added(category), mislabeled(on), corrected(label),
    noted(words): what the user did; nothing is kept here."""

    looked_at = Signal(bool)
    tagged = Signal(str, bool)
    added = Signal(str)
    mislabeled = Signal(bool)
    corrected = Signal(str)
    noted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: list[FieldCheckBox] = []
        self._categories: tuple[str, ...] | None = None
        self._classes: tuple[str, ...] | None = None
        self.seen = FieldCheckBox(self.tr("0  reviewed"), self)
        self.seen.setToolTip(self.tr("Count this example as reviewed."))
        self.name = QLineEdit(self)
        self.name.setMaxLength(MAX_NAME_LENGTH)
        self.name.setPlaceholderText(self.tr("new category, such as blurry"))
        self.name.setAccessibleName(self.tr("New category"))
        self.add = QPushButton(self.tr("Add"), self)
        self.add.setToolTip(self.tr("Add the category and tag this example with it."))
        self.wrong = FieldCheckBox(self.tr("the label is wrong"), self)
        self.right = FieldComboBox()
        self.right.setAccessibleName(self.tr("Correct label"))
        self.note = QLineEdit(self)
        self.note.setMaxLength(MAX_NOTE_LENGTH)
        self.note.setPlaceholderText(self.tr("a note"))
        self.note.setAccessibleName(self.tr("Note on this example"))
        for name, control in {
            "looked_at": self.seen,
            "new_category": self.name,
            "add_category": self.add,
            "wrong_label": self.wrong,
            "right_label": self.right,
            "note": self.note,
        }.items():
            name_option(name, control)
        self._arrange()
        self._connect()

    def show_finding(
        self, categories: Sequence[str], finding: Finding | None, classes: Sequence[str]
    ) -> None:
        """finding: None for an example that nobody has looked at. classes: the labels that it may
        have; none where a label cannot be corrected."""
        if self._categories != tuple(categories):
            self._list_categories(tuple(categories))
        if self._classes != tuple(classes):
            self._list_classes(tuple(classes))
        known = finding or Finding()
        self.seen.setChecked(finding is not None)
        for box, category in zip(self.boxes, categories, strict=True):
            box.setChecked(category in known.tags)
        self.wrong.setChecked(known.wrong_label)
        at = self.right.findData(known.label)
        self.right.setCurrentIndex(max(0, at))
        self._correction.setVisible(bool(classes))
        if not self.note.hasFocus() or self.note.text() != known.note:
            self.note.setText(known.note)

    def toggle(self, number: int) -> None:
        """The key of a category was pressed; 0: looked at."""
        if number == 0:
            self.seen.click()
        elif number <= len(self.boxes):
            self.boxes[number - 1].click()

    def _list_categories(self, categories: tuple[str, ...]) -> None:
        self._categories = categories
        for box in self.boxes:
            self._tags.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = []
        for number, category in enumerate(categories, start=1):
            key = f"{number}  " if number <= NUMBERED else ""
            box = FieldCheckBox(f"{key}{category}", self)
            box.setAccessibleName(category)
            name_option("categories", box)
            box.clicked.connect(lambda on, name=category: self.tagged.emit(name, on))
            self.boxes.append(box)
            self._tags.addWidget(box)

    def _list_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        self.right.clear()
        self.right.addItem(self.tr("leave the label"), "")
        for name in classes:
            self.right.addItem(name, name)

    def _add(self) -> None:
        name = self.name.text().strip()
        if name:
            self.added.emit(name)

    def _connect(self) -> None:
        self.seen.clicked.connect(self.looked_at)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        self.wrong.clicked.connect(self.mislabeled)
        self.right.activated.connect(lambda _: self.corrected.emit(self.right.currentData()))
        self.note.editingFinished.connect(lambda: self.noted.emit(self.note.text().strip()))

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        self._tags = QVBoxLayout()
        self._tags.setSpacing(0)
        layout.addWidget(self.seen)
        layout.addLayout(self._tags)
        layout.addLayout(_in_line(self.name, self.add))
        layout.addWidget(self.wrong)
        self._correction = QWidget(self)
        line = _in_line(PlainLabel(self.tr("correct label")), self.right)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        self._correction.setLayout(line)
        layout.addWidget(self._correction)
        layout.addWidget(self.note)
        layout.addStretch(1)


def _in_line(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(GRID_PX // 2)
    for widget in widgets:
        line.addWidget(widget)
    return line
