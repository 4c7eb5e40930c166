"""HumanLevelField: the human-level error, unknown, of one person or of several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.project.human_error import HumanError

DECIMALS = 6
"""Of a share: a person types percent, and 0.1 + 0.2 must not show."""
LETTERS = 30
"""Room for the longest that is usual: "unknown, taken as 0 %" or four error rates."""


class HumanLevelField(QLineEdit):
    """entered(error): another human-level error was typed. refused(sentence): no error was."""

    entered = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: HumanError = None
        self.setPlaceholderText(self.tr("unknown, taken as 0 %"))
        self.setAccessibleName(self.tr("Human-level error"))
        self.setToolTip(
            self.tr(
                "The best error you can hope for: human error, or the Bayes error. "
                "Anything above it is avoidable bias. For several people, separate "
                "their error rates with commas; the lowest one counts. Leave it empty "
                "if unknown."
            )
        )
        self.editingFinished.connect(self._finish)

    def sizeHint(self) -> QSize:
        width = LETTERS * self.fontMetrics().averageCharWidth()
        return QSize(width, super().sizeHint().height())

    def show_error(self, error: HumanError) -> None:
        """Show the project's error."""
        self._known = error
        self.setText(text_of(error))

    def _finish(self) -> None:
        if self.text() == text_of(self._known):
            return
        try:
            error = error_of(self.text())
        except ValueError:
            sentence = self.tr("“{}” is not an error rate in percent, such as 7.5 or 3, 1, 0.7.")
            self.refused.emit(sentence.format(self.text()))
            self.setText(text_of(self._known))
            return
        if error == self._known:
            self.setText(text_of(self._known))
        else:
            self.entered.emit(error)


def text_of(error: HumanError) -> str:
    """An error as a person types it: "3, 1, 0.7 %"; empty if it is unknown."""
    if error is None:
        return ""
    shares: Sequence[float] = error if isinstance(error, tuple) else (error,)
    return f"{', '.join(f'{round(100 * share, DECIMALS):g}' for share in shares)} %"


def error_of(text: str) -> HumanError:
    """The inverse of `text_of`. Raises ValueError for what is not a number."""
    words = text.replace("%", " ").replace(",", " ").replace(";", " ").split()
    shares = tuple(round(float(word) / 100, DECIMALS) for word in words)
    return shares if len(shares) > 1 else next(iter(shares), None)
