"""Warp: a grid over the plane of the inputs, seen through the eyes of a hidden layer. No Qt."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from engine.data import Splits
from engine.errors import DataError
from engine.network import Network
from engine.probes.boundary import PlaneFacts, facts_of, targets_of
from engine.probes.coloring import Scale
from engine.probes.plane import Plane, plane_of
from engine.probes.points import MOST_POINTS, Points, judged, kinds_of
from engine.probes.principal_components import principal_components
from engine.probes.private_pass import values_of
from engine.probes.snapshot import Snapshot
from engine.probes.vectors import vectors_of
from engine.words import percent

Array = np.ndarray

LINES = 13
"""Of the grid, in each direction."""
STEPS = 40
"""Pieces of a line, so that it can bend."""


class WarpQuestion(NamedTuple):
    """node: the layer; an empty name is the last one that has two units. units: the two that make
    the axes; None for the first two principal components of the layer's activations. test_is_open:
    whether the test set may be shown."""

    node: str = ""
    units: tuple[int, int] | None = (0, 1)
    sets: tuple[str, ...] = ("train",)
    test_is_open: bool = False


class Warp(NamedTuple):
    """across and up: (LINES, STEPS + 1, 2) lines of equal second and of equal first coordinate of
    the plane, where the layer takes them. points: the examples at their places there. names: of
    the axes. inputs: the names of the plane's own axes. targets: a regression's color scale."""

    node: str
    units: tuple[int, int] | None
    across: Array
    up: Array
    points: tuple[Points, ...]
    names: tuple[str, str]
    inputs: tuple[str, str]
    is_whole: bool
    targets: Scale | None
    facts: PlaneFacts
    seconds: float

    def places(self) -> Array:
        """All places that should be seen: (2, n)."""
        lines = [self.across.reshape(-1, 2).T, self.up.reshape(-1, 2).T]
        return np.concatenate([*lines, *(points.at for points in self.points)], axis=1)


def warp_of(snapshot: Snapshot, question: WarpQuestion) -> Warp:
    """The answer to a question. Raises DataError where there is no plane, or no layer."""
    begun = time.thread_time()
    network, data = snapshot.network, snapshot.data
    facts = facts_of(network, data, question.test_is_open)
    node = layer_of(facts, question.node)
    plane = plane_of(data)
    view = _View(network, data, node, question.units)
    at = plane_grid(plane)  # (2, 2 * LINES * (STEPS + 1))
    across, up = view.look(plane.inputs(at)).T.reshape(2, LINES, STEPS + 1, 2)
    points = tuple(
        _points(data, name, network, view) for name in question.sets if name in facts.sets
    )
    seconds = time.thread_time() - begun
    return Warp(
        node,
        view.units,
        across,
        up,
        points,
        view.names,
        plane.names,
        plane.is_whole,
        targets_of(data.train, 0),
        facts,
        seconds,
    )


def layer_of(facts: PlaneFacts, wanted: str) -> str:
    """The layer that is shown: the wanted one if it has two units, else the last that has."""
    if len(facts.features) < 2:
        raise DataError(
            "There is no plane to warp: these data have one feature only.",
            hint="Choose data with two features or more.",
        )
    fit = [node for node, units in facts.layers if units >= 2]
    if not fit:
        raise DataError(
            "There is no hidden layer that gives a vector of at least two units to warp the plane.",
            hint="Add a layer between input and output.",
        )
    return wanted if wanted in fit else fit[-1]


def plane_grid(plane: Plane) -> Array:
    """Places on the plane's lines: (2, n), first those of equal second coordinate, line by line."""
    left, right, bottom, top = plane.box
    a, b = np.linspace(left, right, STEPS + 1), np.linspace(bottom, top, STEPS + 1)
    columns, rows = np.linspace(left, right, LINES), np.linspace(bottom, top, LINES)
    across = np.stack([np.tile(a, LINES), np.repeat(rows, STEPS + 1)])
    up = np.stack([np.repeat(columns, STEPS + 1), np.tile(b, LINES)])
    return np.concatenate([across, up], axis=1)


class _View:
    """Two coordinates of a layer's activations: two units, or two principal components of the
    training examples there."""

    def __init__(
        self, network: Network, data: Splits, node: str, units: tuple[int, int] | None
    ) -> None:
        self._network, (self._slot, count) = network, vectors_of(network)[node]
        if units is None:
            found = principal_components(self._activations(data.train.X[:, :MOST_POINTS]))
            self.units = None
            self._mean, self._reading = found.mean[:, np.newaxis], found.directions[:, :2].T
            shares = [percent(share, 0) for share in found.shares[:2]]
            self.names = f"PC 1 of {node} ({shares[0]})", f"PC 2 of {node} ({shares[1]})"
        else:
            self.units = units if max(units) < count else (0, 1)
            self._mean, self._reading = np.zeros((count, 1)), np.eye(count)[list(self.units)]
            first, second = (f"{node}, unit {unit + 1}" for unit in self.units)
            self.names = first, second

    def look(self, X: Array) -> Array:
        """Inputs (n_x, m) as they lie in this view: (2, m)."""
        return self._reading @ (self._activations(X) - self._mean)

    def _activations(self, X: Array) -> Array:
        return values_of(self._network, X)[self._slot]


def _points(data: Splits, name: str, network: Network, view: _View) -> Points:
    examples = getattr(data, name)
    X, Y = examples.X[:, :MOST_POINTS], examples.Y[:, :MOST_POINTS]
    predictions = network.predictions(network.logits(X.astype(network.dtype)))
    judgment = judged(examples.targets, predictions, Y, 0)
    return Points(name, view.look(X), *judgment, examples.m, kinds_of(examples))
