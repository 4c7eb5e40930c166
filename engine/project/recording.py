"""Recording: a run as it stands, made into a small Run that a project keeps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.project.differences import Experiment
from engine.project.runs import Run, RunCurve, RunMark
from engine.training.history import History, Mark

COSTS = ("train_cost", "dev_cost")
SCORES = ("train_score", "dev_score")
CHANGE = "change"
"""The kind of mark that tells of changed settings."""


def recorded(experiment: Experiment, history: History, key: str, started: str, state: str) -> Run:
    """The run of an experiment: its settings, its bounded curves and its newest figures.

    Costs stand over iterations, scores over epochs, as in the window's plots.
    """
    cost = history.cost.values[: len(history)]
    curves = {"cost": RunCurve.of(np.arange(1, len(cost) + 1), cost)}
    curves |= {name: RunCurve.of(*history.evaluated(name, "iteration")) for name in COSTS}
    curves |= {name: RunCurve.of(*history.evaluated(name)) for name in SCORES}
    latest = history.latest
    return Run(
        key=key,
        design=experiment.design,
        training=experiment.training,
        data=experiment.data,
        started=started,
        state=state,
        iteration=len(history),
        epoch=int(latest.get("epoch", 0)),
        figures={
            name: value for name, value in latest.items() if name not in ("iteration", "epoch")
        },
        curves=curves,
        marks=tuple(RunMark(*mark) for mark in standing(history.marks)),
    )


def standing(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that hold: of changes at one iteration only the last, and none that says nothing.

    A setting that is turned up step by step, or back again, is one change.
    """
    found: list[Mark] = []
    for mark in marks:
        last = found[-1] if found else None
        if mark.kind == CHANGE and last is not None and last[:2] == mark[:2]:
            found.pop()
        found.append(mark)
    return [mark for mark in found if mark.text]
