"""Metrics: which class is taken for which, what a threshold decides, and which run is the best."""

from studio.dashboard.metrics.panel import MetricsPanel

__all__ = ["MetricsPanel"]
