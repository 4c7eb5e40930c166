"""check(design): the shape on every wire, the parameters of every layer, and all problems.

Never raises: every fault becomes a Problem with a node, a sentence, and a hint.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from engine.data.fit import Fit
from engine.design.data_fit import data_problems, fitted
from engine.design.design import Design, Wire
from engine.design.problem import Problem
from engine.design.sharing import Arrays, owner_of, sharing_problems
from engine.errors import DesignError, EngineError
from engine.layers import Input, Layer, Output, Shape
from engine.layers.kinds import shape_in_words
from engine.layers.ports import Ports
from engine.settings import TrainingSettings

MAX_PARAMETERS = 200_000_000


@dataclass(frozen=True)
class Report:
    """shapes: node -> shape of its (first) output without m; parameters: node -> count of its own;
    problems in order. outputs: node -> the shapes of all its outputs by name. arrays: node -> the
    parameters that it uses, its own or shared ones."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    outputs: Mapping[str, Mapping[str, Shape]] = field(default_factory=dict)
    arrays: Mapping[str, Arrays] = field(default_factory=dict)

    def shape_on(self, wire: Wire) -> Shape | None:
        """The shape on a wire, without m; None if it is unknown."""
        return self.outputs.get(wire.source, {}).get(wire.out)

    @property
    def ok(self) -> bool:
        """True where the design can run."""
        return not self.problems

    def raise_first(self) -> None:
        """Raise DesignError for the first problem, if there is one."""
        if self.problems:
            first = self.problems[0]
            raise DesignError(first.message, first.node, first.hint)


FOLLOWERS = {"block": ("blank", "misfit"), "target": ("blank",)}
"""By the cause of a problem with the data: what else is found at that layer, which the data would
fill in."""


def check(
    design: Design, settings: TrainingSettings | None = None, fit: Fit | None = None
) -> Report:
    """Shapes, parameter counts and problems of a design; `fit` is what the data requires."""
    settings = settings or TrainingSettings()
    try:
        design = fitted(design, fit)
        order = design.order()
    except EngineError as error:
        cycle = design.cycle()
        whole = Problem(error.message, next(iter(cycle), None), error.hint)
        whole = whole._replace(cause="cycle" if cycle else "")
        return Report(problems=(whole, *_structure_problems(design)))
    outputs: dict[str, dict[str, Shape]] = {}
    arrays: dict[str, Arrays] = {}
    problems = _structure_problems(design)
    for name in order:
        layer, wires = design.nodes[name], design.inputs_of(name)
        given = {w.port: outputs[w.source][w.out] for w in wires if w.out in outputs[w.source]}
        outputs[name] = {}
        if len(given) < len(wires) or _port_problems(design, name, layer):
            continue
        resolved = layer.resolved(settings)
        try:
            found, arrays[name] = _facts(resolved, layer.inputs.arranged(given))
            outputs[name] = dict(zip(layer.outputs or ("out",), found, strict=True))
        except EngineError as error:
            problem = _problem_of(name, layer, error, wires, given)
            misfit = _can_be_built(resolved)
            problems.append(problem._replace(misfit=misfit, cause="misfit" if misfit else "blank"))
    counts = {name: _count(design.nodes[name], found) for name, found in arrays.items()}
    problems += sharing_problems(design, arrays)
    of_data = data_problems(design, fit)
    problems = _without_followers(problems, of_data) + of_data + _size_problems(counts)
    known = {name: found for name, found in outputs.items() if found}
    shapes = {name: next(iter(found.values())) for name, found in known.items()}
    return Report(shapes, counts, tuple(problems), known, arrays)


def _without_followers(problems: list[Problem], of_data: list[Problem]) -> list[Problem]:
    """Without what is only found because the data lack a layer's block or target."""
    found = {(each.node, cause) for each in of_data for cause in FOLLOWERS.get(each.cause, ())}
    return [each for each in problems if (each.node, each.cause) not in found]


@lru_cache(maxsize=4096)
def _facts(layer: Layer, inputs: tuple[Shape | None, ...]) -> tuple[tuple[Shape, ...], Arrays]:
    """Output shapes and parameters of a resolved layer. Raises EngineError."""
    shapes = cast("tuple[Shape, ...]", inputs)
    arrays: list[tuple[str, Shape]] = []
    layer.checked_shapes(*shapes)
    for part in layer.expand():
        outputs = part.checked_shapes(*shapes)
        arrays += part.parameter_shapes(*shapes).items()
        shapes = outputs
    return shapes, tuple(arrays)


def _count(layer: Layer, arrays: Arrays) -> int:
    """How many parameters belong to a node itself."""
    return 0 if owner_of(layer) else sum(math.prod(shape) for _, shape in arrays)


def can_connect(
    design: Design,
    source: str,
    target: str,
    port: str | None = None,
    out: str = "out",
    settings: TrainingSettings | None = None,
    fit: Fit | None = None,
) -> str | None:
    """Why this wire is impossible, as a sentence; None if it is allowed."""
    refusal = _refused_by_structure(design, source, target, port, out)
    if refusal is not None:
        return refusal
    after = check(design.connect(source, target, port, out), settings, fit)
    misfits = [p for p in after.problems if p.node == target and p.misfit]
    return str(misfits[0]) if misfits else None


