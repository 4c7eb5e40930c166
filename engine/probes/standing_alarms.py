"""Alarms that hold now. History tells when an alarm began, not whether it has passed."""

from __future__ import annotations

from engine.health.alarms import MEASURES, Alarm, AlarmWatch
from engine.training.history import History

MEASUREMENTS = 30
"""So many are looked at: units are judged at every ninth of them, or more often."""


def standing_alarms(history: History) -> list[Alarm]:
    """The alarms that the last measurements of the layers confirm, with the newest numbers."""
    iterations, watch = history.probe_iteration.values, AlarmWatch(history.nodes)
    known = min(len(iterations), len(history.health))
    standing: list[Alarm] = []
    for at in range(max(0, known - MEASUREMENTS), known):
        iteration, health = int(iterations[at]), history.health.values[at]
        costs = history.cost.values[:iteration]  # that of a measurement comes after it
        cost = float(costs[-1]) if len(costs) else 0.0
        rows = health.reshape(len(MEASURES), -1)
        watch.look(iteration, rows, cost)
        standing = watch.standing(iteration, rows, cost)
    return standing
