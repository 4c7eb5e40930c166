"""The contract that every registered layer keeps. A new layer is tested here without an edit.

Layers of one part are called directly, on every kind of input that they accept. Layers that expand
into others run in a small network.
"""

import json

import numpy as np
import pytest

from engine.data.fit import Fit
from engine.design import Design, check, fitted
from engine.errors import DesignError, TrainingError
from engine.layers import (
    Add,
    BatchNorm,
    Concatenate,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
    Linear,
    Mode,
    Output,
)
from engine.layers.explanation import Cell
from engine.layers.mode import TRAINING
from engine.network import Network
from engine.network.parts import as_tuple
from engine.network.vjp import vjp
from engine.settings import TrainingSettings
from engine.streams import Draws
from tests.engine.layers.bench import (
    CASES,
    COMPOSITES,
    Bench,
    M,
    both_dtypes,
    both_modes,
    every_case,
    every_composite,
    every_layer,
)
from tests.engine.layers.explained import compare_all

GROUPS = 3
GRADIENT_TOLERANCE = 1e-7
FIT = {  # what data would ask of a network's ends, by task
    "binary": Fit((5,), 1, "binary"),
    "multi_class": Fit((5,), 3, "multi_class"),
    "multi_label": Fit((5,), 3, "multi_label"),
    "regression": Fit((5,), 2, "regression"),
}


def test_every_registered_layer_is_tested_by_one_of_the_two_ways():
    tested = {case.values[0].kind for case in CASES} | {layer.kind for layer in COMPOSITES}
    assert tested == set(Layer.kinds())


@every_case
@both_modes
def test_input_gradients_agree_with_central_differences(
    layer, shapes, training, slope, relative_error
):
    bench = Bench(layer, shapes)
    dxs, _ = bench.backward(training)
    assert len(dxs) == len(bench.xs)
    for index, dx in enumerate(dxs):
        if not bench.differentiable[index]:
            assert dx is None
            continue

        def loss(x, index=index):
            return bench.loss(training, [*bench.xs[:index], x, *bench.xs[index + 1 :]])

        assert relative_error(dx, slope(loss, bench.xs[index])) <= GRADIENT_TOLERANCE


@every_case
@both_modes
def test_parameter_gradients_are_means_and_agree_with_central_differences(
    layer, shapes, training, slope, relative_error
):
    bench = Bench(layer, shapes)
    _, grads = bench.backward(training)
    for name, grad in grads.items():

        def loss(value, name=name):
            kept, bench.params[name] = bench.params[name], value
            result = bench.loss(training)
            bench.params[name] = kept
            return result

        assert grad.shape == bench.params[name].shape
        numeric = slope(loss, bench.params[name])
        assert relative_error(M * grad, numeric) <= GRADIENT_TOLERANCE


@every_case
@both_modes
def test_parameter_gradients_do_not_depend_on_whether_dx_is_wanted(layer, shapes, training):
    bench = Bench(layer, shapes)
    _, grads = bench.backward(training)
    _, alone = bench.backward(training, need_dx=False)
    assert all(np.array_equal(grads[name], alone[name]) for name in grads)


@every_case
@both_modes
@both_dtypes
def test_shapes_and_dtypes_are_as_announced(layer, shapes, training, dtype):
    bench = Bench(layer, shapes, dtype)
    ys = as_tuple(bench.forward(training)[0])
    dxs, grads = bench.backward(training)
    assert [y.shape for y in ys] == [(*shape, M) for shape in layer.output_shapes(*shapes)]
    assert len(ys) == len(layer.outputs)
    taken = [x for x, learns in zip(bench.xs, bench.differentiable, strict=True) if learns]
    given = [dx for dx in dxs if dx is not None]
    assert [dx.shape for dx in given] == [x.shape for x in taken]
    assert {array.dtype for array in (*ys, *given, *grads.values())} == {np.dtype(dtype)}


