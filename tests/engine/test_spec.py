"""Specs: limits, sentences for every bad value, JSON, inheritance, and registries."""

import json
from typing import ClassVar

import numpy as np
import pytest
from pydantic import ValidationError

from engine.activations import ActivationFunction, LeakyRelu
from engine.errors import SpecError
from engine.initializers import He, Initializer
from engine.layers import Dense, Dropout, Input, Layer, Linear, Output
from engine.optimizers import Adam, Momentum, Optimizer
from engine.settings import TrainingSettings
from engine.spec import (
    Family,
    Spec,
    describe_limits,
    did_you_mean,
    inherited_fields,
    limits,
    ordered_fields,
    readable,
    setting,
)


class Plan(Spec):
    """A spec with one field of each kind."""

    count: int = setting(3, title="Count", help="How many.", face="{} of", ge=1, le=9)
    share: float | None = setting(None, title="Share", help="How much.", inherits=True, gt=0, lt=1)
    fast: bool = setting(False, title="Fast", help="Whether.", face="fast")
    sizes: tuple[int, ...] = setting((1, 2), title="Sizes", help="Each.", face="{}")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"count": 0}, "Plan: count must be a whole number between 1 and 9; got 0."),
        ({"count": 2.5}, "Plan: count must be a whole number between 1 and 9; got 2.5."),
        ({"count": True}, "Plan: count must be a whole number between 1 and 9; got True."),
        ({"count": "3"}, "Plan: count must be a whole number between 1 and 9; got '3'."),
        ({"share": 0}, "Plan: share must be a number above 0 and below 1; got 0."),
        ({"share": float("nan")}, "Plan: share must be a number above 0 and below 1; got nan."),
        ({"fast": 1}, "Plan: fast must be true or false; got 1."),
        ({"cout": 1}, "Plan has no setting 'cout'. Did you mean 'count'?"),
        ({"zzz": 1}, "Plan has no setting 'zzz'. It has: count, share, fast, sizes."),
    ],
)
def test_a_bad_value_is_refused_with_a_whole_sentence_that_names_its_field(values, sentence):
    with pytest.raises(SpecError) as caught:
        Plan(**values)
    assert str(caught.value) == sentence
    assert caught.value.field == next(iter(values))


def test_a_missing_value_is_named():
    class Needy(Spec):
        size: int = setting(title="Size", help="Needed.")

    with pytest.raises(SpecError, match=r"^Needy: size is missing\.$"):
        Needy()


def test_a_bad_value_inside_a_field_is_told_with_the_field_around_it():
    with pytest.raises(SpecError) as caught:
        Dense(initializer={"kind": "he", "multiplier": -1})
    assert str(caught.value) == (
        "Dense: initializer: He: multiplier must be a number between 0 and 1000000; got -1."
    )
    assert caught.value.field == "initializer"


@pytest.mark.parametrize(
    ("shape", "got"),
    [((0,), "0"), ((1, 2, 3, 4), "1 × 2 × 3 × 4"), ((), "nothing"), ((1, 0, 4), "1 × 0 × 4")],
)
def test_an_input_shape_that_no_example_has_is_refused(shape, got):
    with pytest.raises(SpecError) as caught:
        Input(shape=shape)
    assert caught.value.field == "shape"
    assert str(caught.value).startswith(
        "Input: shape must be one whole number, features × steps, or channels"
    )
    assert str(caught.value).endswith(f"; got {got}.")


@pytest.mark.parametrize("features", ["a", 2.0, True, None])
def test_features_must_be_a_whole_number(features):
    with pytest.raises(SpecError) as caught:
        Input(features=features)
    assert str(caught.value) == (
        f"Input: features must be a whole number of at least 1; got {features!r}."
    )


def test_numbers_of_numpy_count_as_numbers():
    assert Plan(count=np.int64(4), share=np.float32(0.5)) == Plan(count=4, share=0.5)
    assert Input(shape=tuple(np.array([2, 3, 4]))) == Input(shape=(2, 3, 4))


def test_a_spec_cannot_be_changed_and_replace_makes_a_checked_copy():
    plan = Plan()
    with pytest.raises(ValidationError, match="frozen"):
        plan.count = 4
    assert plan.replace(count=4) == Plan(count=4)
    assert plan == Plan()
    with pytest.raises(SpecError, match="count must be"):
        plan.replace(count=10)


def test_inheriting_fields_take_the_settings_values_where_they_are_none():
    settings = TrainingSettings(keep_prob=0.5, l2=0.1, batch_norm=True, optimizer=Momentum())
    dense = Dense(l2=0.7).resolved(settings)
    assert (dense.keep_prob, dense.l2, dense.batch_norm) == (0.5, 0.7, True)
    assert dense.optimizer == Momentum()
    assert dense.max_norm is None


@pytest.mark.parametrize("layer", Layer.registry.values(), ids=Layer.kinds())
def test_every_inheriting_field_of_a_layer_exists_in_the_settings_with_the_same_limits(layer):
    for name in inherited_fields(layer):
        assert limits(layer.model_fields[name]) == limits(TrainingSettings.model_fields[name])


