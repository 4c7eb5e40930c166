"""The panel of all runs: kept, compared, given back."""

from studio.dashboard.runs.runs_panel import RunsPanel

__all__ = ["RunsPanel"]
