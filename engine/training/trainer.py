"""Trainer: a run, one mini-batch at a time. No threads, no callbacks, no print."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.data import Splits
from engine.design import Design
from engine.errors import NonFiniteError, TrainingError
from engine.health.alarms import AlarmWatch, is_extreme
from engine.health.health import HealthProbe
from engine.health.judged_examples import JUDGED, JudgedExamples
from engine.metrics import largest_class
from engine.network import Network
from engine.network.parts import Pass, Trace
from engine.settings import TrainingSettings
from engine.stopping import StopRule
from engine.training.batches import Batches, Examples
from engine.training.best import Best
from engine.training.evaluation_plan import EvaluationPlan
from engine.training.history import BEST, RESTORED, History, Mark, head_figure
from engine.training.run_state import put_back, state_of
from engine.training.updater import Updater
from engine.training.work import Work

Array = np.ndarray

OF_TRAIN_SET = ("train_cost", "train_score")
STEPS_PER_PROBE = 100
"""The health of the layers is measured at iterations 1, 101, 201...: it costs as much as a step
of a small network and changes slowly..."""
EARLY_PROBES = (11, 21)
"""...and at these, so that a problem from the start is reported soon; and as soon as the cost or a
gradient is extreme."""

LARGE = 100
"""Targets beyond this, unscaled, make a run diverge before its learning rate does."""


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

    network: changed in place. data: Splits of any dtype. judged_data: the same with the target of
    the first head alone. settings: default the network's own; if they differ, the network adopts
    them. evaluations: after which epochs both sets are evaluated; another plan may take its place.
    `state` and `restore` carry a run over a file so that it continues bit for bit. Raises DataError
    or TrainingError if the parts do not fit.
    """

    def __init__(
        self, network: Network, data: Splits, settings: TrainingSettings | None = None
    ) -> None:
        self.settings = settings or network.settings
        if self.settings != network.settings:
            network.adopt(self.settings)
        self.network = network
        self.data = data
        network.measure(data.train)
        self.train_set = Examples(network, data.train, "training")
        self.dev_set = Examples(network, data.dev, "dev")
        self.batches = Batches(self.train_set, self.settings)
        self._check_batches(self.settings.batch_size)
        self._check_watched(self.settings.stopping)
        self.updater = Updater(network, self.settings)
        self.judged_data = data.of_target(network.head.target)
        self.history = History(network.parameter_nodes, [head.node for head in network.heads])
        self.history.baseline = _baseline(self.judged_data)
        self.iteration = 0
        self.best: Best | None = None
        self.stopped_early = False
        self.evaluations = self._plan_evaluations()
        self._probe, self._judged = self._make_probe()
        self.watch = AlarmWatch(self.history.nodes)
        self._gradients = [_gradient_of(network, node) for node in self.history.nodes]

    def __repr__(self) -> str:
        total, at = f"{self.settings.epochs:,}", f"{self.iteration:,}"
        state = "finished, " if self.finished else ""
        return f"Trainer({state}epoch {self.epoch:,} of {total}, iteration {at}, {self.network!r})"

    def summary(self) -> str:
        """A summary of the run: the network, the data, and the evaluations, in lines."""
        sizes = f"{self.train_set.m:,} training and {self.dev_set.m:,} dev examples"
        lines = [repr(self), f"{sizes}, mini-batches of {self.batch_size:,}"]
        return "\n".join([*lines, self.history.summary()])

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""
        return self.batches.epoch

    @property
    def finished(self) -> bool:
        """True after the last step of the last epoch, or after an early stop."""
        return self.stopped_early or self.epoch >= self.settings.epochs

    @property
    def steps_per_epoch(self) -> int:
        """Mini-batches in an epoch, including the shorter last one."""
        return self.batches.per_epoch

    @property
    def batch_size(self) -> int:
        """Examples in a mini-batch; the last one may have fewer."""
        return self.batches.size

    def adopt(self, settings: TrainingSettings, design: Design | None = None) -> None:
        """Change settings or fields of layers; they take effect at the next mini-batch.

        Raises TrainingError and changes nothing if the run cannot continue with them.
        """
        self._check_batches(settings.batch_size)
        self._check_watched(settings.stopping)
        self.network.adopt(settings, design)
        if settings.stopping != self.settings.stopping:
            self.stopped_early = False
            self._drop_best_without(settings.stopping)
        self.settings = settings
        self.updater.adopt(settings)
        self.batches.adopt(settings)
        self.evaluations = self._plan_evaluations()
        self._probe, self._judged = self._make_probe()

    def step(self) -> Step:
        """Train on the next mini-batch. Raises NonFiniteError and keeps the last good weights."""
        if self.finished:
            raise TrainingError("The run is finished.", hint="Increase the number of epochs.")
        X, Y = self.batches.peek()
        epoch = self.epoch
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            result, norms = self._learn_from(X, Y)
            rate = self.updater.learning_rate(epoch)
            clipped = self.updater.step(epoch)
            self.iteration += 1
            if self._must_measure(result.cost, norms):
                self._measure_health(result)
            self.history.record(result.cost, rate, norms, clipped)
        if self.batches.advance(X.shape[-1]):
            self._end_epoch()
        return Step(self.iteration, epoch + 1, result.cost, self.history)

    def evaluate(self) -> dict[str, float]:
        """Mean loss (without penalties) and score of the current weights on train and dev set."""
        return self._figures("train") | self._figures("dev")

    def note_scores(self) -> None:
        """Add the current scores to the history when the run stops or pauses.

        The stop rule does not see them: pausing must not change how a run ends.
        """
        known = self.history.newest
        if not self.iteration or (
            known.get("iteration") == self.iteration and not math.isnan(known["train_cost"])
        ):
            return
        epoch = self.epoch + self.batches.position / self.train_set.m
        with np.errstate(over="ignore", invalid="ignore"):
            self.history.evaluate(iteration=self.iteration, epoch=epoch, **self.evaluate())

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """Everything needed to continue the run: arrays, and plain values for JSON."""
        return state_of(self)

    def restore(self, arrays: Mapping[str, Array], values: Mapping[str, Any]) -> None:
        """Restore a `state`; if it is refused, nothing changes.

        Raises TrainingError if it belongs to another network.
        """
        put_back(self, arrays, values)

    def _must_measure(self, cost: float, norms: list[float]) -> bool:
        """Whether to measure the health of the layers after this step."""
        at = self.iteration
        if at % STEPS_PER_PROBE == 1 or at in EARLY_PROBES:
            return True
        return is_extreme(cost, norms) and not self.watch.has_exploded

    def _measure_health(self, step: Pass) -> None:
        measurement = self.iteration // STEPS_PER_PROBE
        judged = self._judged.values(self.network, measurement, step.trace.values)
        health = self._probe.measure(self.network, step, self.updater.previous, judged)
        self.history.probe(self.iteration, health)
        self.history.alarms += self.watch.look(self.iteration, health, step.cost)

    def _make_probe(self) -> tuple[HealthProbe, JudgedExamples]:
        work = Work.of(self.network)
        share = work.evaluation(JUDGED) / work.step(self.batch_size)
        judged = JudgedExamples(self.train_set.X, self.batch_size, share, STEPS_PER_PROBE)
        return HealthProbe(self.network, self.history.nodes), judged

    def _end_epoch(self) -> None:
        """Evaluate if the curves, the stop rule, or the end of the run require it."""
        rule, asked = self.settings.stopping, self.evaluations.asks_after(self.epoch)
        if not asked and not rule.watches:
            return
        values = {"iteration": self.iteration, "epoch": self.epoch, **self._unknown()}
        with np.errstate(over="ignore", invalid="ignore"):
            values |= self._figures("dev")
            if asked or rule.needs_train_set:
                values |= self._figures("train")
            if self.epoch >= self.settings.epochs:
                self._check_outcome(values["train_cost"] + self.network.penalty(self.train_set.m))
            improved = rule.watches and self._judge(values)
            if self.finished and math.isnan(values["train_cost"]):
                values |= self._figures("train")
        self.history.evaluate(**values)
        if self.finished and rule.watches and not improved:
            self._conclude()

    def _unknown(self) -> dict[str, float]:
        """The figures of an evaluation for a stop rule that needs only the dev set."""
        names = [n for n in self.history.evaluations if n.rpartition(".")[2] in OF_TRAIN_SET]
        return dict.fromkeys(names, math.nan)

    def _figures(self, part: str) -> dict[str, float]:
        """Mean loss and score on "train" or "dev"."""
        examples = self.train_set if part == "train" else self.dev_set
        found = self.network.evaluate_heads(examples.X, examples.Y)
        cost, score = self.network.combined(found)
        figures = {f"{part}_cost": cost, f"{part}_score": score}
        for head in self.history.heads:
            figures[head_figure(head, f"{part}_cost")] = found[head].cost
            figures[head_figure(head, f"{part}_score")] = found[head].score
        return figures

    def _drop_best_without(self, rule: StopRule) -> None:
        """Forget the best weights if it is unknown how the new rule would have judged them."""
        if self.best and rule.needs_train_set and "train_cost" not in self.best.evaluation:
            self.best = None

    def _judge(self, values: dict[str, float]) -> bool:
        """Keep the weights if they are the best so far; otherwise ask the rule whether to stop."""
        rule = self.settings.stopping
        if self.best is None or rule.improves(values, self.best.evaluation):
            unknown = self._unknown()
            known = {n: v for n, v in values.items() if n not in unknown or not math.isnan(v)}
            self.best = Best.of(self.network, known)  # JSON has no NaN
            self._forget_best_mark()
            return True
        self.stopped_early = rule.ends(values, self.best.evaluation)
        return False

    def _conclude(self) -> None:
        """Mark the best epoch and why the run ends, and restore the best weights if the rule says
        so. The newest evaluation is then that of the restored weights."""
        rule = self.settings.stopping
        assert self.best is not None
        best, at = (int(self.best.evaluation[name]) for name in ("epoch", "iteration"))
        marks = [Mark(at, BEST, f"best epoch {best}")]
        if self.stopped_early:
            marks.append(Mark(self.iteration, "early", f"stopped early at epoch {self.epoch}"))
        if getattr(rule, "restores_best", False):
            self.best.put_back(self.network)
            marks.append(Mark(self.iteration, RESTORED, f"weights of epoch {best} restored"))
            ends_at = {"iteration": self.iteration, "epoch": self.epoch}
            self.history.evaluate(**ends_at, **self.evaluate())
        self._forget_best_mark()
        self.history.marks += marks

    def _forget_best_mark(self) -> None:
        """A run that continues after its end may find a better epoch, or the same one again."""
        if any(mark.kind == BEST for mark in self.history.marks):
            self.history.marks = [mark for mark in self.history.marks if mark.kind != BEST]

    def _check_batches(self, size: int | None) -> None:
        """Refuse now what would otherwise fail at the end of the first epoch."""
        smallest = self.batches.smallest(size)
        for part in self.network.parts:
            if smallest < part.layer.fewest_examples:
                raise TrainingError(
                    f"'{part.node}': {part.layer.title.lower()} needs at least "
                    f"{part.layer.fewest_examples} examples in every batch; with batch size "
                    f"{size or self.train_set.m:,} the smallest one of {self.train_set.m:,} "
                    f"examples has {smallest}.",
                    node=part.node,
                    hint="Choose a batch size that leaves no single example at the end.",
                )

    def _check_watched(self, rule: StopRule) -> None:
        """Refuse a rule that watches an output that does not exist."""
        names = [head.node for head in self.network.heads]
        if rule.watched_output is not None and rule.watched_output not in names:
            known = ", ".join(f"'{name}'" for name in names)
            raise TrainingError(
                f"{rule.title} watches the output '{rule.watched_output}', which the design does "
                f"not have.",
                hint=f"Its outputs are {known}.",
            )

    def _plan_evaluations(self) -> EvaluationPlan:
        sizes = self.train_set.m, self.dev_set.m
        work = Work.of(self.network)
        return EvaluationPlan.of(work, sizes, self.batch_size, self.settings.epochs)

    def _learn_from(self, X: Array, Y: Array) -> tuple[Pass, list[float]]:
        """A pass and the gradient norms of a batch; if they are not finite, nothing has changed."""
        state = self.network.state
        before = {name: value.copy() for name, value in state.items()} if state else {}
        try:
            result = self.network.learn_from(X, Y)
            if not math.isfinite(result.cost):
                node = self._origin([result.trace])
                raise self._non_finite("The cost", node, self.iteration + 1)
            return result, self._gradient_norms()
        except NonFiniteError:
            self.updater.take_back()
            for name, value in before.items():
                self.network.state[name][...] = value
            raise

    def _check_outcome(self, cost: float) -> None:
        """Check the final weights: no later batch will."""
        if not math.isfinite(cost):
            X, size = self.train_set.X, self.network.plan.evaluation_chunk
            starts = range(0, X.shape[-1], size)
            chunks = (self.network.forward(X[..., start : start + size]) for start in starts)
            node = self._origin(chunks)
            self.updater.take_back()
            raise self._non_finite("The cost", node, self.iteration)

    def _gradient_norms(self) -> list[float]:
        norms = [math.sqrt(gradient.dot(gradient)) for gradient in self._gradients]
        if not math.isfinite(sum(norms)):  # no infinite one escapes a sum
            for node, norm in zip(self.history.nodes, norms, strict=True):
                if not math.isfinite(norm):
                    self._check_gradient(node)
        return norms

    def _check_gradient(self, node: str) -> None:
        """A norm may overflow although the gradient does not; only the gradient ends the run."""
        blocks = [b for b in self.network.slices if b.node == node]
        if not all(np.isfinite(self.network.gradient[b.start : b.stop]).all() for b in blocks):
            raise self._non_finite("The gradient", node, self.iteration + 1)

    def _origin(self, traces: Iterable[Trace]) -> str:
        """The first layer whose output is not finite, in the first pass with such a one; the last
        layer if only the loss is not."""
        for trace in traces:
            for part in self.network.parts:
                if not np.isfinite(trace.values[part.target]).all():
                    return part.node
        return self.network.parts[self.network.output_slot - 1].node

    def _non_finite(self, what: str, node: str, iteration: int) -> NonFiniteError:
        return NonFiniteError(
            f"{what} became infinite or NaN at iteration {iteration}, first in '{node}'.",
            node,
            iteration,
            hint=f"The last good weights are kept. {self._way_out()}",
        )

    def _way_out(self) -> str:
        for head in self.network.heads:
            Y = self.train_set.Y[head.rows]
            if self.network.scale_of(head) is None and float(np.abs(Y).max()) > LARGE:
                return (
                    "Turn on target scaling in the output: the targets are far larger "
                    "or smaller than the outputs of new weights."
                )
        return "Try a smaller learning rate or initialization."


def _baseline(data: Splits) -> float | None:
    """The dev accuracy to compare with if one class is much larger than the others."""
    if not data.train.targets.exclusive:
        return None
    found = largest_class(data.train.labels, data.dev.labels, len(data.train.classes))
    return None if found is None else found.accuracy


def _gradient_of(network: Network, node: str) -> Array:
    """The part of the flat gradient that belongs to a node; its blocks are adjacent."""
    blocks = [block for block in network.slices if block.node == node]
    return network.gradient[blocks[0].start : blocks[-1].stop]
