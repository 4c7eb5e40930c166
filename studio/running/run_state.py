"""What a run is doing, and how far it is."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

from engine import Trainer
from studio.look.translate import translator


class State(StrEnum):
    """What the run is doing."""

    EMPTY = "empty"  # there is no trainer yet
    PREPARING = "preparing"  # data are loading, weights are drawn
    READY = "ready"  # at iteration 0
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


AT_REST = (State.PAUSED, State.STOPPED, State.FINISHED, State.FAILED)
"""States of a run that has begun and takes no steps."""


class Progress(NamedTuple):
    """How far the run is. Seconds do not include pauses. iterations: those of the whole run,
    according to its settings."""

    iteration: int = 0
    epoch: int = 0
    epochs: int = 0
    iterations: int = 0
    seconds: float = 0.0


def words_of(state: State) -> str:
    """A state for people."""
    words = {
        State.EMPTY: _tr("not ready"),
        State.PREPARING: _tr("preparing"),
        State.READY: _tr("ready"),
        State.RUNNING: _tr("running"),
        State.PAUSED: _tr("paused"),
        State.STOPPED: _tr("stopped"),
        State.FINISHED: _tr("finished"),
        State.FAILED: _tr("failed"),
    }
    return words[state]


def iterations_of(trainer: Trainer) -> int:
    """The iterations of the whole run, if the batch size stays as it is."""
    left = 0
    if trainer.epoch < trainer.settings.epochs:
        rest = trainer.train_set.m - trainer.batches.position
        epochs = trainer.settings.epochs - trainer.epoch - 1
        left = math.ceil(rest / trainer.batch_size) + epochs * trainer.steps_per_epoch
    return trainer.iteration + left


_tr = translator("RunState")
