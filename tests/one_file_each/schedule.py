"""A schedule in one file."""

from __future__ import annotations

from engine.schedules.base import Schedule
from engine.spec import setting


class Sawtooth(Schedule):
    """The learning rate falls in a line and jumps back. Source: a test."""

    teeth: int = setting(10, title="Length", help="Epochs from jump to jump.", ge=1, le=1_000)

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        return learning_rate * (1.0 - (epoch % self.teeth) / self.teeth)
