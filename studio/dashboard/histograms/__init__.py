"""How activations, weights and gradients are spread, layer by layer; the initialization lab."""

from studio.dashboard.histograms.panel import HistogramsPanel

__all__ = ["HistogramsPanel"]
