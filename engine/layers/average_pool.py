"""Average pooling: the mean of each window of an image."""

from __future__ import annotations

import math

import numpy as np

from engine.constants import number
from engine.layers.base import (
    Array,
    Cache,
    Cell,
    Explanation,
    Params,
    Passed,
    Shape,
    State,
)
from engine.layers.explanation import Terms
from engine.layers.mode import Mode
from engine.layers.pooling import Pool, window_at, windows_of
from engine.pytorch_twin import PyTorchTwin


class AveragePool(Pool):
    """The mean of each window: a[c, i, j] = 1/f² times the sum of the f × f window at (i, j).

    Shapes: (C, H, W, m) -> (C, H', W', m) with H' = floor((H - f) / s + 1), and W' likewise; no
    parameters. Backward: every pixel gets dA / f² of each window that covers it.
    Example: AveragePool() turns 6 × 28 × 28 into 6 × 14 × 14, as in LeNet-5.
    Source: course 4, week 1; LeCun et al. (1998), whose pooling also had two weights per channel.
    """

    title = "Average pool"
    formula = "a = mean of each window"
    latex = r"\size{out}{A} = \operatorname{mean}_{\text{window}} \size{in}{A}"

    @property
    def backward_formula(self) -> str:
        return "dA / f² of the windows"

    def pytorch_twin(self) -> PyTorchTwin | None:
        arguments = {"kernel_size": self.size, "stride": self.stride}
        return PyTorchTwin("torch.nn.functional.avg_pool2d", arguments)

    def multiply_adds(self, *inputs: Shape) -> int:
        return self.size**2 * math.prod(self.output_shape(*inputs))

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (x,) = xs
        windows = self.windows(x.shape[:-1])
        first, *others = (windows.under(x, *cell) for cell in windows.cells())
        y = first.copy()
        for other in others:
            y += other
        y *= number(1 / self.size**2, y.dtype)
        return y, (windows, x.shape)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        windows, shape = cache
        dx = np.zeros(shape, dy.dtype)
        share = dy * number(1 / self.size**2, dy.dtype)
        for cell in windows.cells():
            covered = windows.under(dx, *cell)
            covered += share
        return (dx,)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        windows = self.windows(passed["in"].shape[:-1])
        if cell.array == "out":
            c, i, j, k = cell.index
            _, pixels = window_at(windows, i, j)
            terms = Terms((passed.factor("in", c, *pixels, k),), 1 / self.size**2)
            return Explanation(cell, "a = 1/f² Σ a of the window", (terms,))
        if cell.array == "din" and "dout" in passed:
            c, y, x, k = cell.index
            _, places = windows_of(windows, y, x)
            terms = Terms((passed.factor("dout", c, *places, k),), 1 / self.size**2)
            return Explanation(cell, "da = 1/f² Σ da of its windows", (terms,))
        return super().explain(passed, cell)
