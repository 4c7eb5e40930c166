"""train(network, data, settings): the steps of a run, one by one; fit() takes all of them.

No threads, no callbacks; only fit() prints anything: a progress bar.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from engine.data import Dataset, Splits
from engine.errors import DataError, TrainingError
from engine.network import Network
from engine.network.heads import Head
from engine.settings import TrainingSettings
from engine.training.history import History
from engine.training.trainer import Step, Trainer

if TYPE_CHECKING:
    from tqdm import tqdm

NEVER_STARTED = (
    "engine.train(...) only yields steps. None were taken, so nothing was trained. Write "
    "'for step in engine.train(network, data): ...', or engine.fit(network, data)."
)
REFRESH_SECONDS = 0.2


class Steps(Iterator[Step]):
    """The steps of one run, each taken when it is requested. Warns if none ever is."""

    def __init__(self, network: Network, data: Splits, settings: TrainingSettings | None) -> None:
        self._started = True  # until it is clear that the run can start
        check_arguments(network, data, settings)
        self._parts = (network, data, settings)
        self._trainer: Trainer | None = None
        self._started = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Step:
        self._started = True
        if self._trainer is None:
            self._trainer = Trainer(*self._parts)
        if self._trainer.finished:
            raise StopIteration
        return self._trainer.step()

    def __repr__(self) -> str:
        where = "not started" if self._trainer is None else repr(self._trainer)
        return f"Steps of engine.train: {where}"

    def __del__(self) -> None:
        if not self._started and not sys.is_finalizing():
            warnings.warn(NEVER_STARTED, UserWarning, stacklevel=2)


def train(network: Network, data: Splits, settings: TrainingSettings | None = None) -> Steps:
    """Train to the end of the last epoch, yielding a Step after every mini-batch.

    Nothing happens until you iterate; `fit` trains to the end by itself.
    Example: for step in train(network, data): print(step.iteration, step.cost)
    Raises DataError or TrainingError for arguments that do not fit.
    """
    return Steps(network, data, settings)


def fit(
    network: Network,
    data: Splits,
    settings: TrainingSettings | None = None,
    *,
    progress: bool = True,
) -> History:
    """Train to the end, with a progress bar on the standard error; returns the history.

    Example: engine.fit(network, data).latest["dev_score"]
    Raises as `train` does, and NonFiniteError where a run diverges.
    """
    check_arguments(network, data, settings)
    trainer = Trainer(network, data, settings)
    evaluations = trainer.history.evaluations["epoch"]
    with progress_bar(trainer, shown=progress) as bar:
        while not trainer.finished:
            known = len(evaluations)
            trainer.step()
            bar.update()
            if len(evaluations) > known:
                bar.set_postfix_str(figures(trainer, trainer.history.latest))
    return trainer.history


def progress_bar(trainer: Trainer, shown: bool) -> tqdm:
    """A progress bar for all steps of a run, starting from its current step."""
    total = trainer.settings.epochs * trainer.steps_per_epoch
    from tqdm import tqdm  # noqa: PLC0415 - the window starts without it

    return tqdm(
        total=total,
        initial=trainer.iteration,
        unit="it",
        disable=not shown,
        mininterval=REFRESH_SECONDS,
    )


def figures(trainer: Trainer, latest: dict[str, float]) -> str:
    """Losses and scores of one evaluation, in words, without the sets that it skipped. With several
    outputs, those of each follow."""
    told = [_figures_of(trainer.network.head, "", latest)]
    for head in trainer.network.heads if trainer.history.heads else ():
        told.append(f"{head.node}: {_figures_of(head, f'{head.node}.', latest)}")
    return "; ".join(told)


def _figures_of(head: Head, prefix: str, latest: Mapping[str, float]) -> str:
    found = []
    for title, name in (("loss", "cost"), (head.task.score_title, "score")):
        values = {part: latest[f"{prefix}{part}_{name}"] for part in ("train", "dev")}
        known = [f"{v:.4f} {part}" for part, v in values.items() if not math.isnan(v)]
        found.append(f"{title} {', '.join(known)}")
    return "  ".join(found)


def check_arguments(network: Any, data: Any, settings: Any) -> None:
    """Raises a helpful error for arguments passed by mistake, instead of an AttributeError."""
    if not isinstance(network, Network):
        raise TrainingError(
            f"Training takes a Network first; got {_kind(network)}.",
            hint="For example engine.fit(engine.Network(design, data=data), data).",
        )
    if not isinstance(data, Splits):
        can_split = isinstance(data, Dataset)
        how = (
            "Split it first: data.split(0.6, 0.2, 0.2)."
            if can_split
            else ("For example data.split(0.6, 0.2, 0.2) of an engine.data.Dataset.")
        )
        raise DataError(
            f"Training takes Splits, with a training and a dev set; got {_kind(data)}.", hint=how
        )
    if settings is not None and not isinstance(settings, TrainingSettings):
        raise TrainingError(
            f"The settings must be engine.TrainingSettings; got {_kind(settings)}.",
            hint="For example engine.TrainingSettings(epochs=50).",
        )


def _kind(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