def _refused_by_structure(
    design: Design, source: str, target: str, port: str | None, out: str
) -> str | None:
    for name in (source, target):
        if name not in design.nodes:
            return f"There is no layer named '{name}'."
    layer, taken = design.nodes[target], design.inputs_of(target)
    most, outputs = len(layer.inputs), design.nodes[source].outputs
    if not outputs:
        return f"'{source}' is the end of the network: nothing can follow it."
    if out not in outputs:
        noun = "outputs" if len(outputs) > 1 else "output"
        return f"'{source}' has the {noun} {_listed(outputs)}; there is no output '{out}'."
    if most == 0:
        return f"'{target}' is where the data enter: nothing can feed it."
    if source == target:
        return f"'{source}' cannot feed itself."
    if source in design.adjacency.descendants(target):
        return f"'{target}' already leads to '{source}': this wire would close a cycle."
    for wire in taken:
        if wire.port == port:
            return f"This input of '{target}' already has a wire, from '{wire.source}'."
    if len(taken) >= most > 1:
        return f"'{target}' already has all {most} inputs."
    if len(taken) >= most:
        return f"'{target}' already has its only input, from {_sources(taken)}."
    if port is not None and port not in layer.inputs:
        noun = "inputs" if most > 1 else "input"
        return f"'{target}' has the {noun} {_listed(layer.inputs)}; there is no input '{port}'."
    return None


def _listed(ports: Ports) -> str:
    if ports.merges:
        return f"'{ports.names[0]}' to '{ports.names[-1]}'"
    return ", ".join(f"'{name}'" for name in ports)


def _sources(wires: list[Wire]) -> str:
    return ", ".join(f"'{wire.source}'" for wire in wires)


def _structure_problems(design: Design) -> list[Problem]:
    problems = _end_problems(design)
    for name, layer in design.nodes.items():
        problems += _port_problems(design, name, layer)
        if layer.outputs and not design.outputs_of(name):
            hint = "Connect it to a layer that leads to the output, or delete it."
            message = f"The output of '{name}' is not connected."
            problems.append(Problem(message, name, hint, cause="loose end"))
    return problems


def _port_problems(design: Design, name: str, layer: Layer) -> list[Problem]:
    """Inputs of a node that lack a wire, surplus wires, and wires to ports that do not exist."""
    wires = design.inputs_of(name)
    found = _missing_problems(name, layer, wires)
    if len(wires) > len(layer.inputs) and not layer.inputs.is_open:
        return [*found, *_excess_problems(name, layer, wires)]
    for wire in wires:
        outputs = design.nodes[wire.source].outputs
        if wire.port not in layer.inputs:
            message = f"{layer.title} '{name}' has no input '{wire.port}', which '{wire.source}' "
            hint = f"Its inputs are {_listed(layer.inputs)}."
            found.append(Problem(f"{message}feeds.", name, hint, cause="unknown port"))
        elif wire.out not in outputs:
            message = f"'{wire.source}' has no output '{wire.out}', which '{name}' takes."
            hint = f"Its outputs are {_listed(outputs)}." if outputs else "Remove this wire."
            found.append(Problem(message, name, hint, cause="unknown port"))
    return found


def _missing_problems(name: str, layer: Layer, wires: list[Wire]) -> list[Problem]:
    if len(layer.inputs) > 1 and not layer.inputs.merges:
        ports = layer.inputs.missing([wire.port for wire in wires])
        lacks = [f"has no wire at its input '{port}'" for port in ports]
    else:
        fewest = layer.inputs.fewest if layer.inputs.merges else len(layer.inputs)
        missing = fewest - len(wires)
        more = "1 more input" if missing == 1 else f"{missing} more inputs"
        told = "has no input" if fewest == 1 else f"needs {more}"
        lacks = [told] if missing > 0 else []
    hint = "Connect another layer to it."
    return [
        Problem(f"{layer.title} '{name}' {each}.", name, hint, cause="missing wire")
        for each in lacks
    ]


def _excess_problems(name: str, layer: Layer, wires: list[Wire]) -> list[Problem]:
    most = len(layer.inputs)
    message = (
        f"{layer.title} '{name}' takes {most or 'no'} input{'s' if most > 1 else ''}, "
        f"but has {len(wires)}: {_sources(wires)}."
    )
    hint = "Join them with an Add or Concatenate layer." if most else "Remove the extra wires."
    return [Problem(message, name, hint, cause="excess wire")]


def _end_problems(design: Design) -> list[Problem]:
    """A missing input or output."""
    problems = []
    for layer, word in ((Input, "input"), (Output, "output")):
        if not design.of_type(layer):
            hint = f"Add an {layer.title} layer."
            message = f"The design has no {word} layer."
            problems.append(Problem(message, None, hint, cause=f"no {word}"))
    return problems


def _can_be_built(layer: Layer) -> bool:
    """False while a layer waits for data: then its inputs are not at fault."""
    try:
        return bool(layer.expand())
    except EngineError:
        return False


def _problem_of(
    name: str, layer: Layer, error: EngineError, wires: list[Wire], given: Mapping[str, Shape]
) -> Problem:
    told = ", ".join(f"'{w.source}' gives {shape_in_words(given[w.port])}" for w in wires)
    told = f" ({told})" if told else ""
    message = f"{layer.title} '{name}': {error.message.rstrip('.')}{told}."
    return Problem(message, name, error.hint)


def _size_problems(counts: Mapping[str, int]) -> list[Problem]:
    total = sum(counts.values())
    if total <= MAX_PARAMETERS:
        return []
    largest = max(counts, key=counts.__getitem__)
    message = f"The network has {total:,} parameters; at most {MAX_PARAMETERS:,} are possible."
    hint = f"'{largest}' is the largest: give it fewer units."
    return [Problem(message, largest, hint, cause="size")]
