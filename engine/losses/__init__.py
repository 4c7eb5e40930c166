"""Losses from logits, and the tasks that pair a loss with its output activation."""

from engine.discovery import discover
from engine.losses.base import ErrorFunction, Loss
from engine.losses.cross_entropy import BinaryCrossEntropy, CategoricalCrossEntropy
from engine.losses.error_functions import AbsoluteError, SquaredError
from engine.losses.tasks import (
    USUAL_TASK,
    Binary,
    MultiClass,
    MultiLabel,
    Regression,
    Task,
    task_for,
)

discover(__path__, __name__)

__all__ = [
    "USUAL_TASK",
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
    "task_for",
]
