"""How the numbers of a recurrent layer come about, step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.layers.explanation import Cell, Explanation, Factor, Passed, Terms, copied

Array = np.ndarray


class ExplainedRNN:
    """One number of a pass, with the derivatives of all steps in float64.

    real: which steps are no padding, (T, m). da, dz: of the states and of what tanh is applied to,
    (n, T, m).
    """

    def __init__(self, passed: Passed, cell: Cell) -> None:
        x, start, self.out, mask = passed.cache
        self.passed, self.cell, self.start = passed, cell, start
        self.real = np.ones(x.shape[1:], bool) if mask is None else mask
        self.units, self.features = len(self.out), len(x)
        self.last = x.shape[1] - 1
        self.slope = 1 - np.square(self.out)
        self.da, self.dz = self._derivatives()

    def _derivatives(self) -> tuple[Array, Array]:
        da, dz = np.zeros_like(self.out), np.zeros_like(self.out)
        Waa = self.passed["Wa"][:, : self.units]
        for t in range(self.last, -1, -1):
            if "dout" in self.passed:
                da[:, t] += self.passed["dout"][:, t]
            if t == self.last:
                da[:, t] += self.passed.arrays.get("dlast", 0)
            else:
                held = np.where(self.real[t + 1], 0, da[:, t + 1])
                da[:, t] += Waa.T @ dz[:, t + 1] + held
            dz[:, t] = np.where(self.real[t], da[:, t] * self.slope[:, t], 0)
        return da, dz

    def explanation(self) -> Explanation | None:
        """None for what is not a number of the layer."""
        rules = {
            "out": self._out,
            "last": self._last,
            "slope": self._slope,
            "da": self._da,
            "dz": self._dz,
            "din": self._dx,
            "da0": self._da0,
            "dWa": self._dWa,
            "dba": self._dba,
        }
        rule = rules.get(self.cell.array)
        return None if rule is None else rule()

    def _told(self, formula: str, *terms: Terms) -> Explanation:
        return Explanation(self.cell, formula, terms)

    def _given(self, name: str, *index: Any) -> Factor:
        return self.passed.factor(name, *index)

    def _made(self, name: str, *index: Any) -> Factor:
        arrays = {"da": self.da, "dz": self.dz, "slope": self.slope}
        return Factor.of(name, arrays[name], *index)

    def _previous(self, unit: Any, t: int, k: Any) -> Factor | None:
        """Cells of the state before a step; None where that is 0."""
        if t:
            return self._given("out", unit, t - 1, k)
        return None if self.start is None else self._given("a0", unit, k)

    def _out(self) -> Explanation:
        unit, t, k = self.cell.index
        if not self.real[t, k]:
            held = self._previous(unit, t, k)
            kept = Terms((held,)) if held else Terms((), 0.0)
            return self._told("a⟨t⟩ = a⟨t−1⟩, for padding", kept)
        units, features = np.arange(self.units), np.arange(self.features)
        inputs = (
            self._given("Wa", unit, self.units + features),
            self._given("in", features, t, k),
        )
        terms = [Terms(inputs), Terms((self._given("ba", unit, 0),))]
        states = self._previous(units, t, k)
        if states:
            terms.insert(0, Terms((self._given("Wa", unit, units), states)))
        formula = "a⟨t⟩ = tanh(Σ Wa [a⟨t−1⟩, x⟨t⟩] + ba)"
        return Explanation(self.cell, formula, tuple(terms), math.tanh)

    def _last(self) -> Explanation:
        unit, k = self.cell.index
        return copied(self.passed, self.cell, Cell("out", (unit, self.last, k)), "a⟨T⟩")

    def _slope(self) -> Explanation:
        square = Terms((self._given("out", *self.cell.index),) * 2, -1)
        return self._told("1 − a⟨t⟩²", Terms((), 1.0), square)

    def _da(self) -> Explanation:
        unit, t, k = self.cell.index
        terms = []
        if "dout" in self.passed:
            terms.append(Terms((self._given("dout", unit, t, k),)))
        if t == self.last:
            if "dlast" in self.passed:
                terms.append(Terms((self._given("dlast", unit, k),)))
            return self._told("da⟨T⟩, of out and of last", *terms)
        terms.append(self._through(unit, t + 1, k))
        return self._told("da⟨t⟩ = da of out + Waᵀ dz⟨t+1⟩", *terms)

    def _through(self, unit: int, t: int, k: int) -> Terms:
        """What comes back through step t to the state before it."""
        if not self.real[t, k]:
            return Terms((self._made("da", unit, t, k),))
        units = np.arange(self.units)
        return Terms((self._given("Wa", units, unit), self._made("dz", units, t, k)))

    def _dz(self) -> Explanation:
        _, t, k = self.cell.index
        if not self.real[t, k]:
            return self._told("0, for padding", Terms((), 0.0))
        factors = self._made("da", *self.cell.index), self._made("slope", *self.cell.index)
        return self._told("dz⟨t⟩ = da⟨t⟩ (1 − a⟨t⟩²)", Terms(factors))

    def _dx(self) -> Explanation:
        feature, t, k = self.cell.index
        units = np.arange(self.units)
        factors = self._given("Wa", units, self.units + feature), self._made("dz", units, t, k)
        return self._told("dx⟨t⟩ = Waᵀ dz⟨t⟩", Terms(factors))

    def _da0(self) -> Explanation:
        unit, k = self.cell.index
        return self._told("da⟨0⟩ = Waᵀ dz⟨1⟩", self._through(unit, 0, k))

    def _dWa(self) -> Explanation:
        unit, column = self.cell.index
        t, k = np.nonzero(self.real)
        formula = "dWa = 1/m Σ_t Σ dz⟨t⟩ [a⟨t−1⟩, x⟨t⟩]"
        if column >= self.units:
            inputs = self._given("in", column - self.units, t, k)
            return self._told(formula, self._mean(self._made("dz", unit, t, k), inputs))
        later = t > 0
        states = self._given("out", column, t[later] - 1, k[later])
        terms = [self._mean(self._made("dz", unit, t[later], k[later]), states)]
        if self.start is not None:
            first = np.nonzero(self.real[0])[0]
            states = self._given("a0", column, first)
            terms.insert(0, self._mean(self._made("dz", unit, 0, first), states))
        return self._told(formula, *terms)

    def _dba(self) -> Explanation:
        t, k = np.nonzero(self.real)
        terms = self._mean(self._made("dz", self.cell.index[0], t, k))
        return self._told("dba = 1/m Σ_t Σ dz⟨t⟩", terms)

    def _mean(self, *factors: Factor) -> Terms:
        return Terms(factors, 1 / self.passed.m)
