"""A float64 copy of a network that a check may change at will."""

from __future__ import annotations

import copy

import numpy as np

from engine.network import Network, Part
from engine.penalties import penalties_of


def twin(network: Network) -> Network:
    """The same network in float64 with arrays of its own: theta, gradient, state.

    Design and specs are frozen and shared, so this is much cheaper than building it anew. The
    generator is shared, too: draw nothing from it.
    """
    other = copy.copy(network)
    other.dtype = np.dtype("float64")
    other.parts = [_copied(part) for part in network.parts]
    other._lay_out([(part, part.params) for part in other.parts])
    other.penalties = penalties_of(other.specs, other.parameters, other.gradients)
    return other


def _copied(part: Part) -> Part:
    other = Part(part.node, part.layer, part.sources, part.target)
    other.params = dict(part.params)
    other.state = {name: value.astype("float64") for name, value in part.state.items()}
    other.learns_below = part.learns_below
    return other
