"""Health: how well each layer fares, computed from what a training step has at hand anyway."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations import ActivationFunction
from engine.network import Network
from engine.network.parts import Pass

Array = np.ndarray

LONGEST_COMPARED_ROW = 64
"""Weights of a unit that are compared first when looking for identical units."""


@dataclass(frozen=True)
class _Layer:
    """Where a node's numbers lie: its spans of theta, its output, its activation."""

    weights: tuple[tuple[int, int, int], ...]
    others: tuple[tuple[int, int], ...]
    output: int
    function: ActivationFunction | None


class HealthProbe:
    """Measures the layers with parameters of one network. Holds positions, never arrays."""

    def __init__(self, network: Network, nodes: Sequence[str]) -> None:
        self._layers = [self._locate(network, node) for node in nodes]

    def measure(
        self,
        network: Network,
        step: Pass,
        previous: Array,
        judged: Sequence[Array] | None = None,
    ) -> Array:
        """(measures, nodes) in float32, in the order of MEASURES, after a step.

        step: the pass that gave the gradient. previous: theta before the update. judged: the values
        by slot on which units are called dead or saturated; None leaves these unknown.
        """
        columns = [self._measure(network, layer, step, previous, judged) for layer in self._layers]
        return np.array(columns, "float32").T  # (measures, nodes)

    @staticmethod
    def _locate(network: Network, node: str) -> _Layer:
        blocks = [block for block in network.slices if block.node == node]
        parts = [part for part in network.parts if part.node == node]
        part = next((part for part in parts if part.layer.nonlinearity is not None), parts[-1])
        return _Layer(
            tuple((b.start, b.stop, b.shape[0]) for b in blocks if b.is_weight),
            tuple((b.start, b.stop) for b in blocks if not b.is_weight),
            part.target,
            part.layer.nonlinearity,
        )

    @staticmethod
    def _measure(
        network: Network,
        layer: _Layer,
        step: Pass,
        previous: Array,
        judged: Sequence[Array] | None,
    ) -> list[float]:
        theta, gradient = network.theta, network.gradient
        a, masks = step.trace.values[layer.output], step.trace.masks
        mask = masks[layer.output] if masks else None
        change = size = slope = 0.0
        for start, stop, _ in layer.weights:
            weights = theta[start:stop]
            change += _square(weights - previous[start:stop])
            size += _square(weights)
            slope += _square(gradient[start:stop])
        other_slope = sum([_square(gradient[start:stop]) for start, stop in layer.others])
        return [
            math.sqrt(slope) if layer.weights else math.nan,
            math.sqrt(other_slope) if layer.others else math.nan,
            math.sqrt(change / size) if size > 0 else math.nan,
            *_mean_and_spread(a if mask is None else a[..., mask]),  # without padding
            *_shares(judged, layer),
            _identical_share(theta, layer),
        ]


def _mean_and_spread(a: Array) -> tuple[float, float]:
    """Mean and standard deviation; var = mean of squares - square of mean, never below 0."""
    flat = a.ravel()
    mean = float(np.add.reduce(flat)) / a.size
    return mean, math.sqrt(max(0.0, _square(flat) / a.size - mean * mean))


def _square(values: Array) -> float:
    return float(values.dot(values))


def _shares(judged: Sequence[Array] | None, layer: _Layer) -> tuple[float, float]:
    """The dead and the saturated share."""
    if judged is None:
        return math.nan, math.nan
    a = judged[layer.output]
    return _dead_share(a, layer.function), _saturated_share(a, layer.function)


def _dead_share(a: Array, function: ActivationFunction | None) -> float:
    if function is None or not function.can_die:
        return np.nan
    tops = np.maximum.reduce(a.reshape(a.shape[0], -1), axis=1)  # (units,)
    return 1 - int(np.count_nonzero(tops)) / len(tops)  # such functions are never negative


def _saturated_share(a: Array, function: ActivationFunction | None) -> float:
    mask = function.saturated(a) if function is not None else None
    return np.nan if mask is None else float(mask.mean())


def _identical_share(theta: Array, layer: _Layer) -> float:
    """Units that have a twin. Rows are told apart by their first weight, which is cheap, then by
    their first weights, and only those that agree there are compared in full."""
    if not layer.weights or layer.weights[0][2] < 2:
        return np.nan
    start, stop, units = layer.weights[0]
    rows = theta[start:stop].reshape(units, -1)  # (n_out, n_in)
    if len(set(rows[:, 0].tolist())) == units:
        return 0.0
    heads = [row.tobytes() for row in rows[:, :LONGEST_COMPARED_ROW]]
    if len(set(heads)) == units:
        return 0.0
    counts = Counter(row.tobytes() for row in rows)
    return sum(count for count in counts.values() if count > 1) / units
