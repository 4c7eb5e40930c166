"""Alarms: what is wrong with a run, with layer, iteration and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.words import percent, short_number

Array = np.ndarray

MEASURES = (
    "weight_gradient_norm",
    "bias_gradient_norm",
    "update_ratio",
    "activation_mean",
    "activation_spread",
    "dead_share",
    "saturated_share",
    "identical_share",
)
"""weight_gradient_norm, bias_gradient_norm: Frobenius norms of dW, and of db (or dgamma, dbeta).
update_ratio: ||change of W in this step|| / ||W||; about 1e-3 is healthy.
activation_mean, activation_spread: mean and standard deviation of the layer's output.
dead_share: units that are exactly 0 for all judged examples, of those that can die (ReLU).
saturated_share: outputs at an end of a bounded function's range (sigmoid, tanh), for them.
Judged examples: those of the mini-batch, or 256 of the training set where it has fewer.
identical_share: units whose incoming weights equal another unit's (symmetry never broken).
Not a number where a measure has no meaning for a layer."""

VANISHING_RATIO = 1e-2
"""A layer learns too slowly if its ||gradient|| is below this share of the largest layer's..."""
VANISHING_NORM = 1e-2
"""...while it is small in itself: in a network that has converged all gradients are small."""
EXPLODING_NORM = 1e3
EXTREME_NORM = 1e6
EXTREME_COST = 1e6
"""A gradient or a cost beyond this needs no confirmation."""
DEAD_SHARE = 0.5
SATURATED_SHARE = 0.5
IDENTICAL_SHARE = 0.5
CONFIRMATIONS = 3
"""A measure must be out of range this many times in a row before it is an alarm, unless it leaves
no doubt: all units are dead or twins, or the gradient is extreme."""


class Alarm(NamedTuple):
    """kind: "vanishing", "exploding", "dead", "saturated" or "symmetric"."""

    iteration: int
    kind: str
    node: str
    text: str


KINDS = ("vanishing", "exploding", "dead", "saturated", "symmetric")
SAID_FIRST = ("exploding", "symmetric", "dead", "saturated", "vanishing")
"""Causes before effects: where all units are twins, or dead, the gradient vanishes for that."""
_PLACES = [SAID_FIRST.index(kind) for kind in KINDS]
_VANISHING, _EXPLODING, _DEAD, _SATURATED, _SYMMETRIC = range(len(KINDS))
_WEIGHT_NORM, _BIAS_NORM = (MEASURES.index(f"{kind}_gradient_norm") for kind in ("weight", "bias"))
_SHARES = [MEASURES.index(name) for name in ("dead_share", "saturated_share", "identical_share")]
_SHARE_LIMITS = np.array([[DEAD_SHARE], [SATURATED_SHARE], [IDENTICAL_SHARE]])


class AlarmWatch:
    """Turns health measurements into alarms, one for each layer and kind while it lasts."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._nodes = tuple(nodes)
        self._counts = np.zeros((len(KINDS), len(self._nodes)), int)

    def look(self, iteration: int, health: Array, cost: float = 0.0) -> list[Alarm]:
        """New alarms from one measurement; health: (measures, nodes), see HealthProbe.

        cost: J of the mini-batch. Units that were not judged this time stay as they were.
        """
        norms = _norms(health)
        wrong, certain = _wrong(health, norms, cost), _certain(health, norms, cost)
        before = self._counts.copy()
        self._counts += 1
        self._counts *= wrong
        self._counts[certain & (self._counts < CONFIRMATIONS)] = CONFIRMATIONS
        skipped = np.isnan(health[_SHARES])
        self._counts[_DEAD:][skipped] = before[_DEAD:][skipped]
        new = (self._counts >= CONFIRMATIONS) & (before < CONFIRMATIONS)
        return self._told(iteration, new, health, norms, cost) if new.any() else []

    def standing(self, iteration: int, health: Array, cost: float = 0.0) -> list[Alarm]:
        """The alarms that hold after `look`, with the numbers of that measurement."""
        holds = self._counts >= CONFIRMATIONS
        return self._told(iteration, holds, health, _norms(health), cost)

    @property
    def has_exploded(self) -> bool:
        """Whether that alarm holds for some layer."""
        return bool((self._counts[_EXPLODING] >= CONFIRMATIONS).any())

    def state(self) -> list[list[int]]:
        """Plain values for a file."""
        counts: list[list[int]] = self._counts.tolist()
        return counts

    def restore(self, values: Sequence[Sequence[int]]) -> None:
        """The inverse of `state`."""
        self._counts[...] = values

    def _told(
        self, iteration: int, which: Array, health: Array, norms: Array, cost: float
    ) -> list[Alarm]:
        found = sorted(np.argwhere(which).tolist(), key=lambda at: (_PLACES[at[0]], at[1]))
        return [
            self._alarm(iteration, KINDS[kind], node, health[:, node], norms, cost)
            for kind, node in found
        ]

    def _alarm(
        self, iteration: int, kind: str, node: int, health: Array, norms: Array, cost: float
    ) -> Alarm:
        dead, saturated, identical = (percent(share, 0) for share in health[_SHARES])
        norm, greatest = short_number(norms[node]), short_number(norms.max())
        extreme = f", and J is {short_number(cost)}" if cost > EXTREME_COST else ""
        text = {
            "vanishing": f"the gradient vanishes: {norm} against {greatest}",
            "exploding": f"the gradient explodes: its norm is {norm}{extreme}",
            "dead": f"{dead} of the units are dead: 0 for every example",
            "saturated": f"{saturated} of the outputs are saturated",
            "symmetric": f"{identical} of the units are identical twins",
        }[kind]
        return Alarm(iteration, kind, self._nodes[node], f"'{self._nodes[node]}': {text}")


def is_extreme(cost: float, norms: Sequence[float]) -> bool:
    """Whether J or the gradient of a layer is so large that it is an alarm at once."""
    return cost > EXTREME_COST or max(norms) > EXTREME_NORM


def _norms(health: Array) -> Array:
    """(nodes,): ||gradient|| of each layer, weights and biases together."""
    norms: Array = np.hypot(health[_WEIGHT_NORM], np.fmax(health[_BIAS_NORM], 0))  # 0 for NaN
    return norms


def _wrong(health: Array, norms: Array, cost: float) -> Array:
    """(kinds, nodes): what is out of range."""
    wrong = np.empty((len(KINDS), len(norms)), bool)
    wrong[_VANISHING] = (norms < VANISHING_RATIO * norms.max(initial=0.0)) & (
        norms < VANISHING_NORM
    )
    wrong[_EXPLODING] = norms > EXPLODING_NORM
    wrong[_DEAD:] = health[_SHARES] >= _SHARE_LIMITS  # a share that is NaN is never too large
    certain = _certain(health, norms, cost)
    if certain[_DEAD].any() or certain[_SYMMETRIC].any():
        wrong[_VANISHING] = False  # that is why it vanishes
    return wrong | certain


def _certain(health: Array, norms: Array, cost: float) -> Array:
    """(kinds, nodes): what needs no confirmation."""
    certain = np.zeros((len(KINDS), len(norms)), bool)
    certain[_EXPLODING] = norms > EXTREME_NORM
    if cost > EXTREME_COST:
        certain[_EXPLODING] |= norms == norms.max(initial=0.0)
    certain[_DEAD] = health[_SHARES[0]] == 1
    certain[_SYMMETRIC] = health[_SHARES[2]] == 1
    return certain
