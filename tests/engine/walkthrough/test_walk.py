"""A walk shows exactly what the next training step does, and explains every number of it."""

import copy
import re

import numpy as np
import pytest

from engine import (
    RNN,
    Activation,
    Add,
    AveragePool,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Design,
    DotProductAttention,
    Dropout,
    Embedding,
    Flatten,
    Input,
    Linear,
    MaxPool,
    Output,
    TrainingSettings,
    Wire,
)
from engine.data import DataPlan
from engine.errors import DataError
from engine.network import Network
from engine.training import Trainer
from engine.training.updater import Updater
from engine.walkthrough import Phase, Role, Walk, explain
from engine.walkthrough.walk import OptimizerState

HIDDEN = [
    Dense(units=6, batch_norm=True, keep_prob=0.8),
    Dense(units=4, activation="tanh", l2=0.1, l1=0.05),
]


def trainer_of(layers=(), steps=5, source="moons", task="binary", **settings):
    data = DataPlan(source=source).build()
    layers = [Input(), *(layers or HIDDEN), Output(task=task)]
    names = ["x", *(f"h{i}" for i in range(1, len(layers) - 1)), "y"]
    settings = TrainingSettings(**{"batch_size": 16} | settings)
    trainer = Trainer(Network(Design.sequential(layers, names), settings, data=data), data)
    for _ in range(steps):
        trainer.step()
    return trainer


def walk_of(trainer):
    network = trainer.network.copy(trainer.network.dtype.name)
    network.rng = copy.deepcopy(network.rng)
    state = OptimizerState.of(trainer.updater)
    return Walk(network, *trainer.batches.peek(), state, trainer.epoch)


@pytest.fixture
def trainer():
    return trainer_of()


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "adam"},
        {"optimizer": "gradient_descent"},
        {"optimizer": {"kind": "momentum", "bias_correction": True}},
        {"optimizer": "rmsprop", "clip_norm": 0.01},
        {"optimizer": {"kind": "adamw", "weight_decay": 0.1}},
        {"schedule": {"kind": "decay", "decay_rate": 1.0}},
    ],
    ids=str,
)
def test_the_walk_ends_where_the_training_step_does(settings):
    trainer = trainer_of(**settings)
    before = trainer.network.theta.copy()
    walk = walk_of(trainer)
    assert np.array_equal(trainer.network.theta, before)  # the run itself is left alone
    step = trainer.step()
    assert walk.cost == step.cost
    assert np.array_equal(walk.network.theta, trainer.network.theta)
    for name, after in trainer.network.parameters.items():
        assert np.array_equal(walk.quantities[f"{name}/updated"].array, after)
    for name, slot in trainer.updater.slots.items():
        block = walk.block("h1.W")
        shown = walk.quantities[f"h1.W/slot/{name}"].array
        assert np.array_equal(shown, block.view(slot))


def test_the_quantities_are_those_of_the_lecture(trainer):
    walk = walk_of(trainer)
    titles = [quantity.title for quantity in walk.of_node("h1")]
    assert titles[:7] == ["W[1]", "γ[1]", "β[1]", "Z[1]", "Z̃[1]", "A[1]", "A[1] after dropout"]
    assert {"dA[1]", "dZ[1]", "dW[1]", "dγ[1]", "v_dW[1]", "s_dW corrected[1]"} <= set(titles)
    assert [q.title for q in walk.of_node("y")][2:5] == ["Z[3]", "Ŷ[3]", "Y[3]"]
    shapes = {q.title: q.array.shape for q in walk.of_node("h2")}
    assert shapes["dZ[2]"] == (4, 16)
    assert shapes["dW[2]"] == (4, 6)


def test_the_quantities_fulfil_the_formulas_of_the_lecture(trainer):
    walk = walk_of(trainer)
    by_title = {quantity.title: quantity.array for quantity in walk.quantities.values()}
    Z2 = by_title["W[2]"] @ by_title["A[1] after dropout"] + by_title["b[2]"]
    assert np.allclose(by_title["Z[2]"], Z2, atol=1e-6)
    assert np.allclose(by_title["dZ[3]"], by_title["Ŷ[3]"] - by_title["Y[3]"], atol=1e-6)
    dW3 = by_title["dZ[3]"] @ by_title["A[2]"].T / 16
    assert np.allclose(by_title["dW[3]"], dW3, atol=1e-6)
    dZ2 = (by_title["W[3]"].T @ by_title["dZ[3]"]) * (1 - by_title["A[2]"] ** 2)
    assert np.allclose(by_title["dZ[2]"], dZ2, atol=1e-6)


