"""Palette: all layers and the user's own blocks, to drag onto the canvas."""

from studio.palette.panel import Palette

__all__ = ["Palette"]
