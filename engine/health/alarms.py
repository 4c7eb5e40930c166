"""Alarms: what is wrong with a run, with layer, iteration and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.health.measures import MEASURES

Array = np.ndarray

VANISHING_RATIO = 1e-2
"""A layer learns too slowly if its ||gradient|| is below this share of the largest layer's..."""
VANISHING_NORM = 1e-2
"""...while it is small in itself: in a network that has converged all gradients are small."""
EXPLODING_NORM = 1e3
DEAD_SHARE = 0.5
SATURATED_SHARE = 0.5
IDENTICAL_SHARE = 0.5
CONFIRMATIONS = 3
"""A measure must be out of range this many times in a row before it is an alarm."""


class Alarm(NamedTuple):
    """kind: "vanishing", "exploding", "dead", "saturated" or "symmetric"."""

    iteration: int
    kind: str
    node: str
    text: str


KINDS = ("vanishing", "exploding", "dead", "saturated", "symmetric")
_WEIGHT_NORM, _BIAS_NORM = (MEASURES.index(f"{kind}_gradient_norm") for kind in ("weight", "bias"))
_SHARES = [MEASURES.index(name) for name in ("dead_share", "saturated_share", "identical_share")]
_SHARE_LIMITS = np.array([[DEAD_SHARE], [SATURATED_SHARE], [IDENTICAL_SHARE]])


class AlarmWatch:
    """Turns health measurements into alarms, one for each layer and kind while it lasts."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._nodes = tuple(nodes)
        self._counts = np.zeros((len(KINDS), len(self._nodes)), int)

    def look(self, iteration: int, health: Array) -> list[Alarm]:
        """New alarms from one measurement; health: (measures, nodes), see HealthProbe."""
        norms = np.hypot(health[_WEIGHT_NORM], np.fmax(health[_BIAS_NORM], 0))  # 0 for NaN
        largest = norms.max(initial=0.0)
        wrong = np.empty(self._counts.shape, bool)  # (kinds, nodes)
        wrong[0] = (norms < VANISHING_RATIO * largest) & (norms < VANISHING_NORM)
        wrong[1] = norms > EXPLODING_NORM
        wrong[2:] = health[_SHARES] >= _SHARE_LIMITS  # a share that is NaN is never too large
        self._counts += 1
        self._counts *= wrong
        new = self._counts == CONFIRMATIONS
        if not new.any():
            return []
        return [
            self._alarm(iteration, KINDS[kind], node, health[:, node], norms)
            for kind, node in np.argwhere(new)
        ]

    def state(self) -> list[list[int]]:
        """Plain values for a file."""
        counts: list[list[int]] = self._counts.tolist()
        return counts

    def restore(self, values: Sequence[Sequence[int]]) -> None:
        """The inverse of `state`."""
        self._counts[...] = values

    def _alarm(self, iteration: int, kind: str, node: int, health: Array, norms: Array) -> Alarm:
        dead, saturated, identical = (f"{100 * share:.0f} %" for share in health[_SHARES])
        text = {
            "vanishing": f"the gradient vanishes: {norms[node]:.1e} against {norms.max():.1e}",
            "exploding": f"the gradient explodes: its norm is {norms[node]:.1e}",
            "dead": f"{dead} of the units are dead: 0 for every example",
            "saturated": f"{saturated} of the outputs are saturated",
            "symmetric": f"{identical} of the units are identical twins",
        }[kind]
        return Alarm(iteration, kind, self._nodes[node], f"'{self._nodes[node]}': {text}")
