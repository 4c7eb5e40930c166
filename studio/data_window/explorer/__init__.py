"""A look at the examples: as rows, points, histograms, pictures, and counts of the classes."""

from studio.data_window.explorer.explorer import Explorer

__all__ = ["Explorer"]
