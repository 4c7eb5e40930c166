"""Which units dropout switches off."""

from studio.dashboard.dropout.panel import DropoutPanel

__all__ = ["DropoutPanel"]
