"""The initializers that courses compare."""

from __future__ import annotations

from engine.initializers.base import Initializer
from engine.initializers.by_fan import He, Xavier
from engine.initializers.fixed import Normal, Zeros

COMPARED: tuple[Initializer, ...] = (
    Zeros(),
    Normal(standard_deviation=10.0),
    Normal(standard_deviation=0.01),
    Xavier(),
    He(),
)
"""The starts that courses compare: no spread, much too large, small, and the two that fit the
number of inputs. Source: course 1, week 3; course 2, week 1, "Initialization"."""
