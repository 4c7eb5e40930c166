"""What the boundary's panel asks, and its answer, which is computed beside training and window."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from engine.data import Dataset, Splits
from engine.errors import DataError
from engine.network import Network
from engine.probes.coloring import Inks, Scale, class_pixels, scale_pixels
from engine.probes.contour import zero_line
from engine.probes.plane import CELLS, Plane, PlaneChoice, check_inputs, plane_of, sweep_of
from engine.probes.points import Points, points_of
from engine.probes.principal_components import MOST
from engine.probes.snapshot import Snapshot
from engine.probes.vectors import vectors_of
from engine.targets import Targets

Array = np.ndarray

BANDS = 10
"""Steps of the scale of a regression that is shown in bands."""


class Unit(NamedTuple):
    """One unit of a layer; number: from 0."""

    node: str
    number: int


class PlaneQuestion(NamedTuple):
    """choice: None for the default plane. unit: show what this one computes; None: the prediction.
    output: which label, or which number of a regression. sets: those whose points are shown.
    test_is_open: whether the test set may be among them."""

    inks: Inks
    choice: PlaneChoice | None = None
    output: int = 0
    unit: Unit | None = None
    discrete: bool = False
    sets: tuple[str, ...] = ()
    cells: int = CELLS
    test_is_open: bool = False


class PlaneFacts(NamedTuple):
    """What can be asked about a run: the names of features, classes and layers with their units."""

    targets: Targets
    features: tuple[str, ...]
    classes: tuple[str, ...]
    outputs: int
    examples: int
    components: int
    layers: tuple[tuple[str, int], ...]
    sets: tuple[str, ...]


class PlanePicture(NamedTuple):
    """pixels: (rows, columns) of 0xffRRGGBB. values: what they show, (rows, columns), or (C, rows,
    columns) where they mix class colors. scale: of the colors; None for class colors. lines:
    (n, 2, 2) pieces of the decision's border, on the plane. unit: the one that is shown. targets:
    the scale of a regression's points. seconds: of a processor that it took."""

    plane: Plane
    pixels: Array
    values: Array
    scale: Scale | None
    lines: Array
    unit: Unit | None
    points: tuple[Points, ...]
    targets: Scale | None
    facts: PlaneFacts
    seconds: float


def picture_of(snapshot: Snapshot, question: PlaneQuestion) -> PlanePicture:
    """The answer to a question. Raises DataError if the data have one feature only."""
    begun = time.thread_time()
    network, data = snapshot.network, snapshot.data
    facts = facts_of(network, data, question.test_is_open)
    if len(facts.features) < 2:
        raise DataError(
            "There is no plane to show: these data have one feature only.",
            hint="Choose data with two features or more.",
        )
    plane = plane_of(data, question.choice, (question.cells, question.cells))
    output = min(question.output, facts.outputs - 1)
    unit = question.unit if _exists(question.unit, facts) else None
    values = _values(snapshot, plane, facts, output, unit)
    scale = _scale(values, data.train, output, unit, question.discrete)
    pixels = (
        class_pixels(values, question.inks, question.discrete)
        if scale is None
        else scale_pixels(values, scale, question.inks)
    )
    lines = _lines(values, scale, plane, facts, unit)
    points = tuple(
        points_of(data, name, network, plane, output)
        for name in question.sets
        if name in facts.sets
    )
    seconds = time.thread_time() - begun
    targets = targets_of(data.train, output)
    return PlanePicture(plane, pixels, values, scale, lines, unit, points, targets, facts, seconds)


def facts_of(network: Network, data: Splits, test_is_open: bool = False) -> PlaneFacts:
    """What can be asked about a network and its data; a sealed test set is as if it were not.

    Raises DataError where no plane leads through the inputs.
    """
    train = data.train
    check_inputs(network)
    ends = {name for name, layer in network.specs.items() if not (layer.inputs and layer.outputs)}
    vectors = vectors_of(network).items()
    hidden = tuple((name, output.units) for name, output in vectors if name not in ends)
    sets = ("train", "dev", "test") if test_is_open and data.test is not None else ("train", "dev")
    components = min(MOST, train.n_x, train.m)
    return PlaneFacts(
        train.targets,
        train.feature_names,
        train.classes,
        train.n_y,
        train.m,
        components,
        hidden,
        sets,
    )


def _exists(unit: Unit | None, facts: PlaneFacts) -> bool:
    return unit is not None and unit.number < dict(facts.layers).get(unit.node, 0)


def _values(
    snapshot: Snapshot, plane: Plane, facts: PlaneFacts, output: int, unit: Unit | None
) -> Array:
    swept = sweep_of(snapshot, plane)
    if unit is not None:
        return swept.units[unit.node][unit.number]
    return swept.predictions if facts.targets.coloring == "classes" else swept.predictions[output]


def _scale(
    values: Array, train: Dataset, output: int, unit: Unit | None, discrete: bool
) -> Scale | None:
    """From 0 to 1 for probabilities; for numbers the range of the targets; for a unit the same to
    both sides of 0."""
    if unit is not None:
        most = largest(values)
        return Scale(-most, most, 2 if discrete else 0)
    if train.targets.coloring == "classes":
        return None
    targets = targets_of(train, output)
    if targets is not None:
        return targets._replace(bands=BANDS if discrete else 0)
    return Scale(0.0, 1.0, 2 if discrete else 0)


def targets_of(train: Dataset, output: int) -> Scale | None:
    """The range of a regression's targets; None for classes."""
    if train.targets.has_classes:
        return None
    targets = train.Y[output]
    return Scale(float(targets.min()), float(targets.max()))


def largest(values: Array) -> float:
    """The largest finite absolute value; 1 if all are 0."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0


def _lines(
    values: Array, scale: Scale | None, plane: Plane, facts: PlaneFacts, unit: Unit | None
) -> Array:
    """Where the decision turns, or where a unit is 0; a regression decides nothing."""
    if not facts.targets.has_classes and unit is None:
        return np.empty((0, 2, 2))
    values = np.nan_to_num(values)
    if scale is None:
        pieces = np.concatenate([zero_line(lead) for lead in leads(values)])
    else:
        pieces = zero_line(values - (scale.least + scale.most) / 2)
    return _on_plane(pieces, plane)


def leads(chances: Array) -> Array:
    """(C, rows, columns): by how much each class is ahead of the best of the others."""
    order = np.sort(chances, axis=0)
    best, second = order[-1], order[-2]
    return np.where(chances == best, chances - second, chances - best)


def _on_plane(pieces: Array, plane: Plane) -> Array:
    """Ends in cells as ends in the units of the axes."""
    left, right, bottom, top = plane.box
    columns, rows = plane.cells
    steps = np.array([(right - left) / columns, (bottom - top) / rows])
    return np.array([left, top]) + (pieces + 0.5) * steps
