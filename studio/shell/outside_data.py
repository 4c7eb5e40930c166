"""OutsideData: asks before a project reads data from outside of its own folder.

A project from someone else could name any file on this computer. A person who saved a project here,
or agreed once, is not asked again about the same data.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from engine.files import TrainedModel, data_outside
from engine.project import Project
from studio.look.translate import translator
from studio.widgets.question import Answer, ask

USE = "use"
KEY = "data_outside"
MOST_KNOWN = 1_000
MOST_SHOWN = 5
"""Most paths in one question."""


class OutsideData:
    """Remembers which data a person agreed to, by a checksum of both paths."""

    def __init__(self, window: QWidget | None) -> None:
        self._window = window

    def may_be_read(self, opened: Project | TrainedModel, path: Path) -> bool:
        """Whether the project from this file may read its data; asks if necessary."""
        unknown = [place for place in _outside(opened, path) if _mark(path, place) not in _known()]
        if not unknown:
            return True
        agreed = self._ask(path, unknown) == USE
        if agreed:
            self.trust(opened, path)
        return agreed

    def trust(self, opened: Project | TrainedModel, path: Path) -> None:
        """Do not ask about the data of this file again."""
        marks = [_mark(path, place) for place in _outside(opened, path)]
        if marks:
            known = [mark for mark in _known() if mark not in marks]
            QSettings().setValue(KEY, [*known, *marks][-MOST_KNOWN:])

    def _ask(self, path: Path, places: list[str]) -> str:
        sentence = _tr(
            "“{name}” uses data from outside its folder:\n\n{places}\n\n"
            "Open it only if you know whose data these are."
        )
        shown = [*places[:MOST_SHOWN], *(["…"] if len(places) > MOST_SHOWN else [])]
        told = sentence.format(name=path.stem, places="\n".join(shown))
        return ask(
            self._window,
            _tr("Data from another folder"),
            told,
            (Answer(USE, _tr("&Open and Use Them")),),
        )


def _outside(opened: Project | TrainedModel, path: Path) -> tuple[str, ...]:
    project = opened.project if isinstance(opened, TrainedModel) else opened
    return data_outside(project, path)


def _mark(path: Path, place: str) -> str:
    names = os.fsencode(path.absolute()) + b"\0" + os.fsencode(place)
    return hashlib.sha256(names).hexdigest()


def _known() -> list[str]:
    stored = QSettings().value(KEY)  # a list of one text comes back as the text
    return [str(mark) for mark in (stored if isinstance(stored, list) else [stored])]


_tr = translator("OutsideData")
