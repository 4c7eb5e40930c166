"""Networks: the lectures' numbers on a 2-2-1 example, views, seeds, sentences, penalties."""

import math
import re

import numpy as np
import pytest

import engine.network.network
from engine.data import Dataset
from engine.design import Design, Wire
from engine.errors import DataError, DesignError, TrainingError
from engine.layers import (
    Add,
    BatchNorm,
    Concatenate,
    Dense,
    Dropout,
    Flatten,
    Input,
    Linear,
    Output,
)
from engine.network import Network
from engine.optimizers import Momentum
from engine.settings import TrainingSettings

LN3 = math.log(3)
X = np.array([[1.0, 0.0], [0.0, 2.0]])
Y = np.array([[1.0, 0.0]])


@pytest.fixture
def paper():
    """2-2-1 with ReLU, whose logits for X are ln 3 and -ln 3."""
    layers = [Input(features=2), Dense(units=2), Output(task="binary")]
    network = Network(Design.sequential(layers, ["x", "h", "y"]), dtype="float64")
    network.parameters["h.W"][...] = [[1, -1], [0.5, 1]]
    network.parameters["h.b"][...] = [[0], [-1]]
    network.parameters["y.W"][...] = [[LN3, -LN3]]
    return network


def build(*layers, dtype="float64", seed=0, **settings):
    names = ["x", *(f"h{index}" for index in range(1, len(layers) - 1)), "y"]
    design = Design.sequential(layers, names)
    return Network(design, TrainingSettings(**settings), seed=seed, dtype=dtype)


def classifier(dtype="float64", seed=0, **settings):
    layers = [Input(features=3), Dense(units=4, activation="tanh"), Output(units=3)]
    return build(*layers, dtype=dtype, seed=seed, **settings)


def batch(network, m=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(network.n_x, m)), np.eye(network.n_y)[:, rng.integers(0, 3, m)]


def skip_network(**settings):
    """x -> h -> a -> sum -> join -> y; h skips to sum, x and sum once more to join."""
    design = Design.sequential(
        [
            Input(features=3),
            Dense(units=4, activation="tanh"),
            Dense(units=4, activation="swish"),
            Add(),
            Concatenate(),
            Output(units=3),
        ],
        ["x", "h", "a", "sum", "join", "y"],
    )
    design = design.connect("h", "sum").connect("x", "join").connect("sum", "join")
    return Network(design, TrainingSettings(**settings), dtype="float64")


def test_predictions_cost_and_gradient_are_those_worked_out_by_hand(paper):
    assert np.allclose(paper.predict(X), [[0.75, 0.25]], rtol=0, atol=1e-15)
    assert paper.cost_and_gradient(X, Y) == pytest.approx(-math.log(0.75), rel=1e-14)
    assert paper.cost(X, Y) == pytest.approx(-math.log(0.75), rel=1e-14)
    expected = {
        "h.W": [[-LN3 / 8, 0], [0, -LN3 / 4]],
        "h.b": [[-LN3 / 8], [-LN3 / 8]],
        "y.W": [[-1 / 8, 1 / 8]],
        "y.b": [[0]],
    }
    for name, gradient in expected.items():
        assert np.allclose(paper.gradients[name], gradient, rtol=0, atol=1e-15)


def test_backward_returns_the_derivatives_at_every_layer(paper):
    _, trace, d = paper.learn_from(X, Y)
    assert np.allclose(trace.values[paper.slots["h"]], [[1, 0], [0, 1]])
    assert np.allclose(d[paper.slots["y"]], [[-0.25, 0.25]])
    assert np.allclose(d[paper.slots["h"]], [[-LN3 / 4, LN3 / 4], [LN3 / 4, -LN3 / 4]])


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("settings", [{}, {"batch_norm": True}])
def test_the_derivative_at_the_input_is_given_on_request(training, settings, slope, relative_error):
    network = skip_network(l2=0.3, **settings)
    x, y = batch(network)

    def total(x):
        state = {name: value.copy() for name, value in network.state.items()}
        cost = network.learn_from(x, y, training=training).cost
        for name, value in state.items():
            network.state[name][...] = value
        return cost * x.shape[-1]

    step = network.learn_from(x, y, training=training, to_inputs=True)
    gradient = network.gradient.copy()
    assert relative_error(step.d[0], slope(total, x)) < 1e-8
    step = network.learn_from(x, y, training=training)
    assert step.d[0] is None
    assert np.array_equal(network.gradient, gradient)


