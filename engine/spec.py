"""Specs: frozen values with limits, titles and help, and the families that collect them by kind.

A *family* is a direct subclass of `Family` (Layer, Initializer, Optimizer, ...). Every class below
it is registered under its `kind` as soon as it is defined; palette, inspector, files and contract
tests read the registry. A field whose type is a family accepts an instance, a kind ("he") or a
mapping ({"kind": "he", "multiplier": 2}).
"""

from __future__ import annotations

import contextlib
import difflib
import inspect
import operator
import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Self, get_args

import annotated_types
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, core_schema

from engine.errors import EngineError, SpecError
from engine.words import plain_number


def setting(
    default: Any = ...,
    *,
    title: str,
    help: str,
    unit: str = "",
    face: str = "",
    inherits: bool = False,
    at_start: bool = False,
    hidden: bool = False,
    **limits: Any,
) -> Any:
    """A field of a spec: its limits (ge, gt, le, lt, min_length...), title, unit and help text.

    face: how the value reads on a node, such as "keep {}"; empty fields are not shown there.
    inherits=True marks a field whose None means "take the training settings' field of this name".
    at_start=True marks a field that only matters when weights are drawn: a run goes on without it.
    hidden=True marks a field that is saved in files but not shown in forms.
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "face": face,
        "inherits": inherits,
        "at_start": at_start,
        "hidden": hidden,
    }
    return Field(default, title=title, description=help, json_schema_extra=extra, **limits)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


class Spec(BaseModel):
    """A frozen, validated value. Raises SpecError with a sentence, never pydantic's report."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, strict=True, protected_namespaces=()
    )

    title: ClassVar[str] = ""
    short_title: ClassVar[str] = ""
    """For the face of a node if the title is too long."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "title" not in cls.__dict__:
            cls.title = _words(cls.__name__).capitalize()

    def __init__(self, *unnamed: Any, **values: Any) -> None:
        if unnamed:
            raise _unnamed_error(type(self), unnamed[0])
        plain = {name: _native(value) for name, value in values.items()}
        try:
            super().__init__(**plain)
        except ValidationError as error:
            raise _spec_error(type(self), error.errors()[0]) from None

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, validated again."""
        return type(self)(**{**dict(self), **changes})

    def resolved(self, settings: Spec) -> Self:
        """A copy in which every inheriting field that is None has the value of `settings`."""
        changes = {
            name: getattr(settings, name)
            for name in inherited_fields(type(self))
            if getattr(self, name) is None
        }
        return self.replace(**changes) if changes else self

    def face(self) -> list[str]:
        """The settings that matter, in words for a node: ["128", "ReLU", "keep 0.8"]."""
        words = []
        for name, info in ordered_fields(type(self)).items():
            value, template = getattr(self, name), extra(info, "face")
            if template and value is not None and value is not False:
                words.append(template.format(readable(value)))
        return words

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; a field that is None by default and still None is left out."""
        fields = type(self).model_fields
        return {
            name: plain(value)
            for name, value in self
            if value is not None or fields[name].default is not None
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; lists become tuples. Raises SpecError."""
        return cls(**{name: _frozen(value) for name, value in values.items()})


