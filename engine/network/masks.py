"""The masks of a pass: which steps are padding, slot by slot, before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.layers.masks import Mask
from engine.network.parts import Part
from engine.network.plan import Plan


def masks_of(plan: Plan, parts: Sequence[Part], values: Sequence[Any]) -> list[Mask | None]:
    """A mask for each slot, None where every step is real, or nothing has steps.

    Empty where nothing is padded. values: by slot, with what the inputs take.
    """
    masks: list[Mask | None] = [None] * plan.slot_count
    for part in parts:
        layer = part.layer
        taken = part.masks_from(masks)
        if layer.reads_lengths:
            mask = layer.first_mask(values[part.sources[0]])
        else:
            mask = layer.mask(*taken)
        for slot in (part.target, *part.more_targets):
            masks[slot] = mask if slot in plan.slots_with_steps else None
    return masks if any(mask is not None for mask in masks) else []
