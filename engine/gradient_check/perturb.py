"""Numerical derivatives of J for one block of parameters, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.gradient_check.spread import Axes, Change, RowChange, Spread, differing, moved
from engine.network import Network
from engine.network.parts import ParameterSlice, Part, as_tuple
from engine.network.penalties import Penalty

Array = np.ndarray

CHUNK_VALUES = 2**17
"""Values in the largest array of one pass: 1 MB, which stays in a processor's cache."""


class Slopes(NamedTuple):
    """Numerical derivatives of some components: flat `indices` into the block, (n,).

    values: their slopes; kink: whether a kink lies within epsilon; both (n,).
    """

    indices: Array
    values: Array
    kink: Array

    @classmethod
    def joined(cls, chunks: Sequence[Slopes]) -> Slopes:
        """One after the other."""
        return (
            chunks[0] if len(chunks) == 1 else cls(*map(np.concatenate, zip(*chunks, strict=True)))
        )


class _Start(NamedTuple):
    """Changes of a part's outputs, the axes (R, 2, k) of their groups, and which components already
    crossed a kink there, (R, k)."""

    changes: Sequence[Change]
    axes: Axes
    crossed: Array


class Perturbation:
    """Differences of the losses' mean in the components of one parameter.

    Two-sided, (J(theta + e) - J(theta - e)) / 2e, or one-sided, (J(theta + e) - J(theta)) / e.

    The per-example differences are taken before the mean, so that the round-off of a large J does
    not enter; penalties are added component by component for the same reason.
    """

    def __init__(
        self, spread: Spread, block: ParameterSlice, epsilon: float, one_sided: bool = False
    ) -> None:
        self.spread = spread
        parts = spread.network.parts
        self.part: Part = parts[block.part]
        self.name = block.key
        self.users = [(parts[index], key) for index, key in ((block.part, block.key), *block.users)]
        self.epsilon = epsilon
        self.one_sided = one_sided
        self.mean = np.full(spread.m, 1 / spread.m)
        self.signs = np.array([epsilon, -epsilon]).reshape(2, 1, 1)  # (2, 1, 1)
        self.inputs = self._multiplicands()
        """Where entry [i, j] adds its product with inputs[j] to row i: (columns, ..., m)."""
        width = spread.width(self.part.target, self.inputs is not None)
        self.penalty = _penalty_on(spread.network, self.part.params[self.name])
        self.pairs = max(1, CHUNK_VALUES // (2 * width * spread.m))
        """Components in one pass."""

    def _multiplicands(self) -> Array | None:
        if len(self.users) > 1:
            return None
        cache = self.spread.trace.caches[self.part.target - 1]
        return self.part.layer.multiplicands(cache, self.name)

    def all_components(self) -> Iterator[Slopes]:
        """Slopes of every component, chunk by chunk."""
        size, n_rows = self.part.params[self.name].size, len(self.part.params[self.name])
        if self.inputs is None:
            yield from self.components(np.arange(size))
            return
        n_columns = size // n_rows
        for rows, columns in _tiles(n_rows, n_columns, self.pairs):
            indices = rows[:, None] * n_columns + columns  # (R, k)
            start = self._row_change(rows, self.inputs[None, columns])
            yield self._with_penalty(self._slopes(indices.ravel(), start))

    def components(self, indices: Array) -> Iterator[Slopes]:
        """Slopes of the chosen components; indices: flat, (n,)."""
        theta = self.part.params[self.name]
        for start in range(0, len(indices), self.pairs):
            chunk = indices[start : start + self.pairs]
            if self.inputs is not None:
                rows, columns = np.divmod(chunk, theta.size // len(theta))
                slopes = self._slopes(chunk, self._row_change(rows, self.inputs[columns, None]))
            else:
                slopes = self._along(chunk, [_unit(theta, i) for i in chunk])
            yield self._with_penalty(slopes)

    def directions(self, directions: Array) -> Iterator[Slopes]:
        """Slopes along directions; directions: (n, *shape of the parameter)."""
        for start in range(0, len(directions), self.pairs):
            chunk = directions[start : start + self.pairs]
            numbers = np.arange(start, start + len(chunk))
            slopes = self._along(numbers, list(chunk))
            yield self._with_penalty(slopes, chunk.reshape(len(chunk), -1))

    def _along(self, numbers: Array, directions: list[Array]) -> Slopes:
        """Slopes along directions; those of a shared parameter run through all who use it."""
        if len(self.users) == 1:
            return self._slopes(numbers, self._changed(directions))
        passes = [[self._rerun(step * v) for v in directions] for step in self.signs.flat]
        losses = np.array([[[each for each, _ in side] for side in passes]])  # (1, 2, k, m)
        crossed = [
            any((above != below).any() for above, below in zip(up, down, strict=True))
            for (_, up), (_, down) in zip(*passes, strict=True)
        ]
        return self._differences(numbers, losses, np.array([crossed]))

    def _rerun(self, change: Array) -> tuple[Array, list[Array]]:
        changed: dict[int, dict[str, Array]] = {}
        for part, key in self.users:
            params = changed.setdefault(part.target, dict(part.params))
            params[key] = part.params[key] + change
        return self.spread.rerun(changed)

    def _row_change(self, rows: Array, inputs: Array) -> _Start:
        """Z_i +- epsilon A_j; rows: (R,), inputs: (R or 1, k, ..., m)."""
        z = self.spread.trace.values[self.part.target][rows]  # (R, ..., m)
        factors = moved(inputs, 1, -2)[..., None, :, :]  # (R or 1, ..., 1, k, m)
        values = z[..., None, None, :] + self.signs * factors  # (R, ..., 2, k, m)
        axes = (len(rows), 2, values.shape[-2])
        return _Start([RowChange(rows, values)], axes, np.zeros((len(rows), axes[2]), bool))

    def _changed(self, directions: list[Array]) -> _Start:
        """The part's outputs for theta + epsilon v, then theta - epsilon v, for each direction v;
        and for which of them, (1, k), the part changes its formula in between."""
        part, values = self.part, self.spread.trace.values
        inputs = [values[source] for source in part.sources]
        cache = self.spread.trace.caches[part.target - 1]
        outputs: list[tuple[Array, ...]] = []
        branches: list[Array] = []
        masks = part.masks_from(self.spread.trace.masks)
        for step in (self.epsilon, -self.epsilon):
            for direction in directions:
                params = {**part.params, self.name: part.params[self.name] + step * direction}
                output, left = part.layer.forward_groups(
                    params, part.state, cache, *inputs, groups=1, masks=masks
                )
                outputs.append(as_tuple(output))
                taken = part.layer.branches(left)
                branches += [] if taken is None else [taken.reshape(-1, self.spread.m)]
        changes = [np.concatenate(each, axis=-1) for each in zip(*outputs, strict=True)]
        axes = (1, 2, len(directions))
        if not branches:
            return _Start(changes, axes, np.zeros((1, axes[-1]), bool))
        both = np.concatenate(branches, axis=-1).reshape(-1, *axes, self.spread.m)
        return _Start(changes, axes, differing(both))

    def _slopes(self, indices: Array, start: _Start) -> Slopes:
        losses, kink = self.spread.losses(self.part, start.changes, start.axes)
        return self._differences(indices, losses, kink | start.crossed)

    def _differences(self, indices: Array, losses: Array, kink: Array) -> Slopes:
        """losses: (R, 2, k, m); kink: (R, k)."""
        if self.one_sided:
            slopes = (losses[:, 0] - self.spread.base) @ self.mean / self.epsilon  # (R, k)
        else:
            slopes = (losses[:, 0] - losses[:, 1]) @ self.mean / (2 * self.epsilon)  # (R, k)
        return Slopes(indices, slopes.ravel(), kink.ravel())

    def _with_penalty(self, slopes: Slopes, directions: Array | None = None) -> Slopes:
        """Add the penalty's share; directions: (n, size), or None for single components."""
        if self.penalty is None:
            return slopes
        w = self.penalty.W.ravel()
        w = w[slopes.indices, None] if directions is None else w  # (n, 1) or (size,)
        step = self.epsilon * (1 if directions is None else directions)
        up, here, down = (self._penalty_terms(value) for value in (w + step, w, w - step))
        share = up - here if self.one_sided else (up - down) / 2
        crossed = ((w + step > 0) != (w - step > 0)).any(axis=-1) & (self.penalty.l1 > 0)
        return Slopes(
            slopes.indices,
            slopes.values + share.sum(axis=-1) / self.epsilon,
            slopes.kink | crossed,
        )

    def _penalty_terms(self, w: Array) -> Array:
        """l2/(2m) w^2 + l1/(2m) |w|, element by element."""
        assert self.penalty is not None
        terms: Array = (self.penalty.l2 * w * w + self.penalty.l1 * np.abs(w)) / (2 * self.spread.m)
        return terms


def _penalty_on(network: Network, parameter: Array) -> Penalty | None:
    """The penalty on a parameter of this network, if there is one."""
    return next((p for p in network.penalties if np.may_share_memory(p.W, parameter)), None)


def _tiles(n_rows: int, n_columns: int, most: int) -> Iterator[tuple[Array, Array]]:
    """Rows and columns of rectangles that cover a matrix, each of about `most` components."""
    across = min(n_columns, most)
    down = max(1, most // n_columns)
    for top in range(0, n_rows, down):
        for left in range(0, n_columns, across):
            rows = np.arange(top, min(top + down, n_rows))
            yield rows, np.arange(left, min(left + across, n_columns))


def _unit(theta: Array, index: int) -> Array:
    direction = np.zeros(theta.shape)
    direction.flat[index] = 1.0
    return direction
