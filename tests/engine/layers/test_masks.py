"""Padding of sequences counts for nothing: in every registered layer, and in a network."""

import numpy as np
import pytest

import engine
from engine import RNN, Concatenate, DotProductAttention, Embedding, Wire
from engine.data import Dataset
from engine.design import Design, check
from engine.errors import DataError, DesignError
from engine.gradient_check import Verdict
from engine.layers import BatchNorm, Dense, Flatten, Input, Output
from engine.layers.base import Layer
from engine.layers.kinds import Tokens, has_steps
from engine.layers.masks import joined, mask_at, mask_of_lengths, repeated, without_padding
from engine.layers.mode import Mode
from engine.layers.normalize import Normalize
from engine.network import Network
from engine.network.parts import as_tuple
from tests.engine.layers.bench import CASES, Bench, both_modes
from tests.engine.layers.explained import compare_all

LENGTHS = [6, 3, 1, 4]
GROUPS = 3
PADDED_CASES = [
    case for case in CASES if any(shape and has_steps(shape) for shape in case.values[1])
]

every_padded_case = pytest.mark.parametrize(("layer", "shapes"), PADDED_CASES)


def padded(layer, shapes, seed=0):
    return Bench(layer, shapes, seed=seed, lengths=LENGTHS)


def overwritten(bench, shapes):
    """Its inputs with other values at all steps that are padding."""
    rng = np.random.default_rng(9)
    changed = []
    for x, shape, mask in zip(bench.xs, shapes, bench.masks, strict=True):
        if mask is None:
            changed.append(x)
            continue
        tokens = isinstance(shape, Tokens)
        other = (
            rng.integers(0, shape.vocabulary, x.shape) if tokens else 9 * rng.normal(size=x.shape)
        )
        changed.append(np.where(mask, x, other))
    return changed


def real(y, shape, mask):
    """What is no padding of an output, as a row of numbers."""
    if mask is None or not has_steps(shape):
        return y.ravel()
    return y[..., mask].ravel()


@every_padded_case
@both_modes
def test_what_stands_in_the_padding_has_no_influence(layer, shapes, training):
    bench = padded(layer, shapes)
    one = as_tuple(bench.forward(training)[0])
    other = as_tuple(bench.forward(training, overwritten(bench, shapes))[0])
    for before, after, shape in zip(one, other, layer.output_shapes(*shapes), strict=True):
        assert np.array_equal(real(before, shape, bench.left), real(after, shape, bench.left))


@every_padded_case
@both_modes
def test_gradients_agree_with_central_differences_and_are_zero_at_the_padding(
    layer, shapes, training, slope, relative_error
):
    bench = padded(layer, shapes)
    dxs, grads = bench.backward(training)
    for index, (dx, mask) in enumerate(zip(dxs, bench.masks, strict=True)):
        if dx is None:
            continue

        def loss(x, index=index):
            return bench.loss(training, [*bench.xs[:index], x, *bench.xs[index + 1 :]])

        assert relative_error(dx, slope(loss, bench.xs[index])) <= 1e-7
        assert mask is None or not dx[..., ~mask].any()
    for name, grad in grads.items():

        def loss_of(value, name=name):
            kept, bench.params[name] = bench.params[name], value
            result = bench.loss(training)
            bench.params[name] = kept
            return result

        assert relative_error(len(LENGTHS) * grad, slope(loss_of, bench.params[name])) <= 1e-7


@every_padded_case
def test_a_padded_example_gives_what_it_gives_alone(layer, shapes):
    bench = padded(layer, shapes)
    together = as_tuple(bench.forward(training=False)[0])
    for example, length in enumerate(LENGTHS):
        cut = [
            x
            if x is None
            else x[..., example : example + 1]
            if mask is None
            else x[..., :length, example : example + 1]
            for x, mask in zip(bench.xs, bench.masks, strict=True)
        ]
        alone, _ = layer.forward(bench.params, bench.state, *cut, mode=Mode())
        for whole, part, shape in zip(
            together, as_tuple(alone), layer.output_shapes(*shapes), strict=True
        ):
            mine = whole[..., example : example + 1]
            mine = mine[..., :length, :] if has_steps(shape) and bench.left is not None else mine
            if mine.shape != part.shape:
                assert isinstance(layer, Flatten)  # whose vector is as long as the steps are many
                continue
            assert np.allclose(mine, part, rtol=1e-12, atol=1e-13)


@every_padded_case
@both_modes
def test_every_number_of_a_padded_pass_is_explained(layer, shapes, training):
    compare_all(layer, padded(layer, shapes).passed(training))


