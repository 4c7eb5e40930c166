"""Values that a field of a spec allows, for random tests: the ends of a range and some between."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from engine.spec import Family, limits

SHAPES = [(2,), (784,), (1, 4, 4)]
TEXTS = ["", ",", "x"]


def valid_values(info: FieldInfo) -> list[Any]:
    """Values that a field's type and limits allow."""
    found: list[Any] = []
    for kind in get_args(info.annotation) or (info.annotation,):
        if kind is type(None):
            found.append(None)
        elif isinstance(kind, str) or get_origin(kind) is Literal:
            found += get_args(kind) or [kind]
        elif kind is str:
            found += TEXTS
        elif kind is bool:
            found += [False, True]
        elif isinstance(kind, type) and issubclass(kind, Family):
            found += [kind.parse(name) for name in kind.kinds()]
        elif kind in (int, float):
            found += _numbers(kind, limits(info))
    return found or SHAPES


def _numbers(kind: type, rule: dict[str, float]) -> list[Any]:
    low = rule.get("ge", rule.get("gt", -3))
    high = rule.get("le", rule.get("lt", low + 8))
    inside = [low, high, low + (high - low) / 3, min(low + 1, high)]
    numbers = {kind(n) for n in inside}
    return sorted(n for n in numbers if n != rule.get("gt") and n != rule.get("lt"))
