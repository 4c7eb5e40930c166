"""Whole networks against PyTorch in float64: outputs, all gradients, 20 steps of Adam, any graph.

PyTorch runs the same design, layer by layer, examples first, with the engine's parameters.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.design import Design
from engine.layers import (
    Activation,
    Add,
    BatchNorm,
    Concatenate,
    Dense,
    Flatten,
    Input,
    Linear,
    Output,
)
from engine.network import Network
from engine.optimizers import Adam
from engine.settings import TrainingSettings
from engine.training.updater import Updater

torch = pytest.importorskip("torch")
functional = torch.nn.functional
torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

RTOL, ATOL = 1e-10, 1e-12
ACTIVATIONS = {
    "relu": functional.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "swish": functional.silu,
    "softmax": lambda z: functional.softmax(z, dim=1),
    "elu": functional.elu,
}
LOSSES = {  # means over the examples: J without penalties
    "binary": lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="sum"),
    "multi_label": lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="sum"),
    "multi_class": lambda z, y: functional.cross_entropy(z, y, reduction="sum"),
    "regression": lambda z, y: 0.5 * functional.mse_loss(z, y, reduction="sum"),
}


class Twin:
    """The same design in PyTorch. parameters: by our names, leaves; values: by node, (m, ...)."""

    def __init__(self, network):
        self.network = network
        self.parameters = {
            name: torch.tensor(value.copy(), requires_grad=True)
            for name, value in network.parameters.items()
        }
        self.running = {
            name: torch.tensor(value.ravel().copy()) for name, value in network.state.items()
        }

    def cost(self, X, Y, training=True):
        self.values, self.training = {}, training
        for node in self.network.design.order():
            xs = [self.values[wire.source] for wire in self.network.design.inputs_of(node)]
            self.values[node] = self._apply(node, self.network.specs[node], xs, X)
            if self.values[node].requires_grad:
                self.values[node].retain_grad()
        m = X.shape[-1]
        targets = torch.tensor(Y.T.copy())
        return LOSSES[self.network.task.kind](self.values[node], targets) / m + self._penalty(m)

    def _apply(self, node, layer, xs, X):
        if isinstance(layer, Input):
            return torch.tensor(X.T.copy()).reshape(-1, *self.network.shapes[node])
        if isinstance(layer, Add):
            return torch.stack(xs).sum(dim=0)
        if isinstance(layer, Concatenate):
            return torch.cat(xs, dim=1)
        if isinstance(layer, Flatten):
            return xs[0].flatten(1)
        if isinstance(layer, Activation):
            return ACTIVATIONS[layer.function.kind](xs[0])
        if isinstance(layer, BatchNorm):
            return self._batch_norm(node, layer, xs[0])
        return self._fully_connected(node, layer, xs[0])

    def _fully_connected(self, node, layer, x):
        node = layer.shares or node
        W, b = (self.parameters.get(f"{node}.{name}") for name in "Wb")
        z = functional.linear(x, W, None if b is None else b.flatten())
        if not isinstance(layer, Dense):
            return z
        if layer.batch_norm:
            z = self._batch_norm(node, BatchNorm(), z)
        return ACTIVATIONS[layer.activation.kind](z)

    def _batch_norm(self, node, layer, z):
        gamma, beta = (self.parameters[f"{node}.{name}"].flatten() for name in ("gamma", "beta"))
        mean, variance = (self.running[f"{node}.{name}"] for name in ("mean", "variance"))
        momentum, epsilon = 1 - layer.momentum, layer.epsilon
        return functional.batch_norm(
            z, mean, variance, gamma, beta, self.training, momentum, epsilon
        )

    def _penalty(self, m):
        total = 0.0
        for node, layer in self.network.specs.items():
            for name in layer.weights if getattr(layer, "shares", None) is None else ():
                W = self.parameters[f"{node}.{name}"]
                l2, l1 = layer.l2 or 0, layer.l1 or 0
                total = total + l2 / (2 * m) * W.square().sum() + l1 / (2 * m) * W.abs().sum()
        return total


def ours_first(values):
    """(m, ...) of PyTorch's as (..., m)."""
    return np.moveaxis(values.detach().numpy(), 0, -1)


