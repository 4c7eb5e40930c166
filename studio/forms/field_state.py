"""Values that forms work with: what an editor shows of a field, and a change of it. No widgets.

A change is a function of the field's owner rather than a value, so that one change can be made to
several selected layers, and to a setting inside a setting (the learning rate of an optimizer).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.project.differences import lowered
from engine.project.fields import Field, fields_of
from engine.spec import Spec

AnySpec = TypeVar("AnySpec", bound=Spec)


@dataclass(frozen=True)
class FieldState:
    """What an editor shows.

    values: the field's value in each edited spec. fallback: what holds where the field is empty,
    and origin where that comes from, in a word or two. problem: what is wrong with the value.
    offered: values to choose from, where only the present project knows them.
    """

    values: tuple[Any, ...]
    fallback: Any = None
    origin: str = ""
    problem: str = ""
    offered: tuple[str, ...] = ()

    @property
    def value(self) -> Any:
        """The common value; None where there is none."""
        return None if self.mixed else self.values[0]

    @property
    def mixed(self) -> bool:
        """True where the edited specs differ in this field."""
        return any(not same(value, self.values[0]) for value in self.values[1:])

    @property
    def empty(self) -> bool:
        """True where all values are None."""
        return all(value is None for value in self.values)


@dataclass(frozen=True)
class Change:
    """A change of one field. value: the new one, from the spec that owns the field.

    path: the names that lead to the field, such as ("optimizer", "learning_rate").
    """

    path: tuple[str, ...]
    title: str
    value: Callable[[Any], Any] = field(compare=False)

    @property
    def field(self) -> str:
        """The field of the outermost spec in which something changes."""
        return self.path[0]

    @property
    def key(self) -> str:
        """The path as one word, for merging quick changes of the same field."""
        return ".".join(self.path)

    @property
    def noun(self) -> str:
        """The title inside a sentence: "keep probability", "L2 λ"."""
        return lowered(self.title)

    def applied(self, spec: AnySpec) -> AnySpec:
        """The spec with this change. Raises SpecError for a bad value."""
        return spec.replace(**{self.field: self.value(spec)})

    def inside(self, owner: str) -> Change:
        """The same change, seen from the spec that has this one's owner as a field."""
        return Change(
            (owner, *self.path), self.title, lambda spec: self.applied(getattr(spec, owner))
        )


Apply = Callable[[Change], str]
"""Makes a change, and returns why it was refused, or an empty string."""


def shared_fields(specs: Sequence[type[Spec]]) -> dict[str, Field]:
    """The fields that all these specs have with the same type and limits, as in the first."""
    first, *others = (fields_of(spec) for spec in dict.fromkeys(specs))
    return {
        name: mine
        for name, mine in first.items()
        if all(name in theirs and _alike(mine, theirs[name]) for theirs in others)
    }


def same(a: Any, b: Any) -> bool:
    """Equality that tells True from 1."""
    return type(a) is type(b) and a == b


def _alike(a: Field, b: Field) -> bool:
    return (a.info.annotation, a.limits) == (b.info.annotation, b.limits)
