"""Which units dropout turns off."""

from studio.dashboard.dropout.panel import DropoutPanel

__all__ = ["DropoutPanel"]
