"""Alarms: what is wrong with a run, with layer, iteration and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.measures import MEASURES

Array = np.ndarray

VANISHING_RATIO = 1e-2
"""A layer learns too slowly if its ||gradient|| is below this share of the largest layer's..."""
VANISHING_NORM = 1e-2
"""...while it is small in itself: in a network that has converged all gradients are small."""
EXPLODING_NORM = 1e3
DEAD_SHARE = 0.5
SATURATED_SHARE = 0.5
CONFIRMATIONS = 3
"""A measure must be out of range this many times in a row before it is an alarm."""


class Alarm(NamedTuple):
    """kind: "vanishing", "exploding", "dead", "saturated" or "symmetric"."""

    iteration: int
    kind: str
    node: str
    text: str


class AlarmWatch:
    """Turns health measurements into alarms, one for each layer and kind while it lasts."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._nodes = tuple(nodes)
        self._counts: dict[tuple[str, str], int] = {}

    def look(self, iteration: int, health: Array) -> list[Alarm]:
        """New alarms from one measurement; health: (measures, nodes), see HealthProbe."""
        found = _conditions(dict(zip(MEASURES, health, strict=True)))
        alarms = []
        for kind, (wrong, texts) in found.items():
            for node, is_wrong, text in zip(self._nodes, wrong, texts, strict=True):
                count = self._counts.get((kind, node), 0) + 1 if is_wrong else 0
                self._counts[kind, node] = count
                if count == CONFIRMATIONS:
                    alarms.append(Alarm(iteration, kind, node, f"'{node}': {text}"))
        return alarms

    def state(self) -> list[list[object]]:
        """Plain values for a file."""
        return [[kind, node, count] for (kind, node), count in self._counts.items() if count]

    def restore(self, values: Sequence[Sequence[object]]) -> None:
        """The inverse of `state`."""
        self._counts = {(str(k), str(n)): int(str(count)) for k, n, count in values}


def _conditions(m: dict[str, Array]) -> dict[str, tuple[Array, list[str]]]:
    """kind -> which layers are affected, and the words for each layer."""
    norms = np.hypot(*(np.nan_to_num(m[f"{p}_gradient_norm"]) for p in ("weight", "bias")))
    largest = np.nanmax(norms, initial=0.0)
    with np.errstate(invalid="ignore"):
        vanishing = (norms < VANISHING_RATIO * largest) & (norms < VANISHING_NORM)
        return {
            "vanishing": (
                vanishing,
                [
                    f"the gradient vanishes, ‖gradient‖ = {n:.1e} against {largest:.1e}"
                    for n in norms
                ],
            ),
            "exploding": (
                norms > EXPLODING_NORM,
                [f"the gradient explodes: {n:.1e}" for n in norms],
            ),
            "dead": (
                m["dead_share"] >= DEAD_SHARE,
                [
                    f"{_percent(s)} of the units are dead: 0 for every example"
                    for s in m["dead_share"]
                ],
            ),
            "saturated": (
                m["saturated_share"] >= SATURATED_SHARE,
                [f"{_percent(s)} of the outputs are saturated" for s in m["saturated_share"]],
            ),
            "symmetric": (
                m["identical_share"] >= 0.5,
                [f"{_percent(s)} of the units are identical twins" for s in m["identical_share"]],
            ),
        }


def _percent(share: float) -> str:
    return "?" if np.isnan(share) else f"{100 * share:.0f} %"
