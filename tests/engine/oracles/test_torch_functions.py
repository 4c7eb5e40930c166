"""Activation functions, losses and tasks against PyTorch's, in float64: values and gradients."""

import numpy as np
import pytest

from engine.activations import ActivationFunction
from engine.losses import ErrorFunction, Regression, Task
from tests.engine.oracles.variants import torch_function, variants
from tests.engine.random_targets import random_targets

torch = pytest.importorskip("torch")
functional = torch.nn.functional
torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

RTOL, ATOL = 1e-10, 1e-14
M, N = 40, 6
FUNCTIONS = {
    f"{kind}, {name}": function
    for kind, member in ActivationFunction.registry.items()
    for name, function in variants(member).items()
    if function.pytorch_twin()
}
LOSSES = {
    **{kind: Task.parse(kind) for kind in Task.kinds()},
    **{f"error {kind}": Regression(error=kind) for kind in ErrorFunction.kinds()},
}
COMPARED = {name: task for name, task in LOSSES.items() if task.loss.pytorch_twin()}


def called(twin, *tensors):
    return twin.factor * torch_function(twin.name)(*tensors, **twin.arguments)


def close(ours, theirs):
    theirs = theirs.detach().numpy().T  # (n, m)
    np.testing.assert_allclose(ours, theirs, rtol=RTOL, atol=ATOL)


def leaf(values):
    """(n, m) of ours as a (m, n) leaf of PyTorch's graph."""
    return torch.tensor(values.T.copy(), requires_grad=True)


def test_our_own_activation_functions_have_twins():
    ours = {"relu", "tanh", "sigmoid", "linear", "softmax", "leaky_relu", "elu", "gelu", "swish"}
    assert {function.kind for function in FUNCTIONS.values()} >= ours | {"softplus"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_activation_functions_and_their_derivatives_agree(name):
    ours = FUNCTIONS[name]
    rng = np.random.default_rng(0)
    z, da = 3 * rng.normal(size=(N, M)), rng.normal(size=(N, M))
    z[0, :3] = (0.0, 1e-12, -1e-12)
    x = leaf(z)
    a = called(ours.pytorch_twin(), x)
    a.backward(torch.tensor(da.T.copy()))
    close(ours.forward(z), a)
    close(ours.backward(da, z, ours.forward(z)), x.grad)


def test_our_own_tasks_and_errors_have_twins():
    ours = ["binary", "multi_class", "multi_label", "regression"]
    assert set(COMPARED) >= {*ours, "error squared_error", "error absolute_error"}


@pytest.mark.parametrize("scale", [1, 30])
@pytest.mark.parametrize("name", COMPARED)
def test_losses_and_their_gradients_agree(name, scale):
    rng = np.random.default_rng(0)
    task = COMPARED[name]
    y = random_targets(task.targets, N, M, rng)
    z = scale * rng.normal(size=(task.units(N), M))
    x, rows = leaf(z), task.targets.indicators(y, len(z))
    loss = called(task.loss.pytorch_twin(), x, torch.tensor(rows.T.copy()))
    loss.backward()
    value, dz = task.loss.value_and_gradient(z, y)
    assert value == pytest.approx(loss.item(), rel=RTOL)
    assert task.loss.value(z, y) == pytest.approx(loss.item(), rel=RTOL)
    close(dz, x.grad)


def test_missing_labels_are_masked_as_by_a_weight_of_zero():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(N, M)), rng.integers(0, 2, (N, M)).astype(float)
    known = rng.random((N, M)) < 0.7
    x = leaf(z)
    weight = torch.tensor(known.T.astype(float))
    targets = torch.tensor(y.T.copy())
    loss = functional.binary_cross_entropy_with_logits(x, targets, weight, reduction="sum")
    loss.backward()
    value, dz = Task.parse("multi_label").loss.value_and_gradient(z, np.where(known, y, np.nan))
    assert value == pytest.approx(loss.item(), rel=RTOL)
    close(dz, x.grad)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("binary", torch.sigmoid),
        ("multi_label", torch.sigmoid),
        ("multi_class", lambda z: functional.softmax(z, dim=1)),
    ],
)
def test_predictions_agree(name, theirs):
    z = 5 * np.random.default_rng(0).normal(size=(N, M))
    close(Task.parse(name).predict(z), theirs(leaf(z)))
