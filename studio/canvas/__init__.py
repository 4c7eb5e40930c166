"""The canvas: the design as a graph that one builds with mouse and keyboard."""

from studio.canvas.view import CanvasView

__all__ = ["CanvasView"]
