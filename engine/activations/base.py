"""The contract of an activation function g(Z): its value, and its derivative beside it.

Shapes: z, a, da and dz are all (units, ..., m); examples are the last axis. `backward` gets
da = dJ/da and returns dz = da * g'(z). Results are new arrays; arguments are never changed.

To add one, put a class with `forward` and `backward` into a file of this package.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.pytorch_twin import PyTorchTwin
from engine.spec import Family

Array = np.ndarray


SATURATED_SHARE_OF_RANGE = 0.02
"""An output closer than this share of its range to an end counts as saturated."""


class ActivationFunction(Family):
    """Base of all activation functions. A new one is one class with `forward` and `backward`."""

    formula: ClassVar[str] = ""
    latex: ClassVar[str] = ""
    """g(Z) in LaTeX, element by element."""
    unit_range: ClassVar[tuple[float, float] | None] = None
    """The bounded range of g, where saturation is meaningful; None for unbounded functions."""
    can_die: ClassVar[bool] = False
    """True where g and g' are exactly zero for all negative z: a unit can stop learning."""

    couples_units: ClassVar[bool] = False
    """True where an output depends on all units, as softmax's does, and not on its own z alone."""

    @property
    def has_kink(self) -> bool:
        """True where g' jumps at z = 0, which misleads a finite difference across it."""
        return False

    def forward(self, z: Array) -> Array:
        """a = g(z)."""
        raise NotImplementedError

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        """dz = da * g'(z), from z or from a = g(z), whichever is cheaper."""
        raise NotImplementedError

    def pytorch_twin(self) -> PyTorchTwin | None:
        """PyTorch's function of z, (m, units); None without one. Tests compare the two."""
        return None

    def saturated(self, a: Array) -> Array | None:
        """Boolean mask of outputs at an end of a bounded range; None for unbounded functions."""
        if self.unit_range is None:
            return None
        low, high = self.unit_range
        margin = SATURATED_SHARE_OF_RANGE * (high - low)
        mask: Array = (a < low + margin) | (a > high - margin)
        return mask
