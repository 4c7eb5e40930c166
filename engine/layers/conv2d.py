"""Convolution over images."""

from __future__ import annotations

import math

import numpy as np
from pydantic import field_validator

from engine.constants import mean_column, number
from engine.errors import SpecError
from engine.layers.base import (
    MAX_UNITS,
    Array,
    Cache,
    Cell,
    Explanation,
    Params,
    Passed,
    Shape,
    State,
)
from engine.layers.explained_convolution import ExplainedConvolution
from engine.layers.mode import Mode
from engine.layers.trainable import WeightedLayer
from engine.layers.windows import MAX_KERNEL, Padding, Windows
from engine.pytorch_twin import PyTorchTwin
from engine.spec import setting

MOST_PATCH_VALUES = 2**23
"""Numbers in all patches of a batch that a gradient check keeps at once: 64 MB in float64."""


class Conv2D(WeightedLayer):
    """Filters that slide over an image: Z[f, i, j] = sum of W[f] times the patch at (i, j) + b[f].

    Shapes: A (C, H, W, m), W (filters, C, f, f), b (filters, 1), Z (filters, H', W', m), where
    H' = floor((H + 2p - f) / s + 1), and W' likewise. Padding "valid" is p = 0; "same" gives
    H' = ceil(H / s): at stride 1, p = (f - 1) / 2. Where its total is odd, the lower and the right
    side get one pixel more (ONNX's SAME_UPPER). As in the lectures and in all libraries, the
    kernel is not flipped: a mathematician calls this cross-correlation.
    Backward: dW = 1/m sum of dZ[f, i, j] times the patch at (i, j); db = 1/m sum of dZ[f];
    dA of a pixel = sum of W dZ over all places whose patch covers it.
    Example: Conv2D(filters=8, kernel=5) turns 3 × 32 × 32 into 8 × 28 × 28 with
    8 (3 * 5 * 5 + 1) = 608 parameters. Each filter sums fan-in f f C; a pixel feeds f f filters.
    Source: LeCun et al. (1998); course 4, week 1. PyTorch has no "same" at a stride above 1.
    """

    kind = "conv2d"
    title = "Conv2D"
    category = "images"
    formula = "Z = W ∗ A + b"
    latex = r"\size{out}{Z} = \size{W}{W} * \size{in}{A} + \size{b}{b}"
    filters: int = setting(
        8,
        title="Filters",
        help="Number of filters, which is the number of output channels.",
        ge=1,
        le=MAX_UNITS,
    )
    kernel: int = setting(
        3, title="Kernel", help="Side f of the f × f kernel, in pixels.", ge=1, le=MAX_KERNEL
    )
    stride: int = setting(
        1, title="Stride", help="Pixels between neighboring positions.", ge=1, le=MAX_KERNEL
    )
    padding: Padding = setting(
        "valid",
        title="Padding",
        help="“valid” for none, “same” to keep height and width at stride 1, or the pixels of "
        "zeros on every side.",
    )
    bias: bool = setting(True, title="Bias", help="Add a bias b.")

    @field_validator("padding", mode="before")
    @classmethod
    def _known_padding(cls, value: object) -> object:
        if value in ("valid", "same"):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_KERNEL:
            return value
        raise SpecError(
            f"must be “valid”, “same”, or a whole number from 0 to {MAX_KERNEL}; got {value!r}."
        )

    def face(self) -> list[str]:
        """Stride and padding are worth showing only where there are any."""
        words = [f"{self.filters} of {self.kernel} × {self.kernel}"]
        words += [f"stride {self.stride}"] if self.stride > 1 else []
        if self.padding not in ("valid", 0):
            words.append("same" if self.padding == "same" else f"padding {self.padding}")
        return words + super().face()

    def formula_in_latex(self) -> str:
        return self.latex if self.bias else self.latex.removesuffix(r" + \size{b}{b}")

    def pytorch_twin(self) -> PyTorchTwin | None:
        if self.padding == "same" and self.stride > 1:
            return None
        arguments = {"stride": self.stride, "padding": self.padding}
        return PyTorchTwin("torch.nn.functional.conv2d", arguments)

    @property
    def backward_formula(self) -> str:
        return "Σ W dZ over the places"

    @property
    def gradient_formulas(self) -> tuple[str, ...]:
        dW = "dW = 1/m Σ dZ · patch"
        return (dW, "db = 1/m Σ dZ") if self.bias else (dW,)

    def windows(self, shape: Shape) -> Windows:
        """Where the kernel lies on such an image. Raises DesignError if it does not fit."""
        return Windows.over(shape, self.kernel, self.stride, self.padding)

    def output_shape(self, *inputs: Shape) -> Shape:
        return (self.filters, *self.windows(inputs[0]).places)

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        channels = self.windows(inputs[0]).channels
        shapes: dict[str, Shape] = {"W": (self.filters, channels, self.kernel, self.kernel)}
        return shapes | {"b": (self.filters, 1)} if self.bias else shapes

    def multiply_adds(self, *inputs: Shape) -> int:
        shapes = self.parameter_shapes(*inputs)
        return math.prod(shapes["W"]) * math.prod(self.windows(inputs[0]).places)

    def fans(self, *inputs: Shape) -> tuple[int, int]:
        filters, channels, *window = self.parameter_shapes(*inputs)["W"]
        return channels * math.prod(window), filters * math.prod(window)

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        shapes = self.parameter_shapes(*inputs)
        W = self.weight_initializer().sample(rng, shapes["W"], *self.fans(*inputs), "float64")
        return {"W": W} | {name: np.zeros(shapes[name]) for name in shapes if name == "b"}, {}

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (a,) = xs
        windows = self.windows(a.shape[:-1])
        padded = windows.padded(a)
        W = params["W"].reshape(self.filters, -1)  # (filters, C f f)
        z = np.empty((self.filters, *windows.places, a.shape[-1]), a.dtype)
        columns = z.reshape(self.filters, -1)  # (filters, H' W' m)
        for block in windows.blocks(padded):
            np.matmul(W, windows.patches(padded, block), out=columns[:, block.span])
        if self.bias:
            columns += params["b"]
        return z, (windows, a)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        windows, a = cache
        padded = windows.padded(a)
        dz = dy.reshape(self.filters, -1)  # (filters, H' W' m)
        self._write_gradients(grads, windows, padded, dz, dy.shape[-1])
        if not need_dx:
            return ()
        dpadded = np.zeros_like(padded)
        W = params["W"].reshape(self.filters, -1)  # (filters, C f f)
        for block in windows.blocks(padded):
            windows.add_patches(dpadded, block, W.T.dot(dz[:, block.span]))
        return (windows.inner(dpadded),)

    def _write_gradients(
        self, grads: Params, windows: Windows, padded: Array, dz: Array, m: int
    ) -> None:
        """dW and db, means over the m examples; dz: (filters, H' W' m).

        The patches are gathered again: that costs less than to keep them since the forward pass.
        """
        dW = grads["W"].reshape(self.filters, -1)  # (filters, C f f)
        dW[...] = 0
        for block in windows.blocks(padded):
            dW += dz[:, block.span].dot(windows.patches(padded, block).T)
        dW *= number(1 / m, dW.dtype)
        if self.bias:  # a sum over the places, and a mean over the examples
            db = dz.dot(mean_column(dz.shape[1], dz.dtype), grads["b"])
            db *= number(dz.shape[1] / m, db.dtype)

    def multiplicands(self, cache: Cache, name: str) -> Array | None:
        """The patches; None where they would fill too much memory."""
        windows, a = cache
        if name == "b":
            return np.ones((1, 1, 1, 1), a.dtype)
        columns = windows.channels * self.kernel**2
        if columns * math.prod(windows.places) * a.shape[-1] > MOST_PATCH_VALUES:
            return None
        padded = windows.padded(a)
        patches = [windows.patches(padded, block) for block in windows.blocks(padded)]
        return np.concatenate(patches, axis=1).reshape(-1, *windows.places, a.shape[-1])

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        windows = self.windows(passed["in"].shape[:-1])
        found = ExplainedConvolution(windows, passed, cell).explanation()
        return found or super().explain(passed, cell)