def test_the_derivative_at_a_picture_has_the_shape_that_it_was_given_in(slope, relative_error):
    layers = [Input(shape=(1, 2, 3), keep_prob=0.5), Flatten(), Output(units=3)]
    network = build(*layers)
    x, y = batch(network)
    flat = network.learn_from(x, y, dropout=False, to_inputs=True).d[0]
    assert relative_error(flat, slope(lambda x: network.cost(x, y) * x.shape[-1], x)) < 1e-8
    kept = network.learn_from(x.reshape(1, 2, 3, -1), y, dropout=False, to_inputs=True).d[0]
    assert kept.shape == (1, 2, 3, x.shape[-1])
    assert np.array_equal(kept.reshape(x.shape), flat)
    dropped = network.learn_from(x, y, to_inputs=True)
    mask = dropped.trace.caches[1].reshape(x.shape)
    assert (dropped.d[0][mask == 0] == 0).all()
    assert (dropped.d[0][mask != 0] != 0).all()


def test_parameters_are_named_by_layer_and_are_views_into_theta(paper):
    assert list(paper.parameters) == ["h.W", "h.b", "y.W", "y.b"]
    assert paper.theta.shape == paper.gradient.shape == (9,)
    for block in paper.slices:
        paper.parameters[block.name][...] = 7
        assert (paper.theta[block.start : block.stop] == 7).all()
        assert paper.gradients[block.name].base is paper.gradient
        assert block.is_weight == block.name.endswith(".W")
    assert paper.parameter_nodes == ["h", "y"]
    with pytest.raises(TypeError):
        paper.parameters["h.W"] = 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_network_computes_in_the_dtype_it_was_given(dtype):
    network = classifier(dtype, batch_norm=True, keep_prob=0.5, l1=0.1)
    x, y = batch(network)
    for given in ("float32", "float64", "int64"):
        assert network.predict(x.astype(given)).dtype == dtype
        network.cost_and_gradient(x.astype(given), y)
        assert network.gradient.dtype == network.theta.dtype == dtype


def test_an_unknown_dtype_is_refused():
    with pytest.raises(DesignError, match="dtype must be 'float32' or 'float64'; got 'int8'"):
        classifier("int8")


@pytest.mark.parametrize("seed", [-1, 1.5, "7"])
def test_an_impossible_seed_is_refused(seed):
    with pytest.raises(DesignError, match=f"The seed must be a whole number .*; got {seed!r}"):
        classifier(seed=seed)


def test_the_same_seed_gives_the_same_network_to_the_bit():
    one, other, third = classifier(seed=3), classifier(seed=3), classifier(seed=4)
    assert np.array_equal(one.theta, other.theta)
    assert not np.array_equal(one.theta, third.theta)
    assert np.array_equal(classifier("float32", seed=3).theta, one.theta.astype("float32"))
    settings = TrainingSettings(seed=3)
    assert np.array_equal(Network(one.design, settings, dtype="float64").theta, one.theta)


def test_dropout_changes_neither_initial_weights_nor_predictions():
    plain, dropped = classifier(), classifier(keep_prob=0.5)
    assert np.array_equal(plain.theta, dropped.theta)
    x, y = batch(plain)
    assert np.array_equal(plain.predict(x), dropped.predict(x))
    assert plain.cost(x, y) == dropped.cost(x, y)
    assert dropped.cost_and_gradient(x, y) != plain.cost_and_gradient(x, y)
    assert dropped.cost_and_gradient(x, y, dropout=False) == plain.cost_and_gradient(x, y)
    assert dropped.cost_and_gradient(x, y, training=False) == plain.cost_and_gradient(x, y)


