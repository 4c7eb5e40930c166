"""How the numbers of a normalization over the batch come about."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np

from engine.layers.explanation import Cell, Explanation, Factor, Passed, Terms, repeated
from engine.layers.masks import mask_at, without_padding

Array = np.ndarray


class _Norm(Protocol):
    @property
    def trainable(self) -> bool: ...
    @property
    def epsilon(self) -> float: ...


class ExplainedNorm:
    """One number of a pass of batch norm, with its intermediate quantities in float64.

    Each channel c has its mean and variance over all cells of the batch that are no padding;
    column: its place in gamma and beta, (c, 0, ...).
    """

    def __init__(self, layer: _Norm, passed: Passed, cell: Cell) -> None:
        z, channel = passed["in"], cell.index[0]
        axes = tuple(range(1, z.ndim))
        self.layer, self.passed, self.cell = layer, passed, cell
        self.of_batch = passed.mode.training and layer.trainable
        self.column = (channel,) + (0,) * (z.ndim - 1)
        self.mask = mask_at(passed.mode.masks, 0) if self.of_batch else None
        counted = np.ones(z.shape[1:], bool) if self.mask is None else self.mask
        places = np.nonzero(counted)
        self.count = len(places[0])
        self.whole = (np.full(self.count, channel), *places)  # every cell that counts
        state = passed.state
        mean = z.mean(axis=axes, keepdims=True, where=counted) if self.of_batch else state["mean"]
        deviation = without_padding(z - mean, self.mask)
        variance = np.square(deviation).mean(axis=axes, keepdims=True, where=counted)
        spread = np.sqrt((variance if self.of_batch else state["variance"]) + layer.epsilon)
        self.arrays = {
            "mu": np.asarray(mean),
            "deviation": deviation,
            "1/sigma": 1 / spread,
            "Z_norm": deviation / spread,
        }

    def explanation(self) -> Explanation | None:
        """None for what is not a number of the layer."""
        rules = {
            "out": self._out,
            "Z_norm": self._normalized,
            "deviation": self._deviation,
            "mu": self._mean,
            "1/sigma": self._spread,
            "dgamma": self._dgamma,
            "dbeta": self._dbeta,
            "din": self._dz,
        }
        rule = rules.get(self.cell.array)
        return None if rule is None else rule()

    def _told(self, formula: str, *terms: Terms) -> Explanation:
        return Explanation(self.cell, formula, terms)

    def _given(self, name: str, index: tuple[Any, ...]) -> Factor:
        return self.passed.factor(name, *index)

    def _made(self, name: str, index: tuple[Any, ...]) -> Factor:
        return Factor.of(name, self.arrays[name], *index)

    def _out(self) -> Explanation:
        scaled = Terms((self._given("gamma", self.column), self._made("Z_norm", self.cell.index)))
        return self._told("z̃ = γ z_norm + β", scaled, Terms((self._given("beta", self.column),)))

    def _normalized(self) -> Explanation:
        factors = self._made("deviation", self.cell.index), self._made("1/sigma", self.column)
        return self._told("z_norm = (z − μ) / √(σ² + ε)", Terms(factors))

    def _deviation(self) -> Explanation:
        if self._is_padding():
            return self._told("0, for padding", Terms((), 0.0))
        value, mean = self._given("in", self.cell.index), self._made("mu", self.column)
        return self._told("z − μ", Terms((value,)), Terms((mean,), -1))

    def _mean(self) -> Explanation:
        if not self.of_batch:
            return self._told("μ, the running mean", Terms((), self._running("mean")))
        return self._told("μ = mean z", Terms((self._given("in", self.whole),), 1 / self.count))

    def _spread(self) -> Explanation:
        variance = Terms((self._made("deviation", self.whole),) * 2, 1 / self.count)
        if not self.of_batch:
            variance = Terms((), self._running("variance"))
        terms = variance, Terms((), self.layer.epsilon)
        return Explanation(self.cell, "1 / √(σ² + ε)", terms, lambda total: 1 / math.sqrt(total))

    def _running(self, name: str) -> float:
        return float(self.passed.state[name][self.column])

    def _dgamma(self) -> Explanation:
        factors = self._given("dout", self.whole), self._made("Z_norm", self.whole)
        return self._told("dγ = 1/m Σ dz̃ z_norm", Terms(factors, 1 / self.passed.m))

    def _dbeta(self) -> Explanation:
        terms = Terms((self._given("dout", self.whole),), 1 / self.passed.m)
        return self._told("dβ = 1/m Σ dz̃", terms)

    def _is_padding(self) -> bool:
        return self.mask is not None and not self.mask[self.cell.index[1:]]

    def _dz(self) -> Explanation:
        if self._is_padding():
            return self._told("dz = 0, for padding", Terms((), 0.0))
        gamma, one = self._given("gamma", self.column), self._made("1/sigma", self.column)
        direct = Terms((gamma, one, self._given("dout", self.cell.index)))
        if not self.of_batch:
            return self._told("dz = γ dz̃ / √(σ² + ε)", direct)
        dout, normalized = self._given("dout", self.whole), self._made("Z_norm", self.whole)
        here = self._made("Z_norm", self.cell.index)
        gamma, one, here = (repeated(factor, self.count) for factor in (gamma, one, here))
        return self._told(
            "dz = γ / √(σ² + ε) (dz̃ − mean dz̃ − z_norm mean(dz̃ z_norm))",
            direct,
            Terms((gamma, one, dout), -1 / self.count),
            Terms((gamma, one, here, dout, normalized), -1 / self.count),
        )
