"""Project: everything that one .netdesign file holds, as a frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from numbers import Real
from types import MappingProxyType
from typing import Any, Literal, Self, TypeVar, get_args

from engine.data import DataPlan, Splits
from engine.design import Design
from engine.errors import DesignError, check_count
from engine.layers import Layer
from engine.limits import (
    MAX_GROUP_DEPTH,
    MAX_GROUPS,
    MAX_NAME_LENGTH,
    MAX_NOTE_LENGTH,
    MAX_NOTES,
    MAX_NOTES_LENGTH,
    MAX_OPENINGS,
    MAX_RUNS,
)
from engine.project.corrections import corrected
from engine.project.findings import ErrorAnalysis
from engine.project.held_out import Opening
from engine.project.human_error import HumanError, checked_human_error
from engine.project.runs import Run
from engine.settings import TrainingSettings
from engine.spec import Spec, extra, inherited_fields

S = TypeVar("S", bound=Spec)
Position = tuple[float, float]
Orientation = Literal["right", "down"]
"""Where the data flow on the canvas."""

MAX_COORDINATE = 1e6
MIN_NOTE_WIDTH, MAX_NOTE_WIDTH = 64.0, 2_048.0


@dataclass(frozen=True)
class Note:
    """Words on the canvas. x, y: the top left corner, width: of the box, all in scene pixels; the
    height follows from the text."""

    text: str
    x: float
    y: float
    width: float = 240.0

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not self.text.strip():
            raise DesignError("A note on the canvas must have a text.")
        if len(self.text) > MAX_NOTE_LENGTH:
            raise DesignError(f"A note must have at most {MAX_NOTE_LENGTH:,} characters.")
        if not _on_canvas(self.x, self.y):
            raise DesignError("The position of a note must be two numbers within ±1e6.")
        if not _is_number(self.width) or not MIN_NOTE_WIDTH <= self.width <= MAX_NOTE_WIDTH:
            low, high = MIN_NOTE_WIDTH, MAX_NOTE_WIDTH
            raise DesignError(
                f"A note's width must be between {low:g} and {high:g} pixels; got {self.width!r}."
            )
        for name in ("x", "y", "width"):
            object.__setattr__(self, name, float(getattr(self, name)))


@dataclass(frozen=True)
class Group:
    """Layers that the canvas shows as one block. The design itself stays flat.

    nodes: the layers that stand in it directly. parent: the name of the group around it, or "".
    collapsed: whether it is shown as one block, or as a frame around its layers.
    """

    name: str
    nodes: tuple[str, ...] = ()
    parent: str = ""
    collapsed: bool = False

    def __post_init__(self) -> None:
        name = self.name
        if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME_LENGTH:
            raise DesignError(f"A group's name must have 1 to {MAX_NAME_LENGTH} characters.")
        if not name.isprintable() or name != name.strip():
            raise DesignError(
                f"The group's name {name!r} must not contain a line break or spaces at its ends."
            )
        if not isinstance(self.parent, str) or not isinstance(self.collapsed, bool):
            raise DesignError(f"The group '{name}' has no valid parent or state.")
        if isinstance(self.nodes, str) or not all(isinstance(node, str) for node in self.nodes):
            raise DesignError(f"The layers of the group '{name}' must be given by their names.")
        object.__setattr__(self, "nodes", tuple(self.nodes))


@dataclass(frozen=True)
class Project:
    """design: the layers and wires. training, data: their settings. notes: the author's words.

    positions: where the nodes stand on the canvas, node -> (x, y) in scene pixels; nodes without
    one are arranged by the view. remarks: notes that stand beside them.
    orientation: where the data flow. groups: what is shown as one block; a layer that is gone
    leaves its group, and a group without any is gone too. runs: what was trained, oldest first.
    human_error: the human-level (or Bayes) error, the best that can be hoped for, as a share;
    several people's, of which the lowest counts; None where it is unknown.
    analysis: what was found on wrong examples, with the labels that were corrected.
    openings: when the sealed test set was opened, oldest first.
    """

    design: Design = field(default_factory=Design)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    data: DataPlan = field(default_factory=DataPlan)
    positions: Mapping[str, Position] = field(default_factory=dict)
    notes: str = ""
    remarks: tuple[Note, ...] = ()
    orientation: Orientation = "right"
    groups: tuple[Group, ...] = ()
    runs: tuple[Run, ...] = ()
    human_error: HumanError = None
    analysis: ErrorAnalysis = field(default_factory=ErrorAnalysis)
    openings: tuple[Opening, ...] = ()

    def __post_init__(self) -> None:
        if self.orientation not in get_args(Orientation):
            raise DesignError(f"The data must flow right or down; got {self.orientation!r}.")
        self._check_sizes()
        object.__setattr__(self, "human_error", checked_human_error(self.human_error))
        known = {}
        for name, (x, y) in self.positions.items():
            if not _on_canvas(x, y):
                raise DesignError(f"The position of '{name}' must be two numbers within ±1e6.")
            if name in self.design.nodes:
                known[name] = (float(x), float(y))
        object.__setattr__(self, "positions", MappingProxyType(known))
        if self.groups:
            object.__setattr__(self, "groups", _consistent(self.groups, self.design))

    def _check_sizes(self) -> None:
        check_count(self.groups, MAX_GROUPS, "groups")
        check_count(self.remarks, MAX_NOTES, "notes on the canvas")
        check_count(self.notes, MAX_NOTES_LENGTH, "characters in the notes of the file")
        check_count(self.runs, MAX_RUNS, "runs")
        check_count(self.openings, MAX_OPENINGS, "openings of the test set")

    def replace(self, **changes: Any) -> Self:
        """A copy with some parts changed; all others are shared."""
        return replace(self, **changes)

    @property
    def human_level(self) -> float | None:
        """The human-level error that counts, the lowest of several; None where it is unknown."""
        return min(self.human_error) if isinstance(self.human_error, tuple) else self.human_error

    def with_setting_everywhere(self, field: str, value: Any) -> Self:
        """With one training setting changed, and without the layers' own values that would hide it.

        Raises SpecError for a value outside the setting's limits.
        """
        freed = {
            name: layer.replace(**{field: None})
            for name, layer in self.design.nodes.items()
            if field in inherited_fields(type(layer)) and getattr(layer, field) is not None
        }
        design = Design({**self.design.nodes, **freed}, self.design.wires) if freed else self.design
        return self.replace(design=design, training=self.training.replace(**{field: value}))

    def drawn_like(self, begun: Project) -> Self:
        """With those settings of `begun` that only matter when weights are drawn.

        It says truly how a run came about that began with `begun` and goes on with this project.
        """
        training = _drawn_like(self.training, begun.training)
        nodes = {
            name: _drawn_like(layer, begun.design.nodes[name])
            for name, layer in self.design.nodes.items()
            if type(begun.design.nodes.get(name)) is type(layer)
        }
        if training is self.training and all(self.design.nodes[n] is nodes[n] for n in nodes):
            return self
        design = Design({**self.design.nodes, **nodes}, self.design.wires)
        return self.replace(training=training, design=design)

    def build_data(self) -> Splits:
        """The sets to train and measure on: split, with corrected labels, and normalized if asked.

        Raises DataError or FileError.
        """
        if not self.analysis.labels:
            return self.data.build()
        return self.raw_data().normalize() if self.data.normalize else self.raw_data()

    def raw_data(self) -> Splits:
        """The same sets before normalization, of which corrections.example_keys makes the keys."""
        return corrected(self.data.replace(normalize=False).build(), self.analysis.labels)


def same_run(a: Project, b: Project) -> bool:
    """Whether both are trained alike: they may differ in places, notes and runs."""
    return (a.design, a.training) == (b.design, b.training) and same_data(a, b)


def trains_alike(a: Project, b: Project) -> bool:
    """Whether both give the very same run, whatever their settings say: a setting that every layer
    overrides has no effect."""
    if not same_data(a, b) or a.design.wires != b.design.wires:
        return False
    inherited = {n for layer in Layer.registry.values() for n in inherited_fields(layer)}
    mine, theirs = (
        [value for name, value in project.training if name not in inherited] for project in (a, b)
    )
    return mine == theirs and _resolved(a) == _resolved(b)


def _resolved(project: Project) -> list[tuple[str, Layer]]:
    return [(n, layer.resolved(project.training)) for n, layer in project.design.nodes.items()]


def same_data(a: Project, b: Project) -> bool:
    """Whether both have the same sets, down to the labels that a person has corrected."""
    return a.data == b.data and a.analysis.labels == b.analysis.labels


def _drawn_like(spec: S, begun: S) -> S:
    """A spec with the other's fields that matter at the start."""
    at_start = [name for name, info in type(spec).model_fields.items() if extra(info, "at_start")]
    changes = {
        name: getattr(begun, name)
        for name in at_start
        if getattr(begun, name) != getattr(spec, name)
    }
    return spec.replace(**changes) if changes else spec


