"""Layout: where a design's inputs and targets lie in the X and Y of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from engine.data import Fit
from engine.data.blocks import DataBlock, TargetBlock, slices_of
from engine.data.fit import ONLY_BLOCK, ONLY_TARGET
from engine.design import Design
from engine.layers import Input, Output


@dataclass(frozen=True)
class Layout:
    """fit: the blocks of X and Y. inputs, targets: node -> its rows of X, or of Y."""

    fit: Fit
    inputs: Mapping[str, slice]
    targets: Mapping[str, slice]

    @classmethod
    def of(cls, design: Design, fit: Fit | None) -> Self:
        """Of a design without blanks. Without data, inputs and targets lie in the order of the
        design's nodes."""
        fit = fit or fit_of(design)
        x_rows, y_rows = slices_of(fit.x_blocks), slices_of(fit.y_blocks)
        inputs, targets = dict[str, slice](), dict[str, slice]()
        for name, layer in design.nodes.items():
            if isinstance(layer, Input):
                inputs[name] = x_rows[fit.block(layer.block).name]
            elif isinstance(layer, Output):
                targets[name] = y_rows[fit.target(layer.target).name]
        return cls(fit, inputs, targets)

    def has_places_of(self, other: Layout) -> bool:
        """Whether inputs and targets lie in the same rows there."""
        return (self.inputs, self.targets) == (other.inputs, other.targets)

    @cached_property
    def checked_blocks(self) -> list[tuple[DataBlock, slice]]:
        """The blocks, with their rows, in which not every number may stand."""
        rows = slices_of(self.fit.x_blocks)
        blocks = [b for b in self.fit.x_blocks if b.kind == "tokens" or b.has_lengths]
        return [(block, rows[block.name]) for block in blocks]

    @property
    def n_x(self) -> int:
        """Rows of X."""
        return sum(block.rows for block in self.fit.x_blocks)

    @property
    def n_y(self) -> int:
        """Rows of Y."""
        return sum(target.rows for target in self.fit.y_blocks)


def fit_of(design: Design) -> Fit:
    """The data that a design without blanks is for: a block for each input and for each target,
    those without a name first."""
    blocks, targets = dict[str, DataBlock](), dict[str, TargetBlock]()
    for layer in design.nodes.values():
        if isinstance(layer, Input):
            assert layer.shape is not None
            name = layer.block or ONLY_BLOCK
            blocks[name] = DataBlock(name, layer.shape, layer.vocabulary, layer.lengths)
        elif isinstance(layer, Output):
            name, units = layer.target or ONLY_TARGET, layer.units or 1
            targets.setdefault(name, TargetBlock(name, units, layer.task.targets.kind))
    x_blocks = sorted(blocks.values(), key=lambda block: block.name != ONLY_BLOCK)
    y_blocks = sorted(targets.values(), key=lambda target: target.name != ONLY_TARGET)
    return Fit.of_blocks(x_blocks, y_blocks)
