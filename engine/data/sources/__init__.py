"""Sources: everything that data can come from, one class for each."""

from engine.data.sources.base import DataSource
from engine.discovery import discover

discover(__path__, __name__)

__all__ = ["DataSource"]
