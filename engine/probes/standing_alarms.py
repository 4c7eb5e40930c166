"""Alarms that hold now. History tells when an alarm began, not whether it has passed."""

from __future__ import annotations

from engine.health.alarms import CONFIRMATIONS, Alarm, AlarmWatch
from engine.health.measures import MEASURES
from engine.training.history import History


def standing_alarms(history: History) -> list[Alarm]:
    """The alarms that the last measurements of the layers confirm, with the newest numbers.

    A watch that has seen nothing else raises after them exactly what held in all of them.
    """
    rows = history.health.values[-CONFIRMATIONS:]
    watch = AlarmWatch(history.nodes)
    raised: list[Alarm] = []
    for iteration, row in zip(history.probe_iteration.values[-len(rows) :], rows, strict=False):
        raised = watch.look(int(iteration), row.reshape(len(MEASURES), -1))
    return raised
