"""Masks: which steps of padded sequences belong to them.

Sequences of one batch have unequal lengths, but one array: shorter ones are padded at their end. A
mask is a (T, m) array of booleans, True where a step is real; None where all are. It comes from a
row of lengths (`mask_of_lengths`) and goes with its sequence from layer to layer (`Layer.mask`).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

Array = np.ndarray
Mask = np.ndarray
Masks = tuple[Mask | None, ...]


def mask_of_lengths(lengths: Array, steps: int) -> Mask | None:
    """(T, m) from lengths (m,); None where no sequence is shorter than T = `steps`."""
    if lengths.min() >= steps:
        return None
    mask: Mask = np.arange(steps)[:, None] < lengths  # (T, m)
    return mask


def joined(masks: Iterable[Mask | None]) -> Mask | None:
    """Steps that are real in all of the masks; None where no mask leaves any out."""
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found & mask
    return found


def mask_at(masks: Masks, number: int) -> Mask | None:
    """The mask of input `number`, from 0 on; None without one."""
    return masks[number] if masks else None


def without_padding(x: Array, mask: Mask | None) -> Array:
    """x (..., T, m) with 0 at the steps that are padding; x itself where there are none."""
    return x if mask is None else np.where(mask, x, x.dtype.type(0))


def repeated(masks: Masks, groups: int) -> Masks:
    """The same masks for so many copies of the batch, side by side in the last axis."""
    return tuple(None if mask is None else np.tile(mask, (1, groups)) for mask in masks)
