"""What the doctor measures on a copy of the weights, and what follows from it. No Qt."""

from __future__ import annotations

import dataclasses
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
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Origin, Snapshot
from engine.project import Project
from engine.targets import Targets
from engine.training.history import History


class MeasuredErrors(NamedTuple):
    """The errors of a run after this many iterations, without a human-level or a test error.
    project: with which it was trained."""

    origin: Origin
    project: Project
    errors: Errors


class DiagnosisWish(NamedTuple):
    """project: the open one, which the remedies would change. trained: with which the run is being
    trained. test: the error on the test set, if it was opened for these very weights; it counts for
    tasks whose error is the share of wrong decisions. known: what was measured last.
    more_data_helps: what the learning curve of the open project says."""

    project: Project
    trained: Project
    test: ErrorRate | None = None
    known: MeasuredErrors | None = None
    more_data_helps: bool | None = None


class DiagnosisAnswer(NamedTuple):
    """What the doctor has to say."""

    measured: MeasuredErrors
    diagnosis: Diagnosis
    prescriptions: tuple[Prescription, ...]


def answer(snapshot: Snapshot, history: History, wish: DiagnosisWish) -> DiagnosisAnswer:
    """The examination of the snapshot. The sets are predicted only if that was not done before.

    Raises DataError or FileError if the data of the open project are gone.
    """
    measured, project = wish.known, wish.project
    trained_as = snapshot.origin[:2]  # settings that changed since did not train these weights
    if measured is None or measured.origin[:2] != trained_as:
        measured = _measured(snapshot, wish.trained)
    test = wish.test if Targets.of(measured.errors.task).exclusive else None
    errors = dataclasses.replace(measured.errors, human=project.human_level, test=test)
    diagnosis = diagnose(errors)
    seen = Evidence.of(history, snapshot.data.train)
    evidence = dataclasses.replace(seen, more_data_helps=wish.more_data_helps)
    return DiagnosisAnswer(measured, diagnosis, tuple(recipe(project, diagnosis, evidence)))


def _measured(snapshot: Snapshot, project: Project) -> MeasuredErrors:
    data = snapshot.data
    errors = measure(own_network(snapshot), data)
    return MeasuredErrors(snapshot.origin, project, errors)
