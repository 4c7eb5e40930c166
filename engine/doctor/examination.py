"""examine(project, trainer): errors, diagnosis and recipe of a run, as values and as lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from engine.data.chance import Interval
from engine.doctor.diagnosis import Diagnosis, Gap, diagnose
from engine.doctor.errors import ErrorRate, measure
from engine.doctor.evidence import Evidence
from engine.doctor.recipe import Prescription, recipe
from engine.doctor.words import (
    SET_TITLES,
    gap_text,
    rate_text,
    sentences,
    verdict_text,
)
from engine.project import Project
from engine.training import Trainer
from engine.words import percent


@dataclass(frozen=True)
class Examination:
    """What the doctor has to say about one run."""

    diagnosis: Diagnosis
    prescriptions: tuple[Prescription, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values; bounds that do not exist are null."""
        diagnosis = self.diagnosis
        return {
            "task": diagnosis.errors.task,
            "human_error": diagnosis.errors.human_level,
            "human_error_known": diagnosis.errors.human is not None,
            "baseline_error": diagnosis.errors.baseline,
            "errors": {n: _rate_json(rate) for n, rate in diagnosis.errors.by_set().items()},
            "gaps": {gap.name: _gap_json(gap) for gap in diagnosis.gaps},
            "verdict": diagnosis.verdict,
            "sure": diagnosis.sure,
            "text": verdict_text(diagnosis),
            "sentences": sentences(diagnosis),
            "recipe": [_prescription_json(p) for p in self.prescriptions],
        }

    def lines(self) -> list[str]:
        """The same for people, in columns and sentences."""
        errors = self.diagnosis.errors
        unknown = " (unknown)" if errors.human is None else ""
        found = [f"{'human-level':28} {percent(errors.human_level)}{unknown}"]
        for name, rate in errors.by_set().items():
            found.append(f"{SET_TITLES[name]:28} {rate_text(rate)} of {rate.m:,} examples")
        found += [f"{gap.title:28} {gap_text(gap)}: {gap.state}" for gap in self.diagnosis.gaps]
        found += ["", *sentences(self.diagnosis)]
        if self.prescriptions:
            found += ["", "What to try, most promising first:"]
        for number, prescription in enumerate(self.prescriptions, start=1):
            found.append(f"{number:2}. {headline(prescription)}.")
            found.append(f"    {prescription.reason}")
        return found


def examine(project: Project, trainer: Trainer, test: ErrorRate | None = None) -> Examination:
    """The examination of where a run stands. test: the error on the test set, if it was opened."""
    errors = measure(trainer.network, trainer.data, project.human_level, test=test)
    diagnosis = diagnose(errors)
    evidence = Evidence.of(trainer.history, trainer.judged_data.train)
    return Examination(diagnosis, tuple(recipe(project, diagnosis, evidence)))


def headline(prescription: Prescription) -> str:
    """Title and edit, unless the edit says its title itself."""
    title, text = prescription.title, prescription.text
    gap = prescription.diagnosis.gap(prescription.cures)
    doubt = f" (if the {gap.title.lower()} is high)" if gap and not prescription.sure else ""
    if text.lower().startswith(title.lower()):
        return f"{text[0].upper()}{text[1:]}{doubt}"
    return f"{title}: {text}{doubt}"


def _rate_json(rate: ErrorRate) -> dict[str, Any]:
    return {"error": rate.value, "examples": rate.m, **_bounds(rate.interval)}


def _gap_json(gap: Gap) -> dict[str, Any]:
    return {"size": gap.size, "state": gap.state, **_bounds(gap.interval)}


def _bounds(interval: Interval) -> dict[str, float | None]:
    low, high = (bound if math.isfinite(bound) else None for bound in interval)
    return {"low": low, "high": high}


def _prescription_json(prescription: Prescription) -> dict[str, Any]:
    names = ("remedy", "title", "text", "reason", "cures", "by_hand", "sure")
    return {name: getattr(prescription, name) for name in names}
