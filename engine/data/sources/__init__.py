"""Sources: everything that data can come from, one class a source."""

from engine.data.sources.base import DataSource

__all__ = ["DataSource"]
