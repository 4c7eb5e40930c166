"""EvaluationPlan: after which epochs the train and dev sets are evaluated."""

from __future__ import annotations

import math
from typing import NamedTuple, Self

from engine.training.work import Work

FEWEST_STEPS = 20
"""Training steps between two evaluations that only the curves need: the plot of a full-batch run
does not need a point for each step."""
LARGEST_SHARE = 0.1
"""The share of the training time that such evaluations may take."""


class EvaluationPlan(NamedTuple):
    """every: epochs between two evaluations for the curves. epochs: the last one. asks_at_once:
    whether the first epoch is also evaluated, because evaluations are expensive and therefore rare,
    and a long run should not start without a score.

    A stop rule evaluates after every epoch, whatever it costs, and so does stopping the run.
    """

    every: int
    epochs: int
    asks_at_once: bool = False

    @classmethod
    def of(cls, work: Work, sizes: tuple[int, int], batch: int, epochs: int) -> Self:
        """sizes: examples in train and dev set. batch: examples in a mini-batch."""
        steps = math.ceil(sizes[0] / batch)
        price = sum(work.evaluation(m) for m in sizes)
        affordable = math.ceil(price / (LARGEST_SHARE * steps * work.step(batch)))
        wanted = math.ceil(FEWEST_STEPS / steps)
        return cls(max(affordable, wanted), epochs, affordable > wanted and epochs >= affordable)

    def asks_after(self, epoch: int) -> bool:
        """Whether both sets are evaluated after this epoch."""
        if epoch >= self.epochs or epoch % self.every == 0:
            return True
        return epoch == 1 and self.asks_at_once