def test_the_steps_go_forward_compare_go_back_and_update(trainer):
    walk = walk_of(trainer)
    phases = [step.phase for step in walk.steps]
    assert phases == sorted(phases, key=list(Phase).index)
    forward = [step.node for step in walk.steps if step.phase is Phase.FORWARD]
    assert list(dict.fromkeys(forward)) == ["x", "h1", "h2", "y"]
    backward = [step.node for step in walk.steps if step.phase is Phase.BACKWARD]
    assert list(dict.fromkeys(backward)) == ["y", "h2", "h1"]
    made = [key for step in walk.steps for key in step.makes]
    assert len(made) == len(set(made))
    parameters = {k for k, q in walk.quantities.items() if q.role is Role.PARAMETER}
    assert set(made) | parameters == set(walk.quantities)


@pytest.mark.parametrize("source", ["moons", "spirals", "iris"])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "rmsprop", "adam", "adamw"])
def test_every_quantity_has_an_explanation_that_ends_in_its_number(source, optimizer):
    task = "binary" if source == "moons" else "multi_class"
    walk = walk_of(trainer_of(source=source, task=task, optimizer=optimizer))
    for key, quantity in walk.quantities.items():
        index = tuple(size - 1 for size in quantity.array.shape)
        lines = explain(walk, key, index)
        shown = float(re.sub("<.*?>|= ", "", lines[-1]).replace("−", "-"))
        assert shown == pytest.approx(float(quantity.array[index]), rel=1e-3, abs=1e-12)
        assert len(lines) > 1, key


def computed(line):
    """The value of a line of numbers such as "= 0.1 · (−2) + 3 / 0.8"."""
    text = re.sub("<.*?>", "", line).lstrip("= ")
    for sign, operator in (("−", "-"), ("·", "*"), ("²", "**2")):
        text = text.replace(sign, operator)
    text = re.sub(r"√\(?([\d.e+-]+)\)?", r"(\1)**0.5", text)
    assert re.fullmatch(r"[\d\s.e+*/()-]+", text), text
    return eval(text)  # the line above lets nothing but arithmetic through


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "rmsprop", "adam"])
def test_the_numbers_filled_in_give_the_result(optimizer):
    layers = [Dense(units=3, activation="linear"), Dense(units=2, activation="linear")]
    walk = walk_of(trainer_of(layers, optimizer=optimizer, batch_size=4))
    checked = 0
    for key, quantity in walk.quantities.items():
        if quantity.role in (Role.INPUT, Role.TARGET, Role.PARAMETER, Role.PREDICTION):
            continue
        lines = explain(walk, key, (0,) * quantity.array.ndim)
        arithmetic = lines[-2].rpartition(" = ")[2] if " = " in lines[-2] else lines[-2]
        value = float(quantity.array[(0,) * quantity.array.ndim])
        if re.search(r"\d", arithmetic) and not re.search("[a-zA-ZθŷL]", _bare(arithmetic)):
            assert computed(arithmetic) == pytest.approx(value, rel=0.02, abs=1e-5), lines
            checked += 1
    assert checked >= 12


def _bare(text):
    return re.sub(r"<.*?>|e[-−+]\d+", "", text)


def test_a_value_with_two_consumers_tells_both_ways_back():
    data = DataPlan(source="moons").build()
    nodes = {
        "x": Input(),
        "h1": Dense(units=4, activation="tanh"),
        "h2": Dense(units=4, activation="tanh"),
        "sum": Add(),
        "y": Output(task="binary"),
    }
    design = Design(nodes).connect("x", "h1").connect("h1", "h2").connect("h1", "sum")
    design = design.connect("h2", "sum").connect("sum", "y")
    network = Network(design, TrainingSettings(batch_size=8), data=data)
    walk = walk_of(Trainer(network, data))
    (dA1,) = [q for q in walk.of_node("h1") if q.symbol == "dA"]
    lines = explain(walk, dA1.key, (0, 0))
    assert "2 ways back" in lines[0]
    assert {"h2", "sum"} == set(re.findall("through '(.*?)'", " ".join(lines)))
    assert walk.levels == {"x": 0, "h1": 1, "h2": 2, "sum": 2, "y": 3}


def test_a_frozen_layer_has_no_update():
    layers = [Dense(units=3, trainable=False), Dense(units=2)]
    walk = walk_of(trainer_of(layers))
    assert not [q for q in walk.of_node("h1") if q.role in (Role.UPDATED, Role.SLOT)]


