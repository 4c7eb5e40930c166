"""Field: one setting of a spec, as forms and races see it: its name, limits and kind of values."""

from __future__ import annotations

from types import NoneType
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo

from engine.layers.references import names_node
from engine.spec import Family, Spec, describe_limits, extra, limits, ordered_fields


class Field(NamedTuple):
    """A field of a spec that people set."""

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
        """The limits in words; empty for what is not a number."""
        return describe_limits(self.info) if self.limits else ""

    @property
    def names_node(self) -> bool:
        """Whether the value is the name of another node of the design."""
        return names_node(self.info.annotation)

    @property
    def family(self) -> type[Family] | None:
        """The family whose members are the field's values, if there is one."""
        first = self.types[0]
        return first if isinstance(first, type) and issubclass(first, Family) else None


def fields_of(spec: type[Spec]) -> dict[str, Field]:
    """The fields of a spec that people set, in the order in which they read them."""
    fields = ordered_fields(spec).items()
    return {name: Field(name, info) for name, info in fields if not extra(info, "hidden")}
