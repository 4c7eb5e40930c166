"""trial(design, settings, data): one run from start to end, for curves of many such runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.data import Splits
from engine.design import Design
from engine.network import Network
from engine.settings import TrainingSettings
from engine.training import Trainer

Cancel = Callable[[], bool]
"""Asked before every step; True ends the work."""
Progress = Callable[[int, int], None]
"""Told after every step how much is done, of how much."""

PER_RUN = 1_000
"""So finely is the progress of one run told."""


@dataclass(frozen=True)
class RunWatch:
    """Whether to go on, and how far the work is. run: which of `runs` is going on, from 0."""

    cancel: Cancel | None = None
    progress: Progress | None = None
    run: int = 0
    runs: int = 1

    @property
    def goes_on(self) -> bool:
        """False once the work is cancelled."""
        return self.cancel is None or not self.cancel()

    def tell(self, share: float) -> None:
        """How much of this run is done, as a share."""
        if self.progress is not None:
            self.progress(int(PER_RUN * (self.run + share)), PER_RUN * self.runs)


def trial(
    design: Design, settings: TrainingSettings, data: Splits, watch: RunWatch | None = None
) -> Trainer | None:
    """The finished run, or None if it was cancelled. Raises as Network and Trainer do."""
    watch = watch or RunWatch()
    run = Trainer(Network(design, settings, data=data), data)
    steps = settings.epochs * run.steps_per_epoch
    while not run.finished:
        if not watch.goes_on:
            return None
        run.step()
        watch.tell(1.0 if run.finished else run.iteration / steps)
    return run