@every_case
def test_parameters_have_the_announced_shapes_and_are_fixed_by_the_seed(layer, shapes):
    params, state = layer.initialize(np.random.default_rng(3), *shapes)
    again, again_state = layer.initialize(np.random.default_rng(3), *shapes)
    assert {name: v.shape for name, v in params.items()} == layer.parameter_shapes(*shapes)
    assert {name: v.shape for name, v in state.items()} == layer.state_shapes(*shapes)
    assert set(layer.weights) <= set(params)
    for one, other in ((params, again), (state, again_state)):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)
        assert all(value.dtype == np.float64 for value in one.values())


@every_case
def test_fan_in_is_the_number_of_products_in_a_number_of_the_output(layer, shapes):
    if not layer.weights:
        return
    passed, rng, found = Bench(layer, shapes).passed(training=False), np.random.default_rng(1), 0
    for _ in range(30):
        cell = Cell("out", tuple(int(rng.integers(size)) for size in passed["out"].shape))
        sums = layer.explain(passed, cell).terms
        weighted = [t for t in sums if {f.array for f in t.factors} & set(layer.weights)]
        found = max(found, sum(len(terms.values) for terms in weighted))
    assert layer.fans(*shapes)[0] == found


@every_case
@both_modes
@both_dtypes
def test_arguments_are_never_changed_but_running_statistics_in_training(
    layer, shapes, training, dtype
):
    bench = Bench(layer, shapes, dtype)
    bench.freeze()
    if not training:
        for value in bench.state.values():
            value.flags.writeable = False
    y, cache = bench.forward(training, state=bench.state)
    for each in as_tuple(y):
        each.flags.writeable = False
    grads = {name: np.empty_like(value) for name, value in bench.params.items()}
    layer.backward(bench.params, grads, cache, bench.dy)


@every_case
@both_modes
def test_every_number_is_explained_by_terms_that_add_up_to_it(layer, shapes, training):
    compare_all(layer, Bench(layer, shapes).passed(training))


@every_case
def test_vjp_is_the_sum_over_the_examples(layer, shapes):
    bench = Bench(layer, shapes)
    dxs, grads = bench.backward(training=False)
    values, pull = vjp(layer, bench.params, *bench.xs, state=bench.state)
    assert list(values) == list(layer.outputs)
    dparams, pulled = pull(dict(zip(layer.outputs, bench.dys, strict=True)))
    assert dparams.keys() == grads.keys()
    for name, gradient in grads.items():
        assert np.allclose(dparams[name], M * gradient, rtol=1e-12, atol=1e-14)
    for mine, its in zip(pulled, dxs, strict=True):
        assert (mine is None) == (its is None)
        assert mine is None or np.allclose(mine, its, rtol=1e-12, atol=1e-14)


@every_case
def test_groups_side_by_side_equal_each_group_alone(layer, shapes):
    bench = Bench(layer, shapes)
    _, cache = bench.forward(True)
    groups = [Bench(layer, shapes, seed=seed).xs for seed in range(GROUPS)]
    alone = [as_tuple(bench.forward(True, xs)[0]) for xs in groups]
    side_by_side = [
        None if xs[0] is None else np.concatenate(xs, axis=-1) for xs in zip(*groups, strict=True)
    ]
    bench.freeze()
    for value in bench.state.values():
        value.flags.writeable = False
    y, _ = layer.forward_groups(bench.params, bench.state, cache, *side_by_side, groups=GROUPS)
    for both, each in zip(as_tuple(y), zip(*alone, strict=True), strict=True):
        assert np.allclose(both, np.concatenate(each, axis=-1), rtol=1e-13, atol=1e-13)


@every_case
def test_evaluation_does_not_depend_on_the_rest_of_the_batch(layer, shapes):
    bench = Bench(layer, shapes)
    whole, _ = bench.forward(False)
    first, _ = bench.forward(False, [None if x is None else x[..., :1] for x in bench.xs])
    for all_of_it, alone in zip(as_tuple(whole), as_tuple(first), strict=True):
        assert np.allclose(all_of_it[..., :1], alone, rtol=1e-13, atol=1e-14)


