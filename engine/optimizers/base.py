"""The contract of an optimizer: from a gradient to a step of the parameters.

To add one, put a class with `slots` and `update` into a file of this package: menus, files and
contract tests find it by themselves. Tests compare it with its `pytorch_twin`, or ask for two
steps worked out by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy import multiply
from numpy.typing import NDArray

from engine.pytorch_twin import PyTorchTwin
from engine.spec import Family, setting

Vector = NDArray[np.floating[Any]]


def learning_rate_setting(default: float) -> Any:
    return setting(
        default,
        title="Learning rate α",
        help="Step size along the negative gradient, before the schedule.",
        gt=0.0,
        le=1000.0,
    )


def weight_decay_setting(default: float) -> Any:
    return setting(
        default,
        title="Weight decay",
        help=(
            "Before each step, shrinks the weights by α times this fraction. Biases are unchanged."
        ),
        ge=0.0,
        le=10.0,
    )


def beta_setting(default: float, title: str, help: str) -> Any:
    return setting(default, title=title, help=help, ge=0.0, lt=1.0)


class Optimizer(Family):
    """A rule for one update. It keeps no state: the caller keeps one vector per name in `slots`.

    Weight decay is decoupled (Loshchilov and Hutter 2019): before `update`, the caller applies
    `decay_weights` to the weights, never to biases, gamma or beta. It is not part of the gradient,
    which sets it apart from L2 regularization as soon as an optimizer rescales gradients.
    """

    slots: ClassVar[tuple[str, ...]] = ()
    adaptive: ClassVar[bool] = False
    """True where each parameter's step is divided by the size of its own gradients: learning rates
    of such methods mean something else than those of the others."""
    forms: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)
    """Settings that make methods with names of their own, such as Nesterov's."""

    learning_rate: float = learning_rate_setting(0.01)
    weight_decay: float = weight_decay_setting(0.0)

    @classmethod
    def rivals(cls, present: Any) -> list[Any]:
        """Every other method, fairly tuned to be compared with `present`.

        Methods that are not adaptive share its learning rate if it is none either, else their
        usual one; adaptive ones keep theirs.
        """
        shared = {} if present.adaptive else {"learning_rate": present.learning_rate}
        found = [
            member(**form, **({} if member.adaptive else shared))
            for member in cls.registry.values()
            for form in member.forms
        ]
        return [rival for rival in found if rival != present]

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        slots: tuple[Vector, ...],
        t: int,
        alpha: float,
        scratch: tuple[Vector, Vector],
    ) -> None:
        """One update IN PLACE of theta and of the slots; the gradient is only read.

        theta, gradient: (n,), any piece of the flat parameters and of their gradient.
        slots: as many (n,) vectors as `slots` names, in that order; zeros before the first update.
        t: the number of this update, from 1; alpha: the learning rate after the schedule.
        scratch: two work vectors of n or more elements, whose content is lost.
        All have one dtype, and nothing else is allocated.
        """
        raise NotImplementedError

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        """PyTorch's optimizer with the same settings at a learning rate of alpha; None without one.

        Tests compare the two step by step. Where the twin does not take `weight_decay` (decoupled,
        as here), they decay the weights themselves.
        """
        return None

    def corrected(self, name: str, slot: Vector, t: int) -> Vector | None:
        """The slot of this name after bias correction at update t; None where there is none."""
        return None


def decay_weights(weights: Vector, alpha: float, weight_decay: float) -> None:
    """Decoupled weight decay IN PLACE: W := (1 - alpha * weight_decay) * W.

    weights: any array of weights (W, or its piece of theta); never biases, gamma or beta.
    The product alpha * weight_decay is the share of each weight that one step takes away.

    Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", as in PyTorch and
    Keras, where alpha is the scheduled learning rate.
    """
    multiply(weights, 1.0 - alpha * weight_decay, weights)
