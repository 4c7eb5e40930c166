"""Plane: a two-dimensional cut through the space of the inputs, and what a network is on it.

    plane = plane_of(data)                     # the inputs themselves, where there are two
    surface(network, plane)                    # predictions (n_y, rows, columns), top row first

No Qt in here: other views, and scripts, may use it as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.data import Normalization, Splits
from engine.errors import DataError
from engine.layers.kinds import kind_of
from engine.network import Network
from engine.probes.principal_components import Components, components_of
from engine.probes.private_pass import values_of
from engine.probes.snapshot import Snapshot
from engine.probes.vectors import vectors_of
from engine.words import percent

Array = np.ndarray

CELLS = 80
"""Cells along each axis: 6,400 predictions are a few milliseconds for a small network."""
CHUNK = 1_024
"""Cells in one pass: bounds the memory that a convolutional network takes."""
MARGIN = 0.15
"""Room around the training examples, as a share of their range."""
MOST_KEPT = 20
"""Planes of one data set that are remembered."""
FEATURE, COMPONENT = "feature", "component"


class PlaneAxis(NamedTuple):
    """One axis: a feature, or a principal component of the training set; number: from 0."""

    kind: str
    number: int


class PlaneChoice(NamedTuple):
    """Which plane. rest: where the other features rest: at the mean of the training set (None),
    or at this one of its examples."""

    across: PlaneAxis
    up: PlaneAxis
    rest: int | None = None


@dataclass(frozen=True, eq=False)
class Plane:
    """X = origin + directions (a, b), in the units that the network takes.

    origin: (n_x, 1), directions: (n_x, 2), and reading: (2, n_x), which takes (a, b) out of X.
    (a, b) are in the units of the data, or, for principal components, in those of the network.
    box: left, right, bottom, top. cells: columns, rows. is_whole: nothing lies off this plane.
    """

    choice: PlaneChoice
    origin: Array
    directions: Array
    reading: Array
    box: tuple[float, float, float, float]
    names: tuple[str, str]
    is_whole: bool
    cells: tuple[int, int] = (CELLS, CELLS)

    def inputs(self, at: Array) -> Array:
        """(2, m) places on the plane as inputs of a network: (n_x, m)."""
        inputs: Array = self.directions @ at
        inputs += self.origin
        return inputs

    def coordinates(self, X: Array) -> Array:
        """Where examples (n_x, m) lie on the plane, seen along the features that it leaves out:
        (2, m)."""
        return self.reading @ (X - self.origin)

    def centers(self) -> Array:
        """The middles of all cells: (2, rows * columns), row by row from the top."""
        left, right, bottom, top = self.box
        columns, rows = self.cells
        a = left + (np.arange(columns) + 0.5) * (right - left) / columns
        b = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
        return np.stack([np.tile(a, rows), np.repeat(b, columns)])  # (2, rows * columns)

    def cell_at(self, a: float, b: float) -> tuple[int, int] | None:
        """The row and column that hold a place; None outside the box."""
        left, right, bottom, top = self.box
        columns, rows = self.cells
        column = int(np.floor((a - left) / (right - left) * columns))
        row = int(np.floor((top - b) / (top - bottom) * rows))
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None


def grid_of(plane: Plane) -> dict[str, Array]:
    """x: (columns,) and y: (rows,) the middles of the cells, in the units of the axes; the first
    row is the top one."""
    columns, rows = plane.cells
    a, b = plane.centers().reshape(2, rows, columns)
    return {"x": a[0], "y": b[:, 0]}


class Sweep(NamedTuple):
    """One pass over a plane. predictions: of the first output, (n_y, rows, columns). units: what
    every layer with a vector as output passes on, by node, (units, rows, columns); the predictions,
    if it is an output."""

    predictions: Array
    units: Mapping[str, Array]


def default_choice(data: Splits) -> PlaneChoice:
    """The first two features; of pictures, whose single pixels say little, the first components."""
    kind = COMPONENT if data.train.image_shape is not None else FEATURE
    return PlaneChoice(PlaneAxis(kind, 0), PlaneAxis(kind, 1))


def plane_of(
    data: Splits, choice: PlaneChoice | None = None, cells: tuple[int, int] = (CELLS, CELLS)
) -> Plane:
    """The plane of a choice, around the training examples; at least two features are needed.

    Example: with two features and the default choice, the plane is the whole space of inputs.
    Found once for each choice: that takes a look at all training examples. A choice that other data
    allowed, and these do not, gives the default one.
    """
    if choice is None or not _Basis(data).holds(choice):
        choice = default_choice(data)
    with _finding:
        known = _planes.setdefault(data, {})
        if choice not in known:
            if len(known) >= MOST_KEPT:
                known.clear()
            known[choice] = _plane(data, choice)
        return replace(known[choice], cells=cells)


def _plane(data: Splits, choice: PlaneChoice) -> Plane:
    basis = _Basis(data)
    origin = basis.origin(choice)
    directions = np.stack([basis.direction(axis) for axis in choice[:2]], axis=1)  # (n_x, 2)
    reading = np.stack([basis.reading(axis) for axis in choice[:2]])  # (2, n_x)
    at = reading @ (data.train.X - origin)  # (2, m)
    names = basis.name(choice.across), basis.name(choice.up)
    whole = data.train.n_x == 2
    box = *_range_around(at[0]), *_range_around(at[1])
    return Plane(choice, origin, directions, reading, box, names, whole)


def check_inputs(network: Network) -> None:
    """Raises DataError for inputs between which there is nothing: tokens, and lengths."""
    whole = [
        name
        for name, layer in network.specs.items()
        if not layer.inputs and (layer.reads_lengths or kind_of(network.shapes[name]) == "tokens")
    ]
    if whole:
        raise DataError(
            f"There is no plane through these inputs: '{whole[0]}' takes whole numbers, tokens or "
            "lengths, and a plane needs all numbers between."
        )


def surface(network: Network, plane: Plane) -> Array:
    """What a network predicts at the middle of each cell: (n_y, rows, columns)."""
    return sweep(network, plane).predictions


def sweep_of(snapshot: Snapshot, plane: Plane) -> Sweep:
    """The same of a snapshot, which keeps it: all views of one plane share one pass."""
    key = "sweep", plane.choice, plane.box, plane.cells
    return snapshot.once(key, lambda: sweep(snapshot.network, plane))


def sweep(network: Network, plane: Plane) -> Sweep:
    """Predictions and activations in one pass, in evaluation mode. Nothing is remembered, because
    a network changes in place: see `sweep_of`."""
    check_inputs(network)
    slots = {name: output.slot for name, output in vectors_of(network).items()}
    units: dict[str, list[Array]] = {node: [] for node in slots}
    at = plane.centers()
    for start in range(0, at.shape[1], CHUNK):
        values = values_of(network, plane.inputs(at[:, start : start + CHUNK]))
        for node, slot in slots.items():
            units[node].append(values[slot])
    columns, rows = plane.cells
    found = {node: np.concatenate(parts, axis=-1) for node, parts in units.items()}
    for head in network.heads:
        found[head.node] = network.predictions(found[head.node], head)
    shaped = {node: values.reshape(-1, rows, columns) for node, values in found.items()}
    return Sweep(shaped[network.head.node], shaped)


_planes: WeakKeyDictionary[Splits, dict[PlaneChoice, Plane]] = WeakKeyDictionary()
_finding = threading.Lock()


class _Basis:
    """Directions of features and principal components in the space of the network's inputs.

    A feature's axis begins at 0 of the data, a component's at the mean of the training set.
    """

    def __init__(self, data: Splits) -> None:
        self._train = data.train
        n_x = data.train.n_x
        rule = data.normalization or Normalization(np.zeros((n_x, 1)), np.ones((n_x, 1)))
        self._mean, self._scale = rule.mean[:, 0], rule.scale[:, 0]
        self._data = data

    @cached_property
    def _components(self) -> Components:
        return components_of(self._data)

    def holds(self, choice: PlaneChoice) -> bool:
        """Whether the data have these axes, and the example that tells where the plane lies."""
        if choice.rest is not None and choice.rest >= self._train.m:
            return False
        return all(axis.number < self._count(axis.kind) for axis in choice[:2])

    def _count(self, kind: str) -> int:
        """How many features or components there are."""
        whole = kind == COMPONENT
        return self._components.directions.shape[1] if whole else self._train.n_x

    def direction(self, axis: PlaneAxis) -> Array:
        """(n_x,) one step along the axis."""
        if axis.kind == COMPONENT:
            return self._components.directions[:, axis.number]
        return self._unit(axis.number) / self._scale[axis.number]

    def reading(self, axis: PlaneAxis) -> Array:
        """(n_x,) that takes the axis' value out of an input."""
        if axis.kind == COMPONENT:
            return self._components.directions[:, axis.number]
        return self._unit(axis.number) * self._scale[axis.number]

    def origin(self, choice: PlaneChoice) -> Array:
        """(n_x, 1) where both axes are 0."""
        train = self._train
        X = train.X if choice.rest is None else train.X[:, choice.rest : choice.rest + 1]
        start = X.mean(axis=1, dtype=np.float64)  # (n_x,)
        for axis in choice[:2]:
            start -= self.direction(axis) * (self.reading(axis) @ start - self._offset(axis))
        return start[:, np.newaxis]

    def _offset(self, axis: PlaneAxis) -> float:
        """The reading of an input where the axis is 0."""
        if axis.kind == COMPONENT:
            return float(self.reading(axis) @ self._components.mean)
        return float(-self._mean[axis.number])

    def name(self, axis: PlaneAxis) -> str:
        """What stands at the axis."""
        if axis.kind == COMPONENT:
            share = self._components.shares[axis.number]
            return f"PC {axis.number + 1} ({percent(share, 0)} of the variance)"
        return self._train.feature_names[axis.number]

    def _unit(self, index: int) -> Array:
        unit = np.zeros(self._train.n_x)
        unit[index] = 1.0
        return unit


def _range_around(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin
