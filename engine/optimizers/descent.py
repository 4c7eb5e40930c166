"""Steps along the gradient, or along its moving average."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from numpy import add, multiply, subtract

from engine.optimizers.base import Optimizer, Vector, beta_setting
from engine.pytorch_twin import PyTorchTwin
from engine.spec import setting


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

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        return PyTorchTwin("torch.optim.SGD", {"lr": alpha})


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
    forms: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"nesterov": True})

    beta: float = beta_setting(0.9, "Beta β", "Memory of v: about the last 1 / (1 - β) gradients.")
    form: Literal["average", "classic"] = setting(
        "average",
        title="Form of v",
        help="average: βv + (1-β)dθ, as in the lectures. classic: βv + dθ, as in PyTorch.",
    )
    nesterov: bool = setting(
        False, title="Nesterov", help="Looks one step ahead along v before each step."
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

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        """PyTorch has the classic form; the average's steps are 1 - beta times as long."""
        if self.bias_correction:
            return None
        rate = alpha * (1 - self.beta) if self.form == "average" else alpha
        nesterov = self.nesterov and self.beta > 0  # PyTorch refuses it without momentum
        arguments = {"lr": rate, "momentum": self.beta, "nesterov": nesterov}
        return PyTorchTwin("torch.optim.SGD", arguments)

    def corrected(self, name: str, slot: Vector, t: int) -> Vector | None:
        return slot / (1.0 - self.beta**t) if self.bias_correction else None

    def _rate(self, alpha: float, terms: int) -> float:
        return alpha / (1.0 - self.beta**terms) if self.bias_correction else alpha