@every_padded_case
def test_padded_groups_side_by_side_equal_each_group_alone(layer, shapes):
    bench = padded(layer, shapes)
    _, cache = bench.forward(True)
    groups = [padded(layer, shapes, seed).xs for seed in range(GROUPS)]
    alone = [as_tuple(bench.forward(True, xs)[0]) for xs in groups]
    side_by_side = [
        None if xs[0] is None else np.concatenate(xs, axis=-1) for xs in zip(*groups, strict=True)
    ]
    masks = repeated(bench.masks, GROUPS)
    y, _ = layer.forward_groups(
        bench.params, bench.state, cache, *side_by_side, groups=GROUPS, masks=masks
    )
    for both, each in zip(as_tuple(y), zip(*alone, strict=True), strict=True):
        assert np.allclose(both, np.concatenate(each, axis=-1), rtol=1e-13, atol=1e-13)


def test_a_mask_says_which_steps_are_real():
    assert mask_of_lengths(np.array([2.0, 1.0]), 2).tolist() == [[True, True], [True, False]]
    assert mask_of_lengths(np.array([2, 2]), 2) is None
    one, other = np.array([[True, False]]), np.array([[True, True]])
    assert joined([None, one, other]).tolist() == [[True, False]]
    assert joined([None, None]) is None


class _SumOverSteps(Layer):
    """y = sum of the real steps: (n, T, m) -> (n, m). It has no weights for single steps."""

    title = "Sum over steps"

    def output_shape(self, *inputs):
        return inputs[0][:1]

    def forward(self, params, state, *xs, mode):
        mask = mask_at(mode.masks, 0)
        return without_padding(xs[0], mask).sum(axis=1), (xs[0].shape, mask)

    def backward(self, params, grads, cache, dy, *, need_dx=True):
        shape, mask = cache
        return (without_padding(np.broadcast_to(dy[:, None], shape), mask),)


def network(*layers, lengths=True, **fields):
    """x of 2 features and at most 5 steps, the layers, and one sigmoid unit."""
    chain = [Input(shape=(2, 5), lengths=lengths, **fields), *layers, Output(task="binary")]
    names = ["x", *(f"h{number}" for number in range(1, len(layers) + 1)), "y"]
    return Network(Design.sequential(chain, names), dtype="float64", seed=1)


def batch(*lengths, seed=0):
    """X with its row of lengths, and Y."""
    rng = np.random.default_rng(seed)
    X = np.vstack([rng.normal(size=(10, len(lengths))), lengths])
    return X, rng.integers(0, 2, (1, len(lengths)))


PER_STEP = Dense(units=3, activation="tanh", batch_norm=True)


def test_lengths_are_the_last_row_of_X_and_padding_does_not_reach_the_output():
    net = network(PER_STEP, Flatten())
    X, _ = batch(5, 2, 1, 3)
    assert net.n_x == 11
    changed = X.copy()
    steps = changed[:-1].reshape(2, 5, 4)
    steps[..., ~mask_of_lengths(X[-1], 5)] = 7
    changed[:-1] = steps.reshape(10, 4)
    assert not np.array_equal(X, changed)
    assert np.array_equal(net.predict(X), net.predict(changed))
    X[-1] = 5
    assert not np.array_equal(net.predict(X), net.predict(changed))


@pytest.mark.parametrize("lengths", [(5, 2, 1, 3), (5, 5, 5, 5)])
def test_a_network_with_padding_passes_the_gradient_check(lengths):
    X, Y = batch(*lengths)
    tails = (Flatten(),), (_SumOverSteps(),), (BatchNorm(), Flatten(), Dense(units=4))
    for layers in ((PER_STEP, *tail) for tail in tails):
        report = engine.check_gradients(network(*layers), X, Y)
        assert report.verdict is Verdict.GREAT, report


