"""Nodes and notes on the clipboard: as JSON, so that they travel between windows and can be read.

{"format": "backprop-studio-nodes", "version": 1, "nodes": {name: layer}, "wires": [[source,
target, port]], "positions": {name: [x, y]}, "notes": [{"text", "x", "y", "width"}],
"groups": [{"name", "nodes", "parent", "collapsed"}]}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from PySide6.QtCore import QMimeData

from engine import Design, EngineError, Layer, Wire
from engine.errors import FileError
from engine.project import Group, Note, Position, Project
from studio.canvas import grouping

NODES_MIME = "application/x-backprop-studio-nodes"
FORMAT, VERSION = "backprop-studio-nodes", 1
MAX_CHARACTERS = 10_000_000
NOTHING_HERE = "The clipboard holds no layers of a network."


@dataclass(frozen=True)
class Piece:
    """Some nodes with the wires between them, their places and their groups, and some notes. An
    empty one is false."""

    design: Design
    positions: Mapping[str, Position]
    notes: tuple[Note, ...] = ()
    groups: tuple[Group, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.design.nodes or self.notes)


def cut_out(
    project: Project,
    names: Collection[str],
    places: Mapping[str, Position] | None = None,
    notes: Iterable[Note] = (),
) -> Piece:
    """These nodes, the wires that join two of them, the groups that lie in them as a whole, and
    these notes. places: where they stand, if not as saved."""
    design, chosen = project.design, set(names)
    places = project.positions if places is None else places
    nodes = {name: layer for name, layer in design.nodes.items() if name in names}
    wires = tuple(w for w in design.wires if w.source in nodes and w.target in nodes)
    groups = tuple(
        group
        for group in project.groups
        if chosen.issuperset(grouping.all_nodes(project, group.name))
    )
    there = {name: places[name] for name in nodes}
    return Piece(Design(nodes, wires), there, tuple(notes), groups)


def put_in(
    project: Project, piece: Piece, step: tuple[float, float], parent: str = ""
) -> tuple[Project, list[str]]:
    """With a copy of the piece, moved by a step; returns the new names too. parent: the group in
    which its groups stand."""
    design, names = project.design, {}
    for name, layer in piece.design.nodes.items():
        names[name] = design.free_name(_stem(name))
        design = design.add(names[name], layer)
    wires = (Wire(names[s], names[t], port) for s, t, port in piece.design.wires)
    design = Design(design.nodes, (*design.wires, *wires))
    moved = {names[n]: (x + step[0], y + step[1]) for n, (x, y) in piece.positions.items()}
    notes = (replace(note, x=note.x + step[0], y=note.y + step[1]) for note in piece.notes)
    after = project.replace(
        design=design,
        positions={**project.positions, **moved},
        remarks=(*project.remarks, *notes),
        groups=(*project.groups, *_copied(project, piece, names, parent)),
    )
    return after, list(names.values())


def _copied(project: Project, piece: Piece, nodes: Mapping[str, str], parent: str) -> list[Group]:
    """The groups of a piece under names that are free. nodes: old name of a layer -> new name."""
    taken, names = {group.name for group in project.groups}, {}
    for group in piece.groups:
        names[group.name] = grouping.free_name(taken, _stem(group.name))
        taken.add(names[group.name])
    return [
        Group(
            names[group.name],
            tuple(nodes[node] for node in group.nodes),
            names.get(group.parent, parent),
            group.collapsed,
        )
        for group in piece.groups
    ]


def to_mime(piece: Piece) -> QMimeData:
    """The piece for the clipboard, as text too."""
    values = {
        "format": FORMAT,
        "version": VERSION,
        "nodes": {name: layer.to_json() for name, layer in piece.design.nodes.items()},
        "wires": [list(wire) for wire in piece.design.wires],
        "positions": {name: list(place) for name, place in piece.positions.items()},
        "notes": [asdict(note) for note in piece.notes],
        "groups": [asdict(group) for group in piece.groups],
    }
    text = json.dumps(values, ensure_ascii=False, indent=1)
    data = QMimeData()
    data.setData(NODES_MIME, text.encode())
    data.setText(text)
    return data


def from_mime(data: QMimeData | None) -> Piece:
    """The piece on the clipboard. Raises FileError with a sentence where there is none."""
    if data is None:  # a clipboard that was never filled
        raise FileError(NOTHING_HERE)
    text = bytes(data.data(NODES_MIME).data()).decode(errors="replace") or data.text()
    if not text.strip() or len(text) > MAX_CHARACTERS:
        raise FileError(NOTHING_HERE)
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(NOTHING_HERE) from None
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise FileError(NOTHING_HERE)
    if values.get("version") != VERSION:
        raise FileError("The layers on the clipboard come from a newer version of the program.")
    try:
        return _read(values)
    except (EngineError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise FileError(f"The layers on the clipboard are damaged: {error}") from None


def _read(values: Mapping[str, Any]) -> Piece:
    nodes = {name: Layer.parse(layer) for name, layer in values["nodes"].items()}
    notes = tuple(Note(**note) for note in values.get("notes", []))
    if not nodes and not notes:
        raise FileError(NOTHING_HERE)
    design = Design(nodes, tuple(Wire(str(s), str(t), int(p)) for s, t, p in values["wires"]))
    places = {name: (float(x), float(y)) for name, (x, y) in values["positions"].items()}
    groups = tuple(Group(**group) for group in values.get("groups", []))
    checked = Project(design=design, positions=places, groups=groups)
    there = {name: checked.positions.get(name, (0.0, 0.0)) for name in nodes}
    return Piece(design, there, notes, checked.groups)


def _stem(name: str) -> str:
    """The name without the number at its end: copies of "h 2" are "h", "h 3"..."""
    stem, _, number = name.rpartition(" ")
    return stem if stem and number.isdigit() else name
