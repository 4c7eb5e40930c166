"""Advice: what runs, and had better be otherwise; each with its reason, and none without cause."""

import pytest
from hypothesis import given

from engine import RNN, Conv2D, Wire
from engine.data.fit import Fit
from engine.design import Design
from engine.design.advice import RULES, advice
from engine.layers import (
    Activation,
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
    Linear,
    Output,
)
from engine.settings import TrainingSettings
from tests.engine.random_designs import designs, fits

SETTINGS = TrainingSettings(initializer="he")


def chain(*layers, end=None):
    layers = [Input(features=4), *layers, end or Output(task="binary")]
    return Design.sequential(layers, ["x", *(f"h{n + 1}" for n in range(len(layers) - 2)), "y"])


def found(*layers, end=None, settings=SETTINGS):
    return [(a.node, a.text) for a in advice(chain(*layers, end=end), settings)]


def test_a_network_of_the_lectures_gets_no_advice():
    assert found(Dense(units=20), Dense(units=20, keep_prob=0.8)) == []
    assert found(Dense(units=20, activation="tanh", initializer="xavier")) == []
    assert found(Dense(units=20, batch_norm=True), Linear(), Activation(function="relu")) == []
    assert found(end=Output(task="binary", initializer="zeros")) == [], "logistic regression"


def test_relu_is_better_off_with_he():
    text = "ReLU starts from Xavier weights; He suits it better."
    assert found(Dense(units=20, initializer="xavier")) == [("h1", text)]
    parts = Linear(units=20, initializer="xavier"), Activation()
    assert found(*parts) == [("h2", text)], "the same in two nodes"
    inherited = TrainingSettings(initializer="glorot")
    assert found(Dense(), settings=inherited) == [("h1", text.replace("Xavier", "Glorot"))]


def test_scaled_or_normalized_weights_are_left_alone():
    tuned = {"kind": "xavier", "multiplier": 1.41}
    assert found(Dense(units=20, initializer=tuned)) == []
    assert found(Dense(units=20, initializer="xavier", batch_norm=True)) == []


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_tanh_and_sigmoid_are_better_off_with_xavier(activation):
    ((node, text),) = found(Dense(units=20, activation=activation))
    assert node == "h1"
    assert text.endswith("starts from He weights; Xavier suits it better.")
    assert found(Dense(units=20, activation=activation, initializer="xavier")) == []


def test_sigmoids_are_for_shallow_networks():
    layers = [Dense(units=20, activation="sigmoid", initializer="xavier") for _ in range(3)]
    assert found(*layers[:2]) == []
    deep = found(*layers)
    assert [node for node, _ in deep] == ["h1", "h2", "h3"]
    assert "A sigmoid is used in a network of 3 hidden layers" in deep[0][1]


def test_depth_is_counted_along_the_longest_path():
    """Three hidden layers side by side are not deep."""
    sigmoid = Dense(units=4, activation="sigmoid", initializer="xavier")
    design = Design(
        {"x": Input(features=4), **dict.fromkeys("abc", sigmoid), "sum": Layer.parse("add")}
    )
    for name in "abc":
        design = design.connect("x", name).connect(name, "sum")
    design = design.add("y", Output(task="binary")).connect("sum", "y")
    assert advice(design, SETTINGS) == []


@pytest.mark.parametrize(
    "initializer",
    ["zeros", "constant", {"kind": "he", "multiplier": 0.0}, {"kind": "uniform", "limit": 0.0}],
)
def test_equal_weights_stay_equal(initializer):
    ((node, text),) = found(Dense(units=3, activation="softplus", initializer=initializer))
    assert (node, text) == ("h1", "All weights of this layer start with the same value.")
    assert found(Dense(units=1, activation="softplus", initializer=initializer)) == []


def test_random_starts_and_the_identity_break_the_symmetry():
    for kind in ("he", "normal", "uniform", "orthogonal", "identity"):
        assert found(Dense(units=3, activation="elu", initializer=kind)) == []


def test_softmax_over_one_unit_says_nothing():
    ((node, text),) = found(Dense(units=1, activation="softmax"))
    assert (node, text) == ("h1", "Softmax with a single unit: use a sigmoid instead.")
    assert found(Dense(units=2, activation="softmax")) == []
    one_class = Output(task="multi_class", units=1)
    ((node, text),) = found(end=one_class)
    assert node == "y"
    assert text == "The task has only one class. Two classes need one sigmoid unit."
    assert found(end=Output(task="multi_class", units=2)) == []
    assert found(end=Output(task="multi_label", units=1)) == []


