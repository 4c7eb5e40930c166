"""Optimizers: how a gradient becomes a step of the parameters."""

from engine.discovery import discover
from engine.optimizers.base import Optimizer, decay_weights
from engine.optimizers.descent import GradientDescent, Momentum
from engine.optimizers.scaled import Adam, AdamW, RMSprop

discover(__path__, __name__)

__all__ = [
    "Adam",
    "AdamW",
    "GradientDescent",
    "Momentum",
    "Optimizer",
    "RMSprop",
    "decay_weights",
]
