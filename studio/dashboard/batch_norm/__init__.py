"""What batch norm does to every unit."""

from studio.dashboard.batch_norm.panel import BatchNormPanel

__all__ = ["BatchNormPanel"]
