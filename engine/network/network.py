"""Design -> Network: the order of the parts, flat theta and gradient, forward and backward."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from engine.data import Dataset, Splits
from engine.design import Design, fitted
from engine.design.sharing import owner_of
from engine.errors import DesignError, EngineError, TrainingError
from engine.layers import Layer, Shape
from engine.layers.masks import Mask, mask_at
from engine.layers.mode import EVALUATION, TRAINING, Mode
from engine.layers.scaled_linear import TargetScale
from engine.losses import Task
from engine.network.heads import Figures, Head, stacked, weight_rows
from engine.network.inputs import checked_inputs, checked_targets
from engine.network.layout import Layout
from engine.network.masks import masks_of
from engine.network.parts import ParameterSlice, Part, Pass, Trace, copy_into
from engine.network.penalties import Penalty, penalties_of
from engine.network.plan import Plan
from engine.settings import TrainingSettings
from engine.streams import Draws, stream

Array = np.ndarray


class Network:
    """A design made ready to compute.

    theta, gradient: flat vectors (P,). parameters, gradients: "<node>.<parameter>" -> view into
    them. state: "<node>.<name>" -> running statistics. slices: where each parameter lies.
    data: fills in what the design leaves to the data (shape, units).
    Raises DesignError if the design cannot run.
    """

    def __init__(
        self,
        design: Design,
        settings: TrainingSettings | None = None,
        *,
        seed: int | None = None,
        dtype: str = "float32",
        data: Dataset | Splits | None = None,
    ) -> None:
        if not isinstance(design, Design):
            raise DesignError(
                f"A Network takes a Design first; got {type(design).__name__}.",
                hint="Put layers in a row with engine.Design.sequential([...]).",
            )
        if dtype not in ("float32", "float64"):
            raise DesignError(f"dtype must be 'float32' or 'float64'; got {dtype!r}.")
        if seed is not None and (not isinstance(seed, int | np.integer) or seed < 0):
            raise DesignError(f"The seed must be a whole number of at least 0; got {seed!r}.")
        fit = data.fit if data is not None else None
        settings = settings or TrainingSettings()
        self.seed = settings.seed if seed is None else seed
        self.dtype = np.dtype(dtype)
        plan = Plan.of(design, settings, fit)
        self._take(plan, plan.parts())
        self._allocate()
        self._measured = False
        self.draw()
        if data is not None:
            self.measure(data.train if isinstance(data, Splits) else data)
        self.rng = Draws.of(self.seed, settings.streams)

    def __repr__(self) -> str:
        shape = " × ".join(map(str, self.input_shape))
        return (
            f"Network({shape} -> {self.n_y}, {self.task.short_title}, {self.theta.size:,} "
            f"parameters, {self.dtype}, seed {self.seed})"
        )

    def summary(self) -> str:
        """A table of the layers: kind, output without m, settings and parameters."""
        rows = [("layer", "kind", "output", "parameters", "settings")]
        for name, layer in self.specs.items():
            size = sum(b.stop - b.start for b in self.slices if b.node == name)
            shape = " × ".join(map(str, self.shapes[name]))
            rows.append(
                (name, layer.kind, shape, f"{size:,}", ", ".join(self.design.nodes[name].face()))
            )
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, f"{self.theta.size:,} parameters, {self.dtype}"])

    def _take(self, plan: Plan, parts: list[Part]) -> None:
        """Compute as planned, with these parts."""
        self.plan, self.parts = plan, parts
        self.design, self.settings = plan.design, plan.settings
        self.specs: Mapping[str, Layer] = plan.specs
        self.shapes: Mapping[str, Shape] = plan.shapes
        self.slots: Mapping[str, int] = plan.slots
        self.slices: tuple[ParameterSlice, ...] = plan.slices
        self.heads: tuple[Head, ...] = plan.heads
        self.head = first = plan.heads[0]
        self.task: Task = first.task
        self.loss = first.task.loss
        self.output_slot: int = first.slot
        self.n_y: int = first.units
        self.layout = plan.layout
        self.input_shape: Shape = plan.pieces[0].shape
        self.reads_lengths = any(part.layer.reads_lengths for part in parts)
        self.n_x = plan.layout.n_x
        rows = plan.layout.inputs
        self._blocks = [(slot, rows[name]) for name, slot in plan.block_slots.items()]
        self._slot_count = plan.slot_count
        self._weighted_rows = plan.heads[-1].rows.stop + weight_rows(plan.heads)
        self._is_plain = len(plan.heads) == 1 and first.weight == 1
        self._streams = {part.layer.stream for part in parts if part.layer.draws_randomness}
        learns = [piece.learns_below or piece.costs.learns for piece in plan.pieces]
        self._learning_parts = [part for part in reversed(parts) if learns[part.target - 1]]

    def _allocate(self) -> None:
        """Make theta, gradient and state, all zero, and every parameter a view into them."""
        self.theta: Array = np.zeros(self.plan.size, self.dtype)
        self.gradient: Array = np.zeros(self.plan.size, self.dtype)
        self.parameters = MappingProxyType({b.name: b.view(self.theta) for b in self.slices})
        self.gradients = MappingProxyType({b.name: b.view(self.gradient) for b in self.slices})
        self.state = MappingProxyType(
            {state.name: np.zeros(state.shape, self.dtype) for state in self.plan.states}
        )
        self._bind()

    def _bind(self) -> None:
        """Give the parts their arrays. Gradients of a part that shares parameters have a place of
        their own, from which `backward` adds them to the owner's."""
        self._shared: list[tuple[Array, Array]] = []
        for each in self.slices:
            parameter, gradient = self.parameters[each.name], self.gradients[each.name]
            self.parts[each.part].params[each.key] = parameter
            self.parts[each.part].grads[each.key] = gradient
            for index, key in each.users:
                share = np.zeros_like(gradient)
                self.parts[index].params[key] = parameter
                self.parts[index].grads[key] = share
                self._shared.append((gradient, share))
        for state in self.plan.states:
            self.parts[state.part].state[state.key] = self.state[state.name]
        self.penalties: list[Penalty] = penalties_of(
            self.specs, self.slices, self.theta, self.gradient
        )

    def draw(self) -> None:
        """Back to the initial parameters of the seed and the running state of the beginning.

        What a layer measured on the training set stays.
        """
        rng = stream(self.seed, "initialization", scheme=self.settings.streams)
        for part, piece in zip(self.parts, self.plan.pieces, strict=True):
            shares = owner_of(self.specs[part.node]) is not None  # its owner is drawn, not it
            draws = np.random.default_rng(0) if shares else rng
            params, state = part.layer.initialize(draws, *piece.inputs)
            if not shares:
                _fill(part, part.params, params)
            measures = part.layer.learns_from_data or part.layer.measures_targets
            if not measures or not self._measured:
                _fill(part, part.state, state)

    def measure(self, train: Dataset) -> None:
        """Let the layers that learn from data see the training set; a second call changes nothing.

        train: in the units of the data. What does not fit is left to those who train on it, and
        who say so.
        """
        layout = self.layout
        if self._measured or (train.n_x, train.Y.shape[0]) != (layout.n_x, layout.n_y):
            return
        self._measured = True
        for head in self.heads:
            scale = self.scale_of(head)
            if scale is not None:
                scale.measure(train.Y[head.data_rows])
        self._measure_inputs(train)

    def scale_of(self, head: Head) -> TargetScale | None:
        """How an output scales its targets; None where it takes them as they are."""
        return TargetScale.in_state(self.parts[head.slot - 1].state)

    def scaled(self, head: Head, Y: Array) -> Array:
        """A head's targets (n_y, m) as its loss sees them, from the units of the data."""
        scale = self.scale_of(head)
        return Y if scale is None else scale.apply(Y)

    def loss_targets(self, Y: Array, weights: Array | None = None) -> Array:
        """All of the data's Y, (rows, m), as the losses see it: head under head, scaled.

        weights: (m,) how much each example counts; None for all alike.
        """
        found = [self.scaled(head, Y[head.data_rows]) for head in self.heads]
        return stacked(self.heads, found, weights)

    def predictions(self, z: Array, head: Head | None = None) -> Array:
        """Predictions in the units of the data, from the logits of a head, the first for None:
        both are (n_y, m)."""
        head = head or self.head
        with np.errstate(over="ignore", invalid="ignore"):
            p, scale = head.task.predict(z), self.scale_of(head)
            return p if scale is None else scale.undo(p)

    def _measure_inputs(self, train: Dataset) -> None:
        """In network order; every value is computed once, in evaluation mode, and only where it
        leads to a layer that learns from data."""
        last_use: dict[int, int] = {}  # slot -> the last part that takes it
        for part in reversed(self.parts):
            feeds = not {part.target, *part.more_targets}.isdisjoint(last_use)
            if part.layer.learns_from_data or feeds:
                for source in part.sources:
                    last_use.setdefault(source, part.target)
        if not last_use:
            return
        values = self._entered(np.asarray(train.X, self.dtype))
        masks = masks_of(self.plan, self.parts, values)
        for part in self.parts:
            inputs = [values[source] for source in part.sources]
            mode = EVALUATION._replace(masks=part.masks_from(masks))
            if part.layer.learns_from_data:
                part.layer.measure(part.state, inputs[0], mask_at(mode.masks, 0))
            if not {part.target, *part.more_targets}.isdisjoint(last_use):
                output, _ = part.forward(part.params, part.state, *inputs, mode=mode)
                part.store(values, output)
            for source in part.sources:
                if last_use.get(source) == part.target:
                    values[source] = None

    def copy(self, dtype: str = "float64") -> Network:
        """The same network with arrays of its own, in float64 for instance.

        The plan is frozen and shared, so this is much cheaper than building it again. The random
        generators are shared, too: give the copy others before drawing.
        """
        other = copy.copy(self)
        other.dtype = np.dtype(dtype)
        other._take(self.plan, self.plan.parts())
        other._allocate()
        other.theta[...] = self.theta
        for name, value in self.state.items():
            other.state[name][...] = value
        return other

    def parameter(self, node: str, name: str) -> Array:
        """A parameter of a node, its own or the one that it shares."""
        return self.parameters[self.plan.slices_by_name[f"{node}.{name}"].name]

    @property
    def parameter_nodes(self) -> list[str]:
        """Names of the nodes that have parameters of their own, in network order."""
        return list(dict.fromkeys(block.node for block in self.slices))

    def adopt(self, settings: TrainingSettings, design: Design | None = None) -> Self:
        """Take over changed settings or layer fields in mid-run; theta and state stay.

        theta, gradient, state and all views into them remain the same arrays. Blanks of the
        design follow the data as before. Raises TrainingError if the change needs other parameters
        than these, or another task.
        """
        fit = self.layout.fit
        plan = Plan.of(fitted(design or self.design, fit), settings)
        plan = replace(plan, layout=Layout.of(plan.design, fit))
        for now, then in zip(self.heads, plan.heads, strict=False):
            if now.question != then.question:
                raise _other_question(now, then)
        if not plan.has_arrays_of(self.plan):
            raise TrainingError(
                "This change gives the network other parameters than those in training.",
                hint="Rewind to start with the changed design.",
            )
        self._take(plan, plan.parts())
        self._bind()
        return self

    # What others call: every argument is checked.

    def predict(self, X: Any) -> Array | dict[str, Array]:
        """Predictions in evaluation mode: (n_x, m) -> (n_y, m), probabilities for classifiers,
        the units of the data for regression. With several heads, those of each by its node."""
        zs = self.all_logits(checked_inputs(self, X))
        found = {
            head.node: self.predictions(z, head) for head, z in zip(self.heads, zs, strict=True)
        }
        return found if len(found) > 1 else found[self.head.node]

    def predict_first(self, X: Any) -> Array:
        """The same of the first head alone, which pictures show and the doctor judges."""
        return self.predictions(self.logits(checked_inputs(self, X)))

    def cost(self, X: Any, Y: Any, weights: Any = None) -> float:
        """J in evaluation mode (no dropout, running statistics), with its penalties."""
        X = checked_inputs(self, X)
        m = X.shape[-1]
        return self.evaluate(X, checked_targets(self, Y, m, weights)).cost + self.penalty(m)

    def penalty(self, m: int) -> float:
        """What L2 and L1 add to J over m examples."""
        return sum(penalty.value(m) for penalty in self.penalties)

    def cost_and_gradient(
        self,
        X: Any,
        Y: Any,
        training: bool = True,
        dropout: bool = True,
        weights: Any = None,
    ) -> float:
        """J of one batch, and its gradient in `self.gradient`.

        X: (n_x, m) or (*shape, m), or an array for each input by its name; Y: (n_y, m), or labels
        (m,) of a multi-class task; with several heads, the Y of the data or an array for each.
        NaN in Y is an unknown target, which has no loss. training: batch statistics and dropout, as
        in a training step; dropout=False leaves out the dropout alone. weights: (m,) how much each
        example counts: J is sum w L / sum w. Raises DataError for arrays that do not fit.
        """
        X = checked_inputs(self, X)
        Y = checked_targets(self, Y, X.shape[-1], weights)
        return self.learn_from(X, Y, training=training, dropout=dropout).cost

    # What training calls: arguments are known to fit, and targets are scaled.

    def forward(self, X: Array, *, training: bool = False, rng: Draws | None = None) -> Trace:
        """One pass over all parts; X: (n_x, m) of this network's dtype.

        rng: what layers draw from; None where no randomness is wanted.
        """
        values = self._entered(X)
        caches: list[Any] = []
        masks = masks_of(self.plan, self.parts, values) if self.reads_lengths else ()
        modes = self._modes(training, rng)
        if masks:
            modes = self._masked(modes, masks)
        try:
            for part, mode in zip(self.parts, modes, strict=False):
                forward, sources = part.forward, part.sources
                if len(sources) == 1:  # unpacking inputs would cost as much as a small product
                    x = values[sources[0]]
                    value, cache = forward(part.params, part.state, x, mode=mode)
                else:
                    xs = [values[source] for source in sources]
                    value, cache = forward(part.params, part.state, *xs, mode=mode)
                if part.more_targets:
                    part.store(values, value)
                else:
                    values[part.target] = value
                caches.append(cache)
        except EngineError as error:
            raise _located(error, part) from error
        return Trace(values, caches, masks)

    def _evaluated(self, X: Array) -> list[Array]:
        """Z of each head in evaluation mode. Caches are not kept, and values no longer than they
        are needed."""
        values = self._entered(X)
        masks = masks_of(self.plan, self.parts, values) if self.reads_lengths else ()
        modes = self._masked(repeat(EVALUATION), masks) if masks else repeat(EVALUATION)
        try:
            for part, mode, released in zip(self.parts, modes, self.plan.released, strict=False):
                inputs = (values[source] for source in part.sources)
                part.store(values, part.forward(part.params, part.state, *inputs, mode=mode)[0])
                for slot in released:
                    values[slot] = None
        except EngineError as error:
            raise _located(error, part) from error
        return [values[head.slot] for head in self.heads]

    def _entered(self, X: Array) -> list[Any]:
        """Values by slot: X, and the block of each input where there are several."""
        values: list[Any] = [None] * self._slot_count
        values[0] = X
        for slot, rows in self._blocks:
            values[slot] = X[rows]
        return values

    def _modes(self, training: bool, rng: Draws | None) -> Iterable[Mode]:
        """The mode of each part: one object for all, or one for each stream that they draw from."""
        if rng is None or not self._streams:
            return repeat(TRAINING if training else EVALUATION)
        modes = {name: Mode(training, getattr(rng, name)) for name in self._streams}
        if len(modes) == 1:
            return repeat(*modes.values())
        return [modes.get(part.layer.stream, TRAINING) for part in self.parts]

    def _masked(self, modes: Iterable[Mode], masks: Sequence[Mask | None]) -> list[Mode]:
        """The same modes, each with the masks of its part."""
        pairs = zip(modes, self.parts, strict=False)
        return [mode._replace(masks=part.masks_from(masks)) for mode, part in pairs]

    def backward(self, trace: Trace, dzs: Sequence[Array], *, to_inputs: bool = False) -> list[Any]:
        """Fill `self.gradient` from the derivatives at the logits of the heads; returns d by slot.

        Below the first layer that learns d is None, unless to_inputs asks for all: d[0] is then
        the derivative at X, in X's shape. All are those of the losses' sum, m dJ/d..., as dZ is.
        """
        d: list[Any] = [None] * self._slot_count
        d[self.output_slot] = dzs[0]
        for head, dz in zip(self.heads[1:], dzs[1:], strict=True) if len(dzs) > 1 else ():
            d[head.slot] = dz
        for part in reversed(self.parts) if to_inputs else self._learning_parts:
            target = part.target
            dy = part.collect(d) if part.more_targets else d[target]
            if dy is None:  # nothing that it computes has a derivative
                part.clear_gradients()
                continue
            dxs = part.backward(
                part.params,
                part.grads,
                trace.caches[target - 1],
                dy,
                need_dx=to_inputs or part.learns_below,
            )
            for source, dx in zip(part.sources, dxs):  # noqa: B905  (dxs may be empty)
                if dx is not None:
                    d[source] = dx if d[source] is None else d[source] + dx
        for gradient, share in self._shared:
            np.add(gradient, share, out=gradient)
        if to_inputs and self._blocks:
            self._leave(d, trace.values[0])
        return d

    def _leave(self, d: list[Any], X: Array) -> None:
        """Put the derivatives of the blocks together to that of X; tokens have none."""
        d[0] = np.zeros_like(X)
        for slot, rows in self._blocks:
            if d[slot] is not None:
                d[0][rows] = d[slot]

    def learn_from(
        self,
        X: Array,
        Y: Array,
        *,
        training: bool = True,
        dropout: bool = True,
        to_inputs: bool = False,
    ) -> Pass:
        """One pass forward and backward over a batch; fills `self.gradient`, penalties included.

        to_inputs: see `backward`.
        """
        rng = self.rng if training and dropout else None
        trace = self.forward(X, training=training, rng=rng)
        cost, dzs = self.losses_and_gradients(trace, Y)
        d = self.backward(trace, dzs, to_inputs=to_inputs)
        m = X.shape[-1]
        for penalty in self.penalties:
            cost += penalty.add_gradient(m)
        return Pass(cost, trace, d)

    def losses_and_gradients(self, trace: Trace, Y: Array) -> tuple[float, Sequence[Array]]:
        """J without penalties, and the derivative of m J at the logits of each head.

        Y: as the losses see it.
        """
        if (
            self._is_plain and len(Y) != self._weighted_rows
        ):  # slices and sums would cost as much as a small layer
            z = trace.values[self.output_slot]
            total, dz = self.loss.value_and_gradient(z, Y)
            return total / z.shape[-1], (dz,)
        cost, dzs = 0.0, []
        for head, y, weights in self.by_head(Y):
            part, dz = head.cost_and_gradient(trace.values[head.slot], y, weights)
            cost += part
            dzs.append(dz)
        return cost, dzs

    def by_head(self, Y: Array) -> list[tuple[Head, Array, Array | None]]:
        """Each head with its rows of what the losses see, and its weights of the examples."""
        rows = self.heads[-1].rows.stop
        if len(Y) == self._weighted_rows:
            return [(head, Y[head.rows], Y[rows + i]) for i, head in enumerate(self.heads)]
        if len(self.heads) == 1:
            return [(self.head, Y, None)]
        return [(head, Y[head.rows], None) for head in self.heads]

    def logits(self, X: Array) -> Array:
        """Z of the first head in evaluation mode: (n_y, m). X: (n_x, m)."""
        return self.all_logits(X)[0]

    def all_logits(self, X: Array) -> list[Array]:
        """Z of each head in evaluation mode, computed in chunks of examples. Numbers that overflow
        stay what they are, as in all evaluations: whoever asked sees that they are not finite."""
        size = self.plan.evaluation_chunk
        starts = range(0, X.shape[-1], size)
        with np.errstate(over="ignore", invalid="ignore"):
            chunks = [self._evaluated(X[..., start : start + size]) for start in starts]
        if len(chunks) == 1:
            return chunks[0]
        return [np.concatenate(zs, axis=-1) for zs in zip(*chunks, strict=True)]

    def evaluate(self, X: Array, Y: Array) -> Figures:
        """Mean loss and score (accuracy, or R^2) in evaluation mode. Y: as the losses see it.

        With several heads, the weighted sum of their mean losses, and the score of the first.
        """
        return self.combined(self.evaluate_heads(X, Y))

    def combined(self, found: Mapping[str, Figures]) -> Figures:
        """The figures of the network as a whole, from those of its heads."""
        cost = sum(head.weight * found[head.node].cost for head in self.heads)
        return Figures(cost, found[self.head.node].score)

    def evaluate_heads(self, X: Array, Y: Array) -> dict[str, Figures]:
        """Mean loss and score of each head, by its node."""
        found = {}
        for (head, y, weights), z in zip(self.by_head(Y), self.all_logits(X), strict=True):
            scale, p = self.scale_of(head), self.predictions(z, head)
            known = y if scale is None else scale.undo(y)
            with np.errstate(over="ignore", invalid="ignore"):
                found[head.node] = head.figures(z, y, p, known, weights)
        return found


def _other_question(now: Head, then: Head) -> TrainingError:
    hint = "Rewind to start with the changed design."
    if now.task.kind != then.task.kind:
        message = f"The run is for the task '{now.task.title}', not '{then.task.title}'."
        return TrainingError(message, hint=hint)
    return TrainingError(
        f"The output '{now.node}' of the run has another name or target.", hint=hint
    )


def _located(error: EngineError, part: Part) -> EngineError:
    if error.node is not None:
        return error
    message = f"{part.layer.title} '{part.node}': {error.message}"
    return type(error)(message, node=part.node, hint=error.hint)


def _fill(part: Part, arrays: Mapping[str, Array], values: Mapping[str, Array]) -> None:
    """Copy what a layer made for itself to where the plan has room for it."""
    if arrays.keys() != values.keys():
        raise DesignError(
            f"{part.layer.title} '{part.node}' declares the arrays {sorted(arrays)}, but makes "
            f"{sorted(values)}.",
            part.node,
        )
    for key, array in arrays.items():
        copy_into(array, values[key], f"{part.node}.{key}")
