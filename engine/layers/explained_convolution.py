"""How the numbers of a convolution come about, patch by patch."""

from __future__ import annotations

import numpy as np

from engine.layers.explanation import Cell, Explanation, Passed, Terms
from engine.layers.windows import Windows


class ExplainedConvolution:
    """One number of a pass. windows: where the kernel lies on the image, padding left out."""

    def __init__(self, windows: Windows, passed: Passed, cell: Cell) -> None:
        self.windows, self.passed, self.cell = windows, passed, cell

    def explanation(self) -> Explanation | None:
        """None for what is no number of the layer."""
        rules = {"out": self._z}
        if "dout" in self.passed:
            rules |= {"din": self._da, "dW": self._dw, "db": self._db}
        rule = rules.get(self.cell.array)
        return None if rule is None else rule()

    def _z(self) -> Explanation:
        passed, (unit, i, j, example) = self.passed, self.cell.index
        rows, columns = self.windows.rows.under(i), self.windows.columns.under(j)
        channels = np.arange(self.windows.channels)
        c, u, v = np.ix_(channels, rows[0], columns[0])
        c, y, x = np.ix_(channels, rows[1], columns[1])
        patch = Terms((passed.factor("W", unit, c, u, v), passed.factor("in", c, y, x, example)))
        if "b" not in passed:
            return Explanation(self.cell, "z = Σ W a", (patch,))
        bias = Terms((passed.factor("b", unit, 0),))
        return Explanation(self.cell, "z = Σ W a + b", (patch, bias))

    def _dw(self) -> Explanation:
        passed, (unit, channel, u, v) = self.passed, self.cell.index
        rows, columns = self.windows.rows.along(u), self.windows.columns.along(v)
        examples = np.arange(passed.m)
        i, j, k = np.ix_(rows[0], columns[0], examples)
        y, x, _ = np.ix_(rows[1], columns[1], examples)
        factors = passed.factor("dout", unit, i, j, k), passed.factor("in", channel, y, x, k)
        return Explanation(self.cell, "dW = 1/m Σ dz a", (Terms(factors, 1 / passed.m),))

    def _db(self) -> Explanation:
        passed = self.passed
        places = np.ix_(*map(np.arange, passed["dout"].shape[1:]))
        terms = Terms((passed.factor("dout", self.cell.index[0], *places),), 1 / passed.m)
        return Explanation(self.cell, "db = 1/m Σ dz", (terms,))

    def _da(self) -> Explanation:
        passed, (channel, y, x, example) = self.passed, self.cell.index
        rows, columns = self.windows.rows.over(y), self.windows.columns.over(x)
        filters = np.arange(len(passed["W"]))
        f, u, v = np.ix_(filters, rows[0], columns[0])
        f, i, j = np.ix_(filters, rows[1], columns[1])
        factors = passed.factor("W", f, channel, u, v), passed.factor("dout", f, i, j, example)
        return Explanation(self.cell, "da = Σ W dz", (Terms(factors),))
