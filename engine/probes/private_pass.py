"""Passes over the next batch of a snapshot; the snapshot keeps them, and stays as it is."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from engine.network import Network
from engine.network.parts import Pass, Trace
from engine.probes.snapshot import Snapshot


def own_network(snapshot: Snapshot, redraw: int = 0) -> Network:
    """A copy of the snapshot's network with running statistics and randomness of its own.

    redraw: 0 draws the very masks of the next step; every further number draws others.
    """
    network = snapshot.network.copy(snapshot.network.dtype.name)
    network.rng = copy.deepcopy(snapshot.network.rng)
    if redraw:
        network.rng = network.rng.jumped(redraw)
    return network


def forward_of(snapshot: Snapshot, *, training: bool, redraw: int = 0) -> tuple[Network, Trace]:
    """The next batch through a copy: as the next step will see it, or in evaluation mode."""
    key = "forward", training, redraw
    return snapshot.once(key, lambda: _forward(snapshot, training, redraw))


def _forward(snapshot: Snapshot, training: bool, redraw: int) -> tuple[Network, Trace]:
    network = own_network(snapshot, redraw)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        trace = network.forward(snapshot.batch[0], training=training, rng=network.rng)
    return network, trace


def values_of(network: Network, X: np.ndarray) -> list[Any]:
    """The values of all slots in evaluation mode; numbers that overflow stay what they are."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return network.forward(X.astype(network.dtype)).values


def next_step(snapshot: Snapshot) -> tuple[Network, Pass]:
    """The next batch forward and backward through a copy, as the next step will do it."""
    return snapshot.once("step", lambda: _next_step(snapshot))


def _next_step(snapshot: Snapshot) -> tuple[Network, Pass]:
    network = own_network(snapshot)
    return network, learn(network, *snapshot.batch)


def learn(network: Network, X: np.ndarray, Y: np.ndarray) -> Pass:
    """A pass forward and backward; numbers that overflow stay what they are, to be shown."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return network.learn_from(X, Y)
