"""For the engine's tests: bad values from the fields' limits, and slopes by differences."""

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import settings

from engine.spec import limits

settings.register_profile("engine", max_examples=100, deadline=None, derandomize=True)
settings.load_profile("engine")


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


@pytest.fixture(scope="session")
def slope():
    """A function: (f, x) -> df/dx of a scalar f by central differences, with x's shape."""
    return _slope


def _slope(function, x, step=1e-5):
    x = x.copy()
    found = np.empty_like(x)
    for index in np.ndindex(x.shape):
        center = x[index]
        x[index] = center + step
        above = function(x)
        x[index] = center - step
        found[index] = (above - function(x)) / (2 * step)
        x[index] = center
    return found


@pytest.fixture(scope="session")
def relative_error():
    """A function: (a, b) -> ||a - b|| / (||a|| + ||b||), the lectures' measure; 0 if both are 0."""
    return _relative_error


def _relative_error(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0
