"""How small changes spread through a layer: what the gradient check asks, beside a plain pass.

It runs many changed copies of one batch at once, as *groups* side by side in the last axis. A layer
that overrides nothing here is checked just as well; what it tells makes the check faster, and lets
it see kinks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.layers.masks import Masks
from engine.layers.mode import TRAINING, Mode

Array = np.ndarray
Arrays = Mapping[str, Array]

if TYPE_CHECKING:

    class _Runs:
        def forward(
            self, params: Arrays, state: Arrays, *xs: Array, mode: Mode
        ) -> tuple[Array, Any]: ...

else:
    _Runs = object


class Spreading(_Runs):
    """The part of every layer that the gradient check asks."""

    @property
    def keeps_rows(self) -> bool:
        """Whether each row of the output depends on the same row of the one input alone.

        A row is a unit, a feature or a channel: x[i]. Parameters and state have a row for each.
        """
        return False

    def branches(self, cache: Any) -> Array | None:
        """Which of several formulas each number of a pass took: (..., m); None for one formula.

        A difference is no derivative where these change within epsilon: the signs of a ReLU's
        inputs, the winners of max pooling.
        """
        return None

    def multiplicands(self, cache: Any, name: str) -> Array | None:
        """What the entries of a parameter are multiplied by: (columns, *shape[1:], m).

        For parameters of which entry [i, j] adds its product with multiplicands[j] to row i of the
        output, and does nothing else; j counts all but the first axis. None for all others.
        """
        return None

    def added_by_rows(self, params: Arrays, rows: Array, change: Array) -> Array | None:
        """How the output changes with single rows of the input, in a layer that is linear in it.

        rows: (R,), the row that each change is of; change: (R, *shape[1:], ...). Returns
        (n_out, R, *shape[1:], ...); None where a full pass is needed.
        """
        return None

    def forward_groups(
        self,
        params: Arrays,
        state: Arrays,
        cache: Any,
        *xs: Array,
        groups: int,
        masks: Masks = (),
    ) -> tuple[Array, Any]:
        """Training-mode output for `groups` copies of one batch, and a cache for `branches`.

        xs: (*shape, groups * m). masks: those of xs. cache: that of the one batch itself, which
        holds what was drawn at random. Layers that treat each example alone need not override this.
        """
        mode = Mode(training=True, masks=masks) if masks else TRAINING
        return self.forward(params, state, *xs, mode=mode)

    def forward_rows(
        self,
        params: Arrays,
        state: Arrays,
        cache: Any,
        rows: Array,
        x: Array,
        *,
        groups: int,
        masks: Masks = (),
    ) -> tuple[Array, Any]:
        """`forward_groups` of some rows, for layers that keep rows. x: (R, ..., groups * m)."""
        params = {name: value[rows] for name, value in params.items()}
        state = {name: value[rows] for name, value in state.items()}
        return self.forward_groups(params, state, cache, x, groups=groups, masks=masks)
