"""SnapshotPanel: base of the panels that compute from a copy of the weights."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from engine.probes.moment import Moment
from engine.probes.snapshot import Origin, Snapshot
from studio.panels.panel import Panel, is_seen
from studio.plots.run_figures import first_of_several
from studio.running.snapshots import SnapshotFeed, Workbench


class SnapshotPanel(Panel):
    """A view that is computed beside the training, while it is visible.

    A subclass overrides `compute`, which runs on a background thread and must not touch Qt or the
    panel's own state; `question`, what it wants to know, as a frozen value; and `show_result`.
    After a change of the question by the user it calls `ask_again`. feed: what asks and answers.
    """

    judges_an_output: ClassVar[bool] = False
    """Whether it shows what one output says; of several outputs it is the first."""

    def __init__(
        self,
        title: str,
        help: str,
        empty: str,
        workbench: Workbench,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, help, empty, parent)
        self.feed = SnapshotFeed(workbench, self.compute, self)
        self.feed.ready.connect(self._take)
        self.feed.failed.connect(self._fail)

    def compute(self, snapshot: Snapshot, question: Any) -> Any:
        """What to show. On the background thread."""
        raise NotImplementedError

    def question(self) -> Any:
        """What the user wants to see, as a value. On the window's thread."""
        return None

    def show_result(self, result: Any, question: Any) -> bool | None:
        """Show what `compute` returned; 4 ms at most. On the window's thread. False where it is no
        answer to the present question any more, so that the older picture stays."""
        raise NotImplementedError

    def can_show(self, moment: Moment) -> bool:
        """Whether there is anything to compute from; else the empty sentence is shown."""
        return moment.can_be_seen

    def follow(self, moment: Moment) -> None:
        if not self.can_show(moment):
            self.behind = False
            self.say("")
            self.show_empty(True)
            return
        self.behind = not self.feed.ask(moment, self.question())

    def ask_again(self) -> None:
        """The question has changed: answer it soon, even while nothing is training."""
        self.behind = True
        if is_seen(self):
            self.refresh(self.moment)

    def _take(self, result: Any, question: Any, origin: Origin) -> None:
        if not self.can_show(self.moment):
            return
        self.failure = ""
        self.say(self._told_of(origin))
        was_empty = self.is_empty
        self.show_empty(False)
        if self.show_result(result, question) is not False:
            self.origin = origin
        elif was_empty:  # there is no older picture that could stay
            self.show_empty(True)
        self.judge_age()

    def _told_of(self, origin: Origin) -> str:
        """Of what step the weights are, where they are not those of the newest one; and of which
        output the picture is, where there are several."""
        told = []
        if origin.weights_of is not None:
            text = self.tr("Weights of epoch {:,} (iteration {:,}), put back when the run ended.")
            iteration, epoch = origin.weights_of
            told.append(text.format(epoch, iteration))
        output = first_of_several(origin.project) if self.judges_an_output else ""
        if output:
            told.append(self.tr("Output “{name}”, the first of several.").format(name=output))
        return " ".join(told)

    def _fail(self, sentence: str) -> None:
        if self.can_show(self.moment):
            self.failure = sentence
            self.say(sentence, bad=True)
            self.judge_age()
