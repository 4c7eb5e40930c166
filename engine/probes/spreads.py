"""How the numbers of each layer are spread in one pass. NumPy only, no Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple, Self

import numpy as np

from engine.network import Network
from engine.network.parts import ParameterSlice, Part, Pass

Array = np.ndarray

BINS = 40
MOST_BINNED = 200_000
"""Of more values, evenly spaced ones are counted; mean and spread are those of all."""
A, Z, W, DW = "A", "Z", "W", "dW"
KINDS = (A, Z, W, DW)
"""Activations (before dropout; predictions at the output), pre-activations W A + b, weights, and
the gradients of the weights, in lecture notation."""


class Histogram(NamedTuple):
    """counts: (BINS,) of the finite values from low to high that are not exactly 0. zeros, broken:
    shares of all values that are exactly 0, and that are infinite or not a number. mean, spread:
    of the finite values; the spread is the standard deviation. largest: the largest |value|."""

    low: float
    high: float
    counts: Array
    zeros: float
    broken: float
    mean: float
    spread: float
    largest: float

    @classmethod
    def of(cls, values: Array) -> Self:
        """Count the values of an array of any shape."""
        flat = values.ravel()
        with np.errstate(over="ignore", invalid="ignore"):
            square = float(flat.dot(flat))
        finite = flat if math.isfinite(square) else flat[np.isfinite(flat)]
        if not finite.size:
            return cls(0.0, 0.0, np.zeros(BINS, np.int32), 0.0, 1.0, math.nan, math.nan, math.nan)
        binned = finite[:: -(-finite.size // MOST_BINNED)]
        other = binned[binned != 0]
        low, high = (float(other.min()), float(other.max())) if other.size else (0.0, 0.0)
        return cls(
            low,
            high,
            _counted(other, low, high),
            1 - other.size / binned.size,
            1 - finite.size / flat.size,
            float(finite.mean(dtype=np.float64)),
            float(finite.std(dtype=np.float64)),
            max(abs(low), abs(high)),
        )


Spreads = Mapping[str, Mapping[str, Histogram]]
"""Kind -> node -> histogram. A kind has the nodes that have such numbers, in network order."""


def spreads(network: Network, step: Pass) -> Spreads:
    """The histograms of a pass that filled the network's gradient."""
    found: dict[str, dict[str, Histogram]] = {kind: {} for kind in KINDS}
    for node in network.shapes:
        parts = [part for part in network.parts if part.node == node]
        found[A][node] = Histogram.of(_activations(network, parts, step))
        for part in parts:
            if part.layer.weights:
                found[Z][node] = Histogram.of(step.trace.values[part.target])
    for node in dict.fromkeys(block.node for block in network.slices if block.is_weight):
        blocks = [block for block in network.slices if block.node == node and block.is_weight]
        found[W][node] = Histogram.of(_joined(blocks, network.theta))
        found[DW][node] = Histogram.of(_joined(blocks, network.gradient))
    return found


def _joined(blocks: list[ParameterSlice], vector: Array) -> Array:
    """These pieces of theta, or of the gradient, in one row."""
    return np.concatenate([vector[block.start : block.stop] for block in blocks])


def _activations(network: Network, parts: list[Part], step: Pass) -> Array:
    """What a node computes, before dropout; the predictions, if it is the last."""
    steady = [part for part in parts if not part.layer.draws_randomness] or parts
    values: Array = step.trace.values[steady[-1].target]
    head = next((head for head in network.heads if head.slot == parts[-1].target), None)
    if head is None:
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        return network.predictions(values, head)


def _counted(values: Array, low: float, high: float) -> Array:
    edges = np.linspace(low, high, BINS + 1, dtype=values.dtype)
    if (edges[1:] <= edges[:-1]).any():  # nothing, or all alike but for rounding: one bin
        counts = np.zeros(BINS, np.int32)
        counts[BINS // 2] = values.size
        return counts
    return np.histogram(values, BINS, (low, high))[0].astype(np.int32)