class Family(Spec):
    """Base of every registry. `class Optimizer(Family)` opens a family; its subclasses join it."""

    kind: ClassVar[str] = ""
    family: ClassVar[str] = ""
    abstract: ClassVar[bool] = False
    """Set this in the body of a class to keep it out of the registry; a leading _ does the same."""
    registry: ClassVar[dict[str, type[Any]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if Family in cls.__bases__:
            cls.family, cls.registry = _words(cls.__name__), {}
        elif not cls.__dict__.get("abstract", False) and not cls.__name__.startswith("_"):
            if "kind" not in cls.__dict__:
                cls.kind = _words(cls.__name__).replace(" ", "_")
            cls._join()

    @classmethod
    def _join(cls) -> None:
        """Enter the registry. A class that is defined again, as in a notebook, replaces itself."""
        other = cls.registry.setdefault(cls.kind, cls)
        if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise SpecError(
                f"Two {cls.family} classes have the kind '{cls.kind}': "
                f"{other.__module__}.{other.__qualname__} and {cls.__module__}.{cls.__qualname__}.",
                hint="Give one of them another kind.",
            )
        cls.registry[cls.kind] = cls

    @classmethod
    def kinds(cls) -> list[str]:
        """The registered kinds of this family, in order of definition."""
        return list(cls.registry)

    @classmethod
    def rivals(cls, present: Any) -> list[Any]:
        """One member of every other kind, to compare the present one with.

        Kinds that cannot be made from their defaults alone are left out.
        """
        found = []
        for member in cls.registry.values():
            if type(present) is not member:
                with contextlib.suppress(SpecError):
                    found.append(member())
        return found

    @classmethod
    def parse(cls, value: Any) -> Self:
        """A member of this family from an instance, a kind or a mapping with "kind"."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            value = {"kind": value}
        if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
            example = next(iter(cls.registry), "")
            article = "An" if cls.family[0] in "aeio" else "A"
            raise SpecError(
                f"{article} {cls.family} must be a name such as '{example}'; got {value!r}."
            )
        kind = value["kind"]
        if kind not in cls.registry:
            hint = did_you_mean(kind, cls.registry) or f"Known: {', '.join(cls.registry)}."
            raise SpecError(f"There is no {cls.family} '{kind}'.", hint=hint)
        member: type[Self] = cls.registry[kind]
        return member.from_json({name: v for name, v in value.items() if name != "kind"})

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **super().to_json()}

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        if "registry" in cls.__dict__:  # the root of a family is parsed, not built
            return core_schema.no_info_plain_validator_function(cls.parse)
        return handler(source)


@cache
def ordered_fields(spec: type[Spec]) -> Mapping[str, FieldInfo]:
    """The fields as people read them: those of the class itself first, then those of its bases."""
    order = dict.fromkeys(
        name
        for cls in spec.__mro__
        for name in inspect.get_annotations(cls)
        if name in spec.model_fields
    )
    return MappingProxyType({name: spec.model_fields[name] for name in order})


def inherited_fields(spec: type[Spec]) -> list[str]:
    """Names of the fields whose None means "take it from the training settings"."""
    return [name for name, info in spec.model_fields.items() if extra(info, "inherits")]


def extra(info: FieldInfo, key: str) -> Any:
    """A piece of a field's metadata that `setting` stored, such as "unit" or "at_start"."""
    return info.json_schema_extra.get(key) if isinstance(info.json_schema_extra, dict) else None


def limits(info: FieldInfo) -> dict[str, float]:
    """A field's numeric limits: any of "ge", "gt", "le", "lt"."""
    found: dict[str, float] = {}
    for rule in info.metadata:
        for key in ("ge", "gt", "le", "lt"):
            if isinstance(rule, annotated_types.BaseMetadata) and hasattr(rule, key):
                found[key] = getattr(rule, key)
    return found


def describe_limits(info: FieldInfo) -> str:
    """A field's limits in words, such as "a whole number between 1 and 65536"."""
    rule = limits(info)
    types = [t for t in get_args(info.annotation) if t is not type(None)] or [info.annotation]
    noun = "a whole number" if int in types and float not in types else "a number"
    if "ge" in rule and "le" in rule:
        return f"{noun} between {plain_number(rule['ge'])} and {plain_number(rule['le'])}"
    low = f"at least {plain_number(rule['ge'])}" if "ge" in rule else ""
    low = f"above {plain_number(rule['gt'])}" if "gt" in rule else low
    high = f"at most {plain_number(rule['le'])}" if "le" in rule else ""
    high = f"below {plain_number(rule['lt'])}" if "lt" in rule else high
    return f"{noun} {' and '.join(part for part in (low, high) if part)}".strip()


def readable(value: Any) -> str:
    """A field's value as people write it: "ReLU", "0.8", "1 × 28 × 28", "yes"."""
    if isinstance(value, Spec):
        return value.short_title or value.title
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " × ".join(readable(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or an empty string."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else ""


SYNONYMS = {
    "lr": "learning_rate",
    "alpha": "learning_rate",
    "eta": "learning_rate",
    "dropout": "keep_prob",
    "batchnorm": "batch_norm",
    "lambda_": "l2",
    "neurons": "units",
    "n_epochs": "epochs",
    "num_epochs": "epochs",
}
"""What other libraries call our settings."""


def _unnamed_error(cls: type[Spec], value: Any) -> SpecError:
    """For Dense(64): names the setting that accepts such a value, if there is one."""
    example = next(
        (
            f"{cls.__name__}({name}={item!r})"
            for name in ordered_fields(cls)
            for item in (value, (value,))
            if _takes(cls, name, item)
        ),
        "",
    )
    hint = f"Write {example}." if example else f"It has: {', '.join(cls.model_fields)}."
    message = f"{cls.__name__} takes its settings by name; got {value!r:.80}."
    return SpecError(message, hint=hint)


def _takes(cls: type[Spec], name: str, value: Any) -> bool:
    try:
        cls(**{name: value})
    except EngineError:
        return False
    return True


def _whose(cls: type[Spec], name: str) -> str:
    """A hint: the setting probably meant, which may have another name or be nested in a setting."""
    name = SYNONYMS.get(name, name)
    if name in cls.model_fields:
        return f"It is called '{name}' here: {cls.model_fields[name].description}"
    for field, info in cls.model_fields.items():
        kinds = [t for t in (info.annotation, *get_args(info.annotation)) if isinstance(t, type)]
        for family in (t for t in kinds if issubclass(t, Family) and "registry" in t.__dict__):
            default = type(info.default)
            members = [default, *family.registry.values()]
            member = next((m for m in members if name in getattr(m, "model_fields", ())), None)
            if member is not None:
                return f"It belongs to the {field}: {field}={member.__name__}({name}=...)."
    return did_you_mean(name, cls.model_fields)


def _spec_error(cls: type[Spec], error: ErrorDetails) -> SpecError:
    name = str(error["loc"][0]) if error["loc"] else ""
    label = f"{cls.title}: {name}" if name else cls.title
    cause = error.get("ctx", {}).get("error")
    hint = ""
    if isinstance(cause, EngineError):
        field = name or getattr(cause, "field", "")  # a rule over several fields names one itself
        return SpecError(f"{label}: {cause.message}", field=field, hint=cause.hint)
    if error["type"] == "extra_forbidden":
        hint = _whose(cls, name) or f"It has: {', '.join(cls.model_fields)}."
        return SpecError(f"{cls.title} has no setting '{name}'.", field=name, hint=hint)
    if error["type"] == "missing":
        return SpecError(f"{label} is missing.", field=name, limits="is missing.")
    info = cls.model_fields.get(name)
    limits = f"must be {_expected(info, error)}; got {error['input']!r}."
    return SpecError(f"{label} {limits}", name, limits=limits)


def _expected(info: FieldInfo | None, error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return f"one of {error['ctx']['expected']}"
    if error["type"].startswith("bool"):
        return "true or false"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    numeric = ("int", "float", "greater", "less", "finite")
    if info is not None and error["type"].startswith(numeric):
        return describe_limits(info)
    message = error["msg"].removeprefix("Input should be ")
    return message[0].lower() + message[1:]


def plain(value: Any) -> Any:
    """The value of a field as it is saved in a file: specs as mappings, tuples as lists."""
    if isinstance(value, Spec):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def _native(value: Any) -> Any:
    """NumPy numbers as Python numbers, also inside tuples; a tuple without any stays as it is."""
    if isinstance(value, tuple):
        items = tuple(map(_native, value))
        return value if all(map(operator.is_, items, value)) else items
    return value.item() if isinstance(value, np.generic) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
