"""Activation functions: how a unit's output follows from its input."""

from engine.activations.base import ActivationFunction
from engine.activations.basic import (
    LinearActivation,
    Relu,
    Sigmoid,
    Softmax,
    Tanh,
    sigmoid,
    softmax,
)
from engine.activations.rectifiers import Elu, Gelu, LeakyRelu, Softplus, Swish
from engine.discovery import discover

discover(__path__, __name__)

__all__ = [
    "ActivationFunction",
    "Elu",
    "Gelu",
    "LeakyRelu",
    "LinearActivation",
    "Relu",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Swish",
    "Tanh",
    "sigmoid",
    "softmax",
]
