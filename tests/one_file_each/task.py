"""A task in one file, with targets of its own: shares between 0 and 1."""

from __future__ import annotations

from typing import ClassVar

from engine.activations import sigmoid
from engine.losses.base import Array, Loss
from engine.losses.cross_entropy import BinaryCrossEntropy
from engine.losses.tasks import Task
from engine.targets import NumberTargets
from engine.targets.base import check_entries


class ShareTargets(NumberTargets):
    """Numbers from 0 to 1, such as the share of voters."""

    kind: ClassVar[str] = "shares"
    error_note = "An error is a mean square of shares."

    def check(self, Y: Array, outputs: int | None = None) -> None:
        check_entries(Y, ~((Y >= 0) & (Y <= 1)), "a share lies between 0 and 1")


class Shares(Task):
    """A share for each output: sigmoids and binary cross-entropy. Source: a test."""

    title = "Shares (sigmoid)"
    short_title = "sigmoid"
    targets = ShareTargets()

    @property
    def loss(self) -> Loss:
        return BinaryCrossEntropy()

    def predict(self, z: Array) -> Array:
        return sigmoid(z)
