"""MemoryQuestion: asks before a run takes more than its share of the computer's memory."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.design.describe import size_text
from engine.training.memory import memory_of_run
from studio.look.translate import translator
from studio.model.document import Document
from studio.running.machine import machine_memory
from studio.widgets.question import Answer, ask

SHARE = 0.25
"""Of the computer's memory: a run that takes no more is nobody's concern."""
TRAIN = "train"


class MemoryQuestion:
    """Who agreed to so much is asked again only about more."""

    def __init__(self, document: Document, window: QWidget) -> None:
        self._document, self._window = document, window
        self._agreed = 0

    def is_settled(self) -> bool:
        """Whether the open design, which can run, may take what it needs."""
        document, total = self._document, machine_memory()
        if total is None:
            return True
        project = document.project
        needed = memory_of_run(project.design, project.training, document.fit, document.report)
        if needed <= max(SHARE * total, self._agreed):
            return True
        if self._ask(needed, total) != TRAIN:
            return False
        self._agreed = needed
        return True

    def _ask(self, needed: int, total: int) -> str:
        sentence = _tr(
            "Training this design takes about {needed} of memory. This computer has {total}. "
            "Other programs may slow down or end."
        )
        return ask(
            self._window,
            _tr("A large design"),
            sentence.format(needed=size_text(needed), total=size_text(total)),
            (Answer(TRAIN, _tr("&Train Anyway")),),
        )


_tr = translator("MemoryQuestion")
