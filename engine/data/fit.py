"""Fit: what data ask of a network, known before they are loaded."""

from __future__ import annotations

from typing import NamedTuple

from engine.targets import Targets, class_targets


class Fit(NamedTuple):
    """shape: that of one example, without m. outputs: number of targets n_y, or of classes.

    task: the kind of the targets (engine/targets); empty if any will do.
    """

    shape: tuple[int, ...]
    outputs: int
    task: str = ""

    @property
    def targets(self) -> Targets | None:
        """What Y means; None if any task will do. Raises DataError for a kind that is unknown."""
        return Targets.of(self.task) if self.task else None

    @property
    def exclusive(self) -> bool:
        """Whether each example belongs to exactly one class."""
        return self.targets is not None and self.targets.exclusive

    @classmethod
    def of_classes(cls, shape: tuple[int, ...], classes: int) -> Fit:
        """What a classification into so many classes, which exclude each other, asks."""
        targets = class_targets(classes)
        return cls(shape, targets.rows(classes), targets.kind)
