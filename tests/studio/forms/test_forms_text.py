"""Reading what people type, and stepping numbers: pure functions, no window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layers import Layer
from engine.optimizers import Optimizer
from engine.project.fields import fields_of
from engine.schedules import Schedule
from engine.settings import TrainingSettings
from engine.spec import Spec, setting
from studio.forms.steps import stepped
from studio.forms.text import (
    may_become_valid,
    pairs,
    reader_of,
    real_number,
    sizes,
    typed,
    whole_number,
)


class Sample(Spec):
    share: float = setting(0.5, title="Share", help="A part of one.", gt=0, le=1)
    rate: float = setting(0.01, title="Rate", help="A learning rate.", gt=0, le=1000)
    weight: float = setting(0.0, title="Weight", help="Zero or more.", ge=0, le=1e6)
    beta: float = setting(0.9, title="Beta", help="Below one.", ge=0, lt=1)
    shift: float = setting(0.1, title="Shift", help="Any sign.", ge=-1e6, le=1e6)
    units: int = setting(10, title="Units", help="A count.", ge=10, le=100)
    word: str = setting("a", title="Word", help="Any word.")


FIELDS = fields_of(Sample)


@pytest.mark.parametrize(
    ("text", "value"),
    [("128", 128), (" 7 ", 7), ("1,024", 1024), ("1 024", 1024), ("1e3", 1000), ("2.5", 2.5)],
)
def test_a_whole_number_may_have_thousands_separators_and_an_exponent(text, value):
    assert whole_number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1,5", "--3", "0x10", "1_000", "nan", "inf"])
def test_what_is_no_whole_number_stays_text(text):
    assert whole_number(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.8", 0.8), ("0,8", 0.8), ("1e-4", 1e-4), ("1,5E-3", 1.5e-3), (".5", 0.5), ("−2", -2.0)],
)
def test_a_real_number_may_have_a_decimal_comma_and_an_exponent(text, value):
    assert real_number(text) == value


@pytest.mark.parametrize("text", ["", "x", "1,000.5", "1e999", "nan", "1.2.3", "0,8,9"])
def test_what_is_no_real_number_stays_text(text):
    assert real_number(text) == text


@pytest.mark.parametrize("text", ["1 x 28 x 28", "1 × 28 × 28", "1*28*28", "1x28x28"])
def test_a_shape_may_be_written_with_any_times_sign(text):
    assert sizes(text) == (1, 28, 28)
    assert sizes("784") == (784,)
    assert sizes("28 by 28") == "28 by 28"


def test_pairs_are_read_back_as_they_are_shown():
    steps = ((10, 0.1), (20, 0.01))
    assert typed(steps) == "10: 0.1, 20: 0.01"
    assert pairs("10: 0.1, 20: 0.01") == steps
    assert pairs("10:0,1; 20:0,01") == steps
    assert pairs("10") == "10"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_real_number_survives_being_shown_and_read(value):
    assert real_number(typed(value)) == value


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_whole_number_survives_being_shown_and_read(value):
    assert whole_number(typed(value)) == value


@pytest.mark.parametrize("family", [Layer, Optimizer, Schedule])
def test_every_typed_default_survives_being_shown_and_read(family):
    for member in family.registry.values():
        for name, field in fields_of(member).items():
            value = getattr(member(), name)
            if isinstance(value, (int, float, tuple)) and not isinstance(value, bool):
                assert reader_of(field)(typed(value)) == value, (member.kind, name)


@pytest.mark.parametrize(
    ("field", "text", "hopeful"),
    [
        ("share", "0", True),
        ("share", "0.", True),
        ("share", "1e-", True),
        ("share", "", True),
        ("share", "1.5", False),
        ("share", "abc", False),
        ("share", "-1", False),
        ("units", "5", True),
        ("units", "0", False),
        ("units", "101", False),
        ("word", "0", False),
    ],
)
def test_only_the_beginning_of_a_valid_number_gets_patience(field, text, hopeful):
    assert may_become_valid(text, FIELDS[field]) is hopeful


@pytest.mark.parametrize(
    ("field", "value", "up", "down"),
    [
        ("rate", 0.01, 0.02, 0.005),
        ("rate", 0.03, 0.05, 0.02),
        ("rate", 1000.0, 1000.0, 500.0),
        ("weight", 0.0, 1e-4, 0.0),
        ("weight", 1e-8, 2e-8, 0.0),
        ("share", 0.8, 0.85, 0.75),
        ("share", 1.0, 1.0, 0.95),
        ("beta", 0.9, 0.95, 0.85),
        ("beta", 0.99, 0.995, 0.985),
        ("shift", 0.1, 0.2, 0.0),
        ("shift", -5.0, -4.0, -6.0),
        ("units", 10, 11, 10),
        ("units", 100, 100, 99),
    ],
)
def test_a_tick_is_as_large_as_the_value_asks_for(field, value, up, down):
    assert stepped(value, 1, FIELDS[field]) == pytest.approx(up)
    assert stepped(value, -1, FIELDS[field]) == pytest.approx(down)


@pytest.mark.parametrize("name", ["share", "rate", "weight", "beta", "shift", "units"])
@given(ticks=st.integers(min_value=-60, max_value=60))
def test_no_number_of_ticks_leaves_the_limits(name, ticks):
    start = getattr(Sample(), name)
    Sample(**{name: stepped(start, ticks, FIELDS[name])})


def test_ticks_up_and_down_the_learning_rate_scale_return():
    rate = FIELDS["rate"]
    assert stepped(stepped(0.01, 5, rate), -5, rate) == pytest.approx(0.01)


def test_every_number_of_every_spec_can_be_stepped_within_its_limits():
    specs = [m for family in (Layer, Optimizer, Schedule) for m in family.registry.values()]
    for spec in [*specs, TrainingSettings]:
        for name, field in fields_of(spec).items():
            value = getattr(spec(), name)
            if field.types in ((int,), (float,)) and value is not None:
                for ticks in (1, -1, 10, -10):
                    spec(**{name: stepped(value, ticks, field)})
