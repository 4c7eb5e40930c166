"""Learning rates that fall by a formula."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from engine.schedules.base import Schedule
from engine.spec import setting


def _interval() -> Any:
    return setting(
        1,
        title="Interval",
        unit="epochs",
        help="Number of epochs between changes of the rate. 1: every epoch.",
        ge=1,
        le=1_000_000,
    )


def _k() -> Any:
    return setting(
        1.0, title="Factor k", help="Scales the learning rate from the start.", gt=0.0, le=1e6
    )


class InverseDecay(Schedule):
    """The learning rate falls like 1 / epoch, at every epoch or in stairs.

    alpha = alpha_0 / (1 + decay_rate * epochNum)
    alpha = alpha_0 / (1 + decay_rate * floor(epochNum / interval))       (in stairs)

    epochNum is the number of finished epochs, as in the course's assignment: the first epoch runs
    at alpha_0. The lecture's table calls the first epoch 1, and so starts one row later. Keras:
    `InverseTimeDecay` (`staircase=True` for stairs), which counts iterations.

    Example: alpha_0 = 0.2 and decay_rate = 1 give 0.2, 0.1, 0.067, 0.05, 0.04, ...

    Source: Deep Learning Specialization, course 2, week 2, "Learning rate decay" and the assignment
    "Optimization methods" (stairs).
    """

    kind: ClassVar[str] = "decay"
    title: ClassVar[str] = "Decay 1 / epoch"

    decay_rate: float = setting(
        1.0,
        title="Decay rate",
        help="How fast the rate falls: with 1, it is halved after the first interval.",
        ge=0.0,
        le=1e6,
    )
    interval: int = _interval()

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        return learning_rate / (1.0 + self.decay_rate * (epoch // self.interval))


class ExponentialDecay(Schedule):
    """The learning rate is multiplied by the same number again and again.

    alpha = base^floor(epochNum / interval) * alpha_0

    epochNum is the number of finished epochs, so that the first epoch runs at alpha_0. PyTorch:
    `ExponentialLR(gamma=base)`, `StepLR(interval, gamma=base)`. Keras: `ExponentialDecay`, which
    counts iterations.

    Example: alpha_0 = 0.2 gives 0.2, 0.19, 0.1805, ...; base = 0.5 and interval = 10 halve the rate
    every ten epochs (the lecture's "discrete staircase").

    Source: Deep Learning Specialization, course 2, week 2, "Learning rate decay".
    """

    kind: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"

    base: float = setting(
        0.95,
        title="Base",
        help="The rate is multiplied by this number after each interval.",
        gt=0.0,
        le=1.0,
    )
    interval: int = _interval()

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        return float(learning_rate * self.base ** (epoch // self.interval))


class RootEpochDecay(Schedule):
    """The learning rate falls like 1 / sqrt(epoch).

    alpha = k / sqrt(epochNum) * alpha_0

    epochNum is 1 in the first epoch (it could not be 0 here): epoch + 1.

    Example: alpha_0 = 0.2 and k = 1 give 0.2, 0.141, 0.115, 0.1, ...

    Source: Deep Learning Specialization, course 2, week 2, "Learning rate decay".
    """

    kind: ClassVar[str] = "root_epoch"
    title: ClassVar[str] = "k / √epoch"

    k: float = _k()

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        return self.k / math.sqrt(epoch + 1) * learning_rate


class RootIterationDecay(Schedule):
    """The learning rate falls like 1 / sqrt(t), at every update.

    alpha = k / sqrt(t) * alpha_0

    t is the number of the mini-batch counted from 1 over the whole run: iteration + 1.

    Example: alpha_0 = 0.2 and k = 1 give 0.2, 0.141, 0.115, 0.1, ... from update to update.

    Source: Deep Learning Specialization, course 2, week 2, "Learning rate decay"; Zinkevich 2003,
    "Online Convex Programming and Generalized Infinitesimal Gradient Ascent".
    """

    kind: ClassVar[str] = "root_iteration"
    title: ClassVar[str] = "k / √t"

    k: float = _k()

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        return self.k / math.sqrt(iteration + 1) * learning_rate


class CosineDecay(Schedule):
    """The learning rate falls along half a cosine: slowly, then fast, then slowly again.

    alpha = (f + (1 - f) * (1 + cos(pi * epochNum / epochs)) / 2) * alpha_0,   f = final_fraction

    epochNum is the number of finished epochs, from 0, and counts no further than `epochs`: the
    first epoch runs at alpha_0, every epoch after the last one of the fall at f * alpha_0. PyTorch:
    `CosineAnnealingLR(epochs, eta_min=f * alpha_0)`, whose rate rises again afterwards. Keras:
    `CosineDecay(alpha=f)`, which counts iterations.

    Example: epochs = 4, f = 0 and alpha_0 = 0.2 give 0.2, 0.171, 0.1, 0.029, 0, ...

    Source: Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts" (one
    cycle, without restarts).
    """

    kind: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine"

    epochs: int = setting(
        100,
        title="Epochs",
        unit="epochs",
        help="Epochs until the final rate; usually as many as you train.",
        ge=1,
        le=1_000_000,
    )
    final_fraction: float = setting(
        0.0,
        title="Final fraction",
        help="The fraction of the learning rate at the end.",
        ge=0.0,
        le=1.0,
    )

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        fallen = min(epoch, self.epochs) / self.epochs
        wave = (1.0 + math.cos(math.pi * fallen)) / 2.0
        return (self.final_fraction + (1.0 - self.final_fraction) * wave) * learning_rate
