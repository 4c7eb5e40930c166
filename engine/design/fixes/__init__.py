"""fix_of(problem): one edit of the design that removes a problem, where there is one.

A rule is a function that takes a FixCase and returns a DesignFix or None. It is registered under
the cause of the problems that it can fix (see `Problem.cause`). `fix_of` checks the edited design:
a fix that leaves its problem in place, or trades it for a worse one, is dropped.
"""

from __future__ import annotations

import importlib
import pkgutil

from engine.data.fit import Fit
from engine.design.check import Report, check
from engine.design.design import Design
from engine.design.fixes.case import RULES, DesignFix, FixCase
from engine.design.fixes.wires import same_cycle
from engine.design.problem import Problem
from engine.errors import EngineError
from engine.settings import TrainingSettings

for _file in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_file.name}")

__all__ = ["DesignFix", "fix_of", "fixes_of"]

WORSE = ("cycle", "excess wire", "no input", "no output", "second input", "size")
"""Causes that no fix may introduce: they move a design further from running."""


def fix_of(
    problem: Problem,
    design: Design,
    settings: TrainingSettings | None = None,
    fit: Fit | None = None,
    report: Report | None = None,
) -> DesignFix | None:
    """The fix for one problem that a check found, or None. report: that check, if known."""
    settings = settings or TrainingSettings()
    report = report or check(design, settings, fit)
    if problem.node is not None and problem.node not in design.nodes:
        return None
    case = FixCase(problem, design, report, settings, fit)
    for find in RULES.get(problem.cause, ()):
        try:
            found = find(case)
        except (
            EngineError
        ):  # the edit is impossible: a Linear layer with too many units, for instance
            continue
        if found is not None and _helps(case, found.design):
            return found
    return None


def fixes_of(
    design: Design,
    settings: TrainingSettings | None = None,
    fit: Fit | None = None,
    report: Report | None = None,
) -> dict[Problem, DesignFix]:
    """The fixes of all problems that have one."""
    report = report or check(design, settings, fit)
    found = ((p, fix_of(p, design, settings, fit, report)) for p in report.problems)
    return {problem: fix for problem, fix in found if fix is not None}


def _helps(case: FixCase, after: Design) -> bool:
    """Whether the problem is gone and has not been replaced by a worse one."""
    before = {(p.cause, p.node) for p in case.report.problems}
    left = [(p.cause, p.node) for p in check(after, case.settings, case.fit).problems]
    worse = [p for p in left if p[0] in WORSE and p not in before]
    if case.problem.cause == "cycle":  # another cycle may remain that starts at the same node
        return not worse and not same_cycle(case.design, after)
    return not worse and (case.problem.cause, case.problem.node) not in left
