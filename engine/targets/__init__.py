"""Targets: what the numbers in Y mean, asked by data sets, tasks, metrics, doctor and pictures."""

from engine.discovery import discover
from engine.targets.base import THRESHOLD, Targets, class_targets, targets_for
from engine.targets.classes import BinaryTargets, ClassTargets
from engine.targets.labels import LabelTargets
from engine.targets.numbers import NumberTargets

discover(__path__, __name__)

__all__ = [
    "THRESHOLD",
    "BinaryTargets",
    "ClassTargets",
    "LabelTargets",
    "NumberTargets",
    "Targets",
    "class_targets",
    "targets_for",
]
