"""measures_of_run(run): what a recorded run can be ranked by, without training or data at hand.

`with_measures` notes down what cannot be told later, while the network is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from engine.data import Dataset
from engine.design import check
from engine.doctor.network_measures import MEASURES, measures_for, measures_of
from engine.doctor.ranking import Goal, RankedNetwork, rank
from engine.errors import EngineError
from engine.layers import Output
from engine.network import Network
from engine.project.runs import Run

IN_EVERY_RUN = ("accuracy", "r2", "parameters")
"""What follows from the score and the design of a run."""


def rank_runs(runs: Iterable[Run], goal: Goal) -> list[tuple[Run, RankedNetwork]]:
    """The runs with their places, best first."""
    by_key = {run.key: run for run in runs}
    places = rank({key: measures_of_run(run) for key, run in by_key.items()}, goal)
    return [(by_key[place.name], place) for place in places]


def with_measures(run: Run, network: Network, dev: Dataset) -> Run:
    """The run with the further measures of its network on the dev set among its figures, so that it
    can be ranked by them later. A network whose predictions are not finite has none."""
    try:
        found = measures_of(network, dev)
    except EngineError:
        return run
    further = {name: value for name, value in found.items() if name not in IN_EVERY_RUN}
    return run.replace(figures={**run.figures, **further})


def measures_of_run(run: Run) -> dict[str, float]:
    """The measures of a run by name (see MEASURES), as far as they are known.

    Its dev score is its accuracy, or its R^2 for regression; the number of parameters follows from
    the design. Further ones, as `measures_of` gives them, count if the run's figures hold them and
    they suit its task.
    """
    tasks = [node.task for node in run.design.nodes.values() if isinstance(node, Output)]
    suited = measures_for(tasks[0].targets) if tasks else MEASURES
    found = {name: value for name, value in run.figures.items() if name in suited}
    score = run.figures.get("dev_score", math.nan)
    if tasks and not math.isnan(score):
        found.setdefault(tasks[0].score_metric, score)
    size = _size(run)
    return found if size is None else {"parameters": size, **found}


def _size(run: Run) -> float | None:
    """The number of parameters; None where the data that decide it are gone."""
    try:
        report = check(run.design, run.training, run.data.source.fit())
    except EngineError:
        return None
    return float(sum(report.parameters.values())) if report.ok else None
