"""NetworkArrays: the arrays of a planned network, drawn, measured, copied, and kept in edits."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from engine.data import Dataset
from engine.design import Design, fitted
from engine.design.sharing import owner_of
from engine.errors import DesignError, TrainingError
from engine.layers import Layer, Shape
from engine.layers.masks import mask_at
from engine.layers.mode import EVALUATION
from engine.layers.scaled_linear import TargetScale
from engine.losses import Task
from engine.network.heads import Head, stacked, weight_rows
from engine.network.layout import Layout
from engine.network.masks import masks_of
from engine.network.parts import ParameterSlice, Part, copy_into
from engine.network.penalties import Penalty, penalties_of
from engine.network.plan import Plan
from engine.settings import TrainingSettings
from engine.streams import Draws, stream

Array = np.ndarray


class NetworkArrays:
    """theta, gradient and state of a planned network, and the parts that have views into them.

    theta, gradient: flat vectors (P,). parameters, gradients: "<node>.<parameter>" -> view into
    them. state: "<node>.<name>" -> running statistics. slices: where each parameter lies.
    """

    def __init__(self, plan: Plan, seed: int, dtype: str) -> None:
        self.seed, self.dtype = seed, np.dtype(dtype)
        self._take(plan, plan.parts())
        self._allocate()
        self._measured = False
        self.draw()
        self.rng = Draws.of(seed, plan.settings.streams)

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

    def _entered(self, X: Array) -> list[Any]:
        """Values by slot: X, and the block of each input where there are several."""
        values: list[Any] = [None] * self._slot_count
        values[0] = X
        for slot, rows in self._blocks:
            values[slot] = X[rows]
        return values

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

    def copy(self, dtype: str = "float64") -> Self:
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
                "This change gives the network different parameters from those in training.",
                hint="Rewind to start with the changed design.",
            )
        self._take(plan, plan.parts())
        self._bind()
        return self


def _other_question(now: Head, then: Head) -> TrainingError:
    hint = "Rewind to start with the changed design."
    if now.task.kind != then.task.kind:
        message = f"The run is for the task '{now.task.title}', not '{then.task.title}'."
        return TrainingError(message, hint=hint)
    return TrainingError(
        f"The output '{now.node}' of the run has another name or target.", hint=hint
    )


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
