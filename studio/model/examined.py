"""Examined: what is known of a project before it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from engine import Fit, Report, TrainingSettings, check
from engine.data import DataPlan
from engine.design import Design, fitted
from engine.project import Project


@dataclass(frozen=True)
class Examined:
    """What is known of a project before it is shown: see `Document`.

    design, training, data: of that project; a node that only moves changes none of them.
    """

    design: Design
    training: TrainingSettings
    data: DataPlan
    fit: Fit
    report: Report
    shown: Design

    @classmethod
    def of(cls, project: Project) -> Examined:
        """Raises EngineError for data or a design that cannot be examined."""
        design, training, data = project.design, project.training, project.data
        fit = data.source.fit()
        report = check(design, training, fit)
        return cls(design, training, data, fit, report, fitted(design, fit))

    def fits(self, project: Project) -> bool:
        """Whether it is also valid for this project."""
        parts = "design", "training", "data"
        return all(getattr(self, part) is getattr(project, part) for part in parts)
