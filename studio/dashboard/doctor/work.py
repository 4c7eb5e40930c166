"""What the doctor measures on a copy of the weights, and what follows from it. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from typing import NamedTuple

from engine.doctor import (
    Diagnosis,
    ErrorRate,
    Errors,
    Evidence,
    Prescription,
    diagnose,
    measure,
    recipe,
)
from engine.history import History
from engine.project import Project
from studio.dashboard.private_pass import own_network
from studio.snapshots import Snapshot


class Measured(NamedTuple):
    """The errors of a run after so many iterations, without a human-level or a test error."""

    history: History
    iteration: int
    epoch: int
    errors: Errors
    picture: tuple[int, int, int] | None


class Question(NamedTuple):
    """history: of the run. project: the open one, which the remedies would change. key: equal for
    questions with the same answer. test: the error on the test set, if it was opened for these very
    weights. known: what was measured last."""

    history: History
    project: Project
    key: Hashable
    test: ErrorRate | None = None
    known: Measured | None = None


class Answer(NamedTuple):
    """What the doctor has to say."""

    measured: Measured
    diagnosis: Diagnosis
    prescriptions: tuple[Prescription, ...]


def answer(snapshot: Snapshot, question: Question) -> Answer:
    """The examination of the snapshot. The sets are predicted only if that was not done before.

    Raises DataError or FileError if the data of the open project are gone.
    """
    measured = question.known
    if measured is None or (measured.history, measured.iteration) != (
        question.history,
        snapshot.iteration,
    ):
        measured = _measured(snapshot, question.history)
    project = question.project
    errors = dataclasses.replace(measured.errors, human=project.human_error, test=question.test)
    diagnosis = diagnose(errors)
    evidence = Evidence.of(question.history, measured.picture)
    return Answer(measured, diagnosis, tuple(recipe(project, diagnosis, evidence)))


def _measured(snapshot: Snapshot, history: History) -> Measured:
    data = snapshot.data
    errors = measure(own_network(snapshot), data)
    picture = data.train.image_shape
    return Measured(history, snapshot.iteration, snapshot.epoch, errors, picture)
