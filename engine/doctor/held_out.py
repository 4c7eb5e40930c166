"""open_test_set(project, network): the only way to the test set's figures, with a record of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from engine.data import Splits
from engine.doctor.errors import ErrorRate, rate_of, target_variance
from engine.errors import DataError
from engine.limits import MAX_OPENINGS
from engine.network import Network
from engine.project import Project
from engine.project.held_out import Opening
from engine.project.sets import fingerprint


@dataclass(frozen=True)
class TestFigures:
    """error: with its interval. cost: the mean loss. score: accuracy, or R^2 for a regression.
    m: examples."""

    __test__ = False  # pytest collects classes by their names

    error: ErrorRate
    cost: float
    score: float

    @property
    def m(self) -> int:
        """How many examples the figures rest on."""
        return self.error.m


def evaluate(network: Network, data: Splits) -> TestFigures:
    """The figures of a network on the test set of data that it fits.

    Raises DataError if there is no test set. Whoever calls this for a project uses `open_test_set`.
    """
    if data.test is None:
        raise DataError(
            "These data have no test set; its fraction is 0.",
            hint="Give the test set a share of the examples, and train again.",
        )
    seen = np.asarray(network.loss_targets(data.test.Y, data.test.weights), network.dtype)
    found = network.evaluate(np.asarray(data.test.X, network.dtype), seen)
    judged = data.of_target(network.head.target)
    assert judged.test is not None
    error = rate_of(network, judged.test, target_variance(judged.train.Y))
    return TestFigures(error, found.cost, found.score)


def open_test_set(
    project: Project, network: Network, data: Splits, now: datetime | None = None
) -> tuple[Project, TestFigures]:
    """The project with one more opening on record, and what the test set said.

    data: the project's, as the network was trained on them. now: None takes the clock.
    """
    figures = evaluate(network, data)
    when = (now or datetime.now()).replace(microsecond=0).isoformat()
    opening = Opening(
        when, figures.m, figures.error.value, float(figures.cost), fingerprint(project)
    )
    openings = (*project.openings, opening)[-MAX_OPENINGS:]
    return project.replace(openings=openings), figures
