"""Rules for images: an input that is none yet, and windows that are larger than the image."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.design.fixes.case import DesignFix, FixCase, fits, rule
from engine.layers import Input, Shape, shape_text
from engine.layers.kinds import kind_of
from engine.spec import ordered_fields

LEAST_SIDE = 8
"""Of an image that a row of numbers is taken for, in pixels."""
MOST_TRIED = 1_024


@rule("misfit")
def _make_the_input_an_image(case: FixCase) -> DesignFix | None:
    """A row of as many numbers as a square image has pixels, gray or in color."""
    for wire in case.design.inputs_of(case.node):
        layer, taken = case.design.nodes[wire.source], case.given[wire.port]
        alone = len(case.design.outputs_of(wire.source)) == 1
        if not isinstance(layer, Input) or not alone or kind_of(taken) != "vector":
            continue
        for shape in _squares(taken[0]):
            if fits(case.layer, {**case.given, wire.port: shape}):
                design = case.design.edit(wire.source, shape=shape)
                return DesignFix(f"Make '{wire.source}' an image of {shape_text(shape)}", design)
    return None


def _squares(numbers: int) -> Iterator[Shape]:
    """The square images of one or three channels with so many numbers."""
    for channels in (1, 3):
        side = math.isqrt(numbers // channels)
        if channels * side**2 == numbers and side >= LEAST_SIDE:
            yield channels, side, side


@rule("misfit")
def _make_the_window_smaller(case: FixCase) -> DesignFix | None:
    """The largest whole number below that of a setting with which the layer fits."""
    for name, info in ordered_fields(type(case.layer)).items():
        value = getattr(case.layer, name)
        if type(value) is not int or not 1 < value <= MOST_TRIED:
            continue
        if not fits(case.layer.replace(**{name: 1}), case.given):
            continue
        smaller = next(
            number
            for number in range(value - 1, 0, -1)
            if fits(case.layer.replace(**{name: number}), case.given)
        )
        design = case.design.edit(case.node, **{name: smaller})
        return DesignFix(f"Set the {(info.title or name).lower()} to {smaller}", design)
    return None
