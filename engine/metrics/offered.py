"""The metrics that menus offer, in their order. A new one may stand in a file of its own."""

from __future__ import annotations

from functools import partial

from engine.metrics.classification import accuracy, f1, precision, recall, zero_one_error
from engine.metrics.registry import Metric, classes, numbers
from engine.metrics.regression import mean_squared_error, r2

ACCURACY = Metric("accuracy", "Accuracy", "higher", classes, accuracy)
ERROR = Metric("zero_one_error", "Error", "lower", classes, zero_one_error)
PRECISION = Metric("precision", "Precision", "higher", classes, partial(precision, macro=True))
RECALL = Metric("recall", "Recall", "higher", classes, partial(recall, macro=True))
F1 = Metric("f1", "F1", "higher", classes, partial(f1, macro=True))
MSE = Metric("mean_squared_error", "MSE", "lower", numbers, mean_squared_error, is_share=False)
R2 = Metric("r2", "R²", "higher", numbers, r2, is_share=False)
