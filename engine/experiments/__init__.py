"""Experiments: many runs of one design, side by side: sweeps, folds, learning curves, races.

Each takes a project, trains on its own copies, and hands back plain values. No window is needed.
"""

from engine.experiments.folds import cross_validate, summarize
from engine.experiments.learning_curves import curve_sizes, learning_curve, read_curve
from engine.experiments.sweeps import best_of, l2_sweep, lambdas, stopping_curve

__all__ = [
    "best_of",
    "cross_validate",
    "curve_sizes",
    "l2_sweep",
    "lambdas",
    "learning_curve",
    "read_curve",
    "stopping_curve",
    "summarize",
]
