"""TrainableLayer and WeightedLayer: the bases of layers with parameters, and of those with a weight
matrix."""

from __future__ import annotations

from typing import ClassVar

from engine.errors import DesignError
from engine.initializers import Initializer
from engine.layers.base import Layer
from engine.layers.kinds import Shape
from engine.layers.references import NodeName
from engine.optimizers import Optimizer
from engine.spec import setting

SET_BY_OWNER = ("optimizer", "initializer", "l2", "l1", "max_norm")
"""Fields that a layer with another one's parameters does not use."""


class TrainableLayer(Layer):
    """Base of layers with parameters: may have an optimizer of their own, or be frozen."""

    abstract = True

    optimizer: Optimizer | None = setting(
        None,
        title="Optimizer",
        help="How to update this layer's parameters.",
        inherits=True,
    )
    trainable: bool = setting(
        True, title="Trainable", help="Turn off to freeze this layer's parameters."
    )
    shares: NodeName | None = setting(
        None,
        title="Shares",
        help="The layer whose parameters this one uses, too. How they are drawn, updated and "
        "penalized is set there.",
    )

    def face(self) -> list[str]:
        """Whose parameters it uses is said last, and nothing of what is set there."""
        if self.shares is None:
            return super().face()
        theirs = [name for name in SET_BY_OWNER if getattr(self, name, None) is not None]
        bare = self.replace(**dict.fromkeys(theirs))
        shared = f"shares parameters of '{self.shares}'"
        return [*super(TrainableLayer, bare).face(), shared]


class WeightedLayer(TrainableLayer):
    """Base of layers with a weight matrix: initializer and penalties."""

    abstract = True

    initializer: Initializer | None = setting(
        None,
        title="Initializer",
        help="Initializes W; b starts at 0.",
        face="{}",
        inherits=True,
        at_start=True,
    )
    l2: float | None = setting(
        None,
        title="L2 λ",
        help="Adds λ/(2m) ‖W‖² of this layer to the cost J.",
        face="L2 {}",
        inherits=True,
        ge=0,
        le=1e6,
    )
    l1: float | None = setting(
        None,
        title="L1 λ",
        help="Adds λ/(2m) Σ|W| of this layer to the cost J.",
        face="L1 {}",
        inherits=True,
        ge=0,
        le=1e6,
    )
    max_norm: float | None = setting(
        None,
        title="Max norm",
        help="Limits the norm of each unit's incoming weights after each step.",
        gt=0,
        le=1e6,
    )

    weights: ClassVar[tuple[str, ...]] = ("W",)

    def fans(self, *inputs: Shape) -> tuple[int, int]:
        """Fan-in and fan-out: how many products make one number of the output, and in how many an
        input takes part."""
        fan_out, fan_in = self.parameter_shapes(*inputs)[self.weights[0]]
        return fan_in, fan_out

    def weight_initializer(self) -> Initializer:
        """The initializer, which must have been resolved against the training settings."""
        if self.initializer is None:
            raise DesignError("The initializer is still inherited; resolve the layer first.")
        return self.initializer
