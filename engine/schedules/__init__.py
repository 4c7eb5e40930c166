"""Schedules: how the learning rate changes during training."""

from engine.discovery import discover
from engine.schedules.base import ConstantRate, Schedule
from engine.schedules.decays import (
    CosineDecay,
    ExponentialDecay,
    InverseDecay,
    RootEpochDecay,
    RootIterationDecay,
)
from engine.schedules.piecewise import Piecewise
from engine.schedules.warm_up import WarmUp

discover(__path__, __name__)

__all__ = [
    "ConstantRate",
    "CosineDecay",
    "ExponentialDecay",
    "InverseDecay",
    "Piecewise",
    "RootEpochDecay",
    "RootIterationDecay",
    "Schedule",
    "WarmUp",
]
