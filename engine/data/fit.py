"""Fit: what data ask of a network, known before they are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.data.blocks import DataBlock, TargetBlock, block_named
from engine.targets import Targets, class_targets

ONLY_BLOCK, ONLY_TARGET = "x", "y"
"""What the blocks of X and of Y are called where there is one of each."""


class Fit(NamedTuple):
    """shape: that of one example, without m. outputs: number of targets n_y, or of classes.

    task: the kind of the targets (engine/targets); empty if any will do. blocks, target_blocks:
    of X and of Y where there are several, or where they hold more than numbers; the first three
    are then those of the first ones.
    """

    shape: tuple[int, ...]
    outputs: int
    task: str = ""
    blocks: tuple[DataBlock, ...] = ()
    target_blocks: tuple[TargetBlock, ...] = ()

    @property
    def x_blocks(self) -> tuple[DataBlock, ...]:
        """What X consists of; one block at least."""
        return self.blocks or (DataBlock(ONLY_BLOCK, self.shape),)

    @property
    def y_blocks(self) -> tuple[TargetBlock, ...]:
        """What Y consists of; one target at least."""
        return self.target_blocks or (TargetBlock(ONLY_TARGET, self.outputs, self.task),)

    def block(self, name: str | None) -> DataBlock:
        """A block of X by its name, the first for None. Raises DataError for an unknown one."""
        found: DataBlock = block_named(name, self.x_blocks, "block")
        return found

    def target(self, name: str | None) -> TargetBlock:
        """A target by its name, the first for None. Raises DataError for an unknown one."""
        found: TargetBlock = block_named(name, self.y_blocks, "target")
        return found

    @property
    def targets(self) -> Targets | None:
        """What Y means; None if any task will do. Raises DataError for a kind that is unknown."""
        return Targets.of(self.task) if self.task else None

    @property
    def exclusive(self) -> bool:
        """Whether each example belongs to exactly one class."""
        return self.targets is not None and self.targets.exclusive

    @classmethod
    def of_blocks(cls, blocks: Sequence[DataBlock], targets: Sequence[TargetBlock]) -> Fit:
        """What data of these blocks and targets ask, at least one of each."""
        first = targets[0]
        return cls(blocks[0].shape, first.outputs, first.task, tuple(blocks), tuple(targets))

    @classmethod
    def of_classes(cls, shape: tuple[int, ...], classes: int) -> Fit:
        """What a classification into this many classes, which exclude each other, asks."""
        targets = class_targets(classes)
        return cls(shape, targets.outputs(classes), targets.kind)
