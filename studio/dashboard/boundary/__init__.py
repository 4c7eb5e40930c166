"""Boundary: what a network computes over a plane of its inputs."""

from studio.dashboard.boundary.panel import BoundaryPanel

__all__ = ["BoundaryPanel"]
