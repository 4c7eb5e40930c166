"""The masks of a pass: which steps are padding, slot by slot, before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.layers.masks import Mask
from engine.network.parts import Part
from engine.network.plan import Plan

Array = np.ndarray


def masks_of(plan: Plan, parts: Sequence[Part], X: Array) -> list[Mask | None]:
    """A mask for each slot, None where every step is real, or nothing has steps.

    Empty where nothing is padded. X: as for `Network.forward`.
    """
    masks: list[Mask | None] = [None] * plan.slot_count
    for part in parts:
        layer = part.layer
        taken = part.masks_from(masks)
        mask = layer.first_mask(X) if layer.reads_lengths else layer.mask(*taken)
        for slot in (part.target, *part.more_targets):
            masks[slot] = mask if slot in plan.slots_with_steps else None
    return masks if any(mask is not None for mask in masks) else []
