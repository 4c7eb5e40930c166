"""What a node shows, as a value: two equal faces look alike, so nothing need be redrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine import Layer, Problem
from engine.design.check import Report
from engine.layers.base import shape_in_words, shape_text
from engine.layers.ports import numbered_port
from engine.spec import inherited_fields, readable
from studio.canvas.blocks import Blocks
from studio.model.document import Document

Problems = tuple[Problem, ...]


@dataclass(frozen=True)
class NodeFace:
    """settings: in words. own: settings that differ from what is inherited, as "Title: value".

    inputs, outputs: the names of the ports to show. gives: kind and shape of the (first) output in
    words, or "".
    parameters: None where the design does not say yet. down: whether the data flow down.
    caption: what is shown instead of the name.
    """

    name: str
    title: str
    category: str
    settings: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ("in",)
    outputs: tuple[str, ...] = ("out",)
    parameters: int | None = None
    gives: str = ""
    problems: tuple[str, ...] = ()
    locked: bool = False
    down: bool = False
    caption: str = ""
    is_group: bool = False

    @property
    def has_output(self) -> bool:
        """Whether other layers can follow."""
        return bool(self.outputs)

    @property
    def shown_name(self) -> str:
        """The name as people see it."""
        return self.caption or self.name

    def sentences(self) -> list[str]:
        """Everything about the node in words, for the tooltip and for screen readers."""
        settings = f": {', '.join(self.settings)}" if self.settings else ""
        told = [f"{self.title} '{self.shown_name}'{settings}."]
        if self.is_group:
            told = [f"Group '{self.shown_name}' of {self.title}{settings}."]
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


def face_of(document: Document, name: str, problems: Problems) -> NodeFace:
    """The face of a node of the open project."""
    layer = document.project.design.nodes[name]
    shown = document.shown.nodes.get(name, layer)
    return NodeFace(
        name=name,
        title=layer.short_title or layer.title,
        category=layer.category,
        settings=tuple(shown.face()),
        own=_own_settings(layer),
        inputs=ports_of(layer, [wire.port for wire in document.project.design.inputs_of(name)]),
        outputs=layer.outputs.names,
        parameters=document.report.parameters.get(name),
        gives=_given(document.report.shapes.get(name)),
        problems=tuple(str(problem) for problem in problems),
        locked=not getattr(layer, "trainable", True),
        down=document.project.orientation == "down",
    )


def face_of_new(layer: Layer, down: bool = False) -> NodeFace:
    """The face of a layer that is not in the design yet, such as one being dragged."""
    return NodeFace(
        name=layer.title,
        title=layer.short_title or layer.title,
        category=layer.category,
        settings=tuple(layer.face()),
        inputs=ports_of(layer, []),
        outputs=layer.outputs.names,
        down=down,
    )


def face_of_piece(name: str, layers: int, inputs: int, down: bool = False) -> NodeFace:
    """The face of a block that is not in the design yet, with so many inputs."""
    return NodeFace(
        name=name,
        title=_counted(layers),
        category="",
        inputs=tuple(numbered_port(number) for number in range(1, inputs + 1)),
        down=down,
        is_group=True,
    )


def face_of_group(document: Document, key: str, blocks: Blocks, problems: Problems) -> NodeFace:
    """The face of a collapsed group: what goes in and out, and the sums over its layers."""
    report, sides = document.report, blocks.groups[key]
    counts = [report.parameters.get(name) for name in sides.members]
    known = [count for count in counts if count is not None]
    takes, gives = _shapes(report, sides.fed), _shapes(report, sides.outs)
    flow = " → ".join(shape for shape in (takes, gives) if shape)
    return NodeFace(
        name=key,
        caption=key[1:],
        title=_counted(len(sides.members)),
        category="",
        settings=(flow,) if flow else (),
        inputs=sides.input_names,
        outputs=sides.output_names,
        parameters=sum(known) if len(known) == len(counts) else None,
        problems=tuple(str(problem) for problem in problems),
        down=document.project.orientation == "down",
        is_group=True,
    )


def _counted(layers: int) -> str:
    return "1 layer" if layers == 1 else f"{layers} layers"


def _shapes(report: Report, ends: Iterable[tuple[str, str]]) -> str:
    """The shapes of what these outputs give, each once."""
    shapes = (report.outputs.get(node, {}).get(out) for node, out in ends)
    return ", ".join(dict.fromkeys(shape_text(shape) for shape in shapes if shape is not None))


def ports_of(layer: Layer, taken: Sequence[str]) -> tuple[str, ...]:
    """Input ports to show: all that the layer names; of a merge those up to the last wire, and one
    free port where more may come. Wires to ports that do not exist are shown, too."""
    names = list(layer.inputs)
    if layer.inputs.merges:
        last = max((names.index(port) for port in taken if port in names), default=-1)
        names = names[: last + 2]
    strange = sorted((port for port in taken if port not in names), key=layer.inputs.place)
    return (*names, *strange)


def _given(shape: tuple[int, ...] | None) -> str:
    return f"{shape_in_words(shape)} × m" if shape else ""


def _own_settings(layer: Layer) -> tuple[str, ...]:
    spec = type(layer)
    return tuple(
        f"{spec.model_fields[name].title}: {readable(value)}"
        for name in inherited_fields(spec)
        if (value := getattr(layer, name)) is not None
    )
