"""Gradient check: every parameter nudged, block by block, beside back-propagation."""

from studio.dashboard.gradient_check.panel import GradientCheckPanel

__all__ = ["GradientCheckPanel"]