@pytest.mark.parametrize("index", [(9, 0), (0,), (0, 0, 0), (-1, 0)])
def test_a_number_that_is_not_there_is_refused(trainer, index):
    walk = walk_of(trainer)
    with pytest.raises(DataError, match="no number"):
        explain(walk, "h1/2", index)
    with pytest.raises(DataError, match="no number"):
        explain(walk, "nowhere", (0, 0))


def test_each_line_of_the_way_back_states_its_formula(trainer):
    walk = walk_of(trainer)
    lines = [step.formula for step in walk.steps if step.phase is Phase.BACKWARD]
    assert lines[0] == "dZ = dL/dZ, dW = 1/m dZ Aᵀ, db = 1/m Σ dZ"
    assert lines[1] == "dA = Wᵀ dZ"
    assert lines[2] == "dZ = dA ⊙ g′(Z), dW = 1/m dZ Aᵀ, db = 1/m Σ dZ"
    assert lines[4] == "dA = dA ⊙ D / keep_prob"


def test_a_scaled_prediction_and_target_are_explained_in_the_units_of_the_data():
    trainer = trainer_of([Dense(units=3)], source="curve", task="regression")
    walk, (_, Y) = walk_of(trainer), trainer.batches.peek()
    raw = trainer.network.scale_of(trainer.network.head).undo(Y)[0, 2]
    predicted = trainer.network.predict(trainer.batches.peek()[0])[0, 2]
    for key, value in (("y/target", raw), ("y/prediction", predicted)):
        assert walk.quantities[key].remark == "scaled"
        *_, words, last = explain(walk, key, (0, 2))
        assert words.startswith("in the units of the data")
        assert float(last.split(" = ")[-1].replace("−", "-")) == pytest.approx(value, rel=1e-3)
    assert all("units of the data" not in line for line in explain(walk, "y/4", (0, 2)))


def test_the_targets_of_classes_have_no_other_units(trainer):
    walk = walk_of(trainer)
    assert walk.quantities["y/target"].remark == ""
    assert all("units" not in line for line in explain(walk, "y/target", (0, 0)))


IMAGES = Design.sequential(
    [
        Input(shape=(1, 8, 8)),
        Conv2D(filters=3, kernel=3, l2=0.2),
        BatchNorm(),
        Activation(),
        MaxPool(),
        Dropout(keep_prob=0.8),
        AveragePool(stride=1),
        Flatten(),
        Output(task="multi_class"),
    ]
)
SEQUENCES = Design(
    {
        "x": Input(shape=(8, 8)),
        "q": Linear(units=4),
        "r": RNN(units=5),
        "k": Dense(units=4, activation="tanh"),
        "attention": DotProductAttention(),
        "r2": RNN(units=4),
        "y": Output(task="multi_class"),
    },
    (
        Wire("x", "q"),
        Wire("x", "r"),
        Wire("r", "k"),
        Wire("q", "attention", "query"),
        Wire("k", "attention", "key"),
        Wire("k", "attention", "value"),
        Wire("attention", "r2"),
        Wire("r2", "y", "in", "last"),
    ),
)


@pytest.mark.parametrize("design", [IMAGES, SEQUENCES], ids=["images", "sequences"])
def test_every_number_of_images_and_sequences_is_explained_and_ends_in_itself(design):
    data = DataPlan(source="digits-8x8").build()
    network = Network(design, TrainingSettings(batch_size=16), data=data)
    walk = walk_of(Trainer(network, data))
    rng = np.random.default_rng(0)
    for key, quantity in walk.quantities.items():
        for _ in range(3):
            index = tuple(int(rng.integers(size)) for size in quantity.array.shape)
            lines = explain(walk, key, index)
            assert len(lines) > 1, key
            shown = float(re.sub("<.*?>|= ", "", lines[-1]).replace("−", "-"))
            value = float(quantity.array[index])
            assert shown == pytest.approx(value, rel=1e-3, abs=1e-12)


def told(design, node, symbol, index, remark=""):
    """The lines for one number of the first step on the small digits."""
    data = DataPlan(source="digits-8x8").build()
    walk = walk_of(Trainer(Network(design, TrainingSettings(batch_size=16), data=data), data))
    (found,) = [q for q in walk.of_node(node) if (q.symbol, q.remark) == (symbol, remark)]
    return [re.sub("<.*?>", "", line) for line in explain(walk, found.key, index)], found.array


