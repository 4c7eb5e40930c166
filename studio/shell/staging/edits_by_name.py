"""Edits by name: "training.initializer", "data.noise" or "h1.keep_prob", as in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.probes.measures import near_names
from engine.project import Project
from studio.model import edits
from studio.shell.staging.stage_error import StageError

TRAINING, DATA = "training", "data"


def edited(project: Project, name: str, value: Any) -> Project:
    """The project with another value of one field; None inherits.

    Raises StageError for an unknown name, and an EngineError for a bad value.
    """
    owner, _, field = name.rpartition(".")
    if owner == TRAINING:
        _need(field, fields_of(project.training), "Training has no field")
        return edits.set_training(project, field, value)
    if owner == DATA:
        _need(field, fields_of(project.data), "The data have no field")
        return edits.set_data(project, project.data.replace(**{field: value}))
    _need(owner, (*project.design.nodes, TRAINING, DATA), "There is no layer")
    _need(field, fields_of(project.design.nodes[owner]), f"“{owner}” has no field")
    return edits.set_field(project, owner, field, value)


def fields_of(spec: Any) -> list[str]:
    """The names of what can be set."""
    return list(type(spec).model_fields)


def _need(name: str, known: Sequence[str], sentence: str) -> None:
    if name not in known:
        raise StageError(f"{sentence} “{name}”.{near_names(name, known)}")
