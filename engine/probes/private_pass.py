"""A pass over a snapshot that leaves the snapshot as it is: all views of a window share it."""

from __future__ import annotations

import copy

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
        network.rng = np.random.Generator(network.rng.bit_generator.jumped(redraw))  # type: ignore[attr-defined]
    return network


def forward_of(snapshot: Snapshot, *, training: bool, redraw: int = 0) -> tuple[Network, Trace]:
    """The next batch through a copy: as the next step will see it, or in evaluation mode."""
    network = own_network(snapshot, redraw)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        trace = network.forward(snapshot.batch[0], training=training, rng=network.rng)
    return network, trace


def learn(network: Network, X: np.ndarray, Y: np.ndarray) -> Pass:
    """A pass forward and backward; numbers that overflow stay what they are, to be shown."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return network.learn_from(X, Y)
