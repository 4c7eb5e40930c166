"""l2_sweep(project): errors and weights against lambda, and early stopping's curve beside it.

Both keep weights small: L2 by a price on them, early stopping by leaving them no time to grow.
L2 takes many runs to find lambda, but leaves the minimization of J alone. Early stopping finds its
place in one run, but couples two tasks: it ends the minimization of J in order not to overfit.

Source: A. Ng, Deep Learning Specialization, course 2, week 1, "Regularization" and "Other
regularization methods"; week 3, "Using an appropriate scale to pick hyperparameters".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from engine.data import Splits
from engine.doctor.errors import ErrorRate, train_and_dev
from engine.errors import NonFiniteError
from engine.experiments.trials import Cancel, Progress, RunWatch, trial
from engine.network import Network
from engine.project import Project
from engine.settings import TrainingSettings
from engine.spec import limits
from engine.training.history import PER_EVALUATION, History

Array = np.ndarray

POINTS = 8
WEAKEST, STRONGEST = 1e-4, 1.0
"""lambda over the examples in a batch: from no effect to nothing but small weights."""

COUPLING = {
    "l2": (
        "L2 takes one run for each λ. It keeps the two tasks apart: J is minimized to the "
        "end, and λ limits how large the weights become."
    ),
    "early": (
        "Early stopping takes only one run. It couples two tasks: ending the minimization "
        "of J early also prevents overfitting, so neither can be tuned alone."
    ),
}


@dataclass(frozen=True)
class SweepPoint:
    """The run with one lambda. weight_norms: layer -> Frobenius norm of its weights. network: for
    drawing its boundary. problem: why there are no errors, where the run diverged."""

    l2: float
    train: ErrorRate | None
    dev: ErrorRate | None
    weight_norms: dict[str, float]
    network: Network | None = field(repr=False, compare=False)
    problem: str = ""

    @property
    def weight_norm(self) -> float:
        """The norm of all weights together."""
        return float(np.sqrt(sum(norm**2 for norm in self.weight_norms.values())))


class StoppingCurve(NamedTuple):
    """Errors against epochs: (k,) each. best: the index of the lowest dev error."""

    epoch: Array
    train_error: Array
    dev_error: Array
    best: int


def lambdas(batch: int, count: int = POINTS) -> list[float]:
    """0, and values on a logarithmic grid that suits batches of this many examples."""
    most = limits(TrainingSettings.model_fields["l2"])["le"]
    grid = np.geomspace(WEAKEST * batch, min(STRONGEST * batch, most), count)
    return [0.0, *(float(f"{value:.1e}") for value in grid)]


def l2_sweep(
    project: Project,
    values: Sequence[float] | None = None,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
    data: Splits | None = None,
) -> Iterator[SweepPoint]:
    """A point for each lambda, which holds for all layers, also those with one of their own.

    Design, seed and data are the same in all runs. A run that diverges, as too large a lambda lets
    plain gradient descent do, is a point with a problem. Ends early if cancel() is True;
    progress(done, total) is called after every step. data: the project's, where they have been
    built before.
    """
    data = data or project.build_data()
    batch = min(project.training.batch_size or data.train.m, data.train.m)
    wanted = lambdas(batch) if values is None else values
    for number, l2 in enumerate(wanted):
        watch = RunWatch(cancel, progress, number, len(wanted))
        try:
            swept = project.with_setting_everywhere("l2", l2)
            run = trial(swept.design, swept.training, data, watch)
        except NonFiniteError as error:
            yield SweepPoint(l2, None, None, {}, None, str(error))
            continue
        if run is None:
            return
        train, dev = train_and_dev(run.network, data)
        yield SweepPoint(l2, train, dev, weight_norms(run.network), run.network)


def best_of(points: Sequence[SweepPoint]) -> SweepPoint | None:
    """The point of the lowest dev error; of equal ones that with the largest lambda."""
    sound = [point for point in points if point.dev is not None]
    return min(sound, key=lambda p: (p.dev.value if p.dev else 0.0, -p.l2), default=None)


def weight_norms(network: Network) -> dict[str, float]:
    """The Frobenius norm of each layer's weights, by the layer's name; biases are left out."""
    squares: dict[str, float] = {}
    for block in network.slices:
        if block.is_weight:
            values = network.theta[block.start : block.stop].astype(np.float64)
            squares[block.node] = squares.get(block.node, 0.0) + float(values.dot(values))
    return {node: float(np.sqrt(square)) for node, square in squares.items()}


def stopping_curve(history: History) -> StoppingCurve | None:
    """What early stopping would choose from: 1 - score after each evaluation; None before any."""
    columns = history.evaluations
    count = len(columns[PER_EVALUATION[-1]])
    epoch, train, dev = (columns[n].values[:count] for n in ("epoch", "train_score", "dev_score"))
    both = ~np.isnan(train)
    if not both.any():
        return None
    train_error, dev_error = 1 - train[both], 1 - dev[both]
    return StoppingCurve(epoch[both], train_error, dev_error, int(dev_error.argmin()))
