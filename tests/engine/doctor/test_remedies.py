"""Single remedies, where their edges are: which layers, how far, and when no more."""

import numpy as np
import pytest

from engine.data import DataPlan
from engine.design import Design
from engine.doctor.diagnosis import diagnose
from engine.doctor.errors import ErrorRate, Errors
from engine.doctor.recipe import recipe
from engine.errors import DesignError
from engine.layers import Dense, Dropout, Input, Output
from engine.optimizers import GradientDescent, Momentum
from engine.project import Project
from engine.settings import TrainingSettings

BIAS = diagnose(Errors(ErrorRate(0.15, 50_000), ErrorRate(0.16, 20_000)))
VARIANCE = diagnose(Errors(ErrorRate(0.01, 50_000), ErrorRate(0.11, 20_000)))
DEV_DOUBT = diagnose(Errors(ErrorRate(0.01, 50_000), ErrorRate(0.02, 50)))
TRAIN_DOUBT = diagnose(Errors(ErrorRate(0.0, 45), ErrorRate(0.01, 1_000)))


def project(*hidden, data="moons", task="binary", **settings):
    names = ["x", *(f"h{i + 1}" for i in range(len(hidden))), "y"]
    design = Design.sequential([Input(), *hidden, Output(task=task)], names)
    return Project(design, TrainingSettings(**settings), DataPlan(source=data))


def offered(of, diagnosis):
    return {p.remedy: p for p in recipe(of, diagnosis)}


def test_the_largest_layers_are_dropped_from_wherever_they_stand():
    of = project(Dense(units=9), Dense(units=40), Dense(units=30), Dense(units=4))
    found = offered(of, VARIANCE)["dropout"]
    assert found.text == "keep_prob 0.8 on the two largest layers ('h2' and 'h3')"
    design = found.apply(of).design
    assert [design.nodes[f"h{i}"].keep_prob for i in (1, 2, 3, 4)] == [None, 0.8, 0.8, None]


def test_dropout_that_stands_apart_is_strengthened_and_not_doubled():
    of = project(Dense(units=40), Dropout(keep_prob=0.8), Dense(units=30))
    found = offered(of, VARIANCE)["dropout"]
    assert found.text == "keep_prob 0.65 on 'h2'"
    assert found.apply(of).design.nodes["h1"] == of.design.nodes["h1"]


def test_no_remedy_is_applied_to_a_design_that_has_lost_its_output():
    of = project(batch_size=None)
    found = recipe(of, BIAS) + recipe(of, VARIANCE)
    assert "deeper_network" in {prescription.remedy for prescription in found}
    without = of.replace(design=of.design.remove(["y"]))
    for prescription in found:
        with pytest.raises(DesignError, match="no longer applies"):
            prescription.apply(without)


def test_one_more_layer_has_parameters_of_its_own():
    of = project(Dense(units=8), Dense(units=8), Dense(units=8, shares="h2"), batch_size=None)
    after = offered(of, BIAS)["deeper_network"].apply(of).design
    (new,) = set(after.nodes) - set(of.design.nodes)
    assert after.nodes[new].shares is None and after.nodes["h3"].shares == "h2"


def test_a_layer_of_few_units_is_not_dropped_from():
    assert "dropout" not in offered(project(Dense(units=7)), VARIANCE)
    assert "dropout" in offered(project(Dense(units=8)), VARIANCE)


def test_l2_grows_by_half_powers_of_ten_and_then_is_offered_no_more():
    of, seen = project(Dense(units=20), batch_size=None), []
    while "l2" in (found := offered(of, VARIANCE)):
        of = found["l2"].apply(of)
        seen.append(of.training.l2)
    assert seen == [0.5, 2.0, 6.0, 20.0]
    assert of.data.sizes()[0] == 180
    own = project(Dense(units=20, l2=0.1))
    assert offered(own, VARIANCE)["l2"].text == "L2 λ 0.2 for 'y'"


@pytest.mark.parametrize(
    ("activation", "initializer", "wanted"),
    [
        ("relu", "zeros", "He"),
        ("tanh", "zeros", "Xavier"),
        ("sigmoid", {"kind": "he", "multiplier": 10.0}, "Xavier"),
        ("leaky_relu", {"kind": "he", "multiplier": 0.1}, "He"),
        ("relu", "orthogonal", None),
        ("relu", "xavier", None),
        ("relu", "he", None),
        ("linear", "zeros", None),
    ],
)
def test_unfit_initial_weights_get_those_that_suit_the_activation(activation, initializer, wanted):
    of = project(Dense(units=500, activation=activation, initializer=initializer))
    found = offered(of, BIAS).get("better_initializer")
    assert (found and found.text) == (wanted and f"{wanted} initialization in 'h1'")


def test_under_batch_norm_any_initial_size_will_do():
    of = project(Dense(units=50, initializer={"kind": "he", "multiplier": 10.0}, batch_norm=True))
    assert "better_initializer" not in offered(of, BIAS)


def test_plain_optimizers_of_single_layers_are_replaced_too():
    of = project(Dense(units=8, optimizer=Momentum()), optimizer=GradientDescent())
    after = offered(of, BIAS)["better_optimizer"].apply(of)
    assert after.training.optimizer.kind == "adam"
    assert after.design.nodes["h1"].optimizer is None


def test_the_dev_set_is_enlarged_to_two_fifths_at_most_and_only_if_it_is_the_small_one():
    of = project(Dense(units=8), data="digits-8x8", task="multi_class")
    plan = DataPlan(source="digits-8x8", train=0.6, dev=0.3, test=0.1)
    found = offered(of.replace(data=plan), DEV_DOUBT)["larger_dev_set"]
    assert found.text == "40 % of the examples for the dev set"
    assert "larger_dev_set" not in offered(of, TRAIN_DOUBT)
    full = offered(of.replace(data=plan.replace(train=0.5, dev=0.4)), DEV_DOUBT)["larger_dev_set"]
    assert full.by_hand


def test_a_network_is_halved_down_to_four_units():
    of = project(Dense(units=10), Dense(units=6), Dense(units=3))
    design = offered(of, VARIANCE)["smaller_network"].apply(of).design
    assert [design.nodes[name].units for name in ("h1", "h2", "h3")] == [5, 4, 3]
    assert "smaller_network" not in offered(project(Dense(units=4)), VARIANCE)


def test_a_network_is_doubled_up_to_the_limit_of_the_field():
    of = project(Dense(units=65_536), Dense(units=40_000))
    assert "bigger_network" not in offered(of, BIAS)  # 2.6e9 parameters would be too many
    of = project(Dense(units=65_536), Dense(units=2))
    assert offered(of, BIAS)["bigger_network"].text == "4 units in 'h2': twice as many"


def test_a_minor_gap_is_less_than_a_third_of_the_other():
    def state(dev):
        return diagnose(Errors(ErrorRate(0.30, 10**6), ErrorRate(dev, 10**6))).variance.state

    assert state(0.39) == "minor"
    assert state(0.41) == "large"


def test_the_spread_is_that_of_a_sample():
    rate = ErrorRate.of(np.array([1.0, 3.0]), decisions=False)
    assert rate.spread == pytest.approx(np.sqrt(2))
