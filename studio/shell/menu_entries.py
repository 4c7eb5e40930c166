"""Every command in the menus of a window, for the command palette and the shortcut sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

MARK = "\0"
"""Stands for a real ampersand, "&&" in a menu, while the marks of access keys are taken out."""


class Entry(NamedTuple):
    """One command. menu: its path, such as ("File", "Open Recent")."""

    action: QAction
    menu: tuple[str, ...]

    @property
    def title(self) -> str:
        """Its name without access keys."""
        return readable(self.action.text()).removesuffix("…")

    @property
    def keys(self) -> list[str]:
        """Its shortcuts in the notation of this system."""
        written = QKeySequence.SequenceFormat.NativeText
        return [keys.toString(written) for keys in self.action.shortcuts() if not keys.isEmpty()]


def entries(window: QMainWindow) -> list[Entry]:
    """All commands that are in the menus now, in their order."""
    return list(_in_actions(window.menuBar().actions(), ()))


def readable(text: str) -> str:
    """The text of a menu without the mark of its access key."""
    return text.partition("\t")[0].replace("&&", MARK).replace("&", "").replace(MARK, "&")


def _in_actions(actions: Sequence[QAction], menu: tuple[str, ...]) -> Iterator[Entry]:
    for action in actions:
        inner = QMenu.menuInAction(action)  # with PySide6 6.8, action.menu() deletes the entries
        if isinstance(inner, QMenu) and action.isVisible():
            inner.aboutToShow.emit()  # some menus, such as recent files, are filled only now
            yield from _in_actions(inner.actions(), (*menu, readable(action.text())))
        elif action.isVisible() and not action.isSeparator() and action.text():
            yield Entry(action, menu)
