"""Metrics: numbers that people read, next to the cost that training lowers.

P: (n_y, m) probabilities (predictions, for regression); Y: (n_y, m) targets. A single row is
binary; several rows are one-hot multi-class or multi-label; labels of several classes may come as
(m,) or (1, m). NaN in Y is an unknown target and is left out. Where a formula divides by zero, the
value is 0.0 (scikit-learn's zero_division=0).
"""

from engine.discovery import discover
from engine.metrics.baseline import Baseline, largest_class
from engine.metrics.classification import (
    accuracy,
    f1,
    precision,
    recall,
    weighted_error,
    zero_one_error,
)
from engine.metrics.confusion import Cells, ClassScores, cells, confusion_matrix, per_class
from engine.metrics.registry import METRICS, Metric
from engine.metrics.regression import mean_squared_error, r2
from engine.metrics.threshold import ThresholdSweep, sweep
from engine.targets import THRESHOLD

discover(__path__, __name__)

__all__ = [
    "METRICS",
    "THRESHOLD",
    "Baseline",
    "Cells",
    "ClassScores",
    "Metric",
    "ThresholdSweep",
    "accuracy",
    "cells",
    "confusion_matrix",
    "f1",
    "largest_class",
    "mean_squared_error",
    "per_class",
    "precision",
    "r2",
    "recall",
    "sweep",
    "weighted_error",
    "zero_one_error",
]
