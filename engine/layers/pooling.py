"""Pooling: one number for each window of an image, its largest or its mean."""

from __future__ import annotations

import math

import numpy as np

from engine.constants import number
from engine.layers.base import (
    Array,
    Cache,
    Cell,
    Explanation,
    Layer,
    Params,
    Passed,
    Shape,
    State,
)
from engine.layers.explanation import Factor, Terms
from engine.layers.mode import Mode
from engine.layers.windows import MAX_KERNEL, Windows
from engine.pytorch_twin import PyTorchTwin
from engine.spec import setting


class _Pool(Layer):
    """Windows that slide over each channel alone, without padding."""

    abstract = True

    category = "images"
    size: int = setting(
        2, title="Size", help="Side f of the f × f window, in pixels.", ge=1, le=MAX_KERNEL
    )
    stride: int = setting(
        2, title="Stride", help="Pixels between neighboring windows.", ge=1, le=MAX_KERNEL
    )

    def face(self) -> list[str]:
        """The stride is worth showing where windows overlap, or leave pixels out."""
        words = [f"{self.size} × {self.size}"]
        return words + ([f"stride {self.stride}"] if self.stride != self.size else [])

    def windows(self, shape: Shape) -> Windows:
        """Where the window lies on such an image. Raises DesignError if it does not fit."""
        return Windows.over(shape, self.size, self.stride)

    @property
    def keeps_rows(self) -> bool:
        return True

    def output_shape(self, *inputs: Shape) -> Shape:
        windows = self.windows(inputs[0])
        return (windows.channels, *windows.places)


class MaxPool(_Pool):
    """The largest number of each window: a[c, i, j] = max of the f × f window at (i, j).

    Shapes: (C, H, W, m) -> (C, H', W', m) with H' = floor((H - f) / s + 1), and W' likewise; no
    parameters. Backward: dA goes to the winner of each window; of several, to the first, row by
    row, as in PyTorch (TensorFlow, too, on CPU).
    Example: MaxPool() halves height and width: 16 × 10 × 10 becomes 16 × 5 × 5.
    Source: course 4, week 1; Ranzato et al. (2007).
    """

    title = "Max pool"
    formula = "a = max of each window"
    latex = r"\size{out}{A} = \max_{\text{window}} \size{in}{A}"

    @property
    def backward_formula(self) -> str:
        return "dA of the windows that a pixel wins"

    def pytorch_twin(self) -> PyTorchTwin | None:
        arguments = {"kernel_size": self.size, "stride": self.stride}
        return PyTorchTwin("torch.nn.functional.max_pool2d", arguments)

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
            np.maximum(y, other, out=y)
        return y, (windows, x, y)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        windows, x, y = cache
        dx = np.zeros_like(x)
        for cell, won in zip(windows.cells(), _winners(windows, x, y), strict=True):
            share = windows.under(dx, *cell)
            share += dy * won
        return (dx,)

    def branches(self, cache: Cache) -> Array | None:
        """The number of each window's winner, (C, H', W', m)."""
        return np.argmax(_winners(*cache), axis=0)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediate: "wins", (C, H', W', f f, m), 1 for the winner of each window."""
        windows = self.windows(passed["in"].shape[:-1])
        winners = _winners(windows, passed["in"], passed["out"])
        wins = np.stack([won.astype("float64") for won in winners], axis=3)
        if cell.array == "wins":
            formula = "1 for the largest of its window, 0 for the others"
            return Explanation(cell, formula, (Terms((), wins[cell.index]),))
        if cell.array == "out":
            c, i, j, k = cell.index
            cells, pixels = _window_at(windows, i, j)
            factors = passed.factor("in", c, *pixels, k), Factor.of("wins", wins, c, i, j, cells, k)
            return Explanation(cell, "a = max of the window = Σ a · wins", (Terms(factors),))
        if cell.array == "din" and "dout" in passed:
            c, y, x, k = cell.index
            cells, places = _windows_of(windows, y, x)
            factors = (
                passed.factor("dout", c, *places, k),
                Factor.of("wins", wins, c, *places, cells, k),
            )
            return Explanation(cell, "da = Σ da of the windows that it wins", (Terms(factors),))
        return super().explain(passed, cell)


class AveragePool(_Pool):
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
            _, pixels = _window_at(windows, i, j)
            terms = Terms((passed.factor("in", c, *pixels, k),), 1 / self.size**2)
            return Explanation(cell, "a = 1/f² Σ a of the window", (terms,))
        if cell.array == "din" and "dout" in passed:
            c, y, x, k = cell.index
            _, places = _windows_of(windows, y, x)
            terms = Terms((passed.factor("dout", c, *places, k),), 1 / self.size**2)
            return Explanation(cell, "da = 1/f² Σ da of its windows", (terms,))
        return super().explain(passed, cell)


def _winners(windows: Windows, x: Array, y: Array) -> list[Array]:
    """For each cell of the window, where it holds the first maximum: (C, H', W', m) booleans."""
    winners = []
    free = np.ones(y.shape, bool)
    for cell in windows.cells():
        won = windows.under(x, *cell) == y
        won &= free
        free ^= won
        winners.append(won)
    return winners


def _window_at(windows: Windows, row: int, column: int) -> tuple[Array, tuple[Array, ...]]:
    """The cells of one window, numbered row by row, and the rows and columns of their pixels."""
    rows, columns = windows.rows.under(row), windows.columns.under(column)
    u, v = np.ix_(rows[0], columns[0])
    return u * windows.kernel + v, np.ix_(rows[1], columns[1])


def _windows_of(windows: Windows, y: int, x: int) -> tuple[Array, tuple[Array, ...]]:
    """The cells that cover one pixel, numbered row by row, and the places of their windows."""
    rows, columns = windows.rows.over(y), windows.columns.over(x)
    u, v = np.ix_(rows[0], columns[0])
    return u * windows.kernel + v, np.ix_(rows[1], columns[1])
