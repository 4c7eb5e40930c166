"""The state of a run: read as arrays and plain values, and restored completely or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from engine.errors import EngineError, TrainingError
from engine.health.alarms import AlarmWatch
from engine.malformed import MALFORMED
from engine.network import Network
from engine.network.parts import copy_into
from engine.training.batches import Batches
from engine.training.best import Best
from engine.training.history import History
from engine.training.updater import Updater

Array = np.ndarray


class ResumableRun(Protocol):
    """The parts of a run that make up its state; a Trainer has them."""

    network: Network
    updater: Updater
    batches: Batches
    history: History
    watch: AlarmWatch
    iteration: int
    stopped_early: bool
    best: Best | None

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""


def state_of(run: ResumableRun) -> tuple[dict[str, Array], dict[str, Any]]:
    """Everything needed to continue the run: arrays, and plain values for JSON."""
    arrays = {"theta": run.network.theta}
    arrays |= {f"state.{name}": value for name, value in run.network.state.items()}
    arrays |= {f"slot.{name}": value for name, value in run.updater.slots.items()}
    arrays |= {f"history.{name}": v for name, v in run.history.to_arrays().items()}
    if run.best is not None:
        arrays["best.theta"] = run.best.theta
        arrays |= {f"best.state.{name}": value for name, value in run.best.state.items()}
    values = {
        "iteration": run.iteration,
        "epoch": run.epoch,
        "position": run.batches.position,
        "stopped_early": run.stopped_early,
        "best": run.best.evaluation if run.best else None,
        "watch": run.watch.state(),
        "alarms": [list(alarm) for alarm in run.history.alarms],
        "updates": run.updater.counts,
        "seed": run.network.seed,
        "shuffle_seed": run.batches.seed,
        **run.network.rng.state(),
        "marks": [list(mark) for mark in run.history.marks],
    }
    return {name: array.copy() for name, array in arrays.items()}, values


def put_back(run: ResumableRun, arrays: Mapping[str, Array], values: Mapping[str, Any]) -> None:
    """Restore a run from a `state_of`; if that fails, the run is as it was before.

    Raises TrainingError if the state belongs to another network, FileError if its history is
    incomplete.
    """
    before, previous = state_of(run), run.updater.previous.copy()
    try:
        _check_types(arrays, before[0])
        _put_back(run, arrays, values)
    except (EngineError, *MALFORMED) as error:
        _put_back(run, *before)
        run.updater.previous[...] = previous
        if isinstance(error, EngineError):
            raise
        raise TrainingError(
            f"This training state does not fit the network: {error}.",
            hint="It may come from another design or a damaged file.",
        ) from error


def _put_back(run: ResumableRun, arrays: Mapping[str, Array], values: Mapping[str, Any]) -> None:
    network, state = run.network, _under("state.", arrays)
    copy_into(network.theta, arrays["theta"], "theta")
    for name, value in network.state.items():
        copy_into(value, state[name], name)
    run.history.fill(_under("history.", arrays), values["marks"], values["alarms"])
    run.watch.restore(values["watch"])
    run.iteration = _count(values["iteration"], "iteration")
    network.seed = _count(values["seed"], "seed")
    _go_to(run.batches, values)
    run.stopped_early = bool(values["stopped_early"])
    run.best = _best_of(run, arrays, values["best"])
    counts = {node: _count(t, "count of updates") for node, t in values["updates"].items()}
    run.updater.restore(_under("slot.", arrays), counts, run.iteration)
    network.rng.restore(values)


def _go_to(batches: Batches, values: Mapping[str, Any]) -> None:
    epoch, position = (_count(values[name], name) for name in ("epoch", "position"))
    if position >= batches.examples.m:
        raise ValueError(f"epoch {epoch} has no example {position}")
    batches.go_to(epoch, position, _count(values["shuffle_seed"], "seed"))


def _best_of(
    run: ResumableRun, arrays: Mapping[str, Array], evaluation: Mapping[str, float] | None
) -> Best | None:
    if evaluation is None:
        return None
    best = Best.of(run.network, {str(name): float(value) for name, value in evaluation.items()})
    copy_into(best.theta, arrays["best.theta"], "best.theta")
    for name, value in best.state.items():
        copy_into(value, arrays[f"best.state.{name}"], name)
    return best


def _check_types(arrays: Mapping[str, Array], known: Mapping[str, Array]) -> None:
    """Raises ValueError if there are whole numbers instead of real ones, or the other way
    around."""
    for name, array in arrays.items():
        wanted = known.get(name, known["theta"]).dtype
        if array.dtype.kind != wanted.kind:
            raise ValueError(f"{name} holds {array.dtype} instead of {wanted}")


def _count(value: Any, name: str) -> int:
    """The value of a counter. Raises ValueError if it cannot be one."""
    if type(value) is not int or value < 0:
        raise ValueError(f"the {name} is {value!r}")
    return value


def _under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays whose names have this prefix, by the rest of their names."""
    return {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