@pytest.mark.parametrize("tokens", [False, True], ids=["numbers", "tokens"])
def test_a_padded_batch_has_the_loss_and_the_gradient_of_each_example_alone(tokens):
    kind = {"shape": (5,), "vocabulary": 9} if tokens else {"shape": (2, 5)}
    nodes = {
        "x": Input(lengths=True, **kind),
        "step": Embedding(units=3) if tokens else Dense(units=3, activation="tanh"),
        "r": RNN(units=4),
        "attention": DotProductAttention(),
        "mean": _SumOverSteps(),
        "both": Concatenate(),
        "y": Output(task="binary"),
    }
    ends = [("x", "step"), ("step", "r"), ("attention", "mean"), ("mean", "both")]
    ends += [("r", "attention", "query"), ("r", "attention", "key"), ("step", "attention", "value")]
    ends += [("r", "both", "in2", "last"), ("both", "y")]
    net = Network(Design(nodes, tuple(Wire(*end) for end in ends)), dtype="float64", seed=1)
    lengths = [5, 2, 1, 3]
    rng = np.random.default_rng(0)
    steps = rng.integers(0, 9, (5, 4)) if tokens else rng.normal(size=(2, 5, 4))
    Y = rng.integers(0, 2, (1, 4))
    X = np.vstack([steps.reshape(-1, 4), lengths])
    cost, gradient = net.cost_and_gradient(X, Y), net.gradient.copy()
    alone = []
    for example, length in enumerate(lengths):
        x = steps[..., :length, example : example + 1]
        alone.append((net.cost_and_gradient(x, Y[:, [example]]), net.gradient.copy()))
    assert cost == pytest.approx(np.mean([each for each, _ in alone]), rel=1e-12)
    mean = np.mean([each for _, each in alone], axis=0)
    assert np.allclose(gradient, mean, rtol=1e-10, atol=1e-13)


def test_statistics_of_a_batch_are_those_of_the_real_steps():
    X, Y = batch(5, 2, 1, 3)
    net = network(BatchNorm(momentum=0), Flatten())
    net.cost_and_gradient(X, Y)
    steps = X[:-1].reshape(2, 5, 4)[:, mask_of_lengths(X[-1], 5)]  # (2, steps)
    assert np.allclose(net.state["h1.mean"].ravel(), steps.mean(axis=1))
    assert np.allclose(net.state["h1.variance"].ravel(), steps.var(axis=1))


def test_inputs_are_normalized_per_feature_over_the_real_steps():
    X, Y = batch(5, 2, 1, 3)
    net = network(Normalize(), Flatten())
    net.measure(Dataset(X, Y.astype(float), "binary"))
    steps = X[:-1].reshape(2, 5, 4)[:, mask_of_lengths(X[-1], 5)]  # (2, steps)
    assert net.state["h1.mean"].shape == (2, 1, 1)
    assert np.allclose(net.state["h1.mean"].ravel(), steps.mean(axis=1))
    assert np.allclose(net.state["h1.scale"].ravel(), steps.std(axis=1))


def test_a_run_trains_on_sequences_of_unequal_lengths():
    rng = np.random.default_rng(3)
    lengths = rng.integers(1, 6, 200)
    X = np.vstack([rng.normal(size=(10, 200)), lengths])
    Y = (lengths >= 3)[None].astype(float)  # the padding alone tells
    X[:5] = 1.0
    net = network(Flatten(), Dense(units=8))
    data = Dataset(X, Y, "binary").split(0.8, 0.2, 0)
    settings = engine.TrainingSettings(epochs=100, batch_size=20, optimizer="adam")
    *_, last = engine.train(net, data, settings)
    assert last.history.newest["dev_score"] == 1


def test_lengths_outside_the_declared_steps_are_refused_with_their_example():
    X, _ = batch(5, 2, 1, 3)
    for wrong in (0, 6, 2.5):
        X[-1, 2] = wrong
        with pytest.raises(DataError, match=rf"length {wrong:g} in example 2; .* from 1 to 5"):
            network(Flatten()).predict(X)


def test_only_sequences_and_tokens_have_lengths():
    with pytest.raises(DesignError, match="only sequences and tokens have lengths"):
        Input(shape=(1, 3, 3), lengths=True).output_shape()
    assert Input(shape=(4,), vocabulary=9, lengths=True).output_shape() == Tokens(4, 9)


def test_an_output_asks_for_a_vector():
    design = Design.sequential([Input(shape=(2, 5)), PER_STEP, Output(task="binary")])
    (problem,) = check(design).problems
    assert "the input must be a vector; got a sequence of 3 × 5" in problem.message


@pytest.mark.parametrize("lengths", [True, False])
def test_sequences_may_be_shorter_than_declared(lengths):
    net = network(PER_STEP, _SumOverSteps(), lengths=lengths)
    X, _ = batch(3, 3, 3, 3)
    short = X[:-1].reshape(2, 5, 4)[:, :3]
    told = network(PER_STEP, _SumOverSteps()).predict(X)
    assert np.allclose(net.predict(short), told, rtol=1e-13)
    with pytest.raises(DataError, match="X must have shape"):
        net.predict(np.ones((2, 6, 4)))


def test_fewer_steps_than_declared_are_refused_where_each_step_has_weights():
    net = network(PER_STEP, Flatten(), lengths=False)
    short = np.ones((2, 3, 4))
    with pytest.raises(DataError, match="X has 3 steps; this network takes exactly 5"):
        net.predict(short)
