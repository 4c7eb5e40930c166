"""Texts of the forms in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def translate(text: str) -> str:
    """A user-facing text in the user's language."""
    return QCoreApplication.translate("Forms", text)
