"""What the user builds, as values: the design and its check, fixes, advice, and costs."""

from engine.data.fit import Fit
from engine.design.adjacency import Adjacency
from engine.design.advice import Advice
from engine.design.analysis import Anatomy
from engine.design.check import Report, can_connect, check
from engine.design.data_fit import fitted
from engine.design.describe import Analysis, LayerRow, analyze, describe
from engine.design.design import Design, Wire
from engine.design.fixes import DesignFix, fix_of, fixes_of
from engine.design.problem import Problem

__all__ = [
    "Adjacency",
    "Advice",
    "Analysis",
    "Anatomy",
    "Design",
    "DesignFix",
    "Fit",
    "LayerRow",
    "Problem",
    "Report",
    "Wire",
    "analyze",
    "can_connect",
    "check",
    "describe",
    "fitted",
    "fix_of",
    "fixes_of",
]
