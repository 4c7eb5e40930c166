"""Two inputs and two heads against PyTorch in float64: J, all gradients, and that at the inputs."""

import numpy as np
import pytest

from engine.data import DataBlock, Dataset, TargetBlock
from engine.design import Design
from engine.layers import Concatenate, Dense, Input, Output
from engine.network import Network
from engine.settings import TrainingSettings

torch = pytest.importorskip("torch")
functional = torch.nn.functional
torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

M, WEIGHT, L2 = 20, 0.3, 0.7
BLOCKS = (DataBlock("left", (3,)), DataBlock("right", (4,)))
TARGETS = (
    TargetBlock("kind", 3, "multi_class", ("a", "b", "c")),
    TargetBlock("size", 2, "regression"),
)


def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(7, M))
    Y = np.concatenate([np.eye(3)[:, rng.integers(0, 3, M)], 20 + 5 * rng.normal(size=(2, M))])
    return Dataset(X, Y, "multi_class", blocks=BLOCKS, target_blocks=TARGETS)


def design():
    """left and right through a layer each, joined; a side output behind the left one."""
    main = Output(task="multi_class", target="kind")
    nodes = {"a": Input(), "b": Input(block="right"), "join": Concatenate(), "y": main}
    found = Design(nodes)
    for name in "ab":
        layer = Dense(units=4, activation="tanh")
        found = found.add(f"h{name}", layer).connect(name, f"h{name}").connect(f"h{name}", "join")
    side = Output(task="regression", target="size", weight=WEIGHT)
    return found.connect("join", "y").add("side", side).connect("ha", "side")


def theirs(network, X, Y):
    """J of the same network in PyTorch, its parameters and the leaf X, all with gradients."""
    p = {
        name: torch.tensor(value.copy(), requires_grad=True)
        for name, value in network.parameters.items()
    }
    x = torch.tensor(X.copy(), requires_grad=True)

    def linear(node, a):
        return p[f"{node}.W"] @ a + p[f"{node}.b"]

    left, right = torch.tanh(linear("ha", x[:3])), torch.tanh(linear("hb", x[3:]))
    z, side = linear("y", torch.cat([left, right])), linear("side", left)
    scaled = torch.tensor(network.loss_targets(Y)[1:])
    J = functional.cross_entropy(z.T, torch.tensor(Y[0].astype(int)))
    J = J + WEIGHT * 0.5 * ((side - scaled) ** 2).sum() / M
    for name, value in p.items():
        if name.endswith("W"):
            J = J + L2 / (2 * M) * (value**2).sum()
    return J, p, x


def test_two_inputs_and_two_heads_agree_with_pytorch():
    sets = data()
    network = Network(design(), TrainingSettings(l2=L2), data=sets, dtype="float64")
    J, parameters, x = theirs(network, sets.X, sets.Y)
    J.backward()
    Y = network.loss_targets(sets.Y)
    found = network.learn_from(sets.X, Y, to_inputs=True)
    assert found.cost == pytest.approx(J.item(), rel=1e-12)
    for name, value in parameters.items():
        ours = network.gradients[name]
        np.testing.assert_allclose(ours, value.grad.numpy(), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(found.d[0] / M, x.grad.numpy(), rtol=1e-10, atol=1e-13)


def test_unknown_classes_and_weights_agree_with_pytorch():
    rng = np.random.default_rng(0)
    network = Network(
        Design.sequential([Input(features=3), Output(units=4)], ["x", "y"]), dtype="float64"
    )
    X, labels, weights = rng.normal(size=(3, M)), rng.integers(0, 4, M), rng.random(M)
    labels[::4] = -100  # what PyTorch ignores
    Y = np.where(labels < 0, np.nan, labels)
    W = torch.tensor(network.parameters["y.W"].copy(), requires_grad=True)
    z = (W @ torch.tensor(X)).T
    losses = functional.cross_entropy(z, torch.tensor(labels), reduction="none")
    for given, J in (
        (None, functional.cross_entropy(z, torch.tensor(labels))),
        (weights, (losses * torch.tensor(weights)).sum() / weights[labels >= 0].sum()),
    ):
        W.grad = None
        J.backward(retain_graph=True)
        assert network.cost_and_gradient(X, Y, weights=given) == pytest.approx(J.item(), rel=1e-12)
        np.testing.assert_allclose(network.gradients["y.W"], W.grad.numpy(), rtol=1e-10, atol=1e-13)
