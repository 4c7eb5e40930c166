"""Batch normalization."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from engine.errors import TrainingError
from engine.layers.base import Array, Cache, Cell, Explanation, Params, Passed, Shape, State
from engine.layers.explained_norm import ExplainedNorm
from engine.layers.masks import Mask, Masks, mask_at, without_padding
from engine.layers.mode import EVALUATION, Mode
from engine.layers.trainable import TrainableLayer
from engine.spec import setting


class BatchNorm(TrainableLayer):
    """Batch norm: Z_norm = (Z - mu) / sqrt(sigma^2 + epsilon), Z~ = gamma Z_norm + beta.

    mu and sigma^2 (the 1/m variance) are those of the mini-batch in training, and running
    averages v = momentum v + (1 - momentum) new in evaluation. An image is normalized per channel,
    a sequence per feature; padding does not count, and gets Z_norm = 0 in training.
    Shapes: (n, m) -> (n, m) with gamma, beta (n, 1); (n, T, m) -> the same with (n, 1, 1);
    (C, H, W, m) -> the same with (C, 1, 1, 1).
    Backward, with d = dZ~ gamma: dZ = (d - mean(d) - Z_norm mean(d Z_norm)) / sqrt(...) in
    training, dZ = d / sqrt(...) in evaluation. A layer that is not trainable runs in evaluation
    mode at all times, and its running averages stand still.
    Source: Ioffe and Szegedy (2015); course 2, week 3. PyTorch's momentum is 1 - ours, and its
    running variance is the unbiased one; Keras' momentum is ours, and
    so is what trainable=False does there (PyTorch's requires_grad does not do that).
    """

    category = "normalization"
    latex = (
        r"\size{out}{\tilde{Z}} = \size{gamma}{\gamma} \: "
        r"\frac{Z - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \size{beta}{\beta}"
    )
    formula = "Z̃ = γ (Z − μ) / √(σ² + ε) + β"
    epsilon: float = setting(
        1e-5, title="Epsilon", help="Added to the variance to avoid division by 0.", gt=0, le=1
    )
    momentum: float = setting(
        0.9,
        title="Momentum",
        help="Fraction of the running mean and variance kept at each step.",
        ge=0,
        lt=1,
    )

    @property
    def fewest_examples(self) -> int:
        return 2 if self.trainable else 1

    @property
    def backward_formula(self) -> str:
        if not self.trainable:  # μ and σ² are constants
            return "γ / √(σ² + ε) ⊙ dZ̃"
        return "γ / √(σ² + ε) ⊙ (dZ̃ − mean dZ̃ − Z_norm ⊙ mean(dZ̃ ⊙ Z_norm))"

    @property
    def gradient_formulas(self) -> tuple[str, ...]:
        return "dγ = 1/m Σ dZ̃ ⊙ Z_norm", "dβ = 1/m Σ dZ̃"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        column = (inputs[0][0],) + (1,) * len(inputs[0])  # (n, 1) or (C, 1, 1, 1)
        return {"gamma": column, "beta": column}

    def state_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        column = self.parameter_shapes(*inputs)["gamma"]
        return {"mean": column, "variance": column}

    def multiply_adds(self, *inputs: Shape) -> int:
        return math.prod(inputs[0])

    def kept_values(self, *inputs: Shape) -> int:
        """Z_norm beside the output."""
        return 2 * math.prod(inputs[0])

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        column = self.parameter_shapes(*inputs)["gamma"]
        params = {"gamma": np.ones(column), "beta": np.zeros(column)}
        return params, {"mean": np.zeros(column), "variance": np.ones(column)}

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (z,) = xs
        if not (mode.training and self.trainable):
            mean, spread = state["mean"].copy(), np.sqrt(state["variance"] + self.epsilon)
            scale = params["gamma"] / spread
            return scale * z + (params["beta"] - scale * mean), (z, mean, spread, None)
        axes, mask = tuple(range(1, z.ndim)), mask_at(mode.masks, 0)
        mean, variance = self._statistics(z, axes, mask)
        self._remember(state, mean, variance)
        spread = np.sqrt(variance + self.epsilon)
        z_norm = without_padding((z - mean) / spread, mask)
        return params["gamma"] * z_norm + params["beta"], (z_norm, None, spread, mask)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        _, running_mean, spread, mask = cache
        z_norm = self.normalized(cache)
        m, axes = dy.shape[-1], tuple(range(1, dy.ndim))
        dgamma = np.sum(dy * z_norm, axis=axes, keepdims=True)
        dbeta = np.sum(dy, axis=axes, keepdims=True)
        np.multiply(dgamma, 1 / m, out=grads["gamma"])
        np.multiply(dbeta, 1 / m, out=grads["beta"])
        if running_mean is not None:  # a constant: it does not move with z
            return (dy * (params["gamma"] / spread),)
        count = dy.size // dy.shape[0] if mask is None else int(mask.sum())
        dz = dy - dbeta / count - z_norm * (dgamma / count)
        dz *= params["gamma"] / spread
        return (without_padding(dz, mask),)

    @property
    def centers(self) -> bool:
        return True

    @property
    def keeps_rows(self) -> bool:
        return True

    def normalized(self, cache: Cache) -> Array:
        """Z_norm of a pass, from its cache: what gamma and beta were applied to."""
        z, running_mean, spread, _ = cache  # in training z is z_norm already
        return cast(Array, z if running_mean is None else (z - running_mean) / spread)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediates, by channel or cell: "Z_norm", "deviation", z - mu, "mu", and "1/sigma"."""
        return ExplainedNorm(self, passed, cell).explanation() or super().explain(passed, cell)

    def forward_groups(
        self,
        params: Params,
        state: State,
        cache: Cache,
        *xs: Array,
        groups: int,
        masks: Masks = (),
    ) -> tuple[Array, Cache]:
        """Each group has its own mean and variance; running averages are left alone."""
        (z,) = xs
        if not self.trainable:
            return self.forward(params, state, z, mode=EVALUATION)
        grouped = z.reshape(*z.shape[:-1], groups, -1)  # (n, ..., groups, m)
        axes, mask = (*range(1, z.ndim - 1), grouped.ndim - 1), mask_at(masks, 0)
        mask = None if mask is None else mask.reshape(*mask.shape[:-1], groups, -1)
        mean, variance = self._statistics(grouped, axes, mask)
        z_norm = without_padding((grouped - mean) / np.sqrt(variance + self.epsilon), mask)
        gamma, beta = params["gamma"][..., None], params["beta"][..., None]
        return (gamma * z_norm + beta).reshape(z.shape), None  # (n, ..., groups * m)

    def _statistics(
        self, z: Array, axes: tuple[int, ...], mask: Mask | None
    ) -> tuple[Array, Array]:
        """Mean and variance over the axes, of what is no padding."""
        count = z.size // z.shape[0] if mask is None else int(mask.sum())
        if count < 2:
            raise TrainingError(
                "batch norm needs at least two examples in a training batch; got one.",
                hint="Choose a larger batch size, or one that leaves no single example at the end.",
            )
        counted = True if mask is None else mask
        mean = z.mean(axis=axes, keepdims=True, where=counted)
        return mean, np.square(z - mean).mean(axis=axes, keepdims=True, where=counted)

    def _remember(self, state: State, mean: Array, variance: Array) -> None:
        for name, new in (("mean", mean), ("variance", variance)):
            state[name][...] *= self.momentum
            state[name][...] += (1 - self.momentum) * new
