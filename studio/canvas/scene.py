"""The scene: what stands on the canvas, kept equal to the document by diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from engine import Design, Layer, Problem, Report, Wire
from engine.project import Orientation, Position, Project
from studio.canvas import ink
from studio.canvas.arrange import Size
from studio.canvas.arrange_frames import Frame, arrange_framed, framed
from studio.canvas.blocks import Blocks, Flow, is_group
from studio.canvas.face import NodeFace, Problems, face_of, face_of_group, flowing, ports_of
from studio.canvas.frame_item import FrameItem
from studio.canvas.measures import LANE_MARGIN, NODE_HEIGHT, NODE_WIDTH, ROW_GAP
from studio.canvas.node_item import NodeItem
from studio.canvas.note_item import NoteItem
from studio.canvas.port import Port
from studio.canvas.selection import Selection
from studio.canvas.wire_item import WireItem
from studio.canvas.wire_label import LABEL_HEIGHT, LABEL_PADDING
from studio.canvas.wiring import Box, Wiring
from studio.document import Document
from studio.theme import theme


class CanvasScene(QGraphicsScene):
    """nodes, wires and notes: the items, by key (see `blocks`), by wire and by number.
    frames: those of the open groups. selection: what is selected.
    snaps: whether dragged nodes keep to the grid.

    replaced: another project was opened, nothing on the canvas is the same as before.
    """

    replaced = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.frames: dict[str, FrameItem] = {}
        self.blocks = Blocks(document.project)
        self.notes: list[NoteItem] = []
        self.snaps = True
        self._widest_number = ""
        self.selection = Selection(self)
        self.selection.changed.connect(self._show_selection)
        self._wiring = Wiring(self.nodes, self.wires, self.blocks)
        self._blocks_of = document.project.design, document.project.groups
        self._arranged: dict[str, Position] = {}
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
        elif anew:
            self._arranged.clear()
        self._show()
        if anew and renamed is None:
            self.replaced.emit()
        elif renamed is None and self.document.undo_stack.canRedo():  # so this was an undo
            self._select_returned([name for name in new if name not in old])

    def _select_returned(self, names: Sequence[str]) -> None:
        """What an undo brings back is what one goes on with."""
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
        """Let go of what is no longer shown."""
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
            text = flowing(report.shapes.get(wire.source))
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
        if name not in self.document.project.design.nodes:
            self._arranged.pop(name, None)

    def _rename(self, old: str, new: str) -> None:
        if old in self._arranged:
            self._arranged[new] = self._arranged[old]
        self.selection.rename(old, new)

    # Places.

    def place_of(self, name: str) -> Position:
        """Where a node belongs: as saved, or else as arranged. A group begins where its topmost
        and its leftmost layer do."""
        if is_group(name):
            places = [self.place_of(node) for node in self.blocks.members(name)]
            return min(x for x, _ in places), min(y for _, y in places)
        saved = self.document.project.positions.get(name)
        return saved if saved is not None else self._arranged[name]

    def unsaved_places(self) -> dict[str, Position]:
        """Places of nodes that the project has none for; a move makes them lasting."""
        saved = self.document.project.positions
        return {name: at for name, at in self._arranged.items() if name not in saved}

    def spread(self, places: Mapping[str, Position]) -> dict[str, Position]:
        """Places of blocks as places of layers: those of a group move along with it."""
        spread: dict[str, Position] = {}
        for key, (x, y) in places.items():
            if is_group(key):
                old = self.place_of(key)
                for node in self.blocks.members(key):
                    left, top = self.place_of(node)
                    spread[node] = (left + x - old[0], top + y - old[1])
            else:
                spread[key] = (x, y)
        return spread

    def all_places(self) -> dict[str, Position]:
        """Where every layer belongs, hidden ones too."""
        return {name: self.place_of(name) for name in self.document.project.design.nodes}

    def layers_of(self, keys: Iterable[str]) -> list[str]:
        """All layers of some blocks."""
        return list(dict.fromkeys(n for key in keys for n in self.blocks.members(key)))

    @property
    def down(self) -> bool:
        """Whether the data flow down."""
        return self.document.project.orientation == "down"

    def sizes(self) -> dict[str, Size]:
        """Width and height of every node."""
        return {name: item.size for name, item in self.nodes.items()}

    def arrangement(self, orientation: Orientation | None = None) -> dict[str, Position]:
        """Tidy places for all layers, with room for the labels; a collapsed group stays as it is,
        an open one together."""
        down = (orientation or self.document.project.orientation) == "down"
        frames = framed(self.document.project, self.blocks, down)
        return self.spread(self._arranged_blocks(self.blocks.flow, frames, orientation))

    def _arranged_blocks(
        self,
        graph: Design | Flow,
        frames: Mapping[str, Frame],
        orientation: Orientation | None = None,
    ) -> dict[str, Position]:
        width = ink.metrics(ink.SMALL_PX).horizontalAdvance
        labels = {
            name: width(flowing(shape)) + 2 * LABEL_PADDING
            for name, shape in self.document.report.shapes.items()
        }
        for key, sides in self.blocks.groups.items():
            labels[key] = max((labels.get(name, 0.0) for name in sides.outs), default=0.0)
        if (orientation or self.document.project.orientation) == "right":
            return arrange_framed(graph, frames, self._sizes_of(graph), labels, 2 * LANE_MARGIN)
        sizes = {name: (height, width) for name, (width, height) in self._sizes_of(graph).items()}
        lane = max([2 * LANE_MARGIN, *labels.values()])
        turned = arrange_framed(graph, frames, sizes, dict.fromkeys(labels, LABEL_HEIGHT), lane)
        return {name: (x, y) for name, (y, x) in turned.items()}

    def _sizes_of(self, graph: Design | Flow) -> dict[str, Size]:
        """Sizes of all that stands or will stand: what is hidden is taken for a plain node."""
        return {**dict.fromkeys(graph.nodes, (NODE_WIDTH, NODE_HEIGHT)), **self.sizes()}

    def _place_all(self) -> None:
        saved = self.document.project.positions
        layers = self.document.project.design.nodes
        homeless = [n for n in layers if n not in saved and n not in self._arranged]
        if homeless:
            self._arranged |= self._room_for(homeless)
        for name, item in self.nodes.items():
            place = QPointF(*self.place_of(name))
            if item.pos() != place:
                item.setPos(place)

    def _room_for(self, homeless: Iterable[str]) -> dict[str, Position]:
        """Arranged places for some nodes, below those that stand already."""
        tidy = self._arranged_blocks(self.document.project.design, {})
        places = {name: tidy[name] for name in homeless}
        standing = [QRectF(*self.place_of(n), *self.nodes[n].size) for n in self._standing()]
        if not standing:
            return places
        bottom = max(box.bottom() for box in standing) + ROW_GAP
        left = min(box.left() for box in standing)
        dx = left - min(x for x, _ in places.values())
        dy = bottom - min(y for _, y in places.values())
        return {name: (x + dx, y + dy) for name, (x, y) in places.items()}

    def _standing(self) -> list[str]:
        saved = self.document.project.positions
        return [name for name in self.nodes if name in saved or name in self._arranged]

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

    # What is where.

    def node_at(self, at: QPointF) -> NodeItem | None:
        """The node under a point."""
        return next((i for i in self.items(at) if isinstance(i, NodeItem) and self._is(i)), None)

    def wire_at(self, at: QPointF) -> WireItem | None:
        """The wire under a point."""
        return next((i for i in self.items(at) if isinstance(i, WireItem)), None)

    def frame_at(self, at: QPointF) -> FrameItem | None:
        """The frame whose name is under a point."""
        return next(
            (i for i in self.items(at) if isinstance(i, FrameItem) and i.on_title(at)), None
        )

    def point_of(self, port: Port) -> QPointF:
        """Where the port of a layer is, or where its wires enter or leave the group it is in."""
        local = self.blocks.local(port)
        return self.nodes[local.node].point_of(local)

    def item_of(self, node: str) -> NodeItem:
        """The block that shows a layer."""
        return self.nodes[self.blocks.block_of(node)]

    def inputs_shown(self, node: str) -> int:
        """How many inputs a layer offers, whether it is hidden or not."""
        design = self.document.project.design
        return ports_of(design.nodes[node], [wire.port for wire in design.inputs_of(node)])

    def note_at(self, at: QPointF) -> NoteItem | None:
        """The note under a point."""
        return next((i for i in self.items(at) if isinstance(i, NoteItem)), None)

    def port_at(self, at: QPointF, reach: float) -> Port | None:
        """The port within reach of a point; of a group, that of the layer that it stands for."""
        near = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(near):
            if isinstance(item, NodeItem) and self._is(item):
                port = item.port_at(at, reach)
                if port is not None:
                    return self.blocks.real(port)
        return None

    def nodes_in(self, area: QRectF) -> list[str]:
        """Nodes that an area touches, in the order of the design."""
        return [
            name
            for name, item in self.nodes.items()
            if area.intersects(item.body.translated(item.pos()))
        ]

    def notes_in(self, area: QRectF) -> list[int]:
        """Notes that an area touches."""
        return [item.index for item in self.notes if area.intersects(item.box())]

    def whole_box(self) -> QRectF:
        """The smallest box around everything, notes too."""
        box = self.nodes_box()
        for item in self.notes:
            box = box.united(item.box())
        for frame in self.frames.values():
            box = box.united(frame.box)
        return box

    def nodes_box(self, names: Iterable[str] | None = None) -> QRectF:
        """The smallest box around some nodes, or all."""
        box = QRectF()
        for name in self.nodes if names is None else names:
            item = self.nodes[name]
            box = box.united(item.body.translated(item.pos()))
        return box

    def _is(self, item: NodeItem) -> bool:
        return self.nodes.get(item.face.name) is item

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
