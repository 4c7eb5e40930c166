"""FixCase and DesignFix: what a rule looks at, what it returns, and the registry of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

from engine.data.blocks import TargetBlock
from engine.data.fit import Fit
from engine.design.check import Report
from engine.design.data_fit import fitted
from engine.design.design import Design
from engine.design.problem import Problem
from engine.errors import DataError, EngineError
from engine.layers import Layer, Output, Shape
from engine.settings import TrainingSettings


class DesignFix(NamedTuple):
    """What one click does: its name, such as "Insert Flatten", and the design after it."""

    title: str
    design: Design


@dataclass(frozen=True)
class FixCase:
    """A problem with everything that a rule may look at. design: as the user made it, with
    blanks."""

    problem: Problem
    design: Design
    report: Report
    settings: TrainingSettings
    fit: Fit | None

    @property
    def node(self) -> str:
        """The node at fault; only for problems that have one."""
        assert self.problem.node is not None
        return self.problem.node

    @property
    def layer(self) -> Layer:
        """The layer at fault, with blanks and inherited settings resolved."""
        return fitted(self.design, self.fit).nodes[self.node].resolved(self.settings)

    @property
    def given(self) -> dict[str, Shape]:
        """What comes in at the node at fault, by port."""
        wires = self.design.inputs_of(self.node)
        return {wire.port: self.report.outputs[wire.source][wire.out] for wire in wires}

    @property
    def target(self) -> TargetBlock | None:
        """The target that the output at fault learns; None if it is unknown."""
        output = self.design.nodes[self.node]
        if self.fit is None or not isinstance(output, Output):
            return None
        with suppress(DataError):
            return self.fit.target(output.target)
        return None

    @cached_property
    def loose(self) -> list[str]:
        """Layers whose output is not used, but could be."""
        feeding = {wire.source for wire in self.design.wires}
        nodes = self.design.nodes.items()
        return [name for name, layer in nodes if layer.outputs and name not in feeding]

    @cached_property
    def hungry(self) -> list[str]:
        """Layers without an input."""
        nodes = self.design.nodes.items()
        return [n for n, layer in nodes if needs_wire(self.design, n, layer)]

    @property
    def output_is_fed(self) -> bool:
        """Whether the network has an output: then layers that lead nowhere are left over."""
        return any(self.design.inputs_of(name) for name in self.design.of_type(Output))


Rule = Callable[[FixCase], DesignFix | None]
RULES: dict[str, list[Rule]] = {}


def rule(*causes: str) -> Callable[[Rule], Rule]:
    """Register a rule for problems with one of these causes; the first that finds a fix wins."""

    def register(function: Rule) -> Rule:
        for cause in causes:
            RULES.setdefault(cause, []).append(function)
        return function

    return register


def fits(layer: Layer, given: Mapping[str, Shape]) -> bool:
    """Whether a layer accepts these shapes, by port."""
    try:
        layer.checked_shapes(*cast("tuple[Shape, ...]", layer.inputs.arranged(given)))
    except EngineError:
        return False
    return True


def needs_wire(design: Design, name: str, layer: Layer) -> bool:
    """Whether a required input of a node has no wire."""
    wired = [wire.port for wire in design.inputs_of(name)]
    return bool(layer.inputs.missing(wired)) or len(wired) < layer.inputs.fewest


def stem(layer: Layer) -> str:
    """The name of a new node of this kind, before a number."""
    return layer.title.lower()
