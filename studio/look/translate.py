"""Texts in the user's language, for what is no widget and has no `tr` of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication


def translator(context: str) -> Callable[[str], str]:
    """Translates the texts of one file. context: the name that translators see them under."""

    def translated(text: str) -> str:
        return QCoreApplication.translate(context, text)

    return translated
