"""train(network, data, settings): a generator of steps. No threads, no callbacks, no print."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.data import Dataset, Splits
from engine.design import Design
from engine.errors import DataError, NonFiniteError, TrainingError
from engine.history import History, Mark
from engine.network import Network, Trace
from engine.settings import TrainingSettings
from engine.streams import stream
from engine.updater import Updater

Array = np.ndarray

STEPS_PER_EVALUATION = 20
"""An epoch of fewer steps is not evaluated each time, or evaluation would take longer than
training: full-batch runs are evaluated every twentieth epoch."""


class Step(NamedTuple):
    """One mini-batch step. iteration and epoch count from 1."""

    iteration: int
    epoch: int
    cost: float
    history: History

    @property
    def gradient_norms(self) -> dict[str, float]:
        """||gradient|| of each layer with parameters, by name, at this step."""
        norms = self.history.gradient_norm.values[self.iteration - 1]
        return dict(zip(self.history.nodes, norms.tolist(), strict=True))


class Trainer:
    """A run: a network, its data, its updater and its history, one mini-batch at a time.

    network: changed in place. data: Splits of any dtype. settings: default the network's own; if
    they differ, the network adopts them. `state` and `restore` carry a run over a file so that
    it goes on to the last bit. Raises DataError or TrainingError if the parts do not fit.
    """

    def __init__(
        self, network: Network, data: Splits, settings: TrainingSettings | None = None
    ) -> None:
        self.settings = settings or network.settings
        if self.settings != network.settings:
            network.adopt(self.settings)
        self.network = network
        self.data = data
        self.train_set = _Arrays(network, data.train, "training")
        self.dev_set = _Arrays(network, data.dev, "dev")
        self.updater = Updater(network, self.settings)
        self.history = History(network.parameter_nodes)
        self.iteration = 0
        self.epoch = 0
        self._position = 0
        self._order: Array | None = None
        self._adopt_batches()
        self._blocks_by_node = [
            [(b.start, b.stop) for b in network.blocks if b.node == node]
            for node in self.history.nodes
        ]

    @property
    def finished(self) -> bool:
        """True after the last step of the last epoch."""
        return self.epoch >= self.settings.epochs

    @property
    def steps_per_epoch(self) -> int:
        """Mini-batches in an epoch, the shorter last one included."""
        return math.ceil(self.train_set.m / self.batch_size)

    def adopt(self, settings: TrainingSettings, design: Design | None = None) -> None:
        """Change settings, or fields of layers, in mid-run, from the next mini-batch on."""
        self.network.adopt(settings, design)
        self.settings = settings
        self.updater.adopt(settings)
        self._adopt_batches()

    def step(self) -> Step:
        """Train on the next mini-batch. Raises NonFiniteError and keeps the last good weights."""
        if self.finished:
            raise TrainingError("The run is finished.", hint="Raise the number of epochs.")
        X, Y = self._next_batch()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            cost, norms = self._learn_from(X, Y)
            rate = self.updater.learning_rate(self.epoch)
            clipped = self.updater.step(self.epoch)
        self.iteration += 1
        self._position += X.shape[-1]
        self.history.record(cost, rate, norms)
        if clipped:
            self.history.marks.append(Mark(self.iteration, "clip", "gradient clipped"))
        epoch = self.epoch + 1
        if self._position >= self.train_set.m:
            self._end_epoch()
        return Step(self.iteration, epoch, cost, self.history)

    def evaluate(self) -> dict[str, float]:
        """Cost and score of the current weights on the training and dev sets."""
        train_cost, train_score = self.network.evaluate(self.train_set.X, self.train_set.Y)
        dev_cost, dev_score = self.network.evaluate(self.dev_set.X, self.dev_set.Y)
        return {
            "train_cost": train_cost,
            "train_score": train_score,
            "dev_cost": dev_cost,
            "dev_score": dev_score,
        }

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """Everything that the continuation depends on: arrays, and plain values for JSON."""
        arrays = {"theta": self.network.theta}
        arrays |= {f"state.{name}": value for name, value in self.network.state.items()}
        arrays |= {f"slot.{name}": value for name, value in self.updater.slots.items()}
        arrays |= {f"history.{name}": v for name, v in self.history.to_arrays().items()}
        values = {
            "iteration": self.iteration,
            "epoch": self.epoch,
            "position": self._position,
            "updates": dict(self.updater.counts),
            "dropout": self.network.rng.bit_generator.state,
            "marks": [list(mark) for mark in self.history.marks],
        }
        return {name: array.copy() for name, array in arrays.items()}, values

    def restore(self, arrays: Mapping[str, Array], values: Mapping[str, Any]) -> None:
        """Go back to a `state`. Raises TrainingError if it belongs to another network."""
        try:
            self._restore(arrays, values)
        except (KeyError, ValueError, TypeError) as error:
            raise TrainingError(
                f"This training state does not fit the network: {error}.",
                hint="It may come from another design or a damaged file.",
            ) from error

    def _restore(self, arrays: Mapping[str, Array], values: Mapping[str, Any]) -> None:
        self.network.theta[...] = arrays["theta"]
        for name, value in self.network.state.items():
            value[...] = arrays[f"state.{name}"]
        self.history.fill(_under("history.", arrays), values["marks"])
        self.iteration, self.epoch = int(values["iteration"]), int(values["epoch"])
        self._position, self._order = int(values["position"]), None
        counts = {node: int(t) for node, t in values["updates"].items()}
        self.updater.restore(_under("slot.", arrays), counts, self.iteration)
        self.network.rng.bit_generator.state = values["dropout"]

    def _adopt_batches(self) -> None:
        m = self.train_set.m
        self.batch_size = min(self.settings.batch_size or m, m)
        self._evaluate_every = math.ceil(STEPS_PER_EVALUATION / self.steps_per_epoch)

    def _next_batch(self) -> tuple[Array, Array]:
        """The next columns of the shuffled training set; full batches are not shuffled."""
        train, low = self.train_set, self._position
        high = min(low + self.batch_size, train.m)
        if low == 0 and high == train.m:
            return train.X, train.Y
        if self._order is None:
            shuffle = stream(self.settings.seed, "shuffle", self.epoch)
            self._order = shuffle.permutation(train.m)
        chosen = self._order[low:high]
        # One example is contiguous in memory, so rows of the transposed array are gathered fast.
        return train.X.T[chosen].T, train.Y.T[chosen].T  # (n_x, batch), (n_y, batch)

    def _end_epoch(self) -> None:
        self.epoch += 1
        self._position, self._order = 0, None
        if self.epoch % self._evaluate_every == 0 or self.finished:
            with np.errstate(over="ignore", invalid="ignore"):
                values = self.evaluate()
                if self.finished:
                    self._check_outcome(values["train_cost"])
            self.history.evaluate(iteration=self.iteration, epoch=self.epoch, **values)

    def _learn_from(self, X: Array, Y: Array) -> tuple[float, Array]:
        """Cost and gradient norms of a batch; where they are not finite, all is as before."""
        before = {name: value.copy() for name, value in self.network.state.items()}
        try:
            cost, trace, _ = self.network.learn_from(X, Y)
            if not math.isfinite(cost):
                raise self._non_finite("The cost", self._origin(trace), self.iteration + 1)
            return cost, self._gradient_norms()
        except NonFiniteError:
            self.updater.take_back()
            for name, value in before.items():
                self.network.state[name][...] = value
            raise

    def _check_outcome(self, cost: float) -> None:
        """The last step's weights meet no further batch that could find them broken."""
        if not math.isfinite(cost):
            trace = self.network.forward(self.train_set.X)
            self.updater.take_back()
            raise self._non_finite("The cost", self._origin(trace), self.iteration)

    def _gradient_norms(self) -> Array:
        gradient = self.network.gradient
        norms = np.empty(len(self._blocks_by_node), "float32")
        for index, spans in enumerate(self._blocks_by_node):
            squares = 0.0
            for start, stop in spans:
                piece = gradient[start:stop]
                squares += float(piece.dot(piece))
            norms[index] = math.sqrt(squares)
            if not math.isfinite(squares):
                self._check_gradient(self.history.nodes[index])
        return norms

    def _check_gradient(self, node: str) -> None:
        """Norms may overflow where the gradient does not; only the latter ends the run."""
        blocks = [b for b in self.network.blocks if b.node == node]
        if not all(np.isfinite(self.network.gradient[b.start : b.stop]).all() for b in blocks):
            raise self._non_finite("The gradient", node, self.iteration + 1)

    def _origin(self, trace: Trace) -> str:
        """The first layer whose output is not finite; the last one if only the loss is not."""
        for part in self.network.parts:
            if not np.isfinite(trace.values[part.target]).all():
                return part.node
        return self.network.parts[-1].node

    def _non_finite(self, what: str, node: str, iteration: int) -> NonFiniteError:
        return NonFiniteError(
            f"{what} became infinite or NaN at iteration {iteration}, first in '{node}'.",
            node,
            iteration,
            hint="The last good weights are kept. Try a smaller learning rate or initialization.",
        )


def _under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}


class _Arrays:
    """One set of examples in the network's dtype, with one example contiguous in memory."""

    def __init__(self, network: Network, data: Dataset, name: str) -> None:
        if (data.n_x, data.n_y) != (network.n_x, network.n_y):
            raise DataError(
                f"The {name} set has {data.n_x} features and {data.n_y} targets; the network takes "
                f"{network.n_x} and gives {network.n_y}."
            )
        if data.task != network.task.kind:
            raise DataError(f"The data are for the task '{data.task}', not '{network.task.kind}'.")
        self.X: Array = np.asarray(data.X, network.dtype, order="F")
        self.Y: Array = np.asarray(data.Y, network.dtype, order="F")
        self.m = data.m


def train(
    network: Network, data: Splits, settings: TrainingSettings | None = None
) -> Iterator[Step]:
    """Train to the end of the last epoch, yielding after every mini-batch.

    Example: for step in train(network, data): print(step.iteration, step.cost)
    """
    trainer = Trainer(network, data, settings)
    while not trainer.finished:
        yield trainer.step()
