"""The scene: the items on the canvas, updated from the document by diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from engine import Layer, Problem, Report, Wire
from engine.project import Position, Project
from studio.canvas.blocks import Blocks, is_group
from studio.canvas.box_table import Box
from studio.canvas.face import NodeFace, Problems, face_of, face_of_group, flowing
from studio.canvas.frame_item import FrameItem
from studio.canvas.node_item import NodeItem
from studio.canvas.note_item import NoteItem
from studio.canvas.placed_scene import PlacedScene
from studio.canvas.selection import Selection
from studio.canvas.wire_item import WireItem
from studio.canvas.wiring import Wiring
from studio.look.theme import theme
from studio.model.document import Document


class CanvasScene(PlacedScene):
    """selection: what is selected. snaps: whether dragged nodes keep to the grid.

    replaced: another project was opened, nothing on the canvas is the same as before.
    """

    replaced = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        self.snaps = True
        self._widest_number = ""
        self.selection = Selection(self)
        self.selection.changed.connect(self._show_selection)
        self._wiring = Wiring(self.nodes, self.wires, self.blocks)
        self._blocks_of = document.project.design, document.project.groups
        self._keys: dict[str, tuple[object, ...]] = {}
        self._counted: tuple[Report, Blocks] | None = None
        self._show()
        document.changed.connect(self._follow)
        theme.changed.connect(self.update)

    # Following the document.

    def _follow(self, before: Project, after: Project) -> None:
        old, new = before.design.nodes, after.design.nodes
        if len(before.remarks) != len(after.remarks):
            self.selection.set(self.selection.nodes, self.selection.wires)  # numbers have changed
        anew = bool(old) and set(old) != set(new) and not _shares(old, new)
        renamed = _renamed(old, new)
        if renamed is not None:
            self._rename(*renamed)
        self._forget_gone(before.design)
        if anew and renamed is None:
            self._arranged.clear()
        self._show()
        if anew and renamed is None:
            self.replaced.emit()
        elif renamed is None and self.document.undo_stack.canRedo():  # so this was an undo
            self._select_returned([name for name in new if name not in old])

    def _select_returned(self, names: Sequence[str]) -> None:
        """Select what an undo brought back."""
        if names:
            self.selection.set(dict.fromkeys(self.blocks.block_of(name) for name in names))

    def _show(self) -> None:
        """Bring every item up to date; only what differs is touched."""
        earlier = self._find_blocks()
        present, shown = set(self.blocks.wires), set(self.blocks.shown)
        for wire in [wire for wire in self.wires if wire not in present]:
            self._drop_wire(wire)
        gone = [self.nodes[name].box() for name in self.nodes if name not in shown]
        for name in [name for name in self.nodes if name not in shown]:
            self._drop_node(name)
        moved, before = self._show_nodes()
        fresh = [wire for wire in self.blocks.wires if wire not in self.wires]
        for wire in fresh:
            self._add_wire(wire)
        renewed = self._show_wires()
        again = self._wiring.wires_of(moved) | set(fresh)
        if self._wiring.turn(self.down):
            again = set(self.wires)
        elif earlier.groups != self.blocks.groups:
            again |= {wire for wire in self.wires if self.blocks.ends(wire) != earlier.ends(wire)}
            again |= self._wiring.wires_near(gone)
        if moved:
            here = [self.nodes[name].box() for name in moved]
            again |= self._wiring.wires_near([*before, *here])
        self._wiring.lay(again)
        self._wiring.relabel(renewed - again)
        self._narrow_labels()
        self._show_frames()
        self._show_notes()
        self.keep_selection()

    def keep_selection(self) -> None:
        """Deselect what is no longer shown."""
        self.selection.keep(self.nodes, self.wires, len(self.notes))

    def _find_blocks(self) -> Blocks:
        """Update what is shown as one block; returns what was before."""
        project, before = self.document.project, self.blocks
        if (project.design, project.groups) != self._blocks_of:
            self._blocks_of = project.design, project.groups
            self.blocks = self._wiring.blocks = Blocks(project)
        return before

    def _show_frames(self) -> None:
        for name in [name for name in self.frames if name not in self.blocks.frames]:
            self.removeItem(self.frames.pop(name))
        for name in self.blocks.frames:
            if name not in self.frames:
                self.frames[name] = FrameItem(name)
                self.addItem(self.frames[name])
        self._lay_frames()

    def _lay_frames(self) -> None:
        """Every frame around its blocks, and around the frames in it."""
        for name, keys in self.blocks.frames.items():
            self.frames[name].show_around(self.nodes_box(keys), self.blocks.levels[name])

    def _show_notes(self) -> None:
        remarks = self.document.project.remarks
        while len(self.notes) > len(remarks):
            self.removeItem(self.notes.pop())
        for item, note in zip(self.notes, remarks, strict=False):
            if item.note is not note:
                item.show_note(note)
        for index in range(len(self.notes), len(remarks)):
            self.notes.append(NoteItem(index, remarks[index]))
            self.addItem(self.notes[-1])

    def _show_nodes(self) -> tuple[set[str], list[Box]]:
        """Update all nodes; returns those that moved or grew, and where they were before."""
        problems: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.document.report.problems:
            if problem.node is not None:
                problems[problem.node].append(problem)
        stale = []
        for name in self.blocks.shown:
            key = self._key(name, self._problems_in(name, problems))
            if self._keys.get(name) != key:
                self._keys[name] = key
                stale.append(name)
        boxes = {name: item.box() for name, item in self.nodes.items()}
        for name in stale:
            self._show_face(self._face_of(name, self._problems_in(name, problems)))
        self._show_shares()
        self._place_all()
        moved = {name for name, item in self.nodes.items() if boxes.get(name) != item.box()}
        return moved, [boxes[name] for name in moved if name in boxes]

    def _show_shares(self) -> None:
        """Update which part of all parameters each block has."""
        report, counted = self.document.report, self._counted
        if counted is not None and counted[0] is report and counted[1] is self.blocks:
            return
        self._counted = report, self.blocks
        counts = {name: count for name, count in report.parameters.items() if count}
        total = sum(counts.values()) or 1
        for key, item in self.nodes.items():
            item.show_share(sum(counts.get(n, 0) for n in self.blocks.members(key)) / total)

    def _problems_in(self, key: str, problems: Mapping[str, list[Problem]]) -> Problems:
        """The problems of a block's layers."""
        return tuple(p for name in self.blocks.members(key) for p in problems.get(name, ()))

    def _face_of(self, key: str, problems: Problems) -> NodeFace:
        if is_group(key):
            return face_of_group(self.document, key, self.blocks, problems)
        return face_of(self.document, key, problems)

    def _key(self, name: str, problems: Problems) -> tuple[object, ...]:
        """Equal keys, equal faces: what a face is made of, cheap to compare."""
        if is_group(name):
            return (face_of_group(self.document, name, self.blocks, problems),)
        document, design = self.document, self.document.project.design
        report, shown = document.report, document.shown
        ports = tuple(wire.port for wire in design.inputs_of(name))
        return (
            _Same(design.nodes[name]),
            shown.nodes.get(name),
            report.shapes.get(name),
            report.parameters.get(name),
            problems,
            ports,
            self.down,
        )

    def _show_face(self, face: NodeFace) -> None:
        item = self.nodes.get(face.name)
        if item is None:
            self.nodes[face.name] = item = NodeItem(face)
            self.addItem(item)
        elif item.face != face:
            item.show_face(face)

    def _show_wires(self) -> set[Wire]:
        """Update what flows through all wires; returns those whose label changed."""
        report = self.document.report
        misfits = {problem.node for problem in report.problems if problem.misfit}
        renewed = set()
        for wire, item in self.wires.items():
            text = flowing(report.shape_on(wire))
            if text != item.label.text:
                renewed.add(wire)
            item.show_state(text, wire.target in misfits)
        return renewed

    def _add_wire(self, wire: Wire) -> None:
        item = WireItem(wire)
        self.wires[wire] = item
        item.label.reserve(self._widest_number)
        self._wiring.add(wire)
        self.addItem(item)
        self.addItem(item.label)

    def _drop_wire(self, wire: Wire) -> None:
        item = self.wires.pop(wire)
        self._wiring.forget(wire)
        self.removeItem(item.label)
        self.removeItem(item)

    def _drop_node(self, name: str) -> None:
        self.removeItem(self.nodes.pop(name))
        self._keys.pop(name, None)

    def _rename(self, old: str, new: str) -> None:
        if old in self._arranged:
            self._arranged[new] = self._arranged[old]
        self.selection.rename(old, new)

    # While something is dragged, or told from outside.

    def show_moved(self, places: Mapping[str, Position]) -> None:
        """Show nodes elsewhere while they are dragged; the document does not know yet."""
        for name, place in places.items():
            if name in self.nodes:
                self.nodes[name].setPos(*place)
        self._wiring.follow(self._wiring.wires_of(places))
        if self.frames:
            self._lay_frames()

    def reserve_numbers(self, widest: str) -> None:
        """Give the labels of all wires a second line for numbers as wide as this one, or none for
        "". A label for whose second line there is no room stays without."""
        self._widest_number = widest
        changed = [wire for wire, item in self.wires.items() if item.label.reserved != widest]
        for wire in changed:
            self.wires[wire].label.reserve(widest)
        self._wiring.relabel(changed)
        self._narrow_labels()

    def _narrow_labels(self) -> None:
        """Take the second line of those labels that find no place with it."""
        crowded = [wire for wire, item in self.wires.items() if item.label.is_crowded_out]
        for wire in crowded:
            self.wires[wire].label.reserve("")
        self._wiring.relabel(crowded)

    def show_moved_notes(self, places: Mapping[int, Position]) -> None:
        """Show notes elsewhere while they are dragged."""
        for index, place in places.items():
            if index < len(self.notes):
                self.notes[index].setPos(*place)

    def show_settled(self, names: Iterable[str]) -> None:
        """Show nodes where the document has them, after a drag that came to nothing."""
        alive = [name for name in names if name in self.nodes]
        for name in alive:
            self.nodes[name].setPos(*self.place_of(name))
        self._wiring.lay(self._wiring.wires_of(alive))
        self._lay_frames()
        for item in self.notes:
            item.setPos(item.note.x, item.note.y)

    def _show_selection(self) -> None:
        chosen, current = set(self.selection.nodes), self.selection.current
        for name, item in self.nodes.items():
            item.set_selected(name in chosen, name == current)
        wires = set(self.selection.wires)
        for wire, wire_item in self.wires.items():
            wire_item.set_selected(wire in wires)
        for note in self.notes:
            note.set_selected(note.index in self.selection.notes)


class _Same:
    """Equal only to the wrapper of the very same layer; layers are frozen and shared."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.layer is self.layer

    __hash__ = None  # type: ignore[assignment]


def _shares(old: Mapping[str, Layer], new: Mapping[str, Layer]) -> bool:
    """Whether one design was made from the other: edits share the layers that they leave."""
    return any(new.get(name) is layer for name, layer in old.items())


def _renamed(old: Mapping[str, Layer], new: Mapping[str, Layer]) -> tuple[str, str] | None:
    """(old name, new name) where one node was renamed and nothing else."""
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    if len(gone) == len(come) == 1 and new[come[0]] is old[gone[0]]:
        return gone[0], come[0]
    return None