def test_dropout_draws_anew_in_every_step_and_the_same_in_every_run():
    first, second = classifier(keep_prob=0.5), classifier(keep_prob=0.5)
    x, y = batch(first, m=50)
    costs = [first.cost_and_gradient(x, y) for _ in range(3)]
    assert len(set(costs)) == 3
    assert costs == [second.cost_and_gradient(x, y) for _ in range(3)]


def test_only_training_moves_running_statistics():
    network = classifier(batch_norm=True)
    x, y = batch(network)
    before = {name: value.copy() for name, value in network.state.items()}
    assert list(before) == ["h1.mean", "h1.variance"]
    network.predict(x)
    network.cost(x, y)
    network.cost_and_gradient(x, y, training=False)
    assert all(np.array_equal(network.state[name], before[name]) for name in before)
    network.cost_and_gradient(x, y)
    assert not np.array_equal(network.state["h1.mean"], before["h1.mean"])


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    "settings", [{}, {"batch_norm": True}, {"l2": 0.7, "l1": 0.3}], ids=["plain", "norm", "penalty"]
)
def test_gradients_flow_through_skips_and_merges(training, settings, slope, relative_error):
    network = skip_network(**settings)
    x, y = batch(network)

    def cost(theta):
        network.theta[...] = theta
        return network.cost_and_gradient(x, y, training=training)

    theta = network.theta.copy()
    numeric = slope(cost, theta)
    cost(theta)
    assert relative_error(network.gradient, numeric) < 1e-8


def test_penalties_add_the_lectures_formula_to_cost_and_gradient():
    l2, l1, m = 0.6, 0.2, 6
    plain, penalized = skip_network(), skip_network(l2=l2, l1=l1)
    x, y = batch(plain, m)
    added = penalized.cost_and_gradient(x, y) - plain.cost_and_gradient(x, y)
    W = {name: value for name, value in plain.parameters.items() if name.endswith(".W")}
    squares = sum(float((w**2).sum()) for w in W.values())
    absolutes = sum(float(np.abs(w).sum()) for w in W.values())
    assert added == pytest.approx(l2 / (2 * m) * squares + l1 / (2 * m) * absolutes, rel=1e-12)
    assert penalized.cost(x, y) - plain.cost(x, y) == pytest.approx(added, rel=1e-12)
    for name, value in plain.parameters.items():
        extra = l2 / m * value + l1 / (2 * m) * np.sign(value) if name in W else 0 * value
        assert np.allclose(penalized.gradients[name] - plain.gradients[name], extra, atol=1e-14)


def test_a_layers_own_penalty_goes_before_the_settings():
    layers = [Input(features=3), Dense(units=4, l2=5.0), Output(units=3, l2=0)]
    network = build(*layers, l2=1.0, batch_norm=True)
    assert [(p.W.shape, p.l2) for p in network.penalties] == [((4, 3), 5.0)]


def test_costs_are_means_over_the_batch(paper):
    doubled = paper.cost(np.hstack([X, X]), np.hstack([Y, Y]))
    assert doubled == pytest.approx(paper.cost(X, Y), rel=1e-14)


def test_evaluation_in_chunks_equals_evaluation_at_once(monkeypatch):
    network = classifier(batch_norm=True, l2=0.1)
    x, y = batch(network, m=11)
    at_once = (network.predict(x), *network.evaluate(x, y)[:2])
    for chunk in (1, 3, 11, 12):
        monkeypatch.setattr(engine.network.plan, "MOST_EXAMPLES", chunk)
        network = classifier(batch_norm=True, l2=0.1)
        assert np.allclose(network.predict(x), at_once[0], rtol=1e-14)
        assert network.evaluate(x, y)[:2] == pytest.approx(at_once[1:], rel=1e-14)


