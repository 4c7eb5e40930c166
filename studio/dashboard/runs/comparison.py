"""Comparison: which settings differ between runs, as rows of a table. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.project.differences import Experiment, differences
from engine.project.runs import Run
from studio.look.translate import translator
from studio.plots.run_figures import NO_NUMBER, cost_text, score_text

_tr = translator("RunComparison")

Key = tuple[str, tuple[str, ...]]
"""A layer, or "", and the path of a setting."""


class ComparisonLine(NamedTuple):
    """One row: what it is about, and its text for each experiment."""

    title: str
    cells: tuple[str, ...]


def settings_that_differ(experiments: Sequence[Experiment]) -> list[ComparisonLine]:
    """A row for each setting in which any experiment is unlike the first."""
    titles: dict[Key, str] = {}
    cells: dict[Key, list[str]] = {}
    for column, other in enumerate(experiments[1:], start=1):
        for found in differences(experiments[0], other):
            key = found.node, found.path
            heading = found.heading
            titles[key] = f"{found.node}: {heading}" if found.node else heading
            row = cells.setdefault(key, [found.before] * len(experiments))
            row[column] = found.after
    return [ComparisonLine(titles[key], tuple(row)) for key, row in _without_strangers(cells)]


def _without_strangers(cells: dict[Key, list[str]]) -> list[tuple[Key, list[str]]]:
    """No value of a setting inside a kind for those that have another kind."""
    for (node, path), row in cells.items():
        outer = cells.get((node, path[:1])) if len(path) > 1 else None
        if outer is not None:
            for column, value in enumerate(outer):
                if value != outer[0]:
                    row[column] = NO_NUMBER
    return list(cells.items())


def figures(runs: Sequence[Run]) -> list[ComparisonLine]:
    """What came of each run."""
    return [
        ComparisonLine(_tr("epochs done"), tuple(f"{run.epoch:,}" for run in runs)),
        ComparisonLine(_tr("train loss"), tuple(cost_text(run, "train_cost") for run in runs)),
        ComparisonLine(_tr("dev loss"), tuple(cost_text(run, "dev_cost") for run in runs)),
        ComparisonLine(_tr("train score"), tuple(score_text(run, "train_score") for run in runs)),
        ComparisonLine(_tr("dev score"), tuple(score_text(run, "dev_score") for run in runs)),
    ]
