"""RecipeList: what to try, each with its reason and a button that does it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.doctor import Prescription, headline
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX
from studio.widgets.option import name_option


class RecipeList(QWidget):
    """The remedies, the most promising first; what only people can do has no button.

    wanted(prescription): a button was pressed.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[RecipeEntry] = []
        self._shown: list[tuple[str, str, str]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID_PX)

    def show_recipe(self, prescriptions: Sequence[Prescription]) -> None:
        """Show other remedies; the same ones stay as they are, and keep the focus."""
        said = [(p.remedy, headline(p), p.reason) for p in prescriptions]
        if said == self._shown:
            for entry, prescription in zip(self.entries, prescriptions, strict=True):
                entry.prescription = prescription
            return
        self._shown = said
        had_focus = any(entry.has_focus for entry in self.entries)
        for entry in self.entries:
            self._layout.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self.entries = [RecipeEntry(n, p, self) for n, p in enumerate(prescriptions, start=1)]
        for entry in self.entries:
            self._layout.addWidget(entry)
            entry.wanted.connect(self.wanted)
        if had_focus:
            self._focus_first()

    def _focus_first(self) -> None:
        """Where one remedy was applied, the next key press finds a button again."""
        for entry in self.entries:
            if entry.button is not None:
                entry.button.setFocus()
                return


class RecipeEntry(QWidget):
    """One remedy. wanted(prescription)."""

    wanted = Signal(object)

    def __init__(self, number: int, prescription: Prescription, parent: QWidget) -> None:
        super().__init__(parent)
        self.prescription = prescription
        text = headline(prescription)
        self.title = _words(f"{number}. {text}.", "heading", self)
        self.reason = _words(prescription.reason, "muted", self)
        self.button: QPushButton | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.reason, 1, 0)
        if prescription.by_hand:
            by_hand = PlainLabel(self.tr("manual"), self)
            by_hand.setProperty("role", "muted")
            grid.addWidget(by_hand, 0, 1, Qt.AlignmentFlag.AlignTop)
        else:
            self.button = self._make_button(text)
            grid.addWidget(self.button, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)

    @property
    def has_focus(self) -> bool:
        """Whether its button has the keyboard."""
        return self.button is not None and self.button.hasFocus()

    def _make_button(self, text: str) -> QPushButton:
        button = QPushButton(self.tr("Apply"), self)
        button.setAccessibleName(self.tr("Apply: {}").format(text))
        button.setToolTip(plain_tip(self.tr("One edit that you can undo: {}.").format(text)))
        name_option("apply", button)
        button.clicked.connect(lambda: self.wanted.emit(self.prescription))
        return button


def _words(text: str, role: str, parent: QWidget) -> QLabel:
    label = PlainLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