def test_a_diverged_network_has_a_diverged_cost(paper):
    paper.theta[...] = np.nan
    assert math.isnan(paper.cost(X, Y))


def test_targets_may_be_labels():
    network = classifier()
    x, _ = batch(network, m=4)
    labels = np.array([2, 0, 1, 1])
    one_hot = network.cost(x, np.eye(3)[:, labels])
    for given in (
        labels,
        labels[None],
        labels.astype(float),
        labels.tolist(),
        labels.astype("uint8"),
    ):
        assert network.cost(x, given) == one_hot


def test_a_single_row_of_targets_may_be_flat(paper):
    assert paper.cost(X, Y[0]) == paper.cost(X, [1, 0]) == paper.cost(X, Y == 1) == paper.cost(X, Y)


def test_images_may_keep_their_shape():
    from engine.layers import Flatten

    network = build(Input(shape=(1, 2, 3)), Flatten(), Output(units=3))
    x, y = batch(network)
    assert network.n_x == 6
    assert np.array_equal(network.predict(x), network.predict(x.reshape(1, 2, 3, -1)))
    assert network.cost(x, y) == network.cost(x.reshape(1, 2, 3, -1), y)


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (np.ones((4, 6)), "X must have shape (3, m), one example per column; got (4, 6)."),
        (
            np.ones((5, 3)),
            "X must have shape (3, m), one example per column; got (5, 3). It looks transposed: "
            "examples are the last axis here, so pass its .T.",
        ),
        (np.ones(3), "X must have shape (3, m), one example per column; got (3,)."),
        (np.ones((3, 2, 2)), "X must have shape (3, m), one example per column; got (3, 2, 2)."),
        (np.ones((3, 0)), "X has no examples."),
        (5.0, "X must be an array with one example per column; got one number."),
        ([["a"], ["b"], ["c"]], "X must hold numbers; got the type <U1."),
        ([[1], [2, 3], [4]], "X must be an array; its rows have different lengths."),
        (None, "X must hold numbers; got the type object."),
        ([[1], [np.nan], [3]], "X must be finite in float64; X[1, 0] is nan."),
        ([[1], [2], [-np.inf]], "X must be finite in float64; X[2, 0] is -inf."),
    ],
)
def test_bad_inputs_are_refused_with_a_sentence(x, sentence):
    network = classifier()
    for call in (
        network.predict,
        lambda x: network.cost(x, [0]),
        lambda x: network.cost_and_gradient(x, [0]),
    ):
        with pytest.raises(DataError, match=f"^{re.escape(sentence)}$"):
            call(x)


def test_a_value_too_large_for_float32_is_refused():
    with pytest.raises(DataError, match=r"X must be finite in float32; X\[0, 0\] is 1e\+300\."):
        classifier("float32").predict([[1e300], [0], [0]])


@pytest.mark.parametrize(
    ("y", "sentence"),
    [
        (np.ones((2, 4)), "Y must have shape (3, 4), one example per column; got (2, 4)."),
        (
            np.ones((4, 3)),
            "Y must have shape (3, 4), one example per column; got (4, 3). It looks transposed: "
            "examples are the last axis here, so pass its .T.",
        ),
        ([0, 1, 2], "Y must have shape (3, 4), one example per column; got (3,)."),
        (
            [0, 1, 2, 3],
            "Y holds 3.0 in row 0, column 3; a label must be a whole number from 0 to 2, or NaN "
            "(unknown).",
        ),
        ([0, 1, -1, 0], "Y holds -1.0 in row 0, column 2; a label must be a whole number"),
        ([0, 1, 0.5, 0], "Y holds 0.5 in row 0, column 2; a label must be a whole number"),
        (["a", "b", "a", "b"], "Y must hold numbers; got the type <U1."),
        (np.zeros((3, 4)), "Column 0 of Y has 0 ones; one-hot targets have exactly one."),
    ],
)
def test_bad_targets_are_refused_with_a_sentence(y, sentence):
    network = classifier()
    with pytest.raises(DataError, match=f"^{re.escape(sentence)}"):
        network.cost(np.ones((3, 4)), y)


