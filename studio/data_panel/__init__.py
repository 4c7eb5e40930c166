"""The Data panel: what the network learns from, how it is divided, and whether that is sound."""

from studio.data_panel.panel import DataPanel, changed

__all__ = ["DataPanel", "changed"]
