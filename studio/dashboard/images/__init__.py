"""Examples and first-layer weights as pictures."""

from studio.dashboard.images.panel import ImagesPanel

__all__ = ["ImagesPanel"]
