"""How a change in one place of a network spreads to the losses: many changes in one pass.

Each change is a *group*: a copy of the whole batch in which one parameter is a little larger or
smaller. Groups lie side by side in the last axis, so one forward pass from the changed part on
serves them all. Values that do not depend on the change come from the unperturbed pass.

The groups of one pass have the axes (R, 2, k): R rows, + and - epsilon, k components of each
row. As long as a group differs in a single row (one unit) of a value, only that row is kept;
the next Linear turns it into a full value by Z' = Z + W[:, i] (a_i' - a_i), without a product of
matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.activations import Softmax
from engine.layers import Activation, BatchNorm, Dropout, Layer, Linear
from engine.layers.masks import repeated
from engine.network import Network
from engine.network.parts import Part, Trace, as_tuple

Array = np.ndarray


LARGE_BLOCK_BYTES = 24_000_000


@dataclass(frozen=True, eq=False)
class RowChange:
    """A value (n, m) of which every group changes one row: group (r, s, k) has row rows[r].

    rows: (R,) whole numbers; values: (R, 2, k, m), the new rows.
    """

    rows: Array
    values: Array


Change = RowChange | Array
"""A RowChange, or a full value (*shape, R * 2 * k * m)."""


class Spread:
    """Follows changes through a network whose unperturbed pass is `trace`.

    network: in float64. y: targets (n_y, m).
    """

    def __init__(self, network: Network, trace: Trace, y: Array) -> None:
        self.network = network
        self.trace = trace
        self.m = y.shape[-1]
        self.y = y[:, None, None, None, :]  # (n_y, 1, 1, 1, m)
        self.last_use = {s: part.target for part in network.parts for s in part.sources}
        _keep_freed_memory()
        self.base = network.loss.values(trace.values[network.output_slot], y)
        """The unperturbed losses, (m,)."""

    def losses(self, slot: int, change: Change, axes: tuple[int, int, int]) -> tuple[Array, Array]:
        """Losses (R, 2, k, m) after `change` in `slot`, and where a kink was crossed, (R, k).

        axes: (R, 2, k). A kink is crossed where a ReLU's input has other signs at +epsilon than at
        -epsilon, or an absolute error's residual has.
        """
        crossed = np.zeros((axes[0], axes[2]), bool)
        changed: dict[int, Change] = {slot: change}
        for part in self.network.parts[slot:]:
            sources = [source for source in part.sources if source in changed]
            if not sources:
                continue
            if has_kink(part.layer):
                crossed |= _crosses_zero(changed[sources[0]], axes)
            changed |= self._through(part, changed, axes)
            for source in sources:
                if self.last_use[source] == part.target:
                    changed.pop(source, None)
        z = self._logits(changed, axes)
        if self.network.loss.has_kink:
            crossed |= _differ(z > self.y)
        return self.network.loss.values(z, self.y), crossed

    def width(self, slot: int, row: bool) -> int:
        """The most values per example that a pass from `slot` holds of one part."""
        rows = {slot: row}
        widest = 1 if row else self._size(slot)
        for part in self.network.parts[slot:]:
            if not rows.keys() & set(part.sources):
                continue
            stays = rows.get(part.sources[0], False) and keeps_rows(part)
            for slot_ in (part.target, *part.more_targets):
                rows[slot_] = stays
                widest = max(widest, 1 if stays else self._size(slot_))
        return max(widest, self.network.n_y)

    def _size(self, slot: int) -> int:
        return int(self.trace.values[slot].size // self.m)

    def _through(
        self, part: Part, changed: dict[int, Change], axes: tuple[int, int, int]
    ) -> dict[int, Change]:
        """The part's outputs by slot."""
        change = changed.get(part.sources[0])
        cache = self.trace.caches[part.target - 1]
        groups = axes[0] * axes[1] * axes[2]
        if isinstance(change, RowChange):
            if isinstance(part.layer, Linear):
                return {part.target: self._through_linear(part, change)}
            if keeps_rows(part):
                return {part.target: _through_rows(part, cache, change)}
        inputs = [self._full(source, changed.get(source), groups) for source in part.sources]
        masks = repeated(part.masks_from(self.trace.masks), groups)
        output = part.layer.forward_groups(
            part.params, part.state, cache, *inputs, groups=groups, masks=masks
        )
        return dict(zip((part.target, *part.more_targets), as_tuple(output), strict=True))

    def _through_linear(self, part: Part, change: RowChange) -> Array:
        """Z' = Z + W[:, i] (a_i' - a_i) for the one row i that a group changes."""
        delta = change.values - self.trace.values[part.sources[0]][change.rows, None, None]
        W = part.params["W"][:, change.rows, None, None, None]  # (n_out, R, 1, 1, 1)
        z = np.multiply(W, delta, order="C")
        z += self.trace.values[part.target][:, None, None, None]
        return z.reshape(z.shape[0], -1)  # (n_out, R * 2 * k * m)

    def _full(self, slot: int, change: Change | None, groups: int) -> Any:
        """The value of a slot for all groups: (*shape, groups * m)."""
        base = self.trace.values[slot]
        if base is None or isinstance(change, np.ndarray):
            return change
        tiled = np.repeat(base[..., None, :], groups, axis=-2)  # (*shape, groups, m)
        if change is not None:
            rows = np.repeat(change.rows, groups // len(change.rows))
            tiled[rows, np.arange(groups)] = change.values.reshape(groups, -1)
        return tiled.reshape(*base.shape[:-1], -1)  # (*shape, groups * m)

    def _logits(self, changed: dict[int, Change], axes: tuple[int, int, int]) -> Array:
        last = self.network.output_slot
        change = changed.get(last)
        if change is None:  # nothing of the change arrives
            return self.trace.values[last][:, None, None, None] + np.zeros((*axes, 1))
        if isinstance(change, RowChange) and self.network.n_y == 1:
            return change.values[None]  # (1, R, 2, k, m)
        full = self._full(last, change, axes[0] * axes[1] * axes[2])
        return full.reshape(-1, *axes, self.m)  # (n_y, R, 2, k, m)


def _keep_freed_memory() -> None:
    """Let the C library keep freed arrays of a few MB, which it otherwise gives back each time.

    glibc raises its limits when a large block is freed. Fetching the pages anew for every
    temporary array made a check two to three times slower. Elsewhere this has no effect.
    """
    np.empty(LARGE_BLOCK_BYTES, np.uint8)


def has_kink(layer: Layer) -> bool:
    """Whether a layer's slope jumps at zero, as ReLU's does."""
    return isinstance(layer, Activation) and layer.function.has_kink


def keeps_rows(part: Part) -> bool:
    """Whether each row of a part's output depends on the same row of its one input alone."""
    if isinstance(part.layer, Activation):
        return not isinstance(part.layer.function, Softmax)
    return isinstance(part.layer, Dropout | BatchNorm)


def _through_rows(part: Part, cache: object, change: RowChange) -> RowChange:
    rows, values = change.rows, change.values
    params = {name: value[rows] for name, value in part.params.items()}
    mask = (
        cache[rows] if isinstance(part.layer, Dropout) and isinstance(cache, np.ndarray) else None
    )
    groups = values.shape[1] * values.shape[2]
    flat = values.reshape(len(rows), -1)  # (R, 2 * k * m)
    result = part.layer.forward_groups(params, part.state, mask, flat, groups=groups)
    return RowChange(rows, result.reshape(values.shape))


def _crosses_zero(change: Change, axes: tuple[int, int, int]) -> Array:
    if isinstance(change, RowChange):
        return _differ((change.values > 0)[None])
    return _differ((change > 0).reshape(-1, *axes, change.shape[-1] // int(np.prod(axes))))


def _differ(positive: Array) -> Array:
    """Where + and - differ for any value or example: (n, R, 2, k, m) -> (R, k)."""
    differs: Array = (positive[:, :, 0] != positive[:, :, 1]).any(axis=(0, -1))
    return differs
