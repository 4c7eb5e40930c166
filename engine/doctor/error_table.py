"""error_table(...): the share of errors in each category, and what fixing it could give at best.

Of 100 wrong dev examples, 5 are dogs: fixing all dogs takes an error of 10 % to 9.5 % at best, so
that weeks of work on them would be lost. Are 50 of them dogs, the ceiling is 5 %.

Source: A. Ng, Deep Learning Specialization, course 3, week 2, "Carrying out error analysis".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.data.chance import Interval, wilson
from engine.doctor.errors import ErrorRate, example_errors, target_variance
from engine.network import Network
from engine.project.findings import ErrorAnalysis, Finding

Array = np.ndarray

WRONG_LABEL = "wrong label"
NO_CATEGORY = "no category"


class ErrorTableRow(NamedTuple):
    """own: False for the two rows that are no categories of the person's own.

    examples: how many of the wrong ones that were looked at. share: of those; interval: where the
    share of all wrong examples lies. ceiling: the error that would be left if this category were
    fixed altogether.
    """

    name: str
    own: bool
    examples: int
    share: float
    interval: Interval
    ceiling: float


class ErrorTable(NamedTuple):
    """rows: the largest share first; shares may sum to more than 1, as an example may be in several
    categories. examined: wrong examples that were looked at, of `wrong` in all. error: on the set.
    """

    rows: tuple[ErrorTableRow, ...]
    examined: int
    wrong: int
    error: float


class WrongExample(NamedTuple):
    """example: its column in the set. error: 1 for a decision, else as the doctor counts it.
    confidence: the probability of what was decided; NaN for regression."""

    example: int
    error: float
    confidence: float


def wrong_examples(network: Network, data: Dataset, most: int = 1_000) -> list[WrongExample]:
    """The wrong examples of a set, the worst first: the largest error, then the most confident.

    For regression, where none is quite right, those whose error is above the mean.
    """
    data = data.of_target(network.head.target)
    P, targets = network.predict_first(data.X), network.task.targets
    rows = np.isfinite(data.Y).any(axis=0)  # multi-label examples without any label are left out
    where = np.flatnonzero(rows)
    errors = example_errors(P[:, rows], data.Y[:, rows], targets, target_variance(data.Y))
    limit, confidence = targets.wrong_above(errors), targets.confidence(P[:, rows])
    order = np.lexsort((where, -confidence, -errors))
    chosen = [int(i) for i in order if errors[i] > limit][:most]
    return [WrongExample(int(where[i]), float(errors[i]), float(confidence[i])) for i in chosen]


def error_table(analysis: ErrorAnalysis, wrong: Sequence[str], error: ErrorRate) -> ErrorTable:
    """The table of a set. wrong: the keys of its wrong examples. error: that of the whole set."""
    found = [analysis.findings[key] for key in wrong if key in analysis.findings]
    counts = {name: sum(name in f.tags for f in found) for name in analysis.categories}
    rows = [_row(name, True, count, len(found), error.value) for name, count in counts.items()]
    mislabeled = sum(f.wrong_label for f in found)
    rows.append(_row(WRONG_LABEL, False, mislabeled, len(found), error.value))
    without = sum(_is_bare(f) for f in found)
    rows.append(_row(NO_CATEGORY, False, without, len(found), error.value))
    rows.sort(key=lambda row: (row.name == NO_CATEGORY, -row.examples))
    return ErrorTable(tuple(rows), len(found), len(wrong), error.value)


def _row(name: str, own: bool, count: int, examined: int, error: float) -> ErrorTableRow:
    share = count / examined if examined else 0.0
    interval = wilson(share, examined) if examined else Interval(0.0, 1.0)
    return ErrorTableRow(name, own, count, share, interval, error * (1 - share))


def _is_bare(finding: Finding) -> bool:
    return not finding.tags and not finding.wrong_label
