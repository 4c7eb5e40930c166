"""Factors: the one thing in which the variants of a race differ, found from the specs. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from engine import EngineError
from engine.project import Project
from engine.project.differences import SEED, described, lowered
from engine.spec import Family, Spec
from studio.forms import Field, fields_of

MOST_LANES, FEWEST_LANES = 4, 2
PROPOSED = 3
STEP = 10
"""Factor between the proposed values of a positive number."""


@dataclass(frozen=True)
class Factor:
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
        """The project with another value. Raises SpecError for a bad one."""
        spec = _with(self.outermost(project), self.path, value)
        if not self.node:
            return project.replace(training=spec)
        field = self.path[0]
        design = project.design.edit(self.node, **{field: getattr(spec, field)})
        return project.replace(design=design)

    def words(self, value: Any) -> str:
        """A value with its setting: "learning rate α 0.01"."""
        name = lowered(self.field.title)
        shown = described(value, "inherited" if self.field.inherits else "empty")
        return f"{name} {shown}"


def _with(spec: Spec, path: tuple[str, ...], value: Any) -> Spec:
    name, *rest = path
    return spec.replace(**{name: _with(getattr(spec, name), tuple(rest), value) if rest else value})


def factors_of(project: Project, node: str) -> list[Factor]:
    """What can be varied in the training settings (node ""), or in a layer."""
    spec = project.design.nodes[node] if node else project.training
    return list(_factors(spec, node, (), ""))


def _factors(spec: Spec, node: str, path: tuple[str, ...], outer: str) -> Iterator[Factor]:
    for name, field in fields_of(type(spec)).items():
        if name == SEED or field.read_only:
            continue
        title = f"{outer}: {lowered(field.title)}" if outer else field.title
        yield Factor(node, (*path, name), title, field)
        value = getattr(spec, name)
        if isinstance(value, Family):
            yield from _factors(value, node, (*path, name), title)


def proposals(factor: Factor, project: Project, most: int = PROPOSED) -> list[Any]:
    """The present value, and others to race it against: at least two, and at most so many."""
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


def _others(factor: Factor, value: Any, project: Project) -> Iterator[Any]:
    field = factor.field
    if value is None and field.inherits:
        value = getattr(project.training, field.name)
    if field.family is not None:
        yield from _members(field.family, value)
    elif bool in field.types:
        yield not value
    elif get_origin(field.types[0]) is Literal:
        yield from get_args(field.types[0])
    elif int in field.types or float in field.types:
        yield from _numbers(field, value)


def _members(family: type[Family], value: Any) -> Iterator[Any]:
    """One member of each other kind that needs no setting."""
    for member in family.registry.values():
        if type(value) is not member:
            try:
                yield member()
            except EngineError:
                continue


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
