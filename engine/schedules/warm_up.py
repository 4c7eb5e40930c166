"""Learning rates that rise at the start."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.schedules.base import Schedule
from engine.spec import setting


class WarmUp(Schedule):
    """The learning rate rises in a straight line, then stays.

    alpha = min(1, n / length) * alpha_0

    n is the number of the current iteration (or epoch) counted from 1, so that the first update
    moves already and number `length` is the first at the full rate. PyTorch: `LinearLR(1 / length,
    total_iters=length - 1)`.

    Example: length = 4 and alpha_0 = 0.2 give 0.05, 0.1, 0.15, 0.2, 0.2, ...

    Source: Goyal et al. 2017, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour".
    """

    kind: ClassVar[str] = "warm_up"
    title: ClassVar[str] = "Warm-up"

    length: int = setting(
        100,
        title="Length",
        help="Iterations or epochs until the full learning rate.",
        ge=1,
        le=1_000_000_000,
    )
    counts: Literal["iterations", "epochs"] = setting(
        "iterations", title="Counts", help="Unit of the length: iterations or epochs."
    )

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        finished = iteration if self.counts == "iterations" else epoch
        return min(1.0, (finished + 1) / self.length) * learning_rate
