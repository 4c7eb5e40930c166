"""Values that forms work with: a field, what an editor shows of it, and a change of it. No widgets.

A change is a function of the field's owner rather than a value, so that one change can be made to
several selected layers, and to a setting inside a setting (the learning rate of an optimizer).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic.fields import FieldInfo

from engine.project.differences import lowered
from engine.spec import Family, Spec, describe_limits, extra, limits, ordered_fields

AnySpec = TypeVar("AnySpec", bound=Spec)


class Field(NamedTuple):
    """A field of a spec, as its editor sees it."""

    name: str
    info: FieldInfo

    @property
    def title(self) -> str:
        """The field's name for people."""
        return self.info.title or self.name

    @property
    def help(self) -> str:
        """What the field does, as one or two sentences."""
        return self.info.description or ""

    @property
    def unit(self) -> str:
        """The unit of its number, or an empty string."""
        return extra(self.info, "unit") or ""

    @property
    def inherits(self) -> bool:
        """True where None means "take it from the training settings"."""
        return bool(extra(self.info, "inherits"))

    @property
    def types(self) -> tuple[Any, ...]:
        """What the annotation admits, without None; a Literal counts as one type."""
        parts = get_args(self.info.annotation)
        if NoneType in parts:
            return tuple(part for part in parts if part is not NoneType)
        return (self.info.annotation,)

    @property
    def optional(self) -> bool:
        """True where the field may be empty."""
        return NoneType in get_args(self.info.annotation)

    @property
    def read_only(self) -> bool:
        """True where the value is shown, but nobody may change it."""
        return bool(self.info.frozen)

    @property
    def limits(self) -> dict[str, float]:
        """Any of "ge", "gt", "le", "lt"."""
        return limits(self.info)

    @property
    def range(self) -> str:
        """The limits in words; empty for what is no number."""
        return describe_limits(self.info) if self.limits else ""

    @property
    def family(self) -> type[Family] | None:
        """The family whose members are the field's values, if there is one."""
        first = self.types[0]
        return first if isinstance(first, type) and issubclass(first, Family) else None


@dataclass(frozen=True)
class FieldState:
    """What an editor shows.

    values: the field's value in each edited spec. fallback: what holds where the field is empty,
    and origin where that comes from, in a word or two. problem: what is wrong with the value.
    """

    values: tuple[Any, ...]
    fallback: Any = None
    origin: str = ""
    problem: str = ""

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


def fields_of(spec: type[Spec]) -> dict[str, Field]:
    """The fields of a spec that people set, in the order in which they read them."""
    fields = ordered_fields(spec).items()
    return {name: Field(name, info) for name, info in fields if not extra(info, "hidden")}


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
