"""Training: a run, one mini-batch at a time, and its record."""

from engine.training.steps import fit, train
from engine.training.trainer import Step, Trainer

__all__ = ["Step", "Trainer", "fit", "train"]
