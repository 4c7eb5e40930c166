"""Walkthrough: one training step as the lectures write it, quantity by quantity."""

from engine.walkthrough.explain import explain
from engine.walkthrough.quantity import Quantity, Role
from engine.walkthrough.walk import OptimizerState, Phase, Walk, WalkStep

__all__ = ["OptimizerState", "Phase", "Quantity", "Role", "Walk", "WalkStep", "explain"]
