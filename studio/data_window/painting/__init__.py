"""Painting points in the plane: two classes by the mouse's buttons, all ten by the number keys."""

from studio.data_window.painting.window import PaintingWindow

__all__ = ["PaintingWindow"]
