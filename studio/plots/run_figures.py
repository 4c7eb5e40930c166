"""What is said about a run: its look, its figures, and what a comparison may not conclude."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from engine import Output, Task
from engine.project.differences import Difference, Experiment, differences, lowered
from engine.project.runs import Run
from engine.words import percent
from studio.look.translate import translator
from studio.plots.curve import SYMBOLS, Style

_tr = translator("RunFigures")

NO_NUMBER = "–"
MOST_NAMED = 3
"""Settings that a banner names; the table tells all."""
COLORS = 7
"""Runs take turns in so many colors; the last one of each theme is the ink itself."""


def style_of(number: int) -> Style:
    """Color and symbol of the curves of the n-th run, from 0; they are its own, whatever else is
    shown."""
    symbol = SYMBOLS[(number + number // COLORS) % len(SYMBOLS)]
    return Style(number % COLORS, Qt.PenStyle.SolidLine, symbol, (number % COLORS) / COLORS)


def style_of_run(run: Run) -> Style:
    """The look of a kept run."""
    return style_of(max(0, run.number - 1))


def task_of(experiment: Experiment) -> Task | None:
    """The task of its output, if it has one."""
    outputs = experiment.design.of_type(Output)
    output = experiment.design.nodes[outputs[0]] if outputs else None
    return output.task if isinstance(output, Output) else None


def first_of_several(experiment: Experiment | None) -> str:
    """The output that figures without a name are of, where there are others; else empty."""
    outputs = experiment.design.of_type(Output) if experiment is not None else []
    return outputs[0] if len(outputs) > 1 else ""


def score_title(experiments: Sequence[Experiment]) -> str:
    """What their scores are called; empty where they are of different kinds."""
    titles = {task.score_title for each in experiments if (task := task_of(each)) is not None}
    return titles.pop() if len(titles) == 1 else ""


def score_words(value: float | None, task: Task | None) -> str:
    """A score as its task counts it: "96.41 %" for shares."""
    if value is None:
        return NO_NUMBER
    return percent(value, digits=2) if task is not None and task.score_is_share else f"{value:.4f}"


def cost_words(value: float | None) -> str:
    """A cost with four digits."""
    return NO_NUMBER if value is None else f"{value:.4g}"


def score_text(run: Run, name: str) -> str:
    """One of a run's scores."""
    return score_words(run.figures.get(name), task_of(run))


def cost_text(run: Run, name: str) -> str:
    """One of a run's costs."""
    return cost_words(run.figures.get(name))


def caution(runs: Sequence[Run]) -> str:
    """What a comparison of these runs does not show; empty where it is a fair one."""
    found: dict[tuple[str, tuple[str, ...]], Difference] = {}
    for run in runs[1:]:
        found |= {(d.node, d.path): d for d in differences(runs[0], run)}
    names = list(dict.fromkeys(_named(d) for d in found.values() if not d.is_seed))
    if any(d.is_seed for d in found.values()):
        if not names:
            return _tr("Only their seeds differ: differences in the curves are due to chance.")
        names.append(_tr("seed"))
    if len(names) < 2:
        return ""
    return _tr(
        "These runs differ in {things}, so the curves do not show which of these matters."
    ).format(things=_listed(names))


def _named(found: Difference) -> str:
    owner = _tr(" of {node}").format(node=found.node) if found.node else ""
    return lowered(found.titles[-1]) + owner


def _listed(names: list[str]) -> str:
    """The first few, and the last, which may be the seed."""
    *first, last = names
    left_out = len(first) - MOST_NAMED
    if left_out > 0:
        first = [*first[:MOST_NAMED], _tr("{n} more").format(n=left_out)]
    return _tr("{first} and {last}").format(first=", ".join(first), last=last)
