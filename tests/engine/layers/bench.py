"""Every registered layer with inputs that fit it, for the contract tests; new layers by themselves.

Layers of one part are called directly, on every kind of input that they accept. Layers that expand
into others run in a small network.
"""

from itertools import product

import numpy as np
import pytest

from engine.errors import DesignError
from engine.layers import (
    Activation,
    AveragePool,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Input,
    Layer,
    Linear,
    MaxPool,
    Mode,
    Output,
)
from engine.layers.kinds import Tokens, has_steps, kind_of
from engine.layers.masks import mask_of_lengths, without_padding
from engine.network.parts import as_tuple
from engine.network.vjp import passed_of
from engine.settings import TrainingSettings

M = 4
SHAPES = {
    "vector": (5,),
    "sequence": (3, 6),
    "image": (2, 6, 6),
    "tokens": Tokens(6, 7),
}
MOST_INPUTS = 3
VARIANTS = [  # besides the defaults of every registered layer
    Activation(function="tanh"),
    Activation(function="softmax"),
    Linear(units=3, bias=False),
    BatchNorm(momentum=0.5, epsilon=0.1),
    Conv2D(filters=3, kernel=2, stride=3, padding=2, bias=False),
    Conv2D(filters=2, kernel=4, stride=2, padding="same"),
    Conv2D(filters=3, kernel=1),
    MaxPool(size=3, stride=2),
    MaxPool(size=2, stride=3),
    AveragePool(size=3, stride=1),
    Dropout(keep_prob=0.3),
    Dropout(keep_prob=1),
    Dense(units=4, activation="tanh"),
    Dense(units=4, activation="swish", batch_norm=True),
    Dense(units=6, activation="elu", keep_prob=0.6, l2=0.3, l1=0.2),
    Input(features=5, keep_prob=0.7),
    *(Output(task=task) for task in ("binary", "multi_class", "multi_label", "regression")),
]


def _is_one_part(layer):
    try:
        return layer.expand() == (layer,)
    except DesignError:
        return False


def _accepts(layer, shapes):
    try:
        layer.checked_shapes(*shapes)
    except DesignError:
        return False
    return True


def _cases():
    """(layer, input shapes) for every layer of one part and every input that it accepts."""
    for layer in LAYERS:
        if not _is_one_part(layer) or not layer.inputs:
            continue
        for shapes in _combinations(layer):
            if _accepts(layer, shapes):
                told = [shape and kind_of(shape) for shape in shapes]
                yield pytest.param(layer, shapes, id=f"{layer.kind} {told} {layer.face()}")


def _combinations(layer):
    """A merge gets two or three inputs of one kind; others every kind at every port, and at the
    optional ones nothing or a vector of the layer's units."""
    if layer.inputs.merges:
        counts = range(layer.inputs.fewest, MOST_INPUTS + 1)
        return [(shape,) * count for shape in SHAPES.values() for count in counts]
    optional = [None, (getattr(layer, "units", 5),)]
    choices = (
        optional if name in layer.inputs.optional else list(SHAPES.values())
        for name in layer.inputs
    )
    return list(product(*choices))


def _drawn(rng, shape, dtype):
    """An input of this shape for M examples; None where it has no wire."""
    if shape is None:
        return None
    if isinstance(shape, Tokens):
        return rng.integers(0, shape.vocabulary, (*shape, M)).astype(dtype)
    return rng.normal(size=(*shape, M)).astype(dtype)


def _masks(shapes, lengths):
    """A mask for each input that has steps."""
    return tuple(
        mask_of_lengths(np.array(lengths), shape[-1]) if shape and has_steps(shape) else None
        for shape in shapes
    )


LAYERS = [
    layer.resolved(TrainingSettings())
    for layer in (*(member() for member in Layer.registry.values()), *VARIANTS)
]
CASES = list(_cases())
COMPOSITES = [layer for layer in LAYERS if not _is_one_part(layer)]

every_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: str(layer.to_json()))
every_case = pytest.mark.parametrize(("layer", "shapes"), CASES)
every_composite = pytest.mark.parametrize("layer", COMPOSITES, ids=lambda layer: str(layer.face()))
both_modes = pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


class Bench:
    """One layer with inputs, parameters and state, and a random dy for its output.

    lengths: of the M sequences in every input that has steps; dy is zero at what is padding then.
    """

    def __init__(self, layer, shapes, dtype="float64", seed=0, lengths=None):
        rng = np.random.default_rng(seed)
        self.layer = layer
        self.xs = [_drawn(rng, shape, dtype) for shape in shapes]
        self.differentiable = [s is not None and kind_of(s) != "tokens" for s in shapes]
        params, state = layer.initialize(np.random.default_rng(seed), *shapes)
        self.params = {
            k: (v + 0.3 * rng.normal(size=v.shape)).astype(dtype) for k, v in params.items()
        }
        self.state = {k: (v + 0.3 * rng.random(v.shape)).astype(dtype) for k, v in state.items()}
        outputs = layer.output_shapes(*shapes)
        self.dys = [rng.normal(size=(*shape, M)).astype(dtype) for shape in outputs]
        self.masks = () if lengths is None else _masks(shapes, lengths)
        self.left = layer.mask(*self.masks)
        self.dys = [
            without_padding(dy, self.left) if has_steps(shape) else dy
            for dy, shape in zip(self.dys, outputs, strict=True)
        ]
        self.dy = self.dys[0] if len(self.dys) == 1 else tuple(self.dys)

    def forward(self, training, xs=None, state=None):
        """With a copy of the state and always the same random numbers."""
        state = {name: v.copy() for name, v in self.state.items()} if state is None else state
        rng = np.random.default_rng(7) if training else None
        mode = Mode(training, rng, self.masks)
        return self.layer.forward(self.params, state, *(xs or self.xs), mode=mode)

    def loss(self, training, xs=None):
        """Sum of y dy over all outputs, whose derivative at y is dy."""
        ys = as_tuple(self.forward(training, xs)[0])
        return float(sum(np.sum(y * dy) for y, dy in zip(ys, self.dys, strict=True)))

    def backward(self, training, need_dx=True):
        grads = {name: np.full_like(value, np.nan) for name, value in self.params.items()}
        _, cache = self.forward(training)
        dxs = self.layer.backward(self.params, grads, cache, self.dy, need_dx=need_dx)
        return dxs, grads

    def passed(self, training):
        """A pass forward and backward, for explain."""
        dys = dict(zip(self.layer.outputs, self.dys, strict=True))
        mode = Mode(training, np.random.default_rng(7) if training else None, self.masks)
        return passed_of(self.layer, self.params, *self.xs, dys=dys, state=self.state, mode=mode)

    def freeze(self):
        for array in (*self.xs, *self.params.values(), *self.dys):
            if array is not None:
                array.flags.writeable = False
