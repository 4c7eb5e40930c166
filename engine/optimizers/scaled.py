"""Steps divided by the size of recent gradients, each parameter by its own."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from numpy import add, divide, multiply, sqrt, square, subtract

from engine.constants import number
from engine.optimizers.base import (
    Optimizer,
    Vector,
    beta_setting,
    learning_rate_setting,
    weight_decay_setting,
)
from engine.pytorch_twin import PyTorchTwin
from engine.spec import setting


def _epsilon() -> Any:
    return setting(
        1e-8,
        title="Epsilon ε",
        help="Avoids division by zero in the root of s.",
        ge=1e-16,
        le=1.0,
    )


def _epsilon_inside() -> Any:
    return setting(
        False,
        title="Epsilon inside the root",
        help="Off: √s + ε, as in the lectures and PyTorch. On: √(s + ε).",
    )


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
    adaptive: ClassVar[bool] = True

    learning_rate: float = learning_rate_setting(0.001)
    beta: float = beta_setting(0.9, "Beta β", "Memory of s: about the last 1 / (1 - β) gradients.")
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

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        if self.epsilon_inside:
            return None
        arguments = {"lr": alpha, "alpha": self.beta, "eps": self.epsilon}
        return PyTorchTwin("torch.optim.RMSprop", arguments)


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
    adaptive: ClassVar[bool] = True

    learning_rate: float = learning_rate_setting(0.001)
    beta1: float = beta_setting(0.9, "Beta 1 β₁", "Memory of v, the average of the gradients.")
    beta2: float = beta_setting(0.999, "Beta 2 β₂", "Memory of s, the average of their squares.")
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

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        if self.epsilon_inside:
            return None
        betas = (self.beta1, self.beta2)
        return PyTorchTwin("torch.optim.Adam", {"lr": alpha, "betas": betas, "eps": self.epsilon})

    def corrected(self, name: str, slot: Vector, t: int) -> Vector | None:
        return slot / (1.0 - (self.beta1 if name == "v" else self.beta2) ** t)


class AdamW(Adam):
    """Adam with weight decay turned on, decoupled from the gradient.

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

    weight_decay: float = weight_decay_setting(0.01)

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        adam = super().pytorch_twin(alpha)
        if adam is None:
            return None
        arguments = {**adam.arguments, "weight_decay": self.weight_decay}
        return PyTorchTwin("torch.optim.AdamW", arguments)


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
