"""The forward pass of a layer as lines of LaTeX, each with the sizes that hold at present."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine import EngineError, Layer
from engine.layers import Shape

SIZE_COLOR = "gray"
"""What sizes are colored with in the LaTeX; the view puts the theme's quiet color in its place."""

_MARK = re.compile(r"\\size\{(\w+)\}\{((?:[^{}]|\{[^{}]*\})*)\}")
"""\\size{name}{symbol}, the symbol with braces one level deep."""

_DECORATED = re.compile(r"\\size\{out\}\{(\\\w+\{(\w)\})\}")
"""An output such as \\tilde{Z}, and its letter."""


class FormulaLine(NamedTuple):
    """One step: LaTeX with size marks (see `Layer.latex`), and the sizes to show, name -> LaTeX."""

    marked: str
    sizes: Mapping[str, str]
    size_of_output: str = ""

    def with_sizes(self) -> str:
        """LaTeX with each known size under its symbol."""
        return _MARK.sub(lambda mark: self._sized(mark[1], mark[2]), self.marked)

    def bare(self) -> str:
        """LaTeX without sizes."""
        return _MARK.sub(r"\2", self.marked)

    def _sized(self, name: str, symbol: str) -> str:
        size = self.sizes.get(name)
        return rf"\underset{{\color{{{SIZE_COLOR}}}{{{size}}}}}{{{symbol}}}" if size else symbol


def lines_of(layer: Layer, inputs: Sequence[Shape] | None) -> tuple[FormulaLine, ...]:
    """The steps of a resolved layer: those of its parts, then its own if it is none of them.

    inputs: shapes of its inputs; None while they are not known or do not fit.
    """
    lines: list[FormulaLine] = []
    parts, shapes = _parts(layer), inputs
    for part in parts:
        sizes = {} if shapes is None else _sizes(part, shapes)
        lines.append(_continued(part.formula_in_latex(), sizes, lines))
        shapes = None if shapes is None else part.output_shapes(*shapes)
    if layer not in parts:
        sizes = {} if shapes is None else _out(shapes[0])
        lines.append(_continued(layer.formula_in_latex(), sizes, lines))
    return tuple(line for line in lines if line.marked)


def _continued(marked: str, sizes: dict[str, str], before: Sequence[FormulaLine]) -> FormulaLine:
    r"""A step after others: a size that stays is not told again, and \tilde{Z} stands for Z."""
    if not before:
        return FormulaLine(marked, sizes, sizes.get("out", ""))
    changed = sizes.get("out") != before[-1].size_of_output
    news = {name: size for name, size in sizes.items() if changed or name != "out"}
    return FormulaLine(_decorated(marked, before[-1].marked), news, sizes.get("out", ""))


def _decorated(marked: str, before: str) -> str:
    r"""Where the step before made \tilde{Z}, this one takes that for Z."""
    made = _DECORATED.match(before)
    if made is None:
        return marked
    return re.sub(rf"(?<![\\A-Za-z]){made[2]}(?![A-Za-z])", lambda _: made[1], marked)


def _parts(layer: Layer) -> tuple[Layer, ...]:
    try:
        return layer.expand()
    except EngineError:
        return ()


def _sizes(part: Layer, inputs: Sequence[Shape]) -> dict[str, str]:
    pairs = zip(part.inputs, inputs, strict=False)
    entering = {name: _of_examples(shape) for name, shape in pairs if shape is not None}
    shapes = part.parameter_shapes(*inputs).items()
    parameters = {name: r" \times ".join(map(str, shape)) for name, shape in shapes}
    return entering | parameters | _out(part.output_shape(*inputs))


def _out(shape: Shape) -> dict[str, str]:
    return {"out": _of_examples(shape)}


def _of_examples(shape: Shape) -> str:
    """The size of an array that holds m examples in its last axis."""
    return r" \times ".join([*map(str, shape), "m"])
