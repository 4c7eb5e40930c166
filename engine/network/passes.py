"""Passes: forward and backward through the parts of a network, with the loss between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.layers.masks import Mask
from engine.layers.mode import EVALUATION, TRAINING, Mode
from engine.network.arrays import Array, NetworkArrays
from engine.network.heads import Head
from engine.network.masks import masks_of
from engine.network.parts import Part, Pass, Trace
from engine.streams import Draws


class Passes(NetworkArrays):
    """What training and evaluation call: arguments are known to fit, and targets are scaled."""

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

    def logits(self, X: Array) -> Array:
        """Z of the first head in evaluation mode: (n_y, m). X: (n_x, m)."""
        return self.all_logits(X)[0]

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


def _located(error: EngineError, part: Part) -> EngineError:
    if error.node is not None:
        return error
    message = f"{part.layer.title} '{part.node}': {error.message}"
    return type(error)(message, node=part.node, hint=error.hint)
