"""What the preparation panel shows, computed from a snapshot. Pure functions, no Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.data.splitting.splits import Normalization
from engine.layers.mode import Mode
from engine.network import Network
from engine.network.parts import Part
from engine.probes.landscape import Landscape, landscape
from engine.probes.private_pass import values_of
from engine.probes.snapshot import Snapshot

Array = np.ndarray

MOST_POINTS = 400
MOST_FOR_J = 2_000
"""Training examples of which J over two weights is made."""
PICTURES = 6
DRAWS = 3


class PreparationQuestion(NamedTuple):
    """view: a View's name. first, second: features. draw: counts "Draw again"."""

    view: str
    first: int = 0
    second: int = 1
    draw: int = 0
    rate: float = 0.9


class Cloud(NamedTuple):
    """points: (2, n) of the two features. groups: (n,), the class of each. classes: how many
    classes there are."""

    points: Array
    groups: Array
    classes: int = 1


class FeatureScatter(NamedTuple):
    """Features before and after; is_applied: whether the network learns from those after."""

    names: tuple[str, ...]
    before: Cloud
    after: Cloud
    is_applied: bool


class Bowls(NamedTuple):
    """The landscapes of two features, raw and normalized."""

    names: tuple[str, ...]
    before: Landscape
    after: Landscape
    is_applied: bool


class AugmentedPictures(NamedTuple):
    """originals: (n, H, W, channels), changed: (DRAWS, n, H, W, channels), both within 0 to 1.
    node: the layer that changes them. leaves_shadows: it changes normalized pictures. ink: see
    Dataset."""

    node: str
    leaves_shadows: bool
    originals: Array
    changed: Array
    ink: bool = False


def scatter(snapshot: Snapshot, question: PreparationQuestion) -> FeatureScatter:
    """Two features of the training set, before and after normalization."""
    before, after, is_applied = _before_and_after(snapshot, MOST_POINTS)
    rows = [min(i, len(before) - 1) for i in (question.first, question.second)]
    groups = _groups(snapshot, before.shape[1])
    names = snapshot.data.train.feature_names
    return FeatureScatter(
        names, Cloud(before[rows], *groups), Cloud(after[rows], *groups), is_applied
    )


def bowls(snapshot: Snapshot, question: PreparationQuestion) -> Bowls:
    """J over the weights of two features. Raises DataError where there is no such bowl."""
    before, after, is_applied = _before_and_after(snapshot, MOST_FOR_J)
    rows = [min(i, len(before) - 1) for i in (question.first, question.second)]
    y = _one_target(snapshot, before.shape[1])
    raw, normalized = (landscape(X[rows], y, question.rate) for X in (before, after))
    return Bowls(snapshot.data.train.feature_names, raw, normalized, is_applied)


def pictures(snapshot: Snapshot, question: PreparationQuestion) -> AugmentedPictures | None:
    """Training pictures, and what the first layer that changes pictures makes of them."""
    network = snapshot.network
    part = next((p for p in network.parts if p.layer.changes_pictures), None)
    if part is None:
        return None
    (source,) = part.sources
    x = values_of(network, snapshot.data.train.X[:, :PICTURES])[source]  # (C, H, W, n)
    draws = [_changed(part, x, question.draw * DRAWS + k) for k in range(DRAWS)]
    seen = [_as_seen(each, snapshot) for each in (x, *draws)]
    low, high = float(seen[0].min()), float(seen[0].max())
    scaled = [np.clip((each - low) / ((high - low) or 1.0), 0, 1) for each in seen]
    shown = [np.moveaxis(each, (3, 0), (0, 3)) for each in scaled]  # (n, H, W, C)
    normalized = snapshot.data.normalization is not None
    return AugmentedPictures(
        part.node, normalized, shown[0], np.stack(shown[1:]), snapshot.data.train.ink
    )


def _as_seen(x: Array, snapshot: Snapshot) -> Array:
    """Pictures with the brightness that they had before the data were normalized."""
    done = snapshot.data.normalization
    return x if done is None else done.undo(x.reshape(-1, x.shape[-1])).reshape(x.shape)


def _changed(part: Part, x: Array, seed: int) -> Array:
    mode = Mode(training=True, rng=np.random.default_rng(seed))
    return np.asarray(part.layer.forward(part.params, part.state, x, mode=mode)[0])


def _before_and_after(snapshot: Snapshot, most: int) -> tuple[Array, Array, bool]:
    """Raw and normalized features, (n_x, n) each; without any normalization, what it would give."""
    train, done = snapshot.data.train, snapshot.data.normalization
    given = train.X[:, :most]
    raw = given if done is None else done.undo(given)
    measured = _measured(snapshot.network, given)
    if measured is not None:
        return raw, measured, True
    if done is not None:
        return raw, given, True
    return raw, Normalization.of(train.X).apply(raw), False


def _measured(network: Network, X: Array) -> Array | None:
    """What comes out of the first layer that has learned from the data."""
    for part in network.parts:
        if part.layer.learns_from_data:
            value = values_of(network, X)[part.target]
            return np.asarray(value.reshape(-1, value.shape[-1]))
    return None


def _groups(snapshot: Snapshot, count: int) -> tuple[Array, int]:
    """The class of each example, and how many classes there are."""
    Y = snapshot.data.train.Y[:, :count]
    targets = snapshot.data.train.targets
    if not targets.exclusive:
        return np.zeros(count, int), 1
    return targets.labels(Y), targets.class_count(snapshot.data.train.n_y)


def _one_target(snapshot: Snapshot, count: int) -> Array:
    """One number for each example: the first target, as ±1 where it is a class."""
    train = snapshot.data.train
    y = np.nan_to_num(train.targets.indicators(train.Y[:, :count], train.n_y)[0])
    return np.asarray(2 * y - 1 if train.targets.has_classes else y - y.mean())
