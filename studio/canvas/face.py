"""What a node shows, as a value: two equal faces look alike, so nothing need be redrawn."""

from __future__ import annotations

from dataclasses import dataclass

from engine import Layer, Problem
from engine.layers.base import shape_text
from engine.spec import inherited_fields, readable
from studio.document import Document


@dataclass(frozen=True)
class NodeFace:
    """settings: in words. own: settings that differ from what is inherited, as "Title: value".

    inputs: the number of input ports to show. gives: the output's shape in words, or "".
    parameters: None where the design does not say yet. down: whether the data flow down.
    """

    name: str
    title: str
    category: str
    settings: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    inputs: int = 1
    has_output: bool = True
    parameters: int | None = None
    gives: str = ""
    problems: tuple[str, ...] = ()
    locked: bool = False
    down: bool = False

    def sentences(self) -> list[str]:
        """Everything about the node in words, for the tooltip and for screen readers."""
        settings = f": {', '.join(self.settings)}" if self.settings else ""
        told = [f"{self.title} '{self.name}'{settings}."]
        if self.parameters:
            word = "parameter" if self.parameters == 1 else "parameters"
            told.append(f"{self.parameters:,} {word}.")
        if self.gives:
            told.append(f"Gives {self.gives}.")
        if self.own:
            told.append(f"Differs from the training settings in {'; '.join(self.own)}.")
        if self.locked:
            told.append("Its parameters are kept as they are: it is not trainable.")
        return told + [f"Problem: {problem}" for problem in self.problems]


def flowing(shape: tuple[int, ...] | None) -> str:
    """The shape of what flows through a wire, with the examples: "64 × m"; "" if unknown."""
    return f"{shape_text(shape)} × m" if shape else ""


def face_of(document: Document, name: str, problems: tuple[Problem, ...]) -> NodeFace:
    """The face of a node of the open project."""
    layer = document.project.design.nodes[name]
    shown = document.shown.nodes.get(name, layer)
    return NodeFace(
        name=name,
        title=layer.title,
        category=layer.category,
        settings=tuple(shown.face()),
        own=_own_settings(layer),
        inputs=ports_of(layer, [wire.port for wire in document.project.design.inputs_of(name)]),
        has_output=layer.wires_out > 0,
        parameters=document.report.parameters.get(name),
        gives=flowing(document.report.shapes.get(name)),
        problems=tuple(str(problem) for problem in problems),
        locked=not getattr(layer, "trainable", True),
        down=document.project.orientation == "down",
    )


def face_of_new(layer: Layer, down: bool = False) -> NodeFace:
    """The face of a layer that is not in the design yet, such as one being dragged."""
    return NodeFace(
        name=layer.title,
        title=layer.title,
        category=layer.category,
        settings=tuple(layer.face()),
        inputs=ports_of(layer, []),
        has_output=layer.wires_out > 0,
        down=down,
    )


def ports_of(layer: Layer, taken: list[int]) -> int:
    """Input ports to show: one for each wire, and one free port where more may come."""
    used = max(taken, default=-1) + 1
    return max(used, min(used + 1, layer.wires_in[1]))


def _own_settings(layer: Layer) -> tuple[str, ...]:
    spec = type(layer)
    return tuple(
        f"{spec.model_fields[name].title}: {readable(value)}"
        for name in inherited_fields(spec)
        if (value := getattr(layer, name)) is not None
    )