def batch(network, m=9, seed=0):
    rng = np.random.default_rng(seed)
    n_y = network.n_y
    targets = {
        "multi_class": np.eye(n_y)[:, rng.integers(0, n_y, m)],
        "regression": rng.normal(size=(n_y, m)),
    }
    binary = rng.integers(0, 2, (n_y, m)).astype(float)
    return rng.normal(size=(network.n_x, m)), targets.get(network.task.kind, binary)


def agree(network, training=True, m=9, seed=0):
    """Cost, every layer's output and its derivative, and every parameter's gradient."""
    X, Y = batch(network, m, seed)
    twin = Twin(network)
    theirs = twin.cost(X, Y, training)
    theirs.backward()
    cost, trace, d = network.learn_from(X, Y, training=training)
    np.testing.assert_allclose(cost, theirs.item(), rtol=RTOL)
    for node, slot in network.slots.items():
        value = twin.values[node]
        np.testing.assert_allclose(trace.values[slot], ours_first(value), rtol=RTOL, atol=ATOL)
        if value.requires_grad:
            dy = d[slot] / m  # ours is the derivative of the losses' sum
            np.testing.assert_allclose(dy, ours_first(value.grad), rtol=RTOL, atol=ATOL)
    for name, gradient in network.gradients.items():
        theirs = twin.parameters[name].grad.numpy()
        np.testing.assert_allclose(gradient, theirs, rtol=RTOL, atol=ATOL)
    return twin


def build(*layers, **settings):
    return Network(Design.sequential(layers), TrainingSettings(**settings), dtype="float64")


def perturbed(network, seed=0):
    """Biases, gamma and beta too are away from their starting values."""
    network.theta[...] += 0.2 * np.random.default_rng(seed).normal(size=network.theta.size)
    return network


@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch norm"])
@pytest.mark.parametrize("task", LOSSES)
def test_a_deep_network_agrees_for_every_task(task, batch_norm, training):
    units = 1 if task == "binary" else 4
    layers = [Dense(units=7, activation=kind) for kind in ACTIVATIONS]
    network = build(
        Input(features=5),
        *layers,
        Output(task=task, units=units),
        batch_norm=batch_norm,
        l2=0.3,
        l1=0.1,
    )
    agree(perturbed(network), training)


def test_images_are_normalized_by_channel_and_flattened_row_by_row():
    network = build(
        Input(shape=(2, 3, 4)),
        BatchNorm(momentum=0.7, epsilon=0.01),
        Activation(function="tanh"),
        Flatten(),
        Linear(units=3, bias=False),
        Output(task="multi_class", units=3),
    )
    agree(perturbed(network))


@pytest.mark.parametrize("steps", [1, 20])
def test_a_shared_tower_agrees(steps):
    """Two inputs through the same Dense, then merged."""
    tower = Dense(units=5, activation="tanh")
    nodes = {
        "x": Input(features=6),
        "left": Linear(units=4),
        "right": Linear(units=4),
        "tower": tower,
        "twin": tower.replace(shares="tower"),
        "both": Concatenate(),
        "y": Output(task="multi_class", units=3),
    }
    ends = [("x", "left"), ("x", "right"), ("left", "tower"), ("right", "twin")]
    ends += [("tower", "both"), ("twin", "both", "in2"), ("both", "y")]
    settings = TrainingSettings(optimizer=Adam(learning_rate=0.01), l2=0.3)
    network = perturbed(Network(Design(nodes, tuple(ends)), settings, dtype="float64"))
    twin, updater = agree(network), Updater(network)
    optimizer = torch.optim.Adam(twin.parameters.values(), lr=0.01, eps=1e-8)
    for seed in range(steps):
        X, Y = batch(network, 16, seed)
        optimizer.zero_grad()
        twin.cost(X, Y).backward()
        optimizer.step()
        network.cost_and_gradient(X, Y)
        updater.step()
    for name, value in network.parameters.items():
        theirs = twin.parameters[name].detach().numpy()
        np.testing.assert_allclose(value, theirs, rtol=1e-8, atol=1e-10)


