"""Error analysis: the wrong dev examples one by one, and what they have in common."""

from studio.dashboard.errors.panel import ErrorAnalysisPanel

__all__ = ["ErrorAnalysisPanel"]
