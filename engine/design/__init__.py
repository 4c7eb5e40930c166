"""What the user builds, as values: the design, and its check."""

from engine.data.fit import Fit
from engine.design.check import Problem, Report, can_connect, check, fitted
from engine.design.describe import Row, describe
from engine.design.design import Design, Wire

__all__ = [
    "Design",
    "Fit",
    "Problem",
    "Report",
    "Row",
    "Wire",
    "can_connect",
    "check",
    "describe",
    "fitted",
]
