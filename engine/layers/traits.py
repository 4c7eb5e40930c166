"""Traits: what other rooms ask of a layer, so that they need not know its class."""

from __future__ import annotations

from engine.activations import ActivationFunction


class Traits:
    """The part of every layer that advice, health and the doctor ask."""

    @property
    def nonlinearity(self) -> ActivationFunction | None:
        """The function that its outputs are values of; None for none."""
        return None

    @property
    def centers(self) -> bool:
        """Whether it subtracts each row's mean, so that a constant added in front has no effect."""
        return False

    @property
    def kept_share(self) -> float:
        """The share of its input that a training pass keeps; the rest is dropped at random."""
        return 1.0
