"""trial(design, settings, data): one run from start to end, for curves of many such runs."""

from __future__ import annotations

from collections.abc import Callable

from engine.data import Splits
from engine.design import Design
from engine.network import Network
from engine.settings import TrainingSettings
from engine.training import Trainer

Cancel = Callable[[], bool]
"""Asked after every step; True ends the work."""


def trial(
    design: Design, settings: TrainingSettings, data: Splits, cancel: Cancel | None = None
) -> Trainer | None:
    """The finished run, or None if it was cancelled. Raises as Network and Trainer do."""
    run = Trainer(Network(design, settings, data=data), data)
    while not run.finished:
        if cancel is not None and cancel():
            return None
        run.step()
    return run
