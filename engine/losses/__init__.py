"""Losses from logits, and the tasks that pair a loss with its output activation."""

from engine.losses.base import ErrorFunction, Loss
from engine.losses.cross_entropy import BinaryCrossEntropy, CategoricalCrossEntropy
from engine.losses.error_functions import AbsoluteError, SquaredError
from engine.losses.tasks import Binary, MultiClass, MultiLabel, Regression, Task

__all__ = [
    "AbsoluteError",
    "Binary",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "ErrorFunction",
    "Loss",
    "MultiClass",
    "MultiLabel",
    "Regression",
    "SquaredError",
    "Task",
]
