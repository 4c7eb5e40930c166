"""A plane through the space of the inputs, and what a network is on it, as numbers and as pixels.

Several views show it: none of them needs to know another.
"""

from studio.dashboard.plane.plane import Choice, Plane, plane_of, surface, sweep

__all__ = ["Choice", "Plane", "plane_of", "surface", "sweep"]