def test_units_that_follow_the_data_count():
    design = chain(end=Output(task="multi_class"))
    assert [a.node for a in advice(design, SETTINGS, Fit((4,), 1, "multi_class"))] == ["y"]
    assert advice(design, SETTINGS, Fit((4,), 3, "multi_class")) == []


def test_a_bias_under_batch_norm_is_idle():
    parts = [Linear(units=20), BatchNorm(), Activation()]
    assert found(*parts) == [("h1", "The bias b is idle: batch norm follows ('h2').")]
    assert found(Linear(units=20, bias=False), *parts[1:]) == []
    assert found(Linear(units=20), Activation(), BatchNorm()) == [], "b shifts what ReLU sees"


def test_advice_holds_for_images_and_sequences():
    image = Design.sequential(
        [
            Input(shape=(1, 6, 6)),
            Conv2D(filters=4),
            BatchNorm(),
            Activation(),
            Flatten(),
            Output(task="binary"),
        ],
        ["x", "c", "n", "a", "f", "y"],
    )
    told = [(each.node, each.text) for each in advice(image, SETTINGS)]
    assert told == [("c", "The bias b is idle: batch norm follows ('n').")]
    nodes = {"x": Input(shape=(2, 5)), "r": RNN(), "y": Output(task="binary")}
    design = Design(nodes, (Wire("x", "r"), Wire("r", "y", "in", "last")))
    (piece,) = advice(design, SETTINGS)
    assert piece.text == "tanh starts from He weights; Xavier suits it better."
    assert advice(design.edit("r", initializer="xavier"), SETTINGS) == []


def test_a_bias_that_somebody_else_sees_is_not_idle():
    design = chain(Linear(units=4), BatchNorm(), Activation(), Layer.parse("add"))
    assert advice(design.connect("h1", "h4"), SETTINGS) == []


def test_dropout_before_batch_norm_is_named_with_both_layers():
    text = "Dropout ('h1') comes directly before batch norm."
    assert found(Dense(units=20, keep_prob=0.8), BatchNorm()) == [("h2", text)]
    assert found(Dense(units=20), Dropout(keep_prob=0.8), BatchNorm())[0][0] == "h3"
    assert found(Dense(units=20), Dropout(keep_prob=1), BatchNorm()) == []
    assert found(Dense(units=20), BatchNorm(), Dropout(keep_prob=0.8)) == []


def test_a_small_layer_cannot_do_without_its_units():
    ((node, text),) = found(Dense(units=8, keep_prob=0.4))
    assert (node, text) == ("h1", "Dropout leaves about 3.2 of 8 units.")
    assert found(Dense(units=8, keep_prob=0.5)) == []
    assert found(Dense(units=100, keep_prob=0.4)) == []


def test_giant_steps_are_told_once_and_at_layers_of_their_own():
    wild = {"kind": "adam", "learning_rate": 0.5}
    ((node, text),) = found(Dense(), settings=TrainingSettings(optimizer=wild))
    assert node is None
    assert text == "A learning rate of 0.5 is very large for Adam; try 0.001."
    assert found(Dense(optimizer=wild))[0][0] == "h1"
    slow = {"kind": "adam", "learning_rate": 0.1}
    assert found(Dense(), settings=TrainingSettings(optimizer=slow)) == []
    plain = {"kind": "gradient_descent", "learning_rate": 0.5}
    assert found(Dense(), settings=TrainingSettings(optimizer=plain)) == []


def test_layers_behind_a_problem_get_no_advice_and_those_before_it_do():
    design = chain(Dense(units=20, initializer="xavier"), Flatten(), Layer.parse("add"))
    assert [a.node for a in advice(design, SETTINGS)] == ["h1"]
    assert advice(Design(), SETTINGS) == []


@given(designs, fits)
def test_advice_never_raises_and_speaks_in_whole_sentences(design, fit):
    settings = TrainingSettings(initializer="xavier", keep_prob=0.3, batch_norm=True)
    for piece in advice(design, settings, fit):
        assert piece.node in design.nodes
        for sentence in (piece.text, piece.why):
            assert sentence[0].isalpha() and sentence.endswith(".") and "  " not in sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_names_its_source(rule):
    assert "Source: " in rule.__doc__
