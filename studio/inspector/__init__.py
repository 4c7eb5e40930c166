"""The inspector: all settings of the selected layers, made from their specs."""

from studio.inspector.inspector import Inspector

__all__ = ["Inspector"]
