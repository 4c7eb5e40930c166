"""The columns of the Analyze table: their titles, texts, values and help."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from engine.design import LayerRow
from engine.design.describe import size_text
from engine.layers import Layer, shape_text
from studio.look.translate import translator


class AnalysisRow(NamedTuple):
    """A row of the table. number: its place in the network from 1; None for the totals."""

    number: int | None
    row: LayerRow


class AnalysisColumn(NamedTuple):
    """title: may have two lines. text: what is shown. value: what is copied into other programs.

    key: what rows are sorted by; the value where it is None.
    """

    title: str
    help: str
    text: Callable[[AnalysisRow], str]
    value: Callable[[AnalysisRow], int | str]
    numeric: bool = False
    key: Callable[[AnalysisRow], Any] | None = None

    @property
    def name(self) -> str:
        """The title on one line."""
        return self.title.replace("\n", " ")

    def sort_key(self, line: AnalysisRow) -> Any:
        """Rows are in order where these are."""
        return (self.key or self.value)(line)


def columns(batch: int | None) -> list[AnalysisColumn]:
    """All columns. batch: examples in a mini-batch; None where it is the full training set."""
    return [
        AnalysisColumn(_tr("#"), _tr("The place in the network."), _number, _number, True, _place),
        _words(_tr("Layer"), _tr("The layer's name."), lambda line: line.row.name),
        _words(_tr("Kind"), _tr("The kind of layer."), _kind),
        AnalysisColumn(
            _tr("Output\nshape"),
            _tr("For one example: the length of a vector, or channels × height × width."),
            *(_shape, _shape),
            numeric=True,
            key=lambda line: math.prod(line.row.shape),
        ),
        _count(
            _tr("Parameters"),
            _tr("The number of trainable values."),
            lambda line: line.row.parameters,
        ),
        _memory(batch),
        _count(
            _tr("Multiply-adds\nforward"),
            _tr("For one example; element-wise functions are not counted."),
            lambda line: line.row.multiply_adds,
        ),
        _count(
            _tr("Multiply-adds\nbackward"),
            _tr(
                "For one example: the products for dW, and for dA where a layer below is trainable."
            ),
            lambda line: line.row.backward_multiply_adds,
        ),
        _words(_tr("Warnings"), _tr("Suggested changes."), warnings),
    ]


def warnings(line: AnalysisRow) -> str:
    """The advice on a layer in words."""
    return " ".join(advice.text for advice in line.row.advice)


_tr = translator("AnalysisColumns")


def _words(title: str, help_text: str, text: Callable[[AnalysisRow], str]) -> AnalysisColumn:
    return AnalysisColumn(title, help_text, text, text, key=lambda line: text(line).casefold())


def _count(title: str, help_text: str, count: Callable[[AnalysisRow], int]) -> AnalysisColumn:
    return AnalysisColumn(title, help_text, lambda line: f"{count(line):,}", count, numeric=True)


def _memory(batch: int | None) -> AnalysisColumn:
    per = _tr("one example") if batch is None else _tr("{n} examples").format(n=f"{batch:,}")

    def size(line: AnalysisRow) -> int:
        return line.row.activation_bytes * (batch or 1)

    return AnalysisColumn(
        _tr("Memory of\n{examples}").format(examples=per),
        _tr("What the forward pass stores for the backward pass, in float32. Copied in bytes."),
        lambda line: size_text(size(line)),
        size,
        numeric=True,
    )


def _number(line: AnalysisRow) -> str:
    return "" if line.number is None else str(line.number)


def _place(line: AnalysisRow) -> int:
    return line.number or 0


def _kind(line: AnalysisRow) -> str:
    if line.number is None:
        return _tr("{n} layers").format(n=line.row.kind)
    layer = Layer.registry.get(line.row.kind)
    return layer.title if layer else line.row.kind


def _shape(line: AnalysisRow) -> str:
    return shape_text(line.row.shape)
