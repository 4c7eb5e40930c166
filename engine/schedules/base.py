"""The contract of a schedule: how the learning rate changes during training.

To add one, put a class with a `rate` method into a file of this package: menus, files and tests
find it by themselves.
"""

from __future__ import annotations

from typing import ClassVar

from engine.spec import Family


class Schedule(Family):
    """The learning rate of every update, as a function of the optimizer's learning rate.

    Epochs and iterations are counted from 0: the first pass over the data is epoch 0, the first
    update of a run is iteration 0, and iterations go on counting from epoch to epoch.
    """

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        """alpha of this update.

        learning_rate: alpha_0, above 0, the optimizer's setting.
        epoch: finished passes over the data, from 0; iteration: finished updates, from 0.
        """
        raise NotImplementedError


class ConstantRate(Schedule):
    """The learning rate stays as it is.

    alpha = alpha_0

    Example: alpha_0 = 0.2 gives 0.2, 0.2, 0.2, ...

    Source: Deep Learning Specialization, course 1, week 2.
    """

    kind: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        return learning_rate
