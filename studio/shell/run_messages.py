"""RunMessages: what the message bar says about the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from engine.project.differences import Difference
from studio.model.document import Document
from studio.running.session import Session
from studio.shell.message_bar import MessageBar
from studio.shell.run_control import UNTOUCHED, RunControl

RUN = "run"
"""The topic of messages that the next run makes obsolete."""
Act = Callable[[], object]


class RunMessages(QObject):
    """Says that a run failed, that it keeps its initial settings, or that it is over.

    reveal(node): scroll to a layer.
    """

    def __init__(
        self,
        document: Document,
        session: Session,
        run_control: RunControl,
        message_bar: MessageBar,
        reveal: Callable[[str], object],
    ) -> None:
        super().__init__(run_control)
        self._document, self._session, self._control = document, session, run_control
        self._bar, self._reveal = message_bar, reveal
        self._could_run = document.report.ok
        document.changed.connect(self._follow)
        session.failed.connect(self._tell_failure)
        session.stale_changed.connect(self._tell_stale)
        session.deferred_changed.connect(self._tell_deferred)
        session.state_changed.connect(self._clear)
        run_control.over.connect(self._tell_over)

    def train_more(self, epochs: int | None = None) -> str:
        """Continue a finished run; without a number, for as many epochs as the settings say.
        Returns why it was refused, or an empty string."""
        refusal = self._control.train_more(epochs)
        if refusal:
            self._bar.tell(refusal, topic=RUN)
        return refusal

    def _tell_failure(self, message: str, node: str) -> None:
        if node in self._document.project.design.nodes:
            show = partial(self._reveal, node)
            self._bar.tell(message, self.tr("Show '%s'") % node, show, topic=RUN)
        else:
            self._bar.tell(message, topic=RUN)

    def _follow(self, *_: object) -> None:
        """A design that can run again may still differ from that of the run."""
        could_run, self._could_run = self._could_run, self._document.report.ok
        if self._could_run and not could_run and self._session.stale:
            self._tell_stale(True)

    def _tell_stale(self, stale: bool) -> None:
        """While the design cannot run, only its problems matter."""
        if not stale:
            self._bar.clear(RUN)
        elif self._could_run and self._session.state not in UNTOUCHED:
            told = self.tr(
                "Rewind to apply your changes. This run keeps the design, data, "
                "and seed it started with."
            )
            self._note(told, self.tr("Rewind"), self._control.rewind)

    def _tell_deferred(self, deferred: Sequence[Difference]) -> None:
        """Settings were changed that matter only when weights are drawn."""
        if not deferred:
            self._bar.clear(RUN)
            return
        places = self.tr(" and ").join(dict.fromkeys(d.place for d in deferred))
        told = self.tr(
            "Rewind to use the new {places}. This run keeps the weights it started with."
        )
        self._note(told.format(places=places), self.tr("Rewind"), self._control.rewind)

    def _tell_over(self) -> None:
        """Play was pressed after a run finished: start over, or continue?"""
        epochs = self._document.project.training.epochs
        rewind = self.tr("Rewind"), self._control.rewind
        if self._session.stopped_early:
            done = self._session.progress.epoch
            after = self.tr("1 epoch") if done == 1 else self.tr("{:,} epochs").format(done)
            sentence = self.tr(
                "This run stopped early, after {}. To continue, change the "
                "stopping rule. To train again from the same initial weights, rewind."
            )
            self._note(sentence.format(after), *rewind)
            return
        finished = self.tr("This run has finished all %d epochs.") % epochs
        more = self.tr("Train %d More Epochs") % epochs
        if epochs == 1:
            finished = self.tr("This run has finished its only epoch.")
            more = self.tr("Train 1 More Epoch")
        self._note(finished, more, self.train_more, [rewind])

    def _note(
        self, sentence: str, button: str, act: Act, more: Sequence[tuple[str, Act]] = ()
    ) -> None:
        """Nothing is wrong, but there is a choice."""
        self._bar.tell(sentence, button, act, topic=RUN, more=more, sign="note")

    def _clear(self, state: str) -> None:
        if state in ("running", "ready") and not self._session.stale and not self._session.deferred:
            self._bar.clear(RUN)
