"""Max pooling: the largest number of each window of an image."""

from __future__ import annotations

import numpy as np

from engine.layers.base import (
    Array,
    Cache,
    Cell,
    Explanation,
    Params,
    Passed,
    State,
)
from engine.layers.explanation import Factor, Terms
from engine.layers.mode import Mode
from engine.layers.pooling import Pool, window_at, windows_of
from engine.layers.windows import Windows
from engine.pytorch_twin import PyTorchTwin


class MaxPool(Pool):
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
            cells, pixels = window_at(windows, i, j)
            factors = passed.factor("in", c, *pixels, k), Factor.of("wins", wins, c, i, j, cells, k)
            return Explanation(cell, "a = max of the window = Σ a · wins", (Terms(factors),))
        if cell.array == "din" and "dout" in passed:
            c, y, x, k = cell.index
            cells, places = windows_of(windows, y, x)
            factors = (
                passed.factor("dout", c, *places, k),
                Factor.of("wins", wins, c, *places, cells, k),
            )
            return Explanation(cell, "da = Σ da of the windows that it wins", (Terms(factors),))
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
