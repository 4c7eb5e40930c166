"""How a change in one place of a network spreads to the losses: many changes in one pass.

Each change is a *group*: a copy of the whole batch in which one parameter is a little larger or
smaller. Groups lie side by side in the last axis, so one forward pass from the changed part on
serves them all. Values that do not depend on the change come from the unperturbed pass.

The groups of one pass have the axes (R, 2, k): R rows, + and - epsilon, k components of each
row. As long as a group differs in a single row (a unit, a channel) of a value, only that row is
kept; a layer that is linear in it turns it into a full value by Z' = Z + W[:, i] (a_i' - a_i),
without a product of matrices. What a layer can do of this, it says itself (layers/spreading.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.layers.masks import Masks, repeated
from engine.network import Network
from engine.network.heads import Head
from engine.network.parts import Part, Trace, as_tuple

Array = np.ndarray
Axes = tuple[int, int, int]

LARGE_BLOCK_BYTES = 24_000_000


@dataclass(frozen=True, eq=False)
class RowChange:
    """A value (n, ..., m) of which every group changes one row: group (r, s, k) has row rows[r].

    rows: (R,) whole numbers; values: (R, ..., 2, k, m), the new rows.
    """

    rows: Array
    values: Array

    @property
    def side_by_side(self) -> Array:
        """The rows as a layer takes them: (R, ..., 2 * k * m)."""
        return self.values.reshape(*self.values.shape[:-3], -1)


Change = RowChange | Array
"""A RowChange, or a full value (*shape, R * 2 * k * m)."""


class Spread:
    """Follows changes through a network whose unperturbed pass is `trace`.

    network: in float64. y: targets of all heads as the losses see them, (rows, ..., m).
    """

    def __init__(self, network: Network, trace: Trace, y: Array) -> None:
        self.network = network
        self.trace = trace
        self.m = y.shape[-1]
        self.targets = network.by_head(y)
        self.last_use = {s: part.target for part in network.parts for s in part.sources}
        _keep_freed_memory()
        self.base = self._losses(trace.values)
        """The unperturbed losses, (m,), summed over the heads."""

    def losses(self, part: Part, changes: Sequence[Change], axes: Axes) -> tuple[Array, Array]:
        """Losses (R, 2, k, m) after changes of a part's outputs, and where a kink was crossed,
        (R, k).

        axes: (R, 2, k). A kink is crossed where a layer computes a number by another formula at
        +epsilon than at -epsilon (a ReLU's sign, the winner of max pooling), or where an absolute
        error's residual changes its sign.
        """
        crossed = np.zeros((axes[0], axes[2]), bool)
        changed = dict(zip((part.target, *part.more_targets), changes, strict=True))
        for later in self.network.parts[part.target :]:
            sources = [source for source in later.sources if source in changed]
            if not sources:
                continue
            changed |= self._through(later, changed, axes, crossed)
            for source in sources:
                if self.last_use[source] == later.target:
                    changed.pop(source, None)
        total: Array = np.zeros((*axes, self.m))
        for head, targets, weights in self.targets:
            z, y = self._logits(head, changed, axes), targets[..., None, None, None, :]
            if head.loss.has_kink:
                crossed |= differing(z > y)
            losses = head.losses(z, y, weights)  # (..., R, 2, k, m)
            total += losses.sum(axis=tuple(range(losses.ndim - 4)))
        return total, crossed

    def rerun(self, changed: Mapping[int, Mapping[str, Array]]) -> tuple[Array, list[Array]]:
        """Losses (m,) and branches, one array after the other, of a pass in which some parts have
        other parameters. changed: the parameters of each of these parts, by target."""
        values, moved = list(self.trace.values), set[int]()
        branches = []
        for part in self.network.parts[min(changed) - 1 :]:
            if part.target not in changed and moved.isdisjoint(part.sources):
                continue
            params = changed.get(part.target, part.params)
            output, cache = part.layer.forward_groups(
                params,
                part.state,
                self.trace.caches[part.target - 1],
                *(values[source] for source in part.sources),
                groups=1,
                masks=part.masks_from(self.trace.masks),
            )
            part.store(values, output)
            moved.update((part.target, *part.more_targets))
            taken = part.layer.branches(cache)
            branches += [] if taken is None else [taken]
        branches += [values[head.slot] > y for head, y, _ in self.targets if head.loss.has_kink]
        return self._losses(values), branches

    def _losses(self, values: Sequence[Array]) -> Array:
        """The losses of all examples, (m,), summed over heads and steps. values: by slot."""
        total: Array = np.zeros(self.m)
        for head, y, weights in self.targets:
            losses = head.losses(values[head.slot], y, weights)  # (..., m)
            total += losses.sum(axis=tuple(range(losses.ndim - 1)))
        return total

    def width(self, slot: int, row: bool) -> int:
        """The most values per example that a pass from `slot` holds of one part."""
        rows = {slot: row}
        widest = self._size(slot, row)
        for part in self.network.parts[slot:]:
            if not rows.keys() & set(part.sources):
                continue
            stays = rows.get(part.sources[0], False) and part.layer.keeps_rows
            for slot_ in (part.target, *part.more_targets):
                rows[slot_] = stays
                widest = max(widest, self._size(slot_, stays))
        return max(widest, *(head.units for head in self.network.heads))

    def _size(self, slot: int, row: bool) -> int:
        value = self.trace.values[slot]
        return int(value.size // self.m // (len(value) if row else 1))

    def _through(
        self, part: Part, changed: dict[int, Change], axes: Axes, crossed: Array
    ) -> dict[int, Change]:
        """The part's outputs by slot; notes in `crossed`, (R, k), where it changes its formula."""
        layer, change = part.layer, changed.get(part.sources[0])
        if isinstance(change, RowChange):
            if layer.keeps_rows:
                return {part.target: self._through_rows(part, change, crossed)}
            delta = change.values - _beside_groups(self.trace.values[part.sources[0]][change.rows])
            added = layer.added_by_rows(part.params, change.rows, delta)
            if added is not None:
                return {part.target: self._added(part, added)}
        groups = math.prod(axes)
        inputs = [self._full(source, changed.get(source), groups) for source in part.sources]
        masks = self._masks(part, groups)
        before = self.trace.caches[part.target - 1]
        output, cache = layer.forward_groups(
            part.params, part.state, before, *inputs, groups=groups, masks=masks
        )
        branches = layer.branches(cache)
        if branches is not None:
            crossed |= differing(branches.reshape(-1, *axes, self.m))
        return dict(zip((part.target, *part.more_targets), as_tuple(output), strict=True))

    def _through_rows(self, part: Part, change: RowChange, crossed: Array) -> RowChange:
        *shape, two, k, m = change.values.shape
        masks = self._masks(part, two * k)
        before = self.trace.caches[part.target - 1]
        x, rows = change.side_by_side, change.rows
        output, cache = part.layer.forward_rows(
            part.params, part.state, before, rows, x, groups=two * k, masks=masks
        )
        branches = part.layer.branches(cache)
        if branches is not None:
            by_row = branches.reshape(shape[0], -1, two, k, m)
            crossed |= differing(by_row.swapaxes(0, 1))
        return RowChange(rows, output.reshape(*output.shape[:-1], two, k, m))

    def _masks(self, part: Part, groups: int) -> Masks:
        given = self.trace.masks
        return repeated(part.masks_from(given), groups) if given else ()

    def _added(self, part: Part, added: Array) -> Array:
        """Z + what is added to it, as a full value; added: (n_out, R, ..., 2, k, m)."""
        z = moved(added, 1, -4)  # (n_out, ..., R, 2, k, m)
        z += self.trace.values[part.target][..., None, None, None, :]
        return z.reshape(*z.shape[:-4], -1)  # (n_out, ..., R * 2 * k * m)

    def _full(self, slot: int, change: Change | None, groups: int) -> Any:
        """The value of a slot for all groups: (*shape, groups * m)."""
        base = self.trace.values[slot]
        if base is None or isinstance(change, np.ndarray):
            return change
        tiled = np.repeat(base[..., None, :], groups, axis=-2)  # (*shape, groups, m)
        if change is not None:
            rows = np.repeat(change.rows, groups // len(change.rows))
            values = np.moveaxis(change.values, (-3, -2), (1, 2))  # (R, 2, k, ..., m)
            values = values.reshape(groups, *base.shape[1:])
            tiled[rows, ..., np.arange(groups), :] = values
        return tiled.reshape(*base.shape[:-1], -1)  # (*shape, groups * m)

    def _logits(self, head: Head, changed: dict[int, Change], axes: Axes) -> Array:
        """(n_y, ..., R, 2, k, m)."""
        change, base = changed.get(head.slot), self.trace.values[head.slot]
        if change is None:  # nothing of the change arrives
            return base[..., None, None, None, :] + np.zeros((*axes, 1))
        if isinstance(change, RowChange) and len(base) == 1:
            return moved(change.values, 0, -4)[None]  # (1, ..., R, 2, k, m)
        full = self._full(head.slot, change, math.prod(axes))
        return full.reshape(*base.shape[:-1], *axes, self.m)


def _keep_freed_memory() -> None:
    """Let the C library keep freed arrays of a few MB, which it otherwise gives back each time.

    glibc raises its limits when a large block is freed. Fetching the pages again for every
    temporary array made a check two to three times slower. Elsewhere this has no effect.
    """
    np.empty(LARGE_BLOCK_BYTES, np.uint8)


def moved(values: Array, source: int, target: int) -> Array:
    """np.moveaxis, which takes microseconds even where nothing moves."""
    stays = (source - target) % values.ndim == 0
    return values if stays else np.moveaxis(values, source, target)


def _beside_groups(rows: Array) -> Array:
    """(R, ..., m) -> (R, ..., 1, 1, m)."""
    return rows[..., None, None, :]


def differing(branches: Array) -> Array:
    """Where + and - differ for any value or example: (..., R, 2, k, m) -> (R, k)."""
    differs = branches[..., 0, :, :] != branches[..., 1, :, :]  # (..., R, k, m)
    return np.asarray(differs.any(axis=(*range(differs.ndim - 3), -1)))
