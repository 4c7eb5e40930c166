"""Boundary: what a network computes over a plane of its inputs."""

from studio.dashboard.boundary.boundary_panel import BoundaryPanel
from studio.dashboard.boundary.plane_view import PlaneView
from studio.dashboard.boundary.warped_panel import WarpedPanel

__all__ = ["BoundaryPanel", "PlaneView", "WarpedPanel"]
