"""How a number of the forward pass comes about, with the numbers filled in."""

from __future__ import annotations

import re
from typing import Any

from engine.errors import DataError
from engine.layers.explanation import Cell
from engine.layers.kinds import Kind, kind_of
from engine.walkthrough.notation import factor
from engine.walkthrough.passes import output_slots
from engine.walkthrough.place import Place
from engine.walkthrough.terms import Explained, value_lines
from engine.words import number

MOST_LOGITS = 10
AXES: dict[Kind, tuple[str, ...]] = {
    "vector": ("feature",),
    "sequence": ("feature", "step"),
    "image": ("channel", "row", "column"),
    "tokens": ("step",),
}
"""What the indices of an input count."""

_Z = re.compile(r"(?<![A-Za-z])[zZ](?![A-Za-z])")


def forward_lines(place: Place) -> list[str]:
    """The lines "name = formula", "= with numbers" for the value at `place`.

    Layers that do not explain themselves show their formula alone.
    """
    part = place.part
    if not part.layer.inputs:
        return [_of_data(place)]
    (port,) = (name for name, slot in output_slots(part).items() if slot == place.quantity.slot)
    try:
        explained = Explained.of(place, part, Cell(port, place.index))
    except DataError:
        return [f"{place.name}:  {part.layer.formula}"]
    lines = value_lines(explained, place.name)
    return _filled_in(explained, lines) if explained.told.function is not None else lines


def _of_data(place: Place) -> str:
    axes = AXES[kind_of(place.walk.network.shapes[place.quantity.node])]
    where = [f"{axis} {number + 1}" for axis, number in zip(axes, place.unit, strict=True)]
    return f"{place.name} is {', '.join(where)} of example {place.index[-1] + 1}"


def _filled_in(explained: Explained, lines: list[str]) -> list[str]:
    """g(z) with its z in its place, where the formula has one and nothing else is in it."""
    rule = lines[0].partition(" = ")[2]
    told = explained.told
    if len(told.terms) > 1 or len(told.terms[0].values) > 1 or not _Z.search(rule):
        return lines
    place, z = explained.place, told.sum
    name = explained.symbols()
    filled = _Z.sub(lambda found: _number_at(z, found), rule)
    return [f"{place.name} = g({name}) = {rule}", f"= {filled}"]


def _number_at(z: float, place: re.Match[str]) -> str:
    """z as a number; an argument of its own, as in "max(0, z)", needs no parentheses."""
    around = place.string[place.start() - 1 : place.start()], place.string[place.end() :][:1]
    alone = around[0] in ("(", " ") and around[1] in (")", ",") and "−" not in place.string
    return number(z) if alone else factor(z)


def prediction_lines(place: Place) -> list[str]:
    """Y hat from the logits: for one output its own z, for softmax all of them."""
    walk, (row, *others) = place.walk, place.index
    whole: tuple[Any, ...] = (slice(None), *others)
    head = walk.head_of(place.quantity.node)
    logits, name = walk.value_at(head.slot)[whole], head.task.short_title
    if len(logits) == 1:
        return [f"{place.name} = {name}(z)", f"= {name}({number(float(logits[0]))})"]
    shown = ", ".join(number(value) for value in logits[:MOST_LOGITS])
    more = ", …" if len(logits) > MOST_LOGITS else ""
    return [f"{place.name} = {name}(z), output {row + 1}", f"with z = ({shown}{more})"]


def lines_in_units(place: Place) -> list[str]:
    """What a scaled prediction or target means in the units of the data."""
    walk = place.walk
    scale = walk.network.scale_of(walk.head_of(place.quantity.node))
    if scale is None:
        return []
    row, value = place.index[0], place.value
    mean, spread = float(scale.mean[row, 0]), float(scale.spread[row, 0])
    filled = f"{factor(value)} · {number(spread)} + {factor(mean)}"
    return [
        "in the units of the data: scaled · spread + mean of the training targets",
        f"= {filled} = {number(value * spread + mean)}",
    ]
