"""What the user builds, as values: the design, its check, fixes, advice and costs."""

from engine.data.fit import Fit
from engine.design.adjacency import Adjacency
from engine.design.advice import Advice
from engine.design.analysis import Anatomy
from engine.design.check import Problem, Report, can_connect, check, fitted
from engine.design.describe import Analysis, Row, analyze, describe
from engine.design.design import Design, Wire
from engine.design.fixes import Fix, fix_of, fixes_of

__all__ = [
    "Adjacency",
    "Advice",
    "Analysis",
    "Anatomy",
    "Design",
    "Fit",
    "Fix",
    "Problem",
    "Report",
    "Row",
    "Wire",
    "analyze",
    "can_connect",
    "check",
    "describe",
    "fitted",
    "fix_of",
    "fixes_of",
]
