"""Optimizers: how a gradient becomes a step of the parameters.

To add one, write a class with `slots` and `update` below: menus, files and contract tests find it
by themselves (the tests ask for two steps worked out by hand).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from numpy import add, divide, multiply, sqrt, square, subtract
from numpy.typing import NDArray

from engine.constants import number
from engine.spec import Family, setting

Vector = NDArray[np.floating[Any]]


def _learning_rate(default: float) -> Any:
    return setting(
        default,
        title="Learning rate α",
        help="The length of a step against the gradient, before the schedule.",
        gt=0.0,
        le=1000.0,
    )


def _weight_decay(default: float) -> Any:
    return setting(
        default,
        title="Weight decay",
        help="Each step first shrinks the weights by α times this share. Biases are left alone.",
        ge=0.0,
        le=10.0,
    )


def _beta(default: float, title: str, help: str) -> Any:
    return setting(default, title=title, help=help, ge=0.0, lt=1.0)


def _epsilon() -> Any:
    return setting(
        1e-8,
        title="Epsilon ε",
        help="Keeps the division by the root of s away from zero.",
        ge=1e-16,
        le=1.0,
    )


def _epsilon_inside() -> Any:
    return setting(
        False,
        title="Epsilon inside the root",
        help="Off: √s + ε, as in the lectures and PyTorch. On: √(s + ε).",
    )


class Optimizer(Family):
    """A rule for one update. It keeps no state: the caller keeps one vector per name in `slots`.

    Weight decay is decoupled (Loshchilov and Hutter 2019): before `update`, the caller applies
    `decay_weights` to the weights, never to biases, gamma or beta. It is not part of the gradient,
    which sets it apart from L2 regularization as soon as an optimizer rescales gradients.
    """

    slots: ClassVar[tuple[str, ...]] = ()

    learning_rate: float = _learning_rate(0.01)
    weight_decay: float = _weight_decay(0.0)

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


class GradientDescent(Optimizer):
    """A step against the gradient.

    theta := theta - alpha * dtheta

    theta, dtheta: (n,). Batch, mini-batch or stochastic gradient descent, according to the size of
    the batches. PyTorch: `SGD`. Keras: `SGD`.

    Example: theta = 1, dtheta = 2, alpha = 0.1 gives theta = 0.8.

    Source: Cauchy 1847; Deep Learning Specialization, course 1, week 2.
    """

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        slots: tuple[Vector, ...],
        t: int,
        alpha: float,
        scratch: tuple[Vector, Vector],
    ) -> None:
        step = scratch[0][: theta.size]
        multiply(gradient, alpha, step)
        subtract(theta, step, theta)


class Momentum(Optimizer):
    """Gradient descent along a moving average of the gradients, which damps oscillations.

    v := beta * v + (1 - beta) * dtheta        (form "average", the lectures')
    v := beta * v + dtheta                     (form "classic": steps 1 / (1 - beta) times as long)
    theta := theta - alpha * v

    With `nesterov`, the step is beta * v + (1 - beta) * dtheta ("classic": beta * v + dtheta): v as
    it would be if the same gradient came once more. With `bias_correction`, the step is divided by
    1 - beta^t (with `nesterov` by 1 - beta^(t+1)), so that a constant gradient gives equal steps.

    theta, dtheta, v: (n,). PyTorch: `SGD(momentum=beta)` is "classic"; its `dampening` resembles
    "average", but leaves the first gradient undamped. Keras: `SGD(momentum=beta)` is "classic" with
    alpha inside v, which differs while a schedule changes alpha. Neither has bias correction.

    Example: theta = 1, v = 0, dtheta = 2, alpha = 0.1, beta = 0.9 gives v = 0.2, theta = 0.98.

    Source: Polyak 1964; Sutskever et al. 2013, "On the importance of initialization and momentum in
    deep learning" (Nesterov's variant); Deep Learning Specialization, course 2, week 2.
    """

    slots: ClassVar[tuple[str, ...]] = ("v",)

    beta: float = _beta(0.9, "Beta β", "The memory of v: about the last 1 / (1 - β) gradients.")
    form: Literal["average", "classic"] = setting(
        "average",
        title="Form of v",
        help="average: βv + (1-β)dθ, as in the lectures. classic: βv + dθ, as in PyTorch.",
    )
    nesterov: bool = setting(
        False, title="Nesterov", help="Looks one step ahead along v before it steps."
    )
    bias_correction: bool = setting(
        False,
        title="Bias correction",
        help="Divides by 1 - βᵗ, because v starts at zero and is too small in the first steps.",
    )

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        slots: tuple[Vector, ...],
        t: int,
        alpha: float,
        scratch: tuple[Vector, Vector],
    ) -> None:
        (v,) = slots
        step, push = scratch[0][: theta.size], gradient
        if self.form == "average":
            push = scratch[1][: theta.size]
            multiply(gradient, 1.0 - self.beta, push)
        multiply(v, self.beta, v)
        add(v, push, v)
        if self.nesterov:
            multiply(v, self.beta, step)
            add(step, push, step)
            multiply(step, self._rate(alpha, t + 1), step)
        else:
            multiply(v, self._rate(alpha, t), step)
        subtract(theta, step, theta)

    def corrected(self, name: str, slot: Vector, t: int) -> Vector | None:
        return slot / (1.0 - self.beta**t) if self.bias_correction else None

    def _rate(self, alpha: float, terms: int) -> float:
        return alpha / (1.0 - self.beta**terms) if self.bias_correction else alpha


class RMSprop(Optimizer):
    """Steps divided by the root mean square of recent gradients: steep directions are tamed.

    s := beta * s + (1 - beta) * dtheta^2
    theta := theta - alpha * dtheta / (sqrt(s) + epsilon)

    theta, dtheta, s: (n,). s starts at zero and is not bias-corrected, so that the first steps are
    up to 1 / sqrt(1 - beta) times as long as later ones. The lectures write beta_2 and give no
    number; the default 0.9 is Hinton's and Keras' (rho), PyTorch's is 0.99 (alpha). PyTorch adds
    epsilon outside the root as here; `epsilon_inside` gives sqrt(s + epsilon), the form of Keras
    and TensorFlow.

    Example: theta = 1, s = 0, dtheta = 2, alpha = 0.1, beta = 0.75 gives s = 1, theta = 0.8.

    Source: Hinton 2012, "Neural Networks for Machine Learning", lecture 6e; Deep Learning
    Specialization, course 2, week 2.
    """

    title: ClassVar[str] = "RMSprop"
    slots: ClassVar[tuple[str, ...]] = ("s",)

    learning_rate: float = _learning_rate(0.001)
    beta: float = _beta(0.9, "Beta β", "The memory of s: about the last 1 / (1 - β) gradients.")
    epsilon: float = _epsilon()
    epsilon_inside: bool = _epsilon_inside()

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        slots: tuple[Vector, ...],
        t: int,
        alpha: float,
        scratch: tuple[Vector, Vector],
    ) -> None:
        (s,) = slots
        step = scratch[0][: theta.size]
        _average_squares(s, gradient, self.beta, step)
        _root(s, self.epsilon, self.epsilon_inside, step)
        divide(gradient, step, step)
        multiply(step, alpha, step)
        subtract(theta, step, theta)


class Adam(Optimizer):
    """Momentum and RMSprop together, both bias-corrected.

    v := beta_1 * v + (1 - beta_1) * dtheta           v_corrected = v / (1 - beta_1^t)
    s := beta_2 * s + (1 - beta_2) * dtheta^2         s_corrected = s / (1 - beta_2^t)
    theta := theta - alpha * v_corrected / (sqrt(s_corrected) + epsilon)

    theta, dtheta, v, s: (n,); t counts updates from 1. v and s are the paper's m and v. Epsilon is
    added outside the root of the corrected s, as in the paper's algorithm 1, the lectures and
    PyTorch; `epsilon_inside` gives sqrt(s_corrected + epsilon). Keras adds epsilon (1e-7) to the
    root of the uncorrected s, the paper's "epsilon hat": a larger epsilon in the first steps.
    The corrections are folded into alpha and epsilon, which changes rounding only.

    Example: theta = 1, v = s = 0, dtheta = 2, t = 1, alpha = 0.1 gives theta = 0.9: the first step
    is alpha long whatever the gradient.

    Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization"; Deep Learning
    Specialization, course 2, week 2.
    """

    slots: ClassVar[tuple[str, ...]] = ("v", "s")

    learning_rate: float = _learning_rate(0.001)
    beta1: float = _beta(0.9, "Beta 1 β₁", "The memory of v, the average of the gradients.")
    beta2: float = _beta(0.999, "Beta 2 β₂", "The memory of s, the average of their squares.")
    epsilon: float = _epsilon()
    epsilon_inside: bool = _epsilon_inside()

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        slots: tuple[Vector, ...],
        t: int,
        alpha: float,
        scratch: tuple[Vector, Vector],
    ) -> None:
        v, s = slots
        step = scratch[0][: theta.size]
        spread = 1.0 - self.beta2**t
        multiply(gradient, number(1.0 - self.beta1, v.dtype), step)
        multiply(v, number(self.beta1, v.dtype), v)
        add(v, step, v)
        _average_squares(s, gradient, self.beta2, step)
        scaled = spread if self.epsilon_inside else math.sqrt(spread)
        _root(s, self.epsilon * scaled, self.epsilon_inside, step)
        divide(v, step, step)
        multiply(step, alpha * math.sqrt(spread) / (1.0 - self.beta1**t), step)
        subtract(theta, step, theta)

    def corrected(self, name: str, slot: Vector, t: int) -> Vector | None:
        return slot / (1.0 - (self.beta1 if name == "v" else self.beta2) ** t)


class AdamW(Adam):
    """Adam with weight decay switched on, decoupled from the gradient.

    W := (1 - alpha * weight_decay) * W      then Adam's update of W; biases get Adam's update only

    The shrinking is `decay_weights`, which the caller applies to weights before `update`.
    PyTorch: `AdamW` (default 0.01), which decays every parameter that it is given, biases too.
    Keras: `AdamW` (default 0.004).

    Example: W = 1, alpha = 0.1, weight_decay = 0.5, dW = 2, t = 1: W shrinks to 0.95, then steps to
    0.85.

    Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization".
    """

    kind: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"

    weight_decay: float = _weight_decay(0.01)


def _average_squares(s: Vector, gradient: Vector, beta: float, work: Vector) -> None:
    """s := beta * s + (1 - beta) * gradient^2, in place; all (n,)."""
    square(gradient, work)
    multiply(work, number(1.0 - beta, s.dtype), work)
    multiply(s, number(beta, s.dtype), s)
    add(s, work, s)


def _root(s: Vector, epsilon: float, inside: bool, out: Vector) -> None:
    """out := sqrt(s + epsilon) if inside, else sqrt(s) + epsilon; all (n,)."""
    if inside:
        add(s, epsilon, out)
        sqrt(out, out)
    else:
        sqrt(s, out)
        add(out, epsilon, out)
