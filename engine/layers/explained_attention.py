"""How the numbers of dot-product attention come about."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.layers.explanation import Cell, Explanation, Factor, Passed, Terms, repeated

Array = np.ndarray

OF_STEPS = ("alpha", "e", "dscore")
"""Intermediate quantities that are 0 for keys that are padding."""


class ExplainedAttention:
    """One number of a pass, with its intermediate quantities in float64.

    alpha: the weights, (T, T_q, m). real: which keys are no padding, (T, m).
    """

    def __init__(self, passed: Passed, cell: Cell) -> None:
        (self.query, self.key, self.value), alpha, real = passed.cache
        self.passed, self.cell, self.alpha = passed, cell, alpha.transpose(2, 1, 0)
        self.real = np.ones(self.key.shape[1:], bool) if real is None else real
        self.scale = 1 / math.sqrt(len(self.query))
        self.features, self.channels = np.arange(len(self.query)), np.arange(len(self.value))
        self.steps, self.queries = np.arange(self.key.shape[1]), np.arange(self.query.shape[1])

    def explanation(self) -> Explanation | None:
        """None for what is not a number of the layer."""
        rules = {
            "out": self._out,
            "alpha": self._alpha,
            "e": self._e,
            "share": self._share,
            "score": self._score,
        }
        back = {
            "dquery": self._dquery,
            "dkey": self._dkey,
            "dvalue": self._dvalue,
            "dscore": self._dscore,
            "dalpha": self._dalpha,
        }
        if "dout" in self.passed:
            rules |= back
        if self.cell.array in OF_STEPS and not self.real[self.cell.index[0], self.cell.index[-1]]:
            return self._told("0, for padding", Terms((), 0.0))
        rule = rules.get(self.cell.array)
        return None if rule is None else rule()

    def _told(self, formula: str, *terms: Terms) -> Explanation:
        return Explanation(self.cell, formula, terms)

    def _given(self, name: str, *index: Any) -> Factor:
        return self.passed.factor(name, *index)

    def _scores(self, q: int, k: int) -> Array:
        """(T,)."""
        return np.asarray(self.key[:, :, k].T @ self.query[:, q, k] * self.scale)

    def _exponents(self, q: int, k: int) -> tuple[Array, float]:
        """e^(score - max), (T,), 0 for padding; and the largest score."""
        scores, real = self._scores(q, k), self.real[:, k]
        top = float(scores[real].max())
        exponents = np.zeros(len(scores))
        exponents[real] = np.exp(scores[real] - top)
        return exponents, top

    def _made(self, name: str, values: Array, *index: Any) -> Factor:
        """Cells of an intermediate quantity, of which only one column was computed."""
        cells = np.stack([each.ravel() for each in np.broadcast_arrays(*index)], axis=-1)
        return Factor(name, cells, np.broadcast_to(values, len(cells)))

    def _out(self) -> Explanation:
        channel, q, k = self.cell.index
        weights = self._made("alpha", self.alpha[:, q, k], self.steps, q, k)
        terms = Terms((weights, self._given("value", channel, self.steps, k)))
        return self._told("a = Σ_t α_t v_t", terms)

    def _alpha(self) -> Explanation:
        t, q, k = self.cell.index
        exponents, _ = self._exponents(q, k)
        factors = (
            self._made("e", exponents[t], t, q, k),
            self._made("share", np.array(1 / exponents.sum()), 0, q, k),
        )
        return self._told("α_t = e^s_t / Σ_j e^s_j", Terms(factors))

    def _e(self) -> Explanation:
        t, q, k = self.cell.index
        top = self._exponents(q, k)[1]
        score = self._made("score", self._scores(q, k)[t], t, q, k)
        terms = Terms((score,)), Terms((), -top)
        return Explanation(self.cell, "e^(s_t − max s)", terms, math.exp)

    def _share(self) -> Explanation:
        _, q, k = self.cell.index
        terms = Terms((self._made("e", self._exponents(q, k)[0], self.steps, q, k),))
        formula = "1 / Σ_j e^(s_j − max s)"
        return Explanation(self.cell, formula, (terms,), lambda total: 1 / total)

    def _score(self) -> Explanation:
        t, q, k = self.cell.index
        factors = self._given("query", self.features, q, k), self._given("key", self.features, t, k)
        return self._told("s_t = q · k_t / √d", Terms(factors, self.scale))

    def _dalphas(self, q: int, k: int) -> Array:
        """(T,)."""
        return np.asarray(self.value[:, :, k].T @ self.passed["dout"][:, q, k])

    def _dscores(self, q: int, k: int) -> Array:
        """(T,)."""
        alpha, dalpha = self.alpha[:, q, k], self._dalphas(q, k)
        return np.asarray(alpha * (dalpha - alpha @ dalpha))

    def _dalpha(self) -> Explanation:
        t, q, k = self.cell.index
        factors = (
            self._given("value", self.channels, t, k),
            self._given("dout", self.channels, q, k),
        )
        return self._told("dα_t = Σ v_t da", Terms(factors))

    def _dscore(self) -> Explanation:
        t, q, k = self.cell.index
        alpha, dalpha = self.alpha[:, q, k], self._dalphas(q, k)
        own = self._made("alpha", alpha[t], t, q, k)
        direct = Terms((own, self._made("dalpha", dalpha[t], t, q, k)))
        others = (
            repeated(own, len(alpha)),
            self._made("alpha", alpha, self.steps, q, k),
            self._made("dalpha", dalpha, self.steps, q, k),
        )
        return self._told("ds_t = α_t (dα_t − Σ_j α_j dα_j)", direct, Terms(others, -1))

    def _dquery(self) -> Explanation:
        feature, q, k = self.cell.index
        real = self.steps[self.real[:, k]]
        dscores = self._made("dscore", self._dscores(q, k)[real], real, q, k)
        terms = Terms((dscores, self._given("key", feature, real, k)), self.scale)
        return self._told("dq = Σ_t ds_t k_t / √d", terms)

    def _dkey(self) -> Explanation:
        feature, t, k = self.cell.index
        values = np.array([self._dscores(q, k)[t] for q in self.queries])
        dscores = self._made("dscore", values, t, self.queries, k)
        terms = Terms((dscores, self._given("query", feature, self.queries, k)), self.scale)
        return self._told("dk_t = Σ_q ds_t q / √d", terms)

    def _dvalue(self) -> Explanation:
        channel, t, k = self.cell.index
        factors = (
            self._made("alpha", self.alpha[t, :, k], t, self.queries, k),
            self._given("dout", channel, self.queries, k),
        )
        return self._told("dv_t = Σ_q α_t da", Terms(factors))
