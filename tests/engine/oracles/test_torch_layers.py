"""Single layers against PyTorch in float64: outputs, and the derivatives of inputs and parameters.

A layer's twin takes its inputs, then its parameters, all as PyTorch lays them out.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers import AveragePool, Conv2D, Layer, MaxPool
from engine.network.vjp import vjp
from engine.settings import TrainingSettings
from tests.engine.oracles.variants import torch_function

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

TOLERANCE = 1e-12
M = 5


def theirs(array):
    """(*shape, m) of ours as (m, *shape) of PyTorch's, a leaf of its graph."""
    return torch.tensor(np.moveaxis(array, -1, 0).copy(), requires_grad=True)


def ours(tensor):
    """The inverse."""
    return np.moveaxis(tensor.detach().numpy(), 0, -1)


def parameter(value):
    """b (n, 1) as PyTorch's (n,); other parameters as they are."""
    return torch.tensor(value[:, 0] if value.shape[1:] == (1,) else value, requires_grad=True)


def close(mine, its):
    scale = max(1.0, np.abs(its).max(initial=0))
    np.testing.assert_allclose(mine, its, rtol=0, atol=TOLERANCE * scale)


def agree(layer, *shapes, seed=0):
    """Output, dx and parameter gradients of a layer with a twin."""
    rng = np.random.default_rng(seed)
    layer = layer.resolved(TrainingSettings())
    xs = [rng.normal(size=(*shape, M)) for shape in shapes]
    drawn, _ = layer.initialize(rng, *shapes)
    params = {name: rng.normal(size=value.shape) for name, value in drawn.items()}
    values, pull = vjp(layer, params, *xs)
    dy = rng.normal(size=values["out"].shape)
    dparams, dxs = pull({"out": dy})
    twin = layer.pytorch_twin()
    inputs = [theirs(x) for x in xs]
    weights = {name: parameter(value) for name, value in params.items()}
    y = torch_function(twin.name)(*inputs, *weights.values(), **twin.arguments)
    y.backward(theirs(dy).detach())
    close(values["out"], ours(y))
    for mine, its in zip(dxs, inputs, strict=True):
        close(mine, ours(its.grad))
    for name, its in weights.items():
        close(dparams[name], its.grad.numpy().reshape(params[name].shape))


def test_the_layers_that_pytorch_has_have_twins():
    twins = {kind for kind, member in Layer.registry.items() if member().pytorch_twin()}
    assert twins >= {"conv2d", "max_pool", "average_pool"}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@given(
    kernel=st.integers(1, 5),
    stride=st.integers(1, 4),
    padding=st.sampled_from(["valid", "same", 0, 1, 2, 3]),
    channels=st.integers(1, 3),
    size=st.tuples(st.integers(5, 9), st.integers(5, 9)),
    bias=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_any_convolution_agrees(kernel, stride, padding, channels, size, bias, seed):
    stride = 1 if padding == "same" else stride
    layer = Conv2D(filters=4, kernel=kernel, stride=stride, padding=padding, bias=bias)
    agree(layer, (channels, *size), seed=seed)


@pytest.mark.parametrize("pool", [MaxPool, AveragePool])
@given(size=st.integers(1, 4), stride=st.integers(1, 5), side=st.integers(4, 9))
@settings(max_examples=30, deadline=None)
def test_any_pooling_agrees(pool, size, stride, side):
    agree(pool(size=size, stride=stride), (3, side, 9))


def test_of_several_winners_both_take_the_first():
    """After a ReLU many windows hold nothing but zeros."""
    x = np.random.default_rng(0).integers(0, 2, (2, 6, 6, M)).astype(float)
    for layer in (MaxPool(), MaxPool(size=3, stride=2)):
        values, pull = vjp(layer, {}, x)
        dy = np.random.default_rng(1).normal(size=values["out"].shape)
        tensor, twin = theirs(x), layer.pytorch_twin()
        torch_function(twin.name)(tensor, **twin.arguments).backward(theirs(dy).detach())
        close(pull({"out": dy})[1][0], ours(tensor.grad))


def test_two_by_two_windows_of_even_images_need_no_padding_for_same():
    """At a stride above 1 PyTorch has no "same"; where nothing is padded, "valid" is the same."""
    same = Conv2D(filters=2, kernel=2, stride=2, padding="same")
    assert same.pytorch_twin() is None
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(3, 6, 4, M)), rng.normal(size=(2, 3, 2, 2)), np.zeros((2, 1))
    y = torch.nn.functional.conv2d(theirs(x), torch.tensor(W), stride=2)
    close(vjp(same, {"W": W, "b": b}, x)[0]["out"], ours(y))
