"""Watch: all that goes wrong without a word: exceptions, warnings, what is written to stderr."""

from __future__ import annotations

import io
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

HARMLESS = ("This plugin does not support", "QFont::", "Failed to register with host portal")
"""Beginnings of what the offscreen platform says of itself."""


class Watch:
    """faults: what was noticed, oldest first."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, nothing goes unnoticed; warnings are exceptions."""
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._tell_error
        threading.excepthook = lambda told: self._tell_error(
            told.exc_type, told.exc_value, told.exc_traceback
        )
        sys.unraisablehook = lambda told: self._tell_error(
            told.exc_type, told.exc_value, told.exc_traceback
        )
        before = qInstallMessageHandler(self._tell_qt)
        error_output, sys.stderr = sys.stderr, _Told(self.faults.append)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                warnings.filterwarnings("ignore", "path is deprecated", DeprecationWarning)
                yield
        finally:
            sys.stderr = error_output
            qInstallMessageHandler(before)
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks

    def take(self) -> list[str]:
        """What was noticed since the last time."""
        taken, self.faults[:] = list(self.faults), []
        return taken

    def _tell_error(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _tell_qt(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if not text.startswith(HARMLESS):
            self.faults.append(f"Qt says: {text}")


class _Told(io.TextIOBase):
    """A stream whose every write is a fault."""

    def __init__(self, tell: Callable[[str], Any]) -> None:
        super().__init__()
        self._tell = tell

    def write(self, text: str) -> int:
        if text.strip():
            self._tell(f"Written to stderr: {text}")
        return len(text)
