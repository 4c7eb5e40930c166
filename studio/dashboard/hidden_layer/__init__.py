"""The plane of the inputs as a hidden layer sees it."""

from studio.dashboard.hidden_layer.panel import HiddenLayerPanel

__all__ = ["HiddenLayerPanel"]
