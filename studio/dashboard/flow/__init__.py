"""Gradient flow: how strongly every layer learns, over time and over depth, on one color scale."""

from studio.dashboard.flow.panel import FlowPanel

__all__ = ["FlowPanel"]
