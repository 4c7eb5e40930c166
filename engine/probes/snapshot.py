"""Snapshot: a run between two steps, copied, so that views can compute beside the training.

It never changes: its arrays cannot be written, and what was computed from it stays with it, so that
all views of one snapshot share one sweep over the plane and one pass over the next batch.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np

from engine.data import Splits
from engine.network import Network
from engine.project import Project
from engine.training import Trainer
from engine.walkthrough import OptimizerState

Result = TypeVar("Result")


class Origin(NamedTuple):
    """What a picture was made from. run: the key of the run, as in `Project.runs`. iteration,
    epoch: steps and epochs that were done. version: how often design or settings had changed in
    mid-run. project: as it was in force; None where nobody said. weights_of: iteration and epoch of
    the weights, where a stop rule has put back earlier ones."""

    run: str = ""
    iteration: int = 0
    epoch: int = 0
    version: int = 0
    project: Project | None = None
    weights_of: tuple[int, int] | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """Equal for the same weights in the same design."""
        return self.run, self.iteration, self.version


NOWHERE = Origin()
"""Of what was made from no run."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """network: a copy to compute with, in the dtype of training, with the generator of dropout as
    it stood; its arrays are read-only. data: the sets, with the targets of the first output
    alone, which pictures show. all_targets: the same with all targets. batch: X and Y of the next
    step. optimizer: state of the optimizers, copied too; views of the weights alone need none."""

    network: Network
    data: Splits
    all_targets: Splits
    origin: Origin
    batch: tuple[Any, Any]
    optimizer: OptimizerState | None = None
    _found: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @classmethod
    def of(cls, trainer: Trainer, origin: Origin | None = None) -> Snapshot:
        """Copy what a view needs; runs on the training thread between two steps."""
        network = trainer.network.copy(trainer.network.dtype.name)
        network.rng = copy.deepcopy(network.rng)
        _freeze(network)
        return cls(
            network,
            trainer.judged_data,
            trainer.data,
            origin or Origin(iteration=trainer.iteration, epoch=trainer.epoch),
            trainer.batches.peek(),
            OptimizerState.of(trainer.updater),
        )

    @property
    def iteration(self) -> int:
        """Steps that were done."""
        return self.origin.iteration

    @property
    def epoch(self) -> int:
        """Epochs that were complete."""
        return self.origin.epoch

    def once(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """What `compute` returns, computed at the first call with this key. Any thread may ask."""
        with self._lock:
            if key not in self._found:
                self._found[key] = compute()
            found: Result = self._found[key]
            return found


def _freeze(network: Network) -> None:
    """Let nobody write into the network's arrays by mistake; a copy of it can be written again."""
    named = (network.parameters, network.gradients, network.state)
    arrays = [network.theta, network.gradient, *(a for group in named for a in group.values())]
    for part in network.parts:
        arrays += [a for group in (part.params, part.grads, part.state) for a in group.values()]
    for array in arrays:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
