"""Preparation: what normalization and augmentation do to the examples before they are learned."""

from studio.dashboard.inputs.panel import PreparationPanel

__all__ = ["PreparationPanel"]