def test_a_design_with_a_problem_is_refused_with_the_problem():
    with pytest.raises(DesignError, match="The design has no output layer") as caught:
        Network(Design.sequential([Input(features=2), Dense()]))
    assert caught.value.hint == "Add an Output layer."


def test_an_error_inside_a_layer_names_the_layer():
    network = build(Input(features=2), Dense(units=3, batch_norm=True), Output(task="binary"))
    with pytest.raises(TrainingError) as caught:
        network.cost_and_gradient(X[:, :1], Y[:, :1])
    assert caught.value.node == "h1"
    assert str(caught.value).startswith("Batch norm 'h1': batch norm needs at least two examples")


def test_blanks_follow_the_data():
    data = Dataset(
        np.ones((5, 6), "float32"), np.eye(3, dtype="float32")[:, [0, 1, 2, 0, 1, 2]], "multi_class"
    )
    network = Network(Design.sequential([Input(), Dense(units=2), Output()]), data=data)
    assert (network.n_x, network.n_y) == (5, 3)
    assert network.design.nodes["output"].units == 3
    with pytest.raises(DesignError, match="the shape follows the data, and there are none yet"):
        Network(Design.sequential([Input(), Output()]))


# Taking over changes in mid-run.


def test_adopt_keeps_every_array_and_view():
    network = classifier(batch_norm=True)
    x, y = batch(network)
    network.cost_and_gradient(x, y)
    W, theta, mean = network.parameters["h1.W"], network.theta, network.state["h1.mean"]
    values = theta.copy()
    settings = TrainingSettings(batch_norm=True, l2=0.5, keep_prob=0.5)
    assert network.adopt(settings) is network
    assert network.theta is theta
    assert network.parameters["h1.W"] is W
    assert network.state["h1.mean"] is mean
    assert np.array_equal(theta, values)
    W[...] = 0
    assert not network.theta[:12].any()
    network.cost_and_gradient(x, y)
    assert network.gradients["h1.W"].base is network.gradient


def test_an_adopted_change_works_as_if_it_had_been_there_from_the_start():
    changed = TrainingSettings(l2=0.5, keep_prob=0.5, optimizer=Momentum())
    adopted, built = classifier().adopt(changed), classifier(l2=0.5, keep_prob=0.5)
    x, y = batch(built)
    assert adopted.settings == changed
    assert adopted.cost_and_gradient(x, y) == built.cost_and_gradient(x, y)
    assert np.array_equal(adopted.gradient, built.gradient)
    assert adopted.cost(x, y) == built.cost(x, y)


def test_adopt_takes_a_changed_design_with_its_blanks():
    design = Design.sequential([Input(), Dense(units=4), Output()], ["x", "h", "y"])
    data = Dataset(np.ones((5, 3)), np.eye(3), "multi_class")
    network = Network(design, data=data)
    network.adopt(network.settings, design.edit("h", activation="tanh").edit("y", l2=0.1))
    assert network.specs["h"].activation.kind == "tanh"
    assert network.specs["y"].units == 3
    assert [penalty.l2 for penalty in network.penalties] == [0.1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda d: d.edit("h1", units=9),
            "This change gives the network different parameters from",
        ),
        (lambda d: d.edit("h1", batch_norm=True), "gives the network different parameters"),
        (lambda d: d.rename("h1", "h"), "This change gives the network different parameters from"),
        (lambda d: d.edit("y", task="multi_label"), "The run is for the task 'Multi-class"),
    ],
)
def test_a_change_that_needs_other_parameters_is_refused_and_changes_nothing(change, sentence):
    network = classifier()
    before = dict(network.__dict__)
    with pytest.raises(TrainingError, match=sentence):
        network.adopt(network.settings, change(network.design))
    assert all(network.__dict__[name] is value for name, value in before.items())


