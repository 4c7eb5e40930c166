"""Snapshot: a run between two steps, copied, so that views can compute beside the training."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from engine.data import Splits
from engine.network import Network
from engine.training import Trainer
from engine.walkthrough import OptimizerState


class Snapshot(NamedTuple):
    """network: a copy to compute with, in the dtype of training, with the generator of dropout as
    it stood. data: the three sets. batch: X and Y of the next step. optimizer: state of the
    optimizers, copied too; views of the weights alone do not need it."""

    network: Network
    data: Splits
    iteration: int
    epoch: int
    batch: tuple[Any, Any]
    optimizer: OptimizerState | None = None

    @classmethod
    def of(cls, trainer: Trainer) -> Snapshot:
        """Copy what a view needs; runs on the training thread between two steps."""
        network = trainer.network.copy(trainer.network.dtype.name)
        network.rng = copy.deepcopy(network.rng)
        return cls(
            network,
            trainer.data,
            trainer.iteration,
            trainer.epoch,
            trainer.batches.peek(),
            OptimizerState.of(trainer.updater),
        )