@every_case
def test_only_a_layer_that_says_so_draws_random_numbers(layer, shapes):
    bench = Bench(layer, shapes)
    rng = np.random.default_rng(5)
    before = rng.bit_generator.state
    layer.forward(bench.params, bench.state, *bench.xs, mode=Mode(training=True, rng=rng))
    drew = rng.bit_generator.state != before
    assert drew == (layer.draws_randomness and getattr(layer, "keep_prob", 0) != 1)


@every_layer
def test_a_layer_survives_json(layer):
    assert Layer.parse(json.loads(json.dumps(layer.to_json()))) == layer
    assert hash(Layer.parse(layer.to_json())) == hash(layer)


@pytest.mark.parametrize("member", Layer.registry.values(), ids=Layer.kinds())
def test_a_layer_says_its_formula_its_source_and_its_place_in_the_palette(member):
    assert member.formula
    assert member.category != "other"
    assert "Source:" in member.__doc__
    assert member.inputs.fewest <= len(member.inputs)


def _network(layer, dtype="float64", seed=0):
    """A network around a composite layer, with data that fit it."""
    task = layer.task.kind if isinstance(layer, Output) else "regression"
    chain = [Input(), layer, Output(task=task)]
    chain = [Input(), layer] if isinstance(layer, Output) else chain
    chain = [layer, Output(task=task)] if isinstance(layer, Input) else chain
    names = [f"n{index}" for index in range(len(chain))]
    names[chain.index(layer)] = "tested"
    design = fitted(Design.sequential(chain, names), FIT[task])
    network = Network(design, seed=seed, dtype=dtype)
    rng = np.random.default_rng(seed)
    network.theta[...] += 0.3 * rng.normal(size=network.theta.size)
    X = rng.normal(size=(5, M))
    targets = {
        "regression": rng.normal(size=(network.n_y, M)),
        "multi_class": np.eye(3)[:, [0, 2, 1, 0]],
    }
    return network, X, targets.get(task, np.array([[0.0, 1.0, 1.0, 0.0]] * network.n_y))


@every_composite
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_gradients_of_a_composite_layer_agree_with_central_differences(
    layer, training, slope, relative_error
):
    network, X, Y = _network(layer)

    def cost(theta):
        network.theta[...] = theta
        network.rng = Draws.of(0)  # the same units are dropped each time
        return network.cost_and_gradient(X, Y, training=training)

    theta = network.theta.copy()
    numeric = slope(cost, theta)
    cost(theta)
    for block in network.slices:
        span = slice(block.start, block.stop)
        assert relative_error(network.gradient[span], numeric[span]) <= GRADIENT_TOLERANCE


@every_composite
@both_dtypes
def test_a_composite_layer_keeps_dtype_and_shape(layer, dtype):
    network, X, Y = _network(layer, dtype)
    trace = network.forward(X.astype(dtype), training=True, rng=network.rng)
    tested = [part for part in network.parts if part.node == "tested"]
    assert trace.values[tested[-1].target].shape == (*network.shapes["tested"], M)
    network.cost_and_gradient(X, Y)
    arrays = (*trace.values[1:], *network.state.values(), network.theta, network.gradient)
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@every_composite
def test_a_composite_layer_has_as_many_parameters_as_the_check_counts(layer):
    network, _, _ = _network(layer)
    report = check(network.design)
    drawn = sum(b.stop - b.start for b in network.slices if b.node == "tested")
    assert report.parameters["tested"] == drawn
    assert report.shapes == network.shapes