def test_running_statistics_agree_after_the_conversion():
    """PyTorch's momentum is 1 - ours; its running variance takes m / (m - 1) times the batch's."""
    m, steps, momentum = 6, 5, 0.8
    network = build(Input(features=3), BatchNorm(momentum=momentum), Output(task="binary"))
    twin = Twin(network)
    for seed in range(steps):
        X, Y = batch(network, m, seed)
        network.learn_from(X, Y)
        twin.cost(X, Y)
    ours, theirs = network.state["batch_norm.variance"], twin.running["batch_norm.variance"]
    first = momentum**steps  # what is left of the initial variance, 1
    converted = first + (ours - first) * m / (m - 1)
    np.testing.assert_allclose(converted.ravel(), theirs.numpy(), rtol=RTOL)
    means = network.state["batch_norm.mean"], twin.running["batch_norm.mean"]
    np.testing.assert_allclose(means[0].ravel(), means[1].numpy(), rtol=RTOL)


@pytest.mark.parametrize("task", LOSSES)
def test_twenty_steps_of_adam_lead_to_the_same_weights(task):
    network = build(
        Input(features=4),
        Dense(units=8, activation="tanh", batch_norm=True),
        Dense(units=6, activation="swish"),
        Output(task=task, units=1 if task == "binary" else 3),
        optimizer=Adam(learning_rate=0.01),
        l2=0.05,
    )
    twin, updater = Twin(network), Updater(network)
    optimizer = torch.optim.Adam(twin.parameters.values(), lr=0.01, eps=1e-8)
    start = network.theta.copy()
    for seed in range(20):
        X, Y = batch(network, 16, seed)
        optimizer.zero_grad()
        theirs = twin.cost(X, Y)
        theirs.backward()
        optimizer.step()
        ours = network.cost_and_gradient(X, Y)
        updater.step()
        assert ours == pytest.approx(theirs.item(), rel=1e-9)
    for name, value in network.parameters.items():
        np.testing.assert_allclose(
            value, twin.parameters[name].detach().numpy(), rtol=1e-8, atol=1e-10
        )
    assert np.abs(network.theta - start).max() > 0.05


@st.composite
def graphs(draw):
    """A random network: layers on any earlier layers, with skips, sums, stacks and dead heats."""
    design = Design().add("x", Input(features=3))
    layers = st.one_of(
        st.builds(
            Dense,
            units=st.integers(1, 4),
            activation=st.sampled_from(list(ACTIVATIONS)),
            batch_norm=st.booleans(),
        ),
        st.builds(
            Linear, units=st.integers(1, 4), bias=st.booleans(), l2=st.sampled_from([None, 0.5])
        ),
        st.builds(Activation, function=st.sampled_from(list(ACTIVATIONS))),
        st.builds(BatchNorm, epsilon=st.sampled_from([1e-3, 0.1])),
        st.builds(Concatenate),
        st.builds(Add),
    )
    width = {"x": 3}
    for index, layer in enumerate(draw(st.lists(layers, min_size=1, max_size=9))):
        name, sources = f"n{index}", [draw(st.sampled_from(list(width)))]
        if layer.inputs.fewest == 2:
            alike = [
                n for n in width if isinstance(layer, Concatenate) or width[n] == width[sources[0]]
            ]
            sources += draw(st.lists(st.sampled_from(alike), min_size=1, max_size=2))
        design = _joined(design, name, layer, sources)
        width[name] = layer.output_shape(*((width[source],) for source in sources))[0]
    loose = [name for name in width if not design.outputs_of(name)]
    if len(loose) > 1:
        design, loose = _joined(design, "join", Concatenate(), loose), ["join"]
    task = draw(st.sampled_from(list(LOSSES)))
    return _joined(design, "y", Output(task=task, units=1 if task == "binary" else 2), loose)


def _joined(design, name, layer, sources):
    design = design.add(name, layer)
    for source in sources:
        design = design.connect(source, name)
    return design


@given(graphs(), st.booleans(), st.integers(0, 100))
@settings(max_examples=200)
def test_random_graphs_agree_in_values_and_all_gradients(design, training, seed):
    agree(perturbed(Network(design, dtype="float64"), seed), training, m=12, seed=seed)


def test_every_kind_of_layer_and_many_skips_are_drawn():
    """The random graphs are worth something: count what they hold."""
    kinds, skips = set(), 0

    @settings(max_examples=200)
    @given(graphs())
    def count(design):
        nonlocal skips
        kinds.update(layer.kind for layer in design.nodes.values())
        skips += any(len(design.outputs_of(name)) > 1 for name in design.nodes)

    count()
    assert kinds >= {"dense", "linear", "activation", "batch_norm", "add", "concatenate"}
    assert skips > 20
