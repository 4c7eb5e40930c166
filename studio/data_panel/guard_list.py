"""GuardList: what is unsound about the split, each as a sentence with the button that mends it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data import Concern, SplitFix
from studio.forms.column import muted
from studio.forms.sentence import Sentence
from studio.look.theme import GRID_PX
from studio.widgets.wrapping_button import WrappingButton


class GuardList(QWidget):
    """fix_chosen(fix): the button of a concern was pressed."""

    fix_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.status = muted()
        self.rows: list[QWidget] = []
        self.buttons: list[WrappingButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._column.addWidget(self.status)
        self._shown: Sequence[Concern] | None = None
        self._is_working = False

    @property
    def stale(self) -> str:
        """Why the concerns may be those of other data, or ""."""
        return self.status.text() if self._is_working else ""

    @property
    def sentences(self) -> list[str]:
        """The concerns shown, the gravest first."""
        return [str(concern) for concern in self._shown or ()]

    def show_working(self) -> None:
        """Data changed; what was found about the old ones stays until the new ones are looked at,
        so that nothing jumps, but it is grayed and cannot be pressed."""
        self.status.setText(self.tr("Checking the data…"))
        self.status.show()
        self._is_working = True
        for row in self.rows:
            row.setEnabled(False)

    def show_failure(self) -> None:
        """There are no sets to look at."""
        self._is_working = False
        self._clear()
        self.status.hide()

    def show_concerns(self, concerns: Sequence[Concern]) -> None:
        """Show these, or that there are none."""
        if self._shown is None or tuple(self._shown) != tuple(concerns):
            self._clear()
            self._shown = tuple(concerns)
            for concern in concerns:
                self._add(concern)
        self._is_working = False
        for row in self.rows:
            row.setEnabled(True)
        self.status.setText(self.tr("No problems found in the split."))
        self.status.setVisible(not concerns)

    def _add(self, concern: Concern) -> None:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        sentence = Sentence()
        sentence.text.setProperty("role", "")
        sentence.show_text(str(concern))
        column.addWidget(sentence)
        if concern.fix is not None:
            column.addWidget(self._button(concern.fix, str(concern)))
        self._column.addWidget(row)
        self.rows.append(row)

    def _button(self, fix: SplitFix, why: str) -> WrappingButton:
        button = WrappingButton(fix.title)
        button.setAccessibleDescription(why)
        button.clicked.connect(partial(self._choose, fix))
        self.buttons.append(button)
        return button

    def _choose(self, fix: SplitFix, _checked: bool = False) -> None:
        self.fix_chosen.emit(fix)

    def _clear(self) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows, self.buttons, self._shown = [], [], None
