"""AlarmSpots: where the alarms of a run are marked in the heat strip."""

from __future__ import annotations

import numpy as np

from engine.training.history import History
from studio.dashboard.flow.heat_map import MARK_PX, HeatSpot


class AlarmSpots:
    """Grows with the alarms of one history."""

    def __init__(self) -> None:
        self._raised = np.empty((0, 2), int)  # (n, 2): iteration, layer

    def update(self, history: History) -> None:
        """Take in what is new."""
        new = history.alarms[len(self._raised) :]
        if new:
            rows = [(alarm.iteration, history.nodes.index(alarm.node)) for alarm in new]
            self._raised = np.concatenate([self._raised, np.array(rows)])

    def in_view(self, low: float, high: float, columns: int) -> list[HeatSpot]:
        """Those between two iterations; of several that would lie on each other, the first.

        columns: how many pixels lie between the two iterations.
        """
        first, last = np.searchsorted(self._raised[:, 0], [low, high])
        seen = self._raised[first:last]
        places = seen.copy()
        places[:, 0] = (seen[:, 0] - low) * columns / (high - low) // MARK_PX
        _, kept = np.unique(places, axis=0, return_index=True)
        return [HeatSpot(*place) for place in seen[np.sort(kept)].tolist()]
