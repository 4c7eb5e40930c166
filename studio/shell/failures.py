"""Internal errors: a sentence in the window, and the traceback in the terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from PySide6.QtCore import QObject, Signal

MOST_CHARACTERS = 200


class Failures(QObject):
    """Between `watch` and `stop`, every uncaught exception is reported and printed.

    told(sentence): arrives on the thread of its receivers, wherever the error was.
    """

    told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._print = sys.excepthook

    def watch(self) -> None:
        """Start to report exceptions."""
        self._print, sys.excepthook = sys.excepthook, self._tell

    def stop(self) -> None:
        """Restore the previous handler."""
        sys.excepthook = self._print

    def _tell(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._print(kind, error, trace)
        if issubclass(kind, Exception):  # Ctrl+C is not an error
            self.told.emit(self.sentence(error))

    def sentence(self, error: BaseException) -> str:
        """What happened, and what to do, for people."""
        cause = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".: ")
        if len(cause) > MOST_CHARACTERS:
            cause = f"{cause[:MOST_CHARACTERS]}…"
        told = self.tr(
            "An internal error occurred, and an action was not completed ({0}). Your "
            "design is unchanged: save it, and restart the program if anything looks "
            "odd. The details are in the terminal."
        )
        return told.format(cause)
