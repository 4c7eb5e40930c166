"""Training: a run, one mini-batch at a time, and what is recorded of it."""

from engine.training.trainer import Step, Trainer, train

__all__ = ["Step", "Trainer", "train"]
