"""Numbers: every array of the next training step, and the step taken line by line."""

from studio.dashboard.numbers.panel import NumbersPanel

__all__ = ["NumbersPanel"]
