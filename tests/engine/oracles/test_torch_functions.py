"""Activation functions, losses and tasks against PyTorch's, in float64: values and gradients."""

import numpy as np
import pytest

from engine.activations import ActivationFunction, Gelu, LeakyRelu
from engine.losses import ErrorFunction, Regression, Task

torch = pytest.importorskip("torch")
functional = torch.nn.functional
torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

RTOL, ATOL = 1e-10, 1e-14
M, N = 40, 6
ACTIVATIONS = {  # ours, PyTorch's on examples-first values
    "relu": functional.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "linear": lambda z: z,
    "leaky_relu": lambda z: functional.leaky_relu(z, 0.01),
    "softmax": lambda z: functional.softmax(z, dim=1),
    "elu": functional.elu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "softplus": lambda z: functional.softplus(z, threshold=1000),
    "swish": functional.silu,
}
VARIANTS = {
    "exact gelu": (Gelu(form="exact"), functional.gelu),
    "steep leaky relu": (LeakyRelu(slope=0.3), lambda z: functional.leaky_relu(z, 0.3)),
    "flat elu": (
        ActivationFunction.parse({"kind": "elu", "alpha": 0.3}),
        lambda z: functional.elu(z, alpha=0.3),
    ),
}
FUNCTIONS = {
    kind: (ActivationFunction.parse(kind), f) for kind, f in ACTIVATIONS.items()
} | VARIANTS
LOSSES = {  # the same scale: sums over outputs and examples
    "binary": lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="sum"),
    "multi_label": lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="sum"),
    "multi_class": lambda z, y: functional.cross_entropy(z, y, reduction="sum"),
    "squared_error": lambda z, y: 0.5 * functional.mse_loss(z, y, reduction="sum"),
    "absolute_error": lambda z, y: functional.l1_loss(z, y, reduction="sum"),
}


def close(ours, theirs):
    theirs = theirs.detach().numpy().T  # (n, m)
    np.testing.assert_allclose(ours, theirs, rtol=RTOL, atol=ATOL)


def leaf(values):
    """(n, m) of ours as a (m, n) leaf of PyTorch's graph."""
    return torch.tensor(values.T.copy(), requires_grad=True)


def test_every_activation_function_has_an_oracle():
    assert set(ACTIVATIONS) == set(ActivationFunction.kinds())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_activation_functions_and_their_derivatives_agree(name):
    ours, theirs = FUNCTIONS[name]
    rng = np.random.default_rng(0)
    z, da = 3 * rng.normal(size=(N, M)), rng.normal(size=(N, M))
    z[0, :3] = (0.0, 1e-12, -1e-12)
    x = leaf(z)
    a = theirs(x)
    a.backward(torch.tensor(da.T.copy()))
    close(ours.forward(z), a)
    close(ours.backward(da, z, ours.forward(z)), x.grad)


def _targets(name, rng):
    if name in ErrorFunction.kinds():
        return rng.normal(size=(N, M))
    if name == "multi_class":
        return np.eye(N)[:, rng.integers(0, N, M)]
    return rng.integers(0, 2, (1 if name == "binary" else N, M)).astype(float)


def _task(name):
    return Regression(error=name) if name in ErrorFunction.kinds() else Task.parse(name)


def test_every_task_and_error_has_an_oracle():
    assert set(LOSSES) == (set(Task.kinds()) - {"regression"}) | set(ErrorFunction.kinds())


@pytest.mark.parametrize("scale", [1, 30])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_gradients_agree(name, scale):
    rng = np.random.default_rng(0)
    y = _targets(name, rng)
    z = scale * rng.normal(size=y.shape)
    x = leaf(z)
    loss = LOSSES[name](x, torch.tensor(y.T.copy()))
    loss.backward()
    value, dz = _task(name).loss.value_and_gradient(z, y)
    assert value == pytest.approx(loss.item(), rel=RTOL)
    assert _task(name).loss.value(z, y) == pytest.approx(loss.item(), rel=RTOL)
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