def _consistent(groups: Iterable[Group], design: Design) -> tuple[Group, ...]:
    """The groups without layers that are not there or stand in an earlier group, without parents
    that are not there, and without empty groups."""
    found: dict[str, Group] = {}
    taken: set[str] = set()
    for group in groups:
        if group.name in found:
            raise DesignError(f"There is already a group named '{group.name}'.")
        nodes = dict.fromkeys(n for n in group.nodes if n in design.nodes and n not in taken)
        taken.update(nodes)
        found[group.name] = replace(group, nodes=tuple(nodes))
    for name, group in found.items():
        if group.parent and not _is_rooted(found, name):
            found[name] = replace(group, parent="")
    filled: set[str] = set()
    for group in found.values():
        above: Group | None = group if group.nodes else None
        while above is not None and above.name not in filled:
            filled.add(above.name)
            above = found.get(above.parent)
    return tuple(group for group in found.values() if group.name in filled)


def _is_rooted(groups: Mapping[str, Group], name: str) -> bool:
    """Whether the way up from a group comes to an end, at a group without a parent.

    Raises DesignError where it is too long.
    """
    seen: set[str] = set()
    while name:
        if len(seen) > MAX_GROUP_DEPTH:
            raise DesignError(f"Groups can be nested at most {MAX_GROUP_DEPTH} deep.")
        if name in seen or name not in groups:
            return False
        seen.add(name)
        name = groups[name].parent
    return True


def _on_canvas(x: Any, y: Any) -> bool:
    return all(_is_number(value) and abs(value) <= MAX_COORDINATE for value in (x, y))


def _is_number(value: Any) -> bool:
    """Whether it is a real number; NaN is one, and lies within no limits."""
    return isinstance(value, Real) and not isinstance(value, bool)
