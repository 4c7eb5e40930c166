"""Overwriting: asks before changes by others are overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from engine.files import FileState, SeenFile, is_read_only
from studio.look.translate import translator
from studio.model.document import Document
from studio.widgets.question import Answer, ask

MINE, THEIRS, ELSEWHERE = "mine", "theirs", "elsewhere"


class Overwriting:
    """Asks before a document's own file is written.

    reopen(path): replace the open project with the content of the file. save_as(): ask for another
    name; true if it was saved.
    """

    def __init__(
        self,
        document: Document,
        window: QWidget,
        reopen: Callable[[Path], object],
        save_as: Callable[[], bool],
    ) -> None:
        self._document, self._window = document, window
        self._reopen, self._save_as = reopen, save_as

    def is_settled(self, path: Path) -> bool | None:
        """None if the file may be written, otherwise whether the project was saved elsewhere."""
        if not _is_same(path, self._document.path):
            return None
        if is_read_only(path):
            return self._ask_read_only(path)
        while self._document.look_at_file() is FileState.CHANGED:
            seen = SeenFile.now(path)
            answer = self._ask_changed(path)
            if answer != MINE:
                return self._go_elsewhere(answer, path)
            self._document.expect_file(seen)  # it may change again while the person decides
        return None

    def _go_elsewhere(self, answer: str, path: Path) -> bool:
        if answer == THEIRS:
            self._reopen(path)
        return answer == ELSEWHERE and self._save_as()

    def _ask_changed(self, path: Path) -> str:
        sentence = _tr(
            "Another program or window changed “{name}” since it was opened here. Keep your "
            "version and overwrite theirs, or take theirs and lose your changes?"
        )
        choices = (
            Answer(ELSEWHERE, _tr("Save &As…")),
            Answer(MINE, _tr("&Keep Mine"), loses=True),
            Answer(THEIRS, _tr("&Take Theirs"), loses=True),
        )
        title = _tr("The file was changed")
        return ask(self._window, title, sentence.format(name=path.stem), choices)

    def _ask_read_only(self, path: Path) -> bool:
        sentence = _tr("“{name}” is read-only. Save your changes under another name?")
        choices = (Answer(ELSEWHERE, _tr("Save &As…")),)
        title = _tr("The file is read-only")
        answer = ask(self._window, title, sentence.format(name=path.stem), choices)
        return answer == ELSEWHERE and self._save_as()


def _is_same(path: Path, other: Path | None) -> bool:
    """Whether two paths name one file."""
    if other is None:
        return False
    try:
        return path.absolute() == other.absolute() or path.samefile(other)
    except (OSError, ValueError):
        return False


_tr = translator("Overwriting")
