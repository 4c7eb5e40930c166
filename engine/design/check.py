"""check(design): the shape on every wire, the parameters of every layer, and all problems.

Never raises: whatever is wrong becomes a Problem with a node, a sentence and a hint.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from engine.data.fit import Fit
from engine.design.design import Design, Wire
from engine.errors import DesignError, EngineError
from engine.layers import Input, Layer, Output, Shape, shape_text
from engine.losses import task_for
from engine.settings import TrainingSettings

MAX_PARAMETERS = 200_000_000


class Problem(NamedTuple):
    """Why a design cannot run. node is None for the design as a whole; field names a setting;
    misfit is True where shapes do not go together. cause: what kind of problem it is, in a word
    or two: fixes are found by it."""

    message: str
    node: str | None = None
    hint: str = ""
    field: str = ""
    misfit: bool = False
    cause: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


@dataclass(frozen=True)
class Report:
    """shapes: node -> output shape without m; parameters: node -> count; problems in order."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """True where the design can run."""
        return not self.problems

    def raise_first(self) -> None:
        """Raise DesignError for the first problem, if there is one."""
        if self.problems:
            first = self.problems[0]
            raise DesignError(first.message, first.node, first.hint)


def fitted(design: Design, fit: Fit | None) -> Design:
    """The design with every blank that "follows the data" filled in."""
    if fit is None:
        return design
    for name in design.of_type(Input):
        if getattr(design.nodes[name], "shape", None) is None:
            design = design.edit(name, shape=fit.shape)
    for name in design.of_type(Output):
        output = design.nodes[name]
        if isinstance(output, Output) and output.units is None:
            design = design.edit(name, units=output.task.units(fit.outputs))
    return design


def check(
    design: Design, settings: TrainingSettings | None = None, fit: Fit | None = None
) -> Report:
    """Shapes, parameter counts and problems of a design; `fit` is what the data ask of it."""
    settings = settings or TrainingSettings()
    try:
        design = fitted(design, fit)
        order = design.order()
    except EngineError as error:
        cycle = design.cycle()
        whole = Problem(error.message, next(iter(cycle), None), error.hint)
        whole = whole._replace(cause="cycle" if cycle else "")
        return Report(problems=(whole, *_structure_problems(design)))
    shapes: dict[str, Shape] = {}
    counts: dict[str, int] = {}
    problems = _structure_problems(design)
    for name in order:
        sources = [wire.source for wire in design.inputs_of(name)]
        layer = design.nodes[name]
        fewest, most = layer.wires_in
        if not fewest <= len(sources) <= most or any(source not in shapes for source in sources):
            continue
        resolved = layer.resolved(settings)
        inputs = [shapes[source] for source in sources]
        try:
            shapes[name], counts[name] = _facts(resolved, tuple(inputs))
        except EngineError as error:
            problem = _problem_of(name, layer, error, sources, inputs)
            misfit = _can_be_built(resolved)
            problems.append(problem._replace(misfit=misfit, cause="misfit" if misfit else "blank"))
    problems += _data_problems(design, fit) + _size_problems(counts)
    return Report(shapes, counts, tuple(problems))


@lru_cache(maxsize=4096)
def _facts(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Shape, int]:
    """Output shape and number of parameters of a resolved layer. Raises EngineError."""
    shapes, count = inputs, 0
    for part in layer.expand():
        count += sum(math.prod(shape) for shape in part.parameter_shapes(*shapes).values())
        shapes = (part.output_shape(*shapes),)
    return shapes[0], count


def can_connect(
    design: Design,
    source: str,
    target: str,
    port: int | None = None,
    settings: TrainingSettings | None = None,
    fit: Fit | None = None,
) -> str | None:
    """Why this wire is impossible, as a sentence; None where it may be drawn."""
    refusal = _refused_by_structure(design, source, target, port)
    if refusal is not None:
        return refusal
    after = check(design.connect(source, target, port), settings, fit)
    misfits = [p for p in after.problems if p.node == target and p.misfit]
    return str(misfits[0]) if misfits else None


def _refused_by_structure(design: Design, source: str, target: str, port: int | None) -> str | None:
    for name in (source, target):
        if name not in design.nodes:
            return f"There is no layer named '{name}'."
    layer, taken = design.nodes[target], design.inputs_of(target)
    most = layer.wires_in[1]
    if design.nodes[source].wires_out == 0:
        return f"'{source}' is the end of the network: it has no output."
    if most == 0:
        return f"'{target}' is where the data enter: it has no input."
    if source == target:
        return f"'{source}' cannot feed itself."
    if source in design.adjacency.descendants(target):
        return f"'{target}' already leads to '{source}': this wire would close a cycle."
    for wire in taken:
        if wire.port == port:
            return f"This input of '{target}' already has a wire, from '{wire.source}'."
    if len(taken) >= most > 1:
        return f"'{target}' takes at most {most} inputs and has them."
    if len(taken) >= most:
        return f"'{target}' takes one input and has it, from {_sources(taken)}."
    if port is not None and not 0 <= port < most:
        return f"'{target}' has inputs 0 to {most - 1}; there is no input {port}."
    return None


def _sources(wires: list[Wire]) -> str:
    return ", ".join(f"'{wire.source}'" for wire in wires)


def _structure_problems(design: Design) -> list[Problem]:
    problems = [*_end_problems(design, Input, "input"), *_end_problems(design, Output, "output")]
    for name, layer in design.nodes.items():
        missing = layer.wires_in[0] - len(design.inputs_of(name))
        if missing > 0:
            wires = "its input wire" if layer.wires_in[0] == 1 else f"{missing} more input wire(s)"
            hint = "Connect another layer to it."
            message = f"{layer.title} '{name}' lacks {wires}."
            problems.append(Problem(message, name, hint, cause="missing wire"))
        problems += _excess_problems(name, layer, design.inputs_of(name))
        if layer.wires_out and not design.outputs_of(name):
            hint = "Wire it to a layer that leads to the output, or delete it."
            message = f"{layer.title} '{name}' leads nowhere."
            problems.append(Problem(message, name, hint, cause="loose end"))
    return problems


def _excess_problems(name: str, layer: Layer, wires: list[Wire]) -> list[Problem]:
    most = layer.wires_in[1]
    if len(wires) <= most:
        return []
    message = (
        f"{layer.title} '{name}' takes {most or 'no'} input{'s' if most > 1 else ''}, "
        f"but has {len(wires)}: {_sources(wires)}."
    )
    hint = "Join them by an Add or a Concatenate layer." if most else "Remove these wires."
    return [Problem(message, name, hint, cause="excess wire")]


def _end_problems(design: Design, layer: type[Layer], word: str) -> list[Problem]:
    found = design.of_type(layer)
    if not found:
        hint = f"Add an {layer.title} layer."
        return [Problem(f"The design has no {word} layer.", None, hint, cause=f"no {word}")]
    first, hint = found[0], f"Keep one {word} layer."
    return [
        Problem(
            f"{layer.title} '{name}' is a second {word}, beside '{first}'.",
            name,
            hint,
            cause=f"second {word}",
        )
        for name in found[1:]
    ]


def _can_be_built(layer: Layer) -> bool:
    """False while a layer waits for the data: then its inputs are not at fault."""
    try:
        return bool(layer.expand())
    except EngineError:
        return False


def _problem_of(
    name: str, layer: Layer, error: EngineError, sources: list[str], inputs: list[Shape]
) -> Problem:
    wires = ", ".join(
        f"'{source}' gives {shape_text(shape)}"
        for source, shape in zip(sources, inputs, strict=True)
    )
    given = f" ({wires})" if wires else ""
    message = f"{layer.title} '{name}': {error.message.rstrip('.')}{given}."
    return Problem(message, name, error.hint)


def _data_problems(design: Design, fit: Fit | None) -> list[Problem]:
    if fit is None:
        return []
    problems = []
    for name in design.of_type(Input):
        shape = getattr(design.nodes[name], "shape", None)
        if shape is not None and math.prod(shape) != math.prod(fit.shape):
            message = (
                f"Input '{name}' expects {shape_text(shape)}; "
                f"an example of the data has {shape_text(fit.shape)}."
            )
            hint = "Clear the shape: it then follows."
            problems.append(Problem(message, name, hint, "shape", cause="shape"))
    for name in design.of_type(Output):
        problems += _output_problems(name, design.nodes[name], fit)
    return problems


def _output_problems(name: str, output: Layer, fit: Fit) -> list[Problem]:
    if not isinstance(output, Output):
        return []
    if fit.task and output.task.targets.kind != fit.task:
        usual = task_for(fit.task)
        asked = usual.title if usual else fit.task
        message = (
            f"Output '{name}' solves the task '{output.task.title}', but the data are for "
            f"'{asked}'."
        )
        hint = "Change the task, or choose other data."
        return [Problem(message, name, hint, "task", cause="task")]
    units = output.task.units(fit.outputs)
    if output.units is not None and output.units != units:
        message = f"Output '{name}' has {output.units} units; the data need {units}."
        hint = "Clear the units: they then follow."
        return [Problem(message, name, hint, "units", cause="units")]
    return []


def _size_problems(counts: Mapping[str, int]) -> list[Problem]:
    total = sum(counts.values())
    if total <= MAX_PARAMETERS:
        return []
    largest = max(counts, key=counts.__getitem__)
    message = f"The network has {total:,} parameters; at most {MAX_PARAMETERS:,} are possible."
    hint = f"'{largest}' is the largest: give it fewer units."
    return [Problem(message, largest, hint, cause="size")]
