"""Measures: the figures of a run by name, such as "dev.error" or "h1.gradient_norm".

    iteration, epoch, state, layers.hidden, parameters, check.relative_error
    {train, dev}.{cost, score, error}             at the newest evaluation; cost is that of all
                                                  outputs, score and error are the first one's
    <output>.{train, dev}.{cost, score, error}    of one of several outputs
    <node>.{gradient_norm, weight_norm, update_ratio, dead_share}

Scripts, lessons and tests of the window ask for them; nothing here knows a window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from engine.data.fit import Fit
from engine.design import Design
from engine.design.analysis import Anatomy
from engine.design.check import check
from engine.errors import DataError
from engine.layers import Output
from engine.network import Network
from engine.settings import TrainingSettings
from engine.training.history import History
from engine.words import counted

__all__ = ["Measured", "known_measures", "measure", "weight_norms"]

Figure = float | int | str
SETS, OF_A_SET = ("train", "dev"), ("cost", "score", "error")
OF_A_NODE = ("gradient_norm", "weight_norm", "update_ratio", "dead_share")
OF_A_RUN = ("iteration", "epoch", "state", "layers.hidden", "parameters", "check.relative_error")


@dataclass(frozen=True)
class Measured:
    """A run as it stands.

    state: "paused", "finished"... weight_norms: ||W|| of each layer at the newest iteration.
    relative_error: of the last gradient check, if there was one.
    """

    design: Design
    training: TrainingSettings
    fit: Fit | None
    history: History
    state: str
    epoch: int
    weight_norms: Mapping[str, float] = field(default_factory=dict)
    relative_error: float | None = None


def measure(name: str, run: Measured, iteration: int | None = None) -> Figure:
    """One figure; iteration: as it was after this many steps, the newest without one.

    Raises DataError for an unknown name, and where it was not measured by then.
    """
    at = len(run.history) if iteration is None else iteration
    if not 0 <= at <= len(run.history):
        length = counted(len(run.history), "iteration")
        raise DataError(f"The run has {length}; there is no iteration {at:,}.")
    if name in OF_A_RUN:
        return _of_run(name, run, at)
    owner, _, what = name.rpartition(".")
    head, _, each = owner.rpartition(".")
    if each in SETS and what in OF_A_SET and head in ("", *run.history.heads):
        return _of_set(owner, what, run.history, at)
    if owner in run.design.nodes and what in OF_A_NODE:
        return _of_node(owner, what, run, at)
    raise DataError(f"There is no measure “{name}”.{near_names(name, known_measures(run.design))}")


def known_measures(design: Design) -> list[str]:
    """The names of all measures of a design's runs."""
    outputs = design.of_type(Output)
    owners = [*SETS, *(f"{o}.{each}" for o in outputs for each in SETS if len(outputs) > 1)]
    of_sets = [f"{owner}.{what}" for owner in owners for what in OF_A_SET]
    return [*OF_A_RUN, *of_sets, *(f"{node}.{what}" for node in design.nodes for what in OF_A_NODE)]


def weight_norms(network: Network) -> dict[str, float]:
    """The length of each layer's weights: the root of the sum of ||W||^2, in float64."""
    squares: dict[str, float] = {}
    for name, values in network.parameters.items():
        node, _, parameter = name.rpartition(".")
        if parameter.startswith("W"):
            length = float(np.linalg.norm(np.asarray(values, np.float64)))
            squares[node] = squares.get(node, 0.0) + length**2
    return {node: float(np.sqrt(square)) for node, square in squares.items()}


def near_names(name: str, known: Sequence[str]) -> str:
    """ " Did you mean ...?", or "" where no name comes near."""
    near = get_close_matches(name, list(known), 3, 0.5)
    return f" Did you mean {' or '.join(f'“{each}”' for each in near)}?" if near else ""


def _of_run(name: str, run: Measured, at: int) -> Figure:
    if name == "iteration":
        return at
    if name == "epoch":
        return run.epoch if at == len(run.history) else int(_evaluated("epoch", run.history, at))
    if name == "state":
        return run.state
    if name == "parameters":
        return sum(check(run.design, run.training, run.fit).parameters.values())
    if name == "layers.hidden":
        return Anatomy.of(run.design, run.training, run.fit).hidden_depth
    if run.relative_error is None:
        raise DataError("The gradients have not been checked yet.")
    return run.relative_error


def _of_set(name: str, what: str, history: History, at: int) -> float:
    """error: what the score leaves to 1: the share of wrong answers, or 1 - R^2."""
    if what == "error":
        return 1.0 - _evaluated(f"{name}_score", history, at)
    return _evaluated(f"{name}_{what}", history, at)


def _evaluated(column: str, history: History, at: int) -> float:
    """A value of the newest evaluation by then."""
    values = history.evaluations[column].values
    done = history.evaluations["iteration"].values[: len(values)]
    row = int(np.searchsorted(done, at, side="right")) - 1
    if row < 0:
        raise DataError(f"Nothing was evaluated up to iteration {at:,}.")
    return float(values[row])


def _of_node(node: str, what: str, run: Measured, at: int) -> float:
    history = run.history
    if what == "weight_norm":
        return _weight_norm(node, run, at)
    if node not in history.nodes:
        raise DataError(f"'{node}' has no parameters in this run, so its {what} is unknown.")
    column = history.nodes.index(node)
    if what == "gradient_norm":
        if not at:
            raise DataError("There is no gradient before the first iteration.")
        return float(history.gradient_norm.values[at - 1, column])
    iterations, values = history.measure(what)
    row = int(np.searchsorted(iterations, at, side="right")) - 1
    if row < 0:
        raise DataError(f"The layers were not measured up to iteration {at:,}.")
    return float(values[row, column])


def _weight_norm(node: str, run: Measured, at: int) -> float:
    if node not in run.weight_norms:
        raise DataError(f"'{node}' has no weights.")
    if at != len(run.history):
        raise DataError("Weight norms are known only for the latest iteration.")
    return run.weight_norms[node]
