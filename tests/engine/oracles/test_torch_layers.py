"""Single layers against PyTorch in float64: outputs, and the derivatives of inputs and parameters.

A layer's twin takes its inputs, then its parameters, all as PyTorch lays them out.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers import RNN, AveragePool, Conv2D, DotProductAttention, Embedding, Layer, MaxPool
from engine.layers.kinds import Tokens
from engine.layers.masks import mask_of_lengths
from engine.layers.mode import Mode
from engine.network.vjp import vjp
from engine.settings import TrainingSettings
from tests.engine.oracles.variants import torch_function

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

TOLERANCE = 1e-12
M = 5


def theirs(array):
    """(*shape, m) of ours as a leaf of PyTorch's graph: (m, C, H, W), or a sequence (m, T, n)."""
    laid_out = np.moveaxis(array, -1, 0) if array.ndim == 4 else array.T
    return torch.tensor(laid_out.copy(), requires_grad=True)


def ours(tensor):
    """The inverse."""
    array = tensor.detach().numpy()
    return np.moveaxis(array, 0, -1) if array.ndim == 4 else array.T


def parameter(name, value):
    """b (n, 1) as PyTorch's (n,), E transposed; other parameters as they are."""
    laid_out = {"b": value.ravel(), "E": value.T}.get(name, value)
    return torch.tensor(laid_out.copy(), requires_grad=True)


def close(mine, its):
    scale = max(1.0, np.abs(its).max(initial=0))
    np.testing.assert_allclose(mine, its, rtol=0, atol=TOLERANCE * scale)


def drawn(rng, shape):
    """An input; tokens as whole numbers."""
    if isinstance(shape, Tokens):
        return rng.integers(0, shape.vocabulary, (*shape, M))
    return rng.normal(size=(*shape, M))


def agree(layer, *shapes, seed=0):
    """Output, dx and parameter gradients of a layer with a twin."""
    rng = np.random.default_rng(seed)
    layer = layer.resolved(TrainingSettings())
    xs = [drawn(rng, shape) for shape in shapes]
    sizes = layer.parameter_shapes(*shapes)
    params = {name: rng.normal(size=size) for name, size in sizes.items()}
    values, pull = vjp(layer, params, *xs)
    dy = rng.normal(size=values["out"].shape)
    dparams, dxs = pull({"out": dy})
    twin = layer.pytorch_twin()
    inputs = [theirs(x) if x.dtype == float else torch.tensor(x.T.copy()) for x in xs]
    weights = {name: parameter(name, value) for name, value in params.items()}
    y = torch_function(twin.name)(*inputs, *weights.values(), **twin.arguments)
    y.backward(theirs(dy).detach())
    close(values["out"], ours(y))
    for mine, its in zip(dxs, inputs, strict=True):
        if its.grad is None:
            assert mine is None
        else:
            close(mine, ours(its.grad))
    for name, its in weights.items():
        back = its.grad.T if name == "E" else its.grad.reshape(params[name].shape)
        close(dparams[name], back.numpy())


def test_the_layers_that_pytorch_has_have_twins():
    twins = {kind for kind, member in Layer.registry.items() if member().pytorch_twin()}
    assert twins >= {
        "conv2d",
        "max_pool",
        "average_pool",
        "embedding",
        "dot_product_attention",
    }


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


@pytest.mark.parametrize("vocabulary", [1, 7, 50])
def test_an_embedding_agrees(vocabulary):
    agree(Embedding(units=4), Tokens(6, vocabulary))


@given(
    d=st.integers(1, 5), queries=st.integers(1, 5), steps=st.integers(1, 5), d_v=st.integers(1, 5)
)
@settings(max_examples=30, deadline=None)
def test_any_attention_agrees(d, queries, steps, d_v):
    agree(DotProductAttention(), (d, queries), (d, steps), (d_v, steps))


def test_attention_to_padded_keys_agrees_with_a_mask():
    rng = np.random.default_rng(0)
    xs = [rng.normal(size=(3, 6, M)) for _ in range(3)]
    mask = mask_of_lengths(np.array([6, 3, 1, 4, 5]), 6)
    mode = Mode(masks=(None, mask, mask))
    values, pull = vjp(DotProductAttention(), {}, *xs, mode=mode)
    dy = rng.normal(size=(3, 6, M))
    inputs = [theirs(x) for x in xs]
    attention = torch.nn.functional.scaled_dot_product_attention
    y = attention(*inputs, attn_mask=torch.tensor(mask.T.copy())[:, None])
    y.backward(theirs(dy).detach())
    close(values["out"], ours(y))
    for mine, its in zip(pull({"out": dy})[1], inputs, strict=True):
        close(mine, ours(its.grad))


@pytest.mark.parametrize("outputs", [("out",), ("last",), ("out", "last")])
@pytest.mark.parametrize("with_start", [False, True])
def test_a_recurrent_layer_agrees(outputs, with_start):
    n, n_x, steps = 4, 3, 6
    rng = np.random.default_rng(0)
    Wa, ba = rng.normal(size=(n, n + n_x)), rng.normal(size=(n, 1))
    xs = [rng.normal(size=(n_x, steps, M))] + [rng.normal(size=(n, M))] * with_start
    values, pull = vjp(RNN(units=n), {"Wa": Wa, "ba": ba}, *xs)
    dys = {name: rng.normal(size=values[name].shape) for name in outputs}
    dparams, dxs = pull(dys)
    twin = torch.nn.RNN(n_x, n, batch_first=True, dtype=torch.float64)
    given = {"weight_hh_l0": Wa[:, :n], "weight_ih_l0": Wa[:, n:], "bias_ih_l0": ba[:, 0]}
    given["bias_hh_l0"] = 0 * ba[:, 0]
    twin.load_state_dict({name: torch.tensor(value) for name, value in given.items()})
    inputs = [theirs(x) for x in xs]
    out, last = twin(inputs[0], *(start[None] for start in inputs[1:]))
    found = {"out": out, "last": last[0]}
    torch.autograd.backward(
        [found[name] for name in outputs], [theirs(dys[name]).detach() for name in outputs]
    )
    for name, value in found.items():
        close(values[name], ours(value))
    for mine, its in zip(dxs, inputs, strict=True):
        close(mine, ours(its.grad))
    close(dparams["Wa"], np.hstack([twin.weight_hh_l0.grad, twin.weight_ih_l0.grad]))
    close(dparams["ba"][:, 0], twin.bias_ih_l0.grad.numpy())