def test_the_face_shows_what_matters_and_hides_what_is_off():
    assert Plan().face() == ["3 of", "1 × 2"]
    assert Plan(fast=True).face() == ["3 of", "fast", "1 × 2"]
    assert Dense(units=8, keep_prob=0.8, activation="tanh").face()[:2] == ["8", "tanh"]
    assert "keep 0.8" in Dense(keep_prob=0.8).face()
    assert Input(features=4).face() == ["4"]
    assert Input(features=4, keep_prob=0.9).face() == ["4", "keep 0.9"]


def test_json_leaves_out_none_by_default_and_keeps_none_by_choice():
    assert Plan().to_json() == {"count": 3, "fast": False, "sizes": [1, 2]}
    assert Plan.from_json(json.loads(json.dumps(Plan(share=0.5).to_json()))) == Plan(share=0.5)
    assert TrainingSettings(batch_size=None).to_json()["batch_size"] is None
    assert TrainingSettings.from_json({"batch_size": None}).batch_size is None


def test_settings_survive_json():
    settings = TrainingSettings(
        optimizer=Adam(learning_rate=0.1),
        schedule={"kind": "piecewise", "steps": ((3, 0.5),)},
        initializer={"kind": "normal", "standard_deviation": 2.0},
        clip_norm=1.0,
    )
    assert TrainingSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_a_family_parses_instances_kinds_and_mappings():
    assert Initializer.parse(He()) == He()
    assert Initializer.parse("he") == He()
    assert Initializer.parse({"kind": "he", "multiplier": 2}) == He(multiplier=2)
    assert Dense(activation={"kind": "leaky_relu", "slope": 0.2}).activation == LeakyRelu(slope=0.2)


@pytest.mark.parametrize(
    ("family", "value", "sentence"),
    [
        (Initializer, "hee", "There is no initializer 'hee'. Did you mean 'he'?"),
        (Optimizer, 3, "An optimizer must be a name such as 'gradient_descent'; got 3."),
        (Layer, {"units": 3}, "A layer must be a name such as "),
        (ActivationFunction, "zzz", "There is no activation function 'zzz'. Known: relu, tanh"),
    ],
)
def test_what_is_not_in_a_family_is_refused_with_a_hint(family, value, sentence):
    with pytest.raises(SpecError) as caught:
        family.parse(value)
    assert str(caught.value).startswith(sentence)


def test_classes_join_the_registry_of_their_own_family_unless_abstract():
    class Color(Family):
        pass

    class DeepRed(Color):
        pass

    class _Hidden(Color):
        pass

    class Warm(Color):
        abstract = True

    class Orange(Warm):
        kind = "citrus"

    assert Color.registry == {"deep_red": DeepRed, "citrus": Orange}
    assert DeepRed.title == "Deep red"
    assert "deep_red" not in Layer.registry


def test_two_classes_of_one_kind_are_refused_by_both_their_names():
    class Shade(Family):
        pass

    class Dark(Shade):
        kind = "shadow"

    with pytest.raises(SpecError) as refused:

        class Darker(Shade):
            kind = "shadow"

    said = str(refused.value)
    assert said.startswith("Two shade classes have the kind 'shadow': ")
    assert "Dark and " in said
    assert "Darker. Give one of them another kind." in said
    assert Shade.registry == {"shadow": Dark}


def test_a_class_that_is_defined_again_replaces_itself():
    class Shape(Family):
        pass

    def define(sides):
        class Polygon(Shape):
            corners: ClassVar[int] = sides

        return Polygon

    define(3)
    again = define(4)
    assert Shape.registry == {"polygon": again}


def test_a_layers_own_fields_come_before_those_of_its_bases():
    names = list(ordered_fields(Dense))
    assert names[:2] == ["units", "activation"]
    assert names.index("initializer") < names.index("trainable")


def test_limits_read_as_words():
    fields = {**Linear.model_fields, **Dropout.model_fields}
    assert describe_limits(fields["units"]) == "a whole number between 1 and 65536"
    assert describe_limits(fields["keep_prob"]) == "a number above 0 and at most 1"
    assert describe_limits(Plan.model_fields["share"]) == "a number above 0 and below 1"


def test_values_read_as_people_write_them():
    assert [readable(v) for v in (True, 0.25, (1, 28), 7, Output())] == [
        "yes",
        "0.25",
        "1 × 28",
        "7",
        "Output",
    ]
    assert did_you_mean("momentun", ["adam", "momentum"]) == "Did you mean 'momentum'?"
    assert did_you_mean("zzz", ["adam"]) == ""


@pytest.mark.parametrize("spec", [TrainingSettings, *Layer.registry.values()])
def test_values_just_outside_limits_are_refused_by_name(spec, outside_limits):
    for field, value in outside_limits(spec):
        with pytest.raises(SpecError) as caught:
            spec(**{field: value})
        assert caught.value.field == field
        assert f"{spec.title}: {field} must be " in str(caught.value)


MEMBERS = [
    member
    for family in Family.__subclasses__()
    if family.__module__.startswith("engine.")
    for member in family.registry.values()
]


@pytest.mark.parametrize("spec", [TrainingSettings, *MEMBERS], ids=lambda spec: spec.__name__)
def test_every_field_has_a_title_and_a_help_sentence(spec):
    for name, info in spec.model_fields.items():
        assert info.title, name
        assert info.description.endswith("."), name
