"""Lines for any layer: what it explains of its own numbers, with the numbers filled in."""

from __future__ import annotations

from engine.errors import DataError
from engine.layers.explanation import Cell, Explanation, Passed, Terms
from engine.layers.mode import Mode
from engine.network.parts import Part
from engine.walkthrough.notation import Index, factor, total
from engine.walkthrough.walk import Walk
from engine.words import number


def output_lines(walk: Walk, part: Part, slot: int, index: Index) -> list[str]:
    """How a number that a part computed going forward comes about."""
    name = dict(zip((part.target, *part.more_targets), part.layer.outputs, strict=False))
    return _lines(walk, part, Cell(name.get(slot, "out"), index))


def input_derivative_lines(walk: Walk, part: Part, slot: int, index: Index) -> list[str]:
    """What a part that takes a slot adds to its derivative: through each port that it fills."""
    lines: list[str] = []
    for port, source in zip(part.layer.inputs, part.sources, strict=False):
        if source == slot:
            lines += _lines(walk, part, Cell(f"d{port}", index))
    return lines


def gradient_lines(walk: Walk, part: Part, parameter: str, index: Index) -> list[str]:
    """How a number of a parameter's gradient comes about, penalties apart."""
    return _lines(walk, part, Cell(f"d{parameter}", index))


def _lines(walk: Walk, part: Part, cell: Cell) -> list[str]:
    """The formula, and under it the sum with its numbers; a layer may explain nothing."""
    try:
        told = part.layer.explain(_passed(walk, part), cell)
    except DataError:
        return [f"by the rule of {part.layer.title}: {part.layer.formula}"]
    return [told.formula, _filled(told)]


def _filled(told: Explanation) -> str:
    """ "= 1/16 · (0.3 · 2 + (−1) · 4 + … (16 terms)) + 0.5".

    The argument of a function is told with its value instead: "with 0.3 · 2 + 0.5 = 1.1".
    """
    text = " + ".join(_group(terms) for terms in told.terms) or "0"
    return f"= {text}" if told.function is None else f"with {text} = {number(told.sum)}"


def _group(terms: Terms) -> str:
    """A sum of products times its scale."""
    if not terms.factors:
        return factor(terms.scale)
    values = [each.values.tolist() for each in terms.factors]
    count = len(values[0])
    if not count:
        return "0"
    text = total(zip(*values, strict=True), count)
    if terms.scale == 1:
        return text
    whole = round(1 / terms.scale) if terms.scale else 0
    is_share = whole > 1 and abs(1 / terms.scale - whole) < 1e-9 * whole
    scale = f"1/{whole}" if is_share else factor(terms.scale)
    return f"{scale} · ({text})"


def _passed(walk: Walk, part: Part) -> Passed:
    """The pass of one part; its parameters as they were before the step."""
    trace, d, layer = walk.result.trace, walk.result.d, part.layer
    params = {
        key: walk.before(block.name)
        for block in walk.network.slices
        for index, key in ((block.part, block.key), *block.users)
        if walk.network.parts[index] is part
    }
    outputs = dict(zip(layer.outputs or ("out",), (part.target, *part.more_targets), strict=True))
    inputs = dict(zip(layer.inputs, part.sources, strict=False))
    arrays = {name: trace.values[slot] for name, slot in (inputs | outputs).items()}
    arrays |= {f"d{name}": d[slot] for name, slot in outputs.items()}
    arrays = {name: array for name, array in arrays.items() if array is not None} | params
    mode = Mode(training=True, masks=part.masks_from(trace.masks))
    cache = trace.caches[part.target - 1]
    return Passed(arrays, params, part.state, cache, mode)
