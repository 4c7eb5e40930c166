"""Initializers: how the weights of a layer start."""

from engine.discovery import discover
from engine.initializers.base import Initializer
from engine.initializers.by_fan import Glorot, He, Xavier
from engine.initializers.compared import COMPARED
from engine.initializers.fixed import Constant, Normal, Uniform, Zeros
from engine.initializers.structured import Identity, Orthogonal

discover(__path__, __name__)

__all__ = [
    "COMPARED",
    "Constant",
    "Glorot",
    "He",
    "Identity",
    "Initializer",
    "Normal",
    "Orthogonal",
    "Uniform",
    "Xavier",
    "Zeros",
]
