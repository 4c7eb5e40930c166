"""Factors: the one thing in which the variants of a race differ, found from the specs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin

from engine.design import Design
from engine.errors import EngineError
from engine.project import Project, trains_alike
from engine.project.differences import SEED, described, lowered
from engine.project.fields import Field, fields_of
from engine.spec import Family, Spec, inherited_fields, ordered_fields, readable

S = TypeVar("S", bound=Spec)

MOST_LANES, FEWEST_LANES = 4, 2
PROPOSED = 3
STEP = 10
"""Factor between the proposed values of a positive number."""


@dataclass(frozen=True)
class VariedField:
    """A field of the training settings (node ""), or of a layer; path: the names that lead to it,
    such as ("optimizer", "learning_rate"); title: for people."""

    node: str
    path: tuple[str, ...]
    title: str
    field: Field

    def outermost(self, project: Project) -> Spec:
        """The training settings, or the layer. Raises KeyError if it is gone."""
        return project.design.nodes[self.node] if self.node else project.training

    def owner(self, project: Project) -> Spec:
        """The spec whose field it is. Raises AttributeError if another kind stands there now."""
        spec = self.outermost(project)
        for name in self.path[:-1]:
            spec = getattr(spec, name)
        return spec

    def value(self, project: Project) -> Any:
        """The value in a project."""
        return getattr(self.owner(project), self.path[-1])

    def exists_in(self, project: Project) -> bool:
        """Whether the project still has it."""
        try:
            self.value(project)
        except (KeyError, AttributeError):
            return False
        return True

    def applied(self, project: Project, value: Any) -> Project:
        """The project with another value, in force wherever the factor says. Raises SpecError for a
        bad one.

        A setting of the whole network that a layer overrides is changed in that layer, too.
        """
        spec, field = _with(self.outermost(project), self.path, value), self.path[0]
        if self.node:
            design = project.design.edit(self.node, **{field: getattr(spec, field)})
            return project.replace(design=design)
        if len(self.path) == 1:
            return project.with_setting_everywhere(field, value)
        changed = {
            name: _with(layer, self.path, value)
            for name, layer in project.design.nodes.items()
            if _overrides(layer, self.path)
        }
        design = Design({**project.design.nodes, **changed}, project.design.wires)
        return project.replace(design=design, training=spec)

    def titles(self, values: Sequence[Any]) -> list[str]:
        """What each variant is called: its value, and all in which the values differ besides."""
        return [
            f"{lowered(self.field.title)} {readable(value)}{_inside(value, values)}"
            if isinstance(value, Spec)
            else self.words(value)
            for value in values
        ]

    def words(self, value: Any) -> str:
        """A value with its setting: "learning rate α 0.01"."""
        name = lowered(self.field.title)
        shown = described(value, "inherited" if self.field.inherits else "empty")
        return f"{name} {shown}"


def _with(spec: S, path: tuple[str, ...], value: Any) -> S:
    name, *rest = path
    return spec.replace(**{name: _with(getattr(spec, name), tuple(rest), value) if rest else value})


def _overrides(layer: Spec, path: tuple[str, ...]) -> bool:
    """Whether a layer has a value of its own at a path of the training settings."""
    value: Any = layer if path[0] in inherited_fields(type(layer)) else None
    for name in path:
        value = getattr(value, name, None)
    return value is not None


def unequal_fields(values: Sequence[Any]) -> list[str]:
    """Fields inside these specs that two or more of them have, with different values."""
    specs = [value for value in values if isinstance(value, Spec)]
    names = dict.fromkeys(name for spec in specs for name in ordered_fields(type(spec)))
    return [
        name
        for name in names
        if len({getattr(s, name) for s in specs if name in type(s).model_fields}) > 1
    ]


def differs_besides(values: Sequence[Any]) -> list[str]:
    """Settings inside the values that differ, too, in words: "learning rate α"."""
    info = {
        name: field
        for value in values
        if isinstance(value, Spec)
        for name, field in type(value).model_fields.items()
    }
    return [lowered(info[name].title or name) for name in unequal_fields(values)]


def _inside(value: Spec, values: Sequence[Any]) -> str:
    fields = type(value).model_fields
    told = [
        f"{lowered(fields[name].title or name)} {described(getattr(value, name), 'empty')}"
        for name in unequal_fields(values)
        if name in fields
    ]
    return f" ({', '.join(told)})" if told else ""


def equal_variants(projects: Sequence[Project]) -> tuple[int, int] | None:
    """The first two that would train alike, from 0; None where all differ."""
    for a, b in itertools.combinations(range(len(projects)), 2):
        if trains_alike(projects[a], projects[b]):
            return a, b
    return None


def factors_of(project: Project, node: str) -> list[VariedField]:
    """What can be varied in the training settings (node ""), or in a layer."""
    spec = project.design.nodes[node] if node else project.training
    return list(_factors(spec, node, (), ""))


def _factors(spec: Spec, node: str, path: tuple[str, ...], outer: str) -> Iterator[VariedField]:
    for name, field in fields_of(type(spec)).items():
        if name == SEED or field.read_only or field.names_node:
            continue
        title = f"{outer}: {lowered(field.title)}" if outer else field.title
        yield VariedField(node, (*path, name), title, field)
        value = getattr(spec, name)
        if isinstance(value, Family):
            yield from _factors(value, node, (*path, name), title)


def proposals(factor: VariedField, project: Project, most: int = PROPOSED) -> list[Any]:
    """The present value, and others to race it against: at least two, and at most this many."""
    value = factor.value(project)
    found = [value]
    for other in _others(factor, value, project):
        try:
            factor.applied(project, other)
        except EngineError:
            continue
        if other not in found:
            found.append(other)
        if len(found) == most:
            break
    return found if len(found) >= FEWEST_LANES else [value, value]


def _others(factor: VariedField, value: Any, project: Project) -> Iterator[Any]:
    field = factor.field
    if value is None and field.inherits:
        value = getattr(project.training, field.name)
    if field.family is not None:
        yield from field.family.rivals(value)
    elif bool in field.types:
        yield not value
    elif get_origin(field.types[0]) is Literal:
        yield from get_args(field.types[0])
    elif int in field.types or float in field.types:
        yield from _numbers(field, value)


def _numbers(field: Field, value: Any) -> Iterator[Any]:
    """Some way up and down; shares of the range where it is no larger than 1."""
    low, high = (field.limits.get(a, field.limits.get(b)) for a, b in (("ge", "gt"), ("le", "lt")))
    if int in field.types and float not in field.types:
        start = value or 32
        yield from (start, max(1, start // 2), 2 * start, 4 * start)
    elif low is not None and high is not None and high - low <= 1:
        yield from (low + 0.8 * (high - low), low + 0.5 * (high - low), high, low)
    elif value:
        yield from (float(f"{value * factor:.6g}") for factor in (1 / STEP, STEP, STEP**2))
    else:
        yield from (1.0 / STEP, 1.0, float(STEP))
