"""Gauge: a measure of a layer, as number, length and words.

All gauges share one scale, a pixel of a wire for each power of ten, so that thickness means the
same in every run and at every moment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.training.history import History
from studio.look.translate import translator

Array = np.ndarray

LOW, HIGH = -6, 2
"""Powers of ten at the ends of the scale; what lies beyond is drawn like an end."""
THINNEST_PX = 1.0
WIDTH_STEP_PX = 0.5
"""Wires whose thickness differs by less are drawn alike, and not drawn again."""
BAR_STEPS = 40
WIDEST_NUMBER = "0e-00"


class Gauge:
    """key: in settings. symbol: in front of numbers on wires. title: within a sentence."""

    key: ClassVar[str]
    symbol: ClassVar[str]

    @property
    def title(self) -> str:
        """What is measured, within a sentence."""
        raise NotImplementedError

    def newest(self, history: History) -> Array | None:
        """The newest numbers: (layers,); None if there is none."""
        raise NotImplementedError

    def worst(self, values: Array, layers: Sequence[int]) -> int:
        """Which of some layers fares worst."""
        raise NotImplementedError


class GradientNormGauge(Gauge):
    """‖gradient‖ of a layer; the one that learns least is the worst."""

    key, symbol = "norm", "∇"

    @property
    def title(self) -> str:
        return tr("gradient norm")

    def newest(self, history: History) -> Array | None:
        values = history.gradient_norm.values
        return values[-1] if len(values) else None

    def worst(self, values: Array, layers: Sequence[int]) -> int:
        return min(layers, key=lambda layer: _or_less(float(values[layer])))


class UpdateRatioGauge(Gauge):
    """‖change of W in one step‖ / ‖W‖; the one that is farthest from the healthy 10⁻³ is worst."""

    key, symbol = "ratio", "Δ"
    HEALTHY = -3.0

    @property
    def title(self) -> str:
        return tr("update ratio")

    def newest(self, history: History) -> Array | None:
        _, values = history.measure("update_ratio")
        return values[-1] if len(values) else None

    def worst(self, values: Array, layers: Sequence[int]) -> int:
        known = [layer for layer in layers if not math.isnan(values[layer])]
        away = np.abs(decades(values) - self.HEALTHY)
        return max(known or layers, key=lambda layer: float(away[layer]))


GAUGES: tuple[Gauge, ...] = (GradientNormGauge(), UpdateRatioGauge())


tr = translator("Gauge")


def decades(values: Array) -> Array:
    """The powers of ten of values; below the scale for 0 and what is not a number: (layers,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(values)
    return np.nan_to_num(logs, nan=LOW - 1.0, neginf=LOW - 1.0, posinf=HIGH)


def shares(values: Array) -> Array:
    """Where values lie on the scale, from 0 to 1: (layers,)."""
    return np.clip((decades(values) - LOW) / (HIGH - LOW), 0.0, 1.0)


def bars(values: Array) -> Array:
    """Lengths of bars, from 0 to 1, in steps that can be seen: (layers,)."""
    return np.round(shares(values) * BAR_STEPS) / BAR_STEPS


def thicknesses(values: Array) -> Array:
    """Of wires: a pixel for each power of ten, in steps that can be seen: (layers,)."""
    pixels = THINNEST_PX + shares(values) * (HIGH - LOW)
    return np.round(pixels / WIDTH_STEP_PX) * WIDTH_STEP_PX


def _or_less(value: float) -> float:
    """For comparing: what is not a number is no candidate."""
    return math.inf if math.isnan(value) else value
