"""Whatever a field of any spec is given, a named error is all that comes of it."""

import contextlib

import pytest

import engine.data.tables.source
import engine.doctor.ranking  # noqa: F401  # so that all specs are known
from engine.errors import EngineError
from engine.spec import Spec

NONSENSE = (
    *(None, -1, 0, 1e30, True, "", "he", "0.5", float("nan"), b"x", object(), 10**400),
    *([], {}, [2, 2], [None], [[1]], [1, 2, 3], (1,), ((1, 2),), {"kind": "no"}, {"a": 1}),
)


def specs(base=Spec):
    for spec in base.__subclasses__():
        yield spec
        yield from specs(spec)


@pytest.mark.parametrize("spec", sorted(set(specs()), key=lambda spec: spec.__qualname__))
def test_nonsense_in_a_field_is_taken_or_refused_by_a_named_error(spec):
    for field in spec.model_fields:
        for value in NONSENSE:
            with contextlib.suppress(EngineError):
                spec(**{field: value})
