"""Design -> Network: the order of the parts, flat theta and gradient, forward and backward."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from engine.data import Dataset, Splits
from engine.design import Design, Fit, check, fitted
from engine.errors import DesignError, EngineError, TrainingError
from engine.layers import Layer, Output, Shape
from engine.losses import Task
from engine.network.inputs import checked_inputs, checked_targets
from engine.network.parts import Block, Part, Pass, Trace
from engine.network.penalties import Penalty, penalties_of
from engine.settings import TrainingSettings
from engine.streams import stream

Array = np.ndarray

EVALUATION_CHUNK = 4_096
"""Examples in one evaluation pass: bounds memory, and is as fast as all at once."""


class Network:
    """A design made ready to compute.

    theta, gradient: flat vectors (P,). parameters, gradients: "<node>.<parameter>" -> view into
    them. state: "<node>.<name>" -> running statistics. blocks: where each parameter lies.
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
        if dtype not in ("float32", "float64"):
            raise DesignError(f"dtype must be 'float32' or 'float64'; got {dtype!r}.")
        if seed is not None and (not isinstance(seed, int | np.integer) or seed < 0):
            raise DesignError(f"The seed must be a whole number of at least 0; got {seed!r}.")
        fit = data.fit if data is not None else None
        self.settings = settings or TrainingSettings()
        check(design, self.settings, fit).raise_first()
        self.design = fitted(design, fit)
        self.specs: Mapping[str, Layer] = MappingProxyType(
            {name: layer.resolved(self.settings) for name, layer in self.design.nodes.items()}
        )
        self.seed = self.settings.seed if seed is None else seed
        self.dtype = np.dtype(dtype)
        self.shapes: dict[str, Shape] = {}
        self.slots: dict[str, int] = {}
        self.parts: list[Part] = []
        self._build()
        if data is not None:
            self._measure(data.train if isinstance(data, Splits) else data)
        self.rng = stream(self.seed, "dropout")

    def _build(self) -> None:
        order = self.design.order()
        output = self.specs[self.design.of_type(Output)[0]]
        assert isinstance(output, Output)
        self.task: Task = output.task
        self.loss = output.task.loss
        drawn: list[tuple[Part, dict[str, Array]]] = []
        rng = stream(self.seed, "initialization")
        for node in order:
            drawn += self._expand(node, rng)
        self.input_shape: Shape = self.shapes[order[0]]
        self.n_x = int(np.prod(self.input_shape))
        self.n_y = self.shapes[self.design.of_type(Output)[0]][0]
        self._lay_out(drawn)
        self._find_what_learns()
        self.penalties: list[Penalty] = penalties_of(self.specs, self.parameters, self.gradients)

    def _measure(self, train: Dataset) -> None:
        """Let the layers that learn from data see the training set, in network order."""
        X = np.asarray(train.X, self.dtype)
        for part in self.parts:
            if part.layer.learns_from_data:
                (source,) = part.sources
                part.layer.measure(part.state, self._value_at(source, X))

    def _value_at(self, slot: int, X: Array) -> Array:
        """What stands in one slot, in evaluation mode; computes only what leads there."""
        if slot == 0:
            return X
        part = self.parts[slot - 1]
        inputs = [self._value_at(source, X) for source in part.sources]
        value: Array = part.layer.forward(
            part.params, part.state, *inputs, training=False, rng=None
        )[0]
        return value

    def _expand(self, node: str, rng: np.random.Generator) -> list[tuple[Part, dict[str, Array]]]:
        """Append a node's parts; returns them with the parameters drawn for them."""
        wires = self.design.inputs_of(node)
        sources = tuple(self.slots[wire.source] for wire in wires) or (0,)
        shapes = tuple(self.shapes[wire.source] for wire in wires)
        drawn = []
        for layer in self.specs[node].expand():
            part = Part(node, layer, sources, len(self.parts) + 1)
            params, state = layer.initialize(rng, *shapes)
            part.state = {name: value.astype(self.dtype) for name, value in state.items()}
            drawn.append((part, params))
            self.parts.append(part)
            sources, shapes = (part.target,), (layer.output_shape(*shapes),)
        self.slots[node], self.shapes[node] = sources[0], shapes[0]
        return drawn

    def _lay_out(self, drawn: list[tuple[Part, dict[str, Array]]]) -> None:
        """Make theta and gradient, and every parameter a view into them."""
        blocks: list[Block] = []
        for part, params in drawn:
            for name, value in params.items():
                start = blocks[-1].stop if blocks else 0
                is_weight = name in part.layer.weights
                block = Block(part.node, name, start, start + value.size, value.shape, is_weight)
                blocks.append(block)
        self.blocks: tuple[Block, ...] = tuple(blocks)
        size = blocks[-1].stop if blocks else 0
        self.theta: Array = np.zeros(size, self.dtype)
        self.gradient: Array = np.zeros(size, self.dtype)
        views = iter(blocks)
        for part, params in drawn:
            for name, value in params.items():
                block = next(views)
                part.params[name] = block.view(self.theta)
                part.params[name][...] = value
                part.grads[name] = block.view(self.gradient)
        self.parameters = MappingProxyType({b.name: b.view(self.theta) for b in blocks})
        self.gradients = MappingProxyType({b.name: b.view(self.gradient) for b in blocks})
        self.state = MappingProxyType(
            {
                f"{part.node}.{name}": value
                for part in self.parts
                for name, value in part.state.items()
            }
        )

    def _find_what_learns(self) -> None:
        learns = {0: False}
        for part in self.parts:
            part.learns_below = any(learns[source] for source in part.sources)
            learns[part.target] = part.learns_below or bool(part.params)
        self._learning_parts = [part for part in reversed(self.parts) if learns[part.target]]

    def copy(self, dtype: str = "float64") -> Network:
        """The same network with arrays of its own, in float64 for instance.

        Design and specs are frozen and shared, so this is much cheaper than building it anew. The
        generator of dropout is shared, too: give the copy another before drawing.
        """
        other = copy.copy(self)
        other.dtype = np.dtype(dtype)
        other.parts = [part.copy(dtype) for part in self.parts]
        other._lay_out([(part, dict(part.params)) for part in other.parts])
        other._find_what_learns()
        other.penalties = penalties_of(other.specs, other.parameters, other.gradients)
        return other

    @property
    def parameter_nodes(self) -> list[str]:
        """Names of the nodes that have parameters, in network order."""
        return list(dict.fromkeys(block.node for block in self.blocks))

    def adopt(self, settings: TrainingSettings, design: Design | None = None) -> Self:
        """Take over changed settings or layer fields in mid-run; theta and state stay.

        theta, gradient, state and all views into them remain the same arrays. Blanks of the
        design follow the data as before. Raises TrainingError if the change needs other parameters
        than these, or another task.
        """
        design = fitted(design or self.design, self._fit)
        other = type(self)(design, settings, seed=self.seed, dtype=self.dtype.name)
        if other.task.kind != self.task.kind:
            raise TrainingError(
                f"The run is for the task '{self.task.title}', not '{other.task.title}'.",
                hint="Rewind to start with the changed design.",
            )
        if other.blocks != self.blocks or other.state.keys() != self.state.keys():
            raise TrainingError(
                "This change gives the network other parameters than those in training.",
                hint="Rewind to start with the changed design.",
            )
        other._share_arrays_of(self)
        self.__dict__.update(other.__dict__)
        return self

    @property
    def _fit(self) -> Fit:
        return Fit(self.input_shape, self.n_y, self.task.kind)

    def _share_arrays_of(self, other: Network) -> None:
        """Compute with the other network's arrays, which are laid out alike, and its dropout."""
        for name in ("theta", "gradient", "parameters", "gradients", "state", "rng"):
            setattr(self, name, getattr(other, name))
        theirs = [part for part in other.parts if part.params or part.state]
        mine = [part for part in self.parts if part.params or part.state]
        for part, source in zip(mine, theirs, strict=True):
            part.params, part.grads, part.state = source.params, source.grads, source.state
        self.penalties = penalties_of(self.specs, self.parameters, self.gradients)

    # What others call: every argument is checked.

    def predict(self, X: Any) -> Array:
        """Predictions in evaluation mode: (n_x, m) -> (n_y, m), probabilities for classifiers."""
        return self.task.predict(self.logits(checked_inputs(self, X)))

    def cost(self, X: Any, Y: Any) -> float:
        """J in evaluation mode (no dropout, running statistics), with its penalties."""
        X = checked_inputs(self, X)
        return self.evaluate(X, checked_targets(self, Y, X.shape[-1]))[0]

    def cost_and_gradient(
        self, X: Any, Y: Any, training: bool = True, dropout: bool = True
    ) -> float:
        """J of one batch, and its gradient in `self.gradient`.

        X: (n_x, m) or (*shape, m); Y: (n_y, m), or labels (m,) of a multi-class task.
        training: batch statistics and dropout, as in a training step; dropout=False leaves out
        the dropout alone. Raises DataError for arrays that do not fit.
        """
        X = checked_inputs(self, X)
        Y = checked_targets(self, Y, X.shape[-1])
        return self.learn_from(X, Y, training=training, dropout=dropout).cost

    # What training calls: arguments are known to fit.

    def forward(
        self, X: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> Trace:
        """One pass over all parts; X: (n_x, m) of this network's dtype."""
        values: list[Any] = [X]  # part i writes slot i + 1
        caches: list[Any] = []
        try:
            for part in self.parts:
                forward, sources = part.layer.forward, part.sources
                if len(sources) == 1:  # unpacking inputs would cost as much as a small product
                    x = values[sources[0]]
                    value, cache = forward(part.params, part.state, x, training=training, rng=rng)
                else:
                    xs = [values[source] for source in sources]
                    value, cache = forward(part.params, part.state, *xs, training=training, rng=rng)
                values.append(value)
                caches.append(cache)
        except EngineError as error:
            raise _located(error, part) from error
        return Trace(values, caches)

    def backward(self, trace: Trace, dz: Array, *, to_inputs: bool = False) -> list[Any]:
        """Fill `self.gradient` from dz, the derivative at the logits; returns d by slot.

        Below the first layer that learns d is None, unless to_inputs asks for all: d[0] is then
        the derivative at X, in X's shape. All are those of the losses' sum, m dJ/d..., as dZ is.
        """
        d: list[Any] = [None] * (len(self.parts) + 1)
        d[-1] = dz
        for part in reversed(self.parts) if to_inputs else self._learning_parts:
            target = part.target
            dxs = part.layer.backward(
                part.params,
                part.grads,
                trace.caches[target - 1],
                d[target],
                need_dx=to_inputs or part.learns_below,
            )
            for source, dx in zip(part.sources, dxs):  # noqa: B905  (dxs may be empty)
                d[source] = dx if d[source] is None else d[source] + dx
        return d

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
        total, dz = self.loss.value_and_gradient(trace.values[-1], Y)
        d = self.backward(trace, dz, to_inputs=to_inputs)
        m = X.shape[-1]
        cost = total / m
        for penalty in self.penalties:
            cost += penalty.add_gradient(m)
        return Pass(cost, trace, d)

    def logits(self, X: Array) -> Array:
        """Z of the output node in evaluation mode, in chunks of examples; X: (n_x, m)."""
        m = X.shape[-1]
        starts = range(0, m, EVALUATION_CHUNK)
        chunks = [self.forward(X[..., i : i + EVALUATION_CHUNK]).values[-1] for i in starts]
        return chunks[0] if len(chunks) == 1 else np.concatenate(chunks, axis=-1)

    def evaluate(self, X: Array, Y: Array) -> tuple[float, float]:
        """J and score (accuracy, or R^2) in evaluation mode."""
        z = self.logits(X)
        m = X.shape[-1]
        cost = self.loss.value(z, Y) / m + sum(penalty.value(m) for penalty in self.penalties)
        return cost, self.task.score(self.task.predict(z), Y)


def _located(error: EngineError, part: Part) -> EngineError:
    if error.node is not None:
        return error
    message = f"{part.layer.title} '{part.node}': {error.message}"
    return type(error)(message, node=part.node, hint=error.hint)
