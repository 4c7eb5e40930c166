"""How the inputs and outputs of a design follow the data, and what does not match.

An input takes a block of X, an output learns one of the targets in Y; each is picked by its name.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

from engine.data.blocks import DataBlock, TargetBlock
from engine.data.fit import ONLY_BLOCK, ONLY_TARGET, Fit
from engine.design.design import Design
from engine.design.problem import Problem
from engine.errors import DataError
from engine.layers import Input, Layer, Output
from engine.layers.kinds import Tokens, shape_in_words
from engine.losses import task_for


def fitted(design: Design, fit: Fit | None) -> Design:
    """The design with every blank that "follows the data" filled in."""
    if fit is None:
        return design
    filled: dict[str, Layer] = {}
    for name, layer in design.nodes.items():
        with suppress(DataError):  # of a block that the data lacks; `check` reports it
            if isinstance(layer, Input):
                filled[name] = _with_block(layer, fit.block(layer.block))
            elif isinstance(layer, Output) and layer.units is None:
                outputs = fit.target(layer.target).outputs
                filled[name] = layer.replace(units=layer.task.units(outputs))
    if all(design.nodes[name] is layer for name, layer in filled.items()):
        return design
    return Design({**design.nodes, **filled}, design.wires)


def _with_block(layer: Input, block: DataBlock) -> Input:
    changes: dict[str, Any] = {}
    if layer.shape is None:
        changes["shape"] = block.shape
    if layer.vocabulary is None and block.vocabulary is not None:
        changes["vocabulary"] = block.vocabulary
    if block.has_lengths and not layer.lengths:
        changes["lengths"] = True
    return layer.replace(**changes) if changes else layer


def _shared_blocks(design: Design, fit: Fit | None) -> list[Problem]:
    """Inputs that take the same data as an earlier one."""
    problems, taken = [], dict[str, str]()
    for name, layer in design.nodes.items():
        if not isinstance(layer, Input):
            continue
        block = layer.block or (fit.x_blocks[0].name if fit else ONLY_BLOCK)
        first = taken.setdefault(block, name)
        if first != name:
            message = f"Input '{name}' takes the same data as '{first}'."
            hint = "Keep one input layer, or give each a data block of its own."
            problems.append(Problem(message, name, hint, "block", cause="second input"))
    return problems


def data_problems(design: Design, fit: Fit | None) -> list[Problem]:
    """Inputs that share a block, and what the inputs and outputs expect of the data but do not
    get."""
    problems = _shared_blocks(design, fit)
    if fit is None:
        return problems
    for name, layer in design.nodes.items():
        try:
            if isinstance(layer, Input):
                problems += _input_problems(name, layer, fit.block(layer.block))
            elif isinstance(layer, Output):
                problems += _output_problems(name, layer, fit.target(layer.target))
        except DataError as error:
            field = "block" if isinstance(layer, Input) else "target"
            message = f"{layer.title} '{name}': {error.message}"
            problems.append(Problem(message, name, error.hint, field, cause=field))
    return problems


def _input_problems(name: str, layer: Input, block: DataBlock) -> list[Problem]:
    told = f"an example of the data is {_block_in_words(block)}"
    if layer.vocabulary is not None and block.vocabulary != layer.vocabulary:
        message = f"Input '{name}' expects tokens, {layer.vocabulary:,} different ones; {told}."
        hint = "Clear the vocabulary so that it follows the data."
        return [Problem(message, name, hint, "vocabulary", cause="vocabulary")]
    if layer.lengths and not block.has_lengths:
        message = f"Input '{name}' expects a row of lengths; {told}, without lengths."
        return [Problem(message, name, "Turn off the lengths.", "lengths", cause="lengths")]
    if layer.shape is not None and math.prod(layer.shape) != math.prod(block.shape):
        message = f"Input '{name}' expects {shape_in_words(layer.shape)}; {told}."
        hint = "Clear the shape so that it follows the data."
        return [Problem(message, name, hint, "shape", cause="shape")]
    return []


def _block_in_words(block: DataBlock) -> str:
    """ "a vector of 784", "20 tokens, 10,000 different ones"; with the name where it has one."""
    if block.vocabulary is None:
        words = shape_in_words(block.shape)
    else:
        steps = shape_in_words(Tokens(block.shape[0], block.vocabulary))
        words = f"{steps}, {block.vocabulary:,} different ones"
    return words if block.name == ONLY_BLOCK else f"{words} in the block '{block.name}'"


def _output_problems(name: str, output: Output, target: TargetBlock) -> list[Problem]:
    if target.task and output.task.targets.kind != target.task:
        usual = task_for(target.task)
        asked = usual.title if usual else target.task
        whose = "the data are" if target.name == ONLY_TARGET else f"the target '{target.name}' is"
        message = (
            f"Output '{name}' solves the task '{output.task.title}', but {whose} for '{asked}'."
        )
        hint = "Change the task, or choose other data."
        return [Problem(message, name, hint, "task", cause="task")]
    units = output.task.units(target.outputs)
    if output.units is not None and output.units != units:
        message = f"Output '{name}' has {output.units} units; the data need {units}."
        hint = "Clear the units so that they follow the data."
        return [Problem(message, name, hint, "units", cause="units")]
    return []