def test_a_dropout_layer_may_be_inserted_in_mid_run():
    network = classifier()
    design = network.design.disconnect([Wire("h1", "y")]).add("drop", Dropout(keep_prob=0.5))
    theta = network.theta.copy()
    network.adopt(network.settings, design.connect("h1", "drop").connect("drop", "y"))
    x, y = batch(network)
    assert np.array_equal(network.theta, theta)
    assert network.cost_and_gradient(x, y) != network.cost_and_gradient(x, y)


# Closed forms.


@pytest.mark.parametrize("factor", [1.5, 0.5])
def test_signals_and_gradients_grow_with_the_power_of_the_depth(factor):
    """Course 2, week 1: with W = 1.5 I, L layers give 1.5^L x; with 0.5 I it vanishes."""
    depth = 20
    identity = {"kind": "identity", "multiplier": factor}
    layers = [Dense(units=2, activation="linear") for _ in range(depth - 1)]
    network = build(
        Input(features=2), *layers, Output(task="regression", units=2), initializer=identity
    )
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert np.allclose(network.predict(x), factor**depth * x, rtol=1e-13)
    trace = network.forward(x, training=True)
    d = network.backward(trace, [np.ones((2, 2))])
    hidden = trace.values[network.slots[f"h{depth - 1}"]]
    assert np.allclose(hidden, factor ** (depth - 1) * x, rtol=1e-13)
    assert np.allclose(d[network.slots["h1"]], factor ** (depth - 1), rtol=1e-13)


def test_units_that_start_equal_stay_equal_for_ever():
    """Course 1, week 3: zeros, or any constant, never break the symmetry of a hidden layer."""
    for kind in ("zeros", "constant"):
        layers = [Input(features=3), Dense(units=4, activation="tanh"), Output(task="binary")]
        network = build(*layers, initializer=kind)
        rng = np.random.default_rng(0)
        x = rng.normal(size=(3, 30))
        for _ in range(25):
            network.cost_and_gradient(x, x[:1] > 0)
            network.theta[...] -= 0.5 * network.gradient
        for name in ("h1.W", "h1.b"):
            rows = network.parameters[name]
            assert np.array_equal(rows, np.broadcast_to(rows[:1], rows.shape))
        assert network.parameters["y.b"].any()


def test_linear_networks_are_the_product_of_their_weights():
    layers = [
        Input(features=3),
        Linear(units=4, bias=False),
        Linear(units=2),
        Output(task="regression", units=2),
    ]
    network = build(*layers)
    W1, W2, W3 = (network.parameters[f"{name}.W"] for name in ("h1", "h2", "y"))
    x, _ = batch(network)
    assert np.allclose(network.predict(x), W3 @ W2 @ W1 @ x, rtol=1e-12)


def test_batch_norm_makes_the_scale_of_the_weights_before_it_irrelevant():
    layers = [Input(features=3), Linear(units=4), BatchNorm(epsilon=1e-12), Output(units=3)]
    network = build(*layers)
    x, y = batch(network)
    cost = network.cost_and_gradient(x, y)
    gradient = network.gradients["h1.W"].copy()
    network.parameters["h1.W"][...] *= 10
    assert network.cost_and_gradient(x, y) == pytest.approx(cost, rel=1e-9)
    assert np.allclose(network.gradients["h1.W"], gradient / 10, rtol=1e-6, atol=1e-12)
    assert np.allclose(network.gradients["h1.b"], 0, atol=1e-12)


def test_evaluated_losses_leave_penalties_out_so_that_large_and_small_sets_compare():
    network = classifier(l2=0.7, l1=0.3)
    x, y = batch(network, m=6)
    few = network.evaluate(x, y).cost
    many = network.evaluate(np.tile(x, 10), np.tile(y, 10)).cost
    assert many == pytest.approx(few, rel=1e-12)
    assert network.cost(x, y) == pytest.approx(few + network.penalty(6), rel=1e-12)
    assert network.penalty(6) == pytest.approx(10 * network.penalty(60))
    assert network.penalty(6) > 0
