"""Edits by name, as in the file: "training.initializer", "data.source.noise", "h1.keep_prob", and
"data" with several fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.probes.measures import near_names
from engine.project import Project
from engine.spec import Spec
from studio.model import edits
from studio.shell.staging.stage_error import StageError

TRAINING, DATA, SOURCE = "training", "data", "source"


def edited(project: Project, name: str, value: Any) -> Project:
    """The project with another value of one field; None inherits.

    name: "training", "data" or a layer, then the field, then fields inside it, joined by points;
    an owner alone takes a mapping of fields. Raises StageError for an unknown name, and an
    EngineError for a bad value.
    """
    owner, path = _owner_and_path(project, name)
    if not path:
        return _set(project, owner, _fields(owner, _spec_of(project, owner), value))
    spec = _spec_of(project, owner)
    return _set(project, owner, {path[0]: _inside(spec, path, value, _title(owner))})


def fields_of(spec: Any) -> list[str]:
    """The names of the fields that can be set."""
    return list(type(spec).model_fields)


def _owner_and_path(project: Project, name: str) -> tuple[str, list[str]]:
    """The longest prefix that names an owner (names of layers may contain points), and the rest."""
    words = name.split(".")
    for count in range(len(words), 0, -1):
        owner = ".".join(words[:count])
        if owner in (TRAINING, DATA) or owner in project.design.nodes:
            return owner, words[count:]
    known = (*project.design.nodes, TRAINING, DATA)
    raise StageError(f"There is no layer “{words[0]}”.{near_names(words[0], known)}")


def _spec_of(project: Project, owner: str) -> Spec:
    specs: dict[str, Spec] = {TRAINING: project.training, DATA: project.data}
    return specs[owner] if owner in specs else project.design.nodes[owner]


def _title(owner: str) -> str:
    return {TRAINING: "Training has", DATA: "The data have"}.get(owner, f"“{owner}” has")


def _fields(owner: str, spec: Spec, value: Any) -> dict[str, Any]:
    """A mapping of known fields, checked."""
    if not isinstance(value, Mapping):
        raise StageError(f"“{owner}” takes a dict of fields. Got {value!r}.")
    for field in value:
        _need(field, fields_of(spec), f"{_title(owner)} no field")
    return dict(value)


def _inside(spec: Spec, path: Sequence[str], value: Any, title: str) -> Any:
    """The new value of the first field of a path, with the last one's set inside it."""
    field, *rest = path
    _need(field, fields_of(spec), f"{title} no field")
    if not rest:
        return value
    inner = getattr(spec, field)
    if not isinstance(inner, Spec):
        raise StageError(f"{title} nothing inside “{field}”: its value is {inner!r}.")
    changed = _inside(inner, rest, value, f"“{field}” has")
    return inner.replace(**{rest[0]: changed})


def _set(project: Project, owner: str, changes: dict[str, Any]) -> Project:
    if owner == TRAINING:
        return project.replace(training=project.training.replace(**changes))
    if owner == DATA:
        plan = project.data.replace(**changes)
        if SOURCE in changes:
            project = edits.set_source(project, plan.source)
        others = {name: value for name, value in changes.items() if name != SOURCE}
        return edits.set_data(project, project.data.replace(**others))
    return project.replace(design=project.design.edit(owner, **changes))


def _need(name: str, known: Sequence[str], sentence: str) -> None:
    if name not in known:
        raise StageError(f"{sentence} “{name}”.{near_names(name, known)}")