def test_a_convolution_shows_its_patch_and_its_gradient_with_the_penalty():
    lines, _ = told(IMAGES, "conv2d", "Z", (1, 2, 3, 5))
    assert lines[0] == "z2,3,4[1](6) = Σj,k,l,p W2,1,j,k · a1,l,p[0](6) + b2"
    assert lines[1].endswith("… (9 terms) + 0")
    lines, _ = told(IMAGES, "conv2d", "dW", (1, 0, 2, 2))
    assert lines[0] == "dW2,1,3,3[1] = 1/m Σj,k,i,l,p dz2,j,k[1](i) · a1,l,p[0](i)"
    assert re.match(r"= 1/16 · \(.* … \(576 terms\)\)$", lines[1])
    assert lines[2].startswith("+ λ/m · W = 0.2/16 · ")


def test_an_input_says_where_its_numbers_lie():
    lines, _ = told(IMAGES, "input", "A", (0, 2, 3, 5))
    assert lines[0].endswith("is channel 1, row 3, column 4 of example 6")
    lines, _ = told(SEQUENCES, "x", "A", (4, 2, 0))
    assert lines[0].endswith("is feature 5, step 3 of example 1")


def test_a_recurrent_layer_has_all_states_and_the_last_one():
    lines, _ = told(SEQUENCES, "r2", "A", (1, 3), "last")
    assert lines[0] == "a2[4](4) = a2,8[4](4)"
    lines, _ = told(SEQUENCES, "r2", "A", (1, 2, 3))
    assert lines[0] == "a2,3[4](4) = tanh(Σ Wa [a⟨t−1⟩, x⟨t⟩] + ba)"
    assert lines[1].startswith("of Σj Wa2,j · aj,2[4](4) + Σ")


def walk_through(design, X, Y, **settings):
    """The first step on a batch."""
    network = Network(design, TrainingSettings(**settings), seed=0)
    state = OptimizerState.of(Updater(network, network.settings))
    return Walk(network, X.astype("f4"), Y.astype("f4"), state, 0)


def sequence_walk():
    nodes = {
        "x": Input(shape=(4,), vocabulary=9, lengths=True),
        "e": Embedding(units=3),
        "step": Dense(units=3, activation="tanh"),
        "r": RNN(units=2),
        "flat": Flatten(),
        "both": Concatenate(),
        "y": Output(task="binary"),
    }
    wires = [Wire("x", "e"), Wire("e", "step"), Wire("step", "r"), Wire("r", "flat")]
    wires += [Wire("flat", "both"), Wire("r", "both", "in2", "last"), Wire("both", "y")]
    rng = np.random.default_rng(0)
    X = np.vstack([rng.integers(0, 9, (4, 5)), [4, 2, 1, 3, 4]])
    return walk_through(Design(nodes, tuple(wires)), X, rng.integers(0, 2, (1, 5)))


def shared_walk():
    layers = [Input(features=3), Dense(units=3), Dense(units=3, shares="h1"), Output(task="binary")]
    design = Design.sequential(layers, ["x", "h1", "h2", "y"])
    rng = np.random.default_rng(0)
    return walk_through(design, rng.normal(size=(3, 5)), rng.integers(0, 2, (1, 5)), l2=0.1)


@pytest.mark.parametrize("make", [sequence_walk, shared_walk], ids=["padded", "shared"])
def test_numbers_of_padded_and_shared_layers_are_explained(make):
    walk = make()
    for key, quantity in walk.quantities.items():
        for index in {(0,) * quantity.array.ndim, tuple(n - 1 for n in quantity.array.shape)}:
            lines = explain(walk, key, index)
            shown = float(re.sub("<.*?>|= ", "", lines[-1]).replace("−", "-"))
            assert shown == pytest.approx(float(quantity.array[index]), rel=1e-3, abs=1e-12)
            assert len(lines) > 1, key


def test_the_second_output_of_a_layer_is_a_quantity_of_its_own():
    walk = sequence_walk()
    whole, last = (q for q in walk.of_node("r") if q.role is Role.VALUE)
    assert (whole.title, last.title) == ("A[3]", "A[3] last")
    assert (whole.array.shape, last.array.shape) == ((2, 4, 5), (2, 5))
    first, *_ = map(_bare, explain(walk, last.key, (1, 1)))
    assert first == "a2[3](2) = a2,4[3](2)"  # the state is held past the end of the sequence


def test_a_shared_gradient_is_the_sum_over_the_layers_that_share_it():
    walk = shared_walk()
    lines = [_bare(line) for line in explain(walk, "h1.W/gradient", (1, 1))]
    assert lines[0] == "dW2,2[1] is the sum of what 2 layers give that share it:"
    assert [line.split(":")[0] for line in lines[1:3]] == ["in 'h1'", "in 'h2'"]
    assert lines[3].endswith("(L2)")
    assert walk.levels == {"x": 0, "h1": 1, "h2": 2, "y": 3}