@every_composite
def test_a_composite_layer_starts_from_its_seed(layer):
    one, other, third = (_network(layer, seed=seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(one.theta, other.theta)
    assert not np.array_equal(one.theta, third.theta)


# What is special about single layers.


def _run(layer, *xs, params=None, state=None, training=True, seed=0):
    mode = Mode(training, np.random.default_rng(seed))
    return layer.forward(params or {}, state or {}, *xs, mode=mode)[0]


def test_linear_multiplies_and_adds_as_on_paper():
    params = {"W": np.array([[1.0, 2.0], [0.0, -1.0]]), "b": np.array([[0.5], [1.0]])}
    a = np.array([[1.0, 3.0], [2.0, 0.0]])
    grads = {name: np.empty_like(value) for name, value in params.items()}
    z, cache = Linear(units=2).forward(params, {}, a, mode=TRAINING)
    assert z.tolist() == [[5.5, 3.5], [-1.0, 1.0]]
    dz = np.array([[1.0, -1.0], [2.0, 0.0]])
    (da,) = Linear(units=2).backward(params, grads, cache, dz)
    assert grads["W"].tolist() == [[-1.0, 1.0], [1.0, 2.0]]  # 1/2 dZ A^T
    assert grads["b"].tolist() == [[0.0], [1.0]]
    assert da.tolist() == [[1.0, -1.0], [0.0, -2.0]]


@pytest.mark.parametrize("layer", [Linear(units=3), Dense(units=3), Output(units=3)])
def test_a_fully_connected_layer_refuses_an_image_and_says_what_to_do(layer):
    with pytest.raises(DesignError) as caught:
        layer.output_shape((1, 28, 28))
    assert str(caught.value) == (
        "the input must be a vector; got an image of 1 × 28 × 28. Add a Flatten layer before it."
    )


def test_an_unresolved_layer_does_not_start():
    with pytest.raises(DesignError, match="still inherited; resolve the layer first"):
        Linear(units=3).initialize(np.random.default_rng(0), (4,))


def test_batch_norm_normalizes_a_vector_by_feature_and_an_image_by_channel():
    rng = np.random.default_rng(0)
    for shape, axes in (((3, 50), (1,)), ((3, 4, 4, 50), (1, 2, 3))):
        layer = BatchNorm(epsilon=1e-12)
        params, state = layer.initialize(rng, shape[:-1])
        y = _run(layer, 5 + 3 * rng.normal(size=shape), params=params, state=state)
        assert np.allclose(y.mean(axis=axes), 0)
        assert np.allclose(y.std(axis=axes), 1)


def test_running_statistics_are_averaged_in_training_and_used_in_evaluation():
    layer, z = BatchNorm(momentum=0.75, epsilon=1.0), np.array([[1.0, 3.0]])
    params, state = layer.initialize(np.random.default_rng(0), (1,))
    for _ in range(2):
        _run(layer, z, params=params, state=state)
    assert state["mean"].item() == 0.75 * 0.5 + 0.5  # 0.25 * 2, then averaged once more
    assert state["variance"].item() == 1.0  # the 1/m variance of 1 and 3 is 1
    y = _run(layer, z, params=params, state=state, training=False)
    assert np.allclose(y, (z - 0.875) / np.sqrt(2), rtol=1e-15)
    assert state["mean"].item() == 0.875


def test_batch_norm_needs_two_examples_but_an_image_has_many_pixels():
    layer = BatchNorm()
    params, state = layer.initialize(np.random.default_rng(0), (2,))
    with pytest.raises(TrainingError, match="needs at least two examples in a training batch"):
        _run(layer, np.ones((2, 1)), params=params, state=state)
    assert state["mean"].tolist() == [[0], [0]]
    assert _run(layer, np.ones((2, 1)), params=params, state=state, training=False).shape == (2, 1)
    params, state = layer.initialize(np.random.default_rng(0), (2, 3, 3))
    assert _run(layer, np.ones((2, 3, 3, 1)), params=params, state=state).shape == (2, 3, 3, 1)


def test_dropout_keeps_the_expected_value():
    a = np.full((20, 20_000), 3.0)
    for keep_prob in (0.2, 0.5, 0.9):
        y = _run(Dropout(keep_prob=keep_prob), a)
        kept = y != 0
        spread = 3 * np.sqrt((1 - keep_prob) / keep_prob / a.size)
        assert abs(y.mean() - 3) < 4 * spread
        assert np.allclose(y[kept], 3 / keep_prob)
        assert abs(kept.mean() - keep_prob) < 4 * np.sqrt(keep_prob * (1 - keep_prob) / a.size)


def test_dropout_passes_everything_in_evaluation_and_without_a_generator():
    a, layer = np.ones((3, 4)), Dropout(keep_prob=0.1)
    assert _run(layer, a, training=False) is a
    assert layer.forward({}, {}, a, mode=TRAINING)[0] is a


def test_the_same_units_are_dropped_in_both_dtypes():
    layer = Dropout(keep_prob=0.5)
    single, double = (_run(layer, np.ones((6, 9), dtype)) for dtype in ("float32", "float64"))
    assert np.array_equal(single, double)


def test_add_sums_and_hands_dy_to_every_input():
    xs = [np.array([[1.0, 2.0]]), np.array([[10.0, 20.0]]), np.array([[100.0, 200.0]])]
    y, cache = Add().forward({}, {}, *xs, mode=TRAINING)
    assert y.tolist() == [[111.0, 222.0]]
    dxs = Add().backward({}, {}, cache, np.array([[3.0, 4.0]]))
    assert [dx.tolist() for dx in dxs] == [[[3.0, 4.0]]] * 3


def test_concatenate_stacks_by_port_and_cuts_dy_apart():
    xs = [np.array([[1.0], [2.0]]), np.array([[3.0]])]
    y, cache = Concatenate().forward({}, {}, *xs, mode=TRAINING)
    assert y.tolist() == [[1.0], [2.0], [3.0]]
    dxs = Concatenate().backward({}, {}, cache, np.array([[7.0], [8.0], [9.0]]))
    assert [dx.tolist() for dx in dxs] == [[[7.0], [8.0]], [[9.0]]]


def test_merging_layers_say_which_sizes_differ():
    with pytest.raises(
        DesignError,
        match="same shape; got a vector of 3 and a vector of 4",
    ):
        Add().output_shape((3,), (4,))
    with pytest.raises(
        DesignError,
        match="got an image of 1 × 2 × 2 and a vector of 4",
    ):
        Concatenate().output_shape((1, 2, 2), (4,))
    assert Concatenate().output_shape((1, 2, 2), (3, 2, 2)) == (4, 2, 2)


def test_flatten_reads_row_by_row():
    x = np.arange(12.0).reshape(1, 2, 3, 2)  # (C, H, W, m)
    assert _run(Flatten(), x)[:, 0].tolist() == [0, 2, 4, 6, 8, 10]


def test_an_image_input_gives_every_example_its_shape():
    layer = Input(shape=(1, 2, 3))
    x = np.arange(12.0).reshape(6, 2)
    y = _run(layer, x)
    assert y.shape == (1, 2, 3, 2)
    assert y[0, 1, 0, 1] == x[3, 1]
    assert _run(layer, y) is y
    assert layer.output_shape() == (1, 2, 3)


def test_an_input_without_data_and_shape_waits_for_them():
    with pytest.raises(DesignError, match="the shape follows the data, and there are none yet"):
        Input().output_shape()


def test_output_units_follow_task_and_data():
    assert Output(task="binary").expand()[0].units == 1
    assert Output(task="multi_class", units=7).expand()[0].units == 7
    for task in ("multi_class", "multi_label", "regression"):
        with pytest.raises(DesignError, match="the number of units follows the data"):
            Output(task=task).expand()


def test_dense_expands_into_the_lectures_parts_and_batch_norm_takes_the_place_of_b():
    settings = TrainingSettings()
    assert [part.kind for part in Dense().resolved(settings).expand()] == ["linear", "activation"]
    full = Dense(batch_norm=True, keep_prob=0.5).resolved(settings).expand()
    assert [part.kind for part in full] == ["linear", "batch_norm", "activation", "dropout"]
    assert not full[0].bias
