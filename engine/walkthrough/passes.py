"""The pass of one part in a walk, as `Layer.explain` takes it."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.layers.explanation import Passed
from engine.layers.mode import Mode
from engine.network.parts import Part
from engine.walkthrough.walk import Walk

Array = np.ndarray


def input_slots(part: Part) -> dict[str, int]:
    """Where each input of a part comes from, by port; what a first layer takes is "X"."""
    names = part.layer.inputs.names if part.layer.inputs else ("X",)
    return dict(zip(names, part.sources, strict=False))


def output_slots(part: Part) -> dict[str, int]:
    """Where each output of a part goes, by port."""
    names = part.layer.outputs.names or ("out",)
    return dict(zip(names, (part.target, *part.more_targets), strict=False))


def pass_of(walk: Walk, part: Part) -> Passed:
    """What a part took and left in the step, in float64; parameters as they were before it."""
    network, result = walk.network, walk.result
    arrays: dict[str, Any] = {}
    for name, slot in (input_slots(part) | output_slots(part)).items():
        arrays[name] = result.trace.values[slot]
    for name, slot in output_slots(part).items():
        arrays[f"d{name}"] = result.d[slot]
    params = {
        key: walk.before(each.name)
        for each in network.slices
        for index, key in ((each.part, each.key), *each.users)
        if network.parts[index] is part
    }
    exact = {name: _exact(array) for name, array in (arrays | params).items() if array is not None}
    return Passed(
        exact,
        {key: exact[key] for key in params},
        {name: _exact(array) for name, array in part.state.items()},
        result.trace.caches[part.target - 1],
        Mode(training=True, masks=part.masks_from(result.trace.masks)),
    )


def _exact(array: Array) -> Array:
    return np.asarray(array, "float64")
