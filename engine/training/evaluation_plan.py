"""EvaluationPlan: after which epochs train and dev set are evaluated."""

from __future__ import annotations

import math
from typing import NamedTuple, Self

from engine.training.work import Work

FEWEST_STEPS = 20
"""Training steps between two evaluations that nothing but the curves needs: a plot of a full-batch
run gains nothing by a point for each step."""
LARGEST_SHARE = 0.1
"""Of the training time, for such evaluations."""


class EvaluationPlan(NamedTuple):
    """every: epochs from one evaluation for the curves to the next. epochs: the last one.
    asks_at_once: whether the first epoch is evaluated, too, because evaluations are rare for their
    price, and a long run should not begin without a score.

    A stop rule looks after every epoch, whatever that costs, and so does whoever stops the run.
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
