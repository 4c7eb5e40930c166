"""How a derivative comes about: by the chain rule, from every layer that uses the value."""

from __future__ import annotations

from html import escape

import numpy as np

from engine.errors import DataError
from engine.layers.explanation import Cell
from engine.network.heads import Head
from engine.network.parts import ParameterSlice, Part
from engine.walkthrough.notation import factor
from engine.walkthrough.passes import input_slots
from engine.walkthrough.place import Place
from engine.walkthrough.terms import Explained, value_lines
from engine.words import number


def derivative_lines(place: Place) -> list[str]:
    """All contributions to the derivative at `place`; those of several consumers are added."""
    walk, slot = place.walk, place.quantity.slot
    head = walk.head_at(slot)
    if head is not None:
        return _at_the_loss(place, head)
    ways = [
        (part, port)
        for part in walk.consumers(slot)
        for port, source in input_slots(part).items()
        if source == slot
    ]
    if len(ways) == 1:
        return _explained(place, *ways[0], place.name)
    lines = [f"{place.name} is the sum of {len(ways)} ways back:"]
    for part, port in ways:
        told = _explained(place, part, port, "")
        lines.append(f"through '{escape(part.node)}': {' '.join(told).removeprefix(' = ')}")
    return lines


def _explained(place: Place, part: Part, port: str, name: str) -> list[str]:
    """What one input of a part contributes to the derivative at `place`."""
    try:
        explained = Explained.of(place, part, Cell(f"d{port}", place.index))
    except DataError:
        return [f"{name} comes back through {part.layer.title} '{escape(part.node)}'".strip()]
    return value_lines(explained, name)


def gradient_lines(place: Place) -> list[str]:
    """A parameter's gradient: a mean over the batch, from each layer that uses it, and what the
    penalties add."""
    walk = place.walk
    each = walk.block(f"{place.quantity.node}.{place.quantity.parameter}")
    uses = [(each.part, each.key), *each.users]
    if len(uses) == 1:
        lines = _of_use(place, walk.network.parts[each.part], each.key, place.name)
        return [*lines, *_penalties(place, each)]
    lines = [f"{place.name} is the sum of what {len(uses)} layers give that share it:"]
    for index, key in uses:
        part = walk.network.parts[index]
        told = _of_use(place, part, key, "")
        lines.append(f"in '{escape(part.node)}': {' '.join(told).removeprefix(' = ')}")
    return [*lines, *_penalties(place, each)]


def _of_use(place: Place, part: Part, key: str, name: str) -> list[str]:
    if part.collect(place.walk.result.d) is None:
        return [f"{name} = 0: nothing after '{escape(part.node)}' depends on it".strip()]
    try:
        explained = Explained.of(place, part, Cell(f"d{key}", place.index))
    except DataError:
        rule = f"{name} = 1/m Σ over the batch, by the rule of {part.layer.title}"
        return [rule.strip()]
    return value_lines(explained, name)


def _penalties(place: Place, each: ParameterSlice) -> list[str]:
    """What L2 and L1 add to the gradient of a weight."""
    walk = place.walk
    if not each.is_weight:
        return []
    spec = walk.network.specs[each.node]
    l2, l1 = getattr(spec, "l2", None) or 0.0, getattr(spec, "l1", None) or 0.0
    W, lines = float(walk.before(each.name)[place.index]), []
    if l2:
        lines.append(f"+ λ/m · W = {number(l2)}/{walk.m} · {factor(W)}  (L2)")
    if l1:
        lines.append(f"+ λ/2m · sign(W) = {number(l1)}/{2 * walk.m} · {int(np.sign(W))}  (L1)")
    return lines


def _at_the_loss(place: Place, head: Head) -> list[str]:
    Y = head.task.targets.indicators(place.walk.Y[head.rows], head.units)
    y = float(Y[place.index]) if Y.shape == place.quantity.array.shape else np.nan
    prediction = head.task.predict(place.walk.value_at(head.slot))[place.index]
    lines = [f"{place.name} = dL/dz, from the loss {head.loss.formula}"]
    if head.weight != 1:
        lines[0] += f", times the weight {number(head.weight)} of this output"
    if np.isclose(float(prediction) - y, place.value, rtol=1e-3, atol=1e-6):
        lines.append(f"= ŷ − y = {factor(float(prediction))} − {factor(y)}")
    return lines
