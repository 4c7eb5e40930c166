"""For the engine's tests: bad values, made from the limits that the fields themselves state."""

import math
from typing import get_args

import pytest

from engine.spec import limits


@pytest.fixture(scope="session")
def outside_limits():
    """A function: a spec class -> pairs (field, value just outside one of the field's limits)."""
    return _outside_limits


def _outside_limits(spec):
    return [
        (name, value) for name, info in spec.model_fields.items() for value in _bad_values(info)
    ]


def _bad_values(info):
    bound, whole = limits(info), _is_whole(info)
    values = [bound[key] for key in ("gt", "lt") if key in bound]
    if "ge" in bound:
        values.append(bound["ge"] - 1 if whole else math.nextafter(bound["ge"], -math.inf))
    if "le" in bound:
        values.append(bound["le"] + 1 if whole else math.nextafter(bound["le"], math.inf))
    if bound and not whole:
        values += [math.nan, math.inf, -math.inf]
    return values


def _is_whole(info):
    types = get_args(info.annotation) or (info.annotation,)
    return int in types and float not in types
