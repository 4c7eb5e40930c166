"""The Analyze window: what each layer costs, and what had better be otherwise."""

from studio.analyze_window.window import AnalyzeWindow

__all__ = ["AnalyzeWindow"]
