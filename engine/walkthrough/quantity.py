"""Quantity: one array of a training step, under the name that the lectures give it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Role(StrEnum):
    """What an array is in a step."""

    INPUT = "input"  # X
    TARGET = "target"  # Y
    VALUE = "value"  # Z, A: what a part computes going forward
    PREDICTION = "prediction"  # Y hat
    DERIVATIVE = "derivative"  # dZ, dA: going backward, with examples as the last axis
    PARAMETER = "parameter"  # W, b, before the step
    GRADIENT = "gradient"  # dW, db: means over the batch
    SLOT = "slot"  # v, s: the optimizer's state after the step
    CORRECTED = "corrected"  # the same with bias correction
    UPDATED = "updated"  # W, b after the step


OF_EXAMPLES = (Role.INPUT, Role.TARGET, Role.VALUE, Role.PREDICTION, Role.DERIVATIVE)
"""Roles of arrays that have the examples as their last axis."""


class Quantity(NamedTuple):
    """key: unique in a walk. symbol: "Z", "dW"... level: l in Z^[l]. slot: of the network's values,
    or -1. parameter: "W", "b"... or "". remark: tells equal symbols of one layer apart.
    array: (*shape, m) for values and derivatives, the parameter's shape for all others.
    """

    key: str
    symbol: str
    level: int
    node: str
    role: Role
    array: Array
    slot: int = -1
    parameter: str = ""
    remark: str = ""

    @property
    def has_examples(self) -> bool:
        """Whether the last axis of the array counts examples."""
        return self.role in OF_EXAMPLES

    @property
    def title(self) -> str:
        """Symbol, level and remark in one line: "dZ[2]", "A[1] after dropout"."""
        return f"{self.symbol}[{self.level}]" + (f" {self.remark}" if self.remark else "")
