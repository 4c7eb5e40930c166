"""The problems panel: why the design cannot run, with a fix beside it where there is one."""

from studio.problems_panel.panel import ProblemsPanel

__all__ = ["ProblemsPanel"]
