"""The Analyze window: what each layer costs, and what could be improved."""

from studio.analyze_window.window import AnalyzeWindow

__all__ = ["AnalyzeWindow"]
