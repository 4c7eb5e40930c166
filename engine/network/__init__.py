"""Network: a design made ready to compute, forward and backward."""

from engine.network.network import Network

__all__ = ["Network"]
