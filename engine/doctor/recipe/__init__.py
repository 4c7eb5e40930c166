"""recipe(project, diagnosis): what to try next, the most promising first.

The order is that of the lectures: the larger trouble first; for bias a bigger network, longer
training, better optimization; for variance more data, then regularization. What the history shows
(a cost that still falls, a dev cost that has risen again) moves the remedy for it to the front; a
flat learning curve takes more data off the list.
What is in place already, or cannot be applied to this project, is not offered; what only people can
do comes last.

Source: A. Ng, Deep Learning Specialization, course 2, week 1, "Basic recipe for machine learning".
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

from engine.doctor.diagnosis import Diagnosis
from engine.doctor.evidence import Evidence
from engine.doctor.recipe.case import DOUBT, NOTHING_SEEN, RecipeCase, RecipeStep, Remedy
from engine.errors import DesignError, EngineError
from engine.project import Project

for _file in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_file.name}")

__all__ = ["Prescription", "RecipeCase", "Remedy", "recipe"]


@dataclass(frozen=True)
class Prescription:
    """One remedy for one project.

    remedy, title: its name and what it is called. text: the edit in words. reason: why it may help.
    cures: the gap that it narrows, or "doubt". by_hand: True for what only people can do; it has no
    edit. sure: False where the trouble itself is not certain yet.
    """

    remedy: str
    title: str
    text: str
    reason: str
    cures: str
    by_hand: bool
    sure: bool
    diagnosis: Diagnosis
    evidence: Evidence

    def apply(self, project: Project) -> Project:
        """The project with the remedy: one edit. Raises DesignError where it fits no longer."""
        case = RecipeCase(project, self.diagnosis, self.evidence)
        step = _sound_step(Remedy.registry[self.remedy](), case)
        if step is None or step.project is None:
            raise DesignError(
                f"'{self.title}' no longer applies to this project.",
                hint="Ask the doctor again.",
            )
        return step.project


def recipe(
    project: Project, diagnosis: Diagnosis, evidence: Evidence = NOTHING_SEEN
) -> list[Prescription]:
    """All remedies that fit, best first; none for a project that cannot be trained.

    Raises DataError or FileError if the data are gone.
    """
    case = RecipeCase(project, diagnosis, evidence)
    if not case.runs:
        return []
    found: list[Prescription] = []
    steps: list[RecipeStep] = []
    for trouble, sure in _troubles(diagnosis).items():
        for remedy in sorted(_remedies(trouble), key=lambda remedy: remedy.rank(case)):
            step = _sound_step(remedy, case)
            if step is not None and not any(_are_alike(step, other) for other in steps):
                steps.append(step)
                found.append(_prescription(remedy, step, case, trouble, sure))
    return sorted(found, key=lambda prescription: prescription.by_hand)


def _troubles(diagnosis: Diagnosis) -> dict[str, bool]:
    """What needs a remedy, in order, with whether that is certain; guesses only if nothing is."""
    found = {gap.name: True for gap in diagnosis.focus}
    found |= {gap.name: True for gap in diagnosis.gaps if gap.state == "minor"}
    if not diagnosis.sure:
        found[DOUBT] = True
    if not diagnosis.focus:
        limit = diagnosis.limit
        unclear = [gap for gap in diagnosis.gaps if gap.state == "unclear" and gap.size > limit]
        found |= {gap.name: False for gap in sorted(unclear, key=lambda gap: -gap.size)}
    return found


def _are_alike(one: RecipeStep, other: RecipeStep) -> bool:
    """Whether two remedies ask for the same edit, whatever they call it."""
    if one.project is None or other.project is None:
        return one.text == other.text
    return one.project == other.project


def _remedies(trouble: str) -> list[Remedy]:
    return [remedy() for remedy in Remedy.registry.values() if trouble in remedy.cures]


def _sound_step(remedy: Remedy, case: RecipeCase) -> RecipeStep | None:
    """The remedy's edit, if the project before it and after it can be trained, and they differ."""
    if not case.runs:
        return None
    try:
        step = remedy.step(case)
        if step is None or step.project is None:
            return step
        after = RecipeCase(step.project, case.diagnosis, case.evidence)
        return step if after.runs and step.project != case.project else None
    except EngineError:  # the edit is impossible: too many units, for instance
        return None


def _prescription(
    remedy: Remedy, step: RecipeStep, case: RecipeCase, trouble: str, sure: bool
) -> Prescription:
    return Prescription(
        remedy.name,
        remedy.title,
        step.text,
        remedy.reason(case),
        trouble,
        step.project is None,
        sure,
        case.diagnosis,
        case.evidence,
    )
