"""A fragment of a network: some layers with their wires, places, groups, and notes, as a value and
as JSON for the clipboard, for drags, and for the saved blocks of the user.

{"format": "backprop-studio-nodes", "version": 2, "nodes": {name: layer}, "wires": [[source,
target, input, output]], "positions": {name: [x, y]}, "notes": [{"text", "x", "y", "width"}],
"groups": [{"name", "nodes", "parent", "collapsed"}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine import Design, EngineError, Layer, Wire
from engine.errors import FileError, check_count
from engine.files import json_text
from engine.files.migrations import named_wire
from engine.limits import MAX_CLIPBOARD_CHARACTERS, MAX_NODES
from engine.malformed import refused
from engine.project import Group, Note, Position, Project

FORMAT, VERSION = "backprop-studio-nodes", 2
NOTHING_HERE = "The clipboard does not contain any layers."
DAMAGED = "The layers on the clipboard are damaged"


@dataclass(frozen=True)
class Fragment:
    """Some nodes with the wires between them, their places and their groups, and some notes. An
    empty one is false."""

    design: Design
    positions: Mapping[str, Position]
    notes: tuple[Note, ...] = ()
    groups: tuple[Group, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.design.nodes or self.notes)


def to_json(piece: Fragment) -> dict[str, Any]:
    """The piece as values that JSON can hold."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "nodes": {name: layer.to_json() for name, layer in piece.design.nodes.items()},
        "wires": [list(wire) for wire in piece.design.wires],
        "positions": {name: list(place) for name, place in piece.positions.items()},
        "notes": [asdict(note) for note in piece.notes],
        "groups": [asdict(group) for group in piece.groups],
    }


def as_text(piece: Fragment) -> str:
    """The piece for the clipboard. Plain text, because an object made by Python would outlive it in
    the clipboard, and some platforms then crash when the program ends."""
    return json_text.to_text(to_json(piece), indent=1)


def from_text(text: str) -> Fragment:
    """The piece that `as_text` wrote. Raises FileError if there is none."""
    if len(text) > MAX_CLIPBOARD_CHARACTERS:
        raise FileError("The clipboard holds more than can be pasted.")
    if not text.strip():
        raise FileError(NOTHING_HERE)
    try:
        values = json_text.from_text(text, "clipboard")
    except FileError:
        raise FileError(NOTHING_HERE) from None
    return from_json(values)


def from_json(values: Any) -> Fragment:
    """The piece from its JSON values. Raises FileError if they are not one."""
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise FileError(NOTHING_HERE)
    if values.get("version") not in (1, VERSION):
        raise FileError("The layers on the clipboard come from a newer version of the program.")
    with refused(DAMAGED):
        try:
            return _read(_migrated(values))
        except EngineError as error:
            raise FileError(f"{DAMAGED}: {error.message}", hint=error.hint) from None


def _migrated(values: Mapping[str, Any]) -> Mapping[str, Any]:
    if values["version"] == VERSION:
        return values
    return {**values, "wires": [named_wire(wire) for wire in values.get("wires", [])]}


def _read(values: Mapping[str, Any]) -> Fragment:
    check_count(values["nodes"], MAX_NODES, "layers")
    nodes = {name: Layer.parse(layer) for name, layer in values["nodes"].items()}
    notes = tuple(Note(**note) for note in values.get("notes", []))
    if not nodes and not notes:
        raise FileError(NOTHING_HERE)
    design = Design(nodes, tuple(Wire(*map(str, wire)) for wire in values["wires"]))
    places = {name: (float(x), float(y)) for name, (x, y) in values["positions"].items()}
    groups = tuple(Group(**group) for group in values.get("groups", []))
    checked = Project(design=design, positions=places, groups=groups)
    there = {name: checked.positions.get(name, (0.0, 0.0)) for name in nodes}
    return Fragment(design, there, notes, checked.groups)
