"""The canvas's edits: every command is one named undo step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QGuiApplication

from engine import EngineError, Layer, Wire, can_connect
from engine.project import Orientation, Position, Project
from studio.canvas import clipboard, free_places, insertion, placing
from studio.canvas.alignment import Alignment, Box, DistributionAxis, aligned, distributed
from studio.canvas.arrange import Size
from studio.canvas.blocks import title_of
from studio.canvas.port import Port
from studio.canvas.scene import CanvasScene
from studio.model import edits
from studio.model.fragments import Fragment, as_text, from_text

NO_NOTES: Mapping[int, Position] = MappingProxyType({})


class CanvasCommands(QObject):
    """Edits the document in terms of the canvas. Refusals are returned as sentences."""

    def __init__(self, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._document = scene.document

    def move(
        self,
        places: Mapping[str, Position],
        notes: Mapping[int, Position] = NO_NOTES,
        merge: str = "",
    ) -> str:
        """Move nodes and notes. Places that were only arranged so far are saved, too."""
        scene = self._scene
        remarks = self._document.project.remarks
        stays = all(scene.place_of(name) == place for name, place in places.items())
        if stays and all((remarks[i].x, remarks[i].y) == place for i, place in notes.items()):
            return ""
        lasting = {**scene.unsaved_places(), **scene.spread(places)} if places else {}
        written = {index: {"x": x, "y": y} for index, (x, y) in notes.items()}
        return self._document.try_edit(
            lambda p: edits.change_remarks(edits.move(p, lasting), written),
            self._text(self.tr("Move {0}"), places, notes),
            merge,
        )

    def nudge(self, names: Iterable[str], dx: float, dy: float, notes: Iterable[int] = ()) -> str:
        """Move nodes and notes by a small step; quick successive steps are one undo step."""
        remarks = self._document.project.remarks
        places = {name: self._scene.place_of(name) for name in names}
        moved = {name: (x + dx, y + dy) for name, (x, y) in places.items()}
        written = {index: (remarks[index].x + dx, remarks[index].y + dy) for index in notes}
        return self.move(moved, written, merge=f"nudge {list(moved)} {list(written)}")

    def delete(self, names: Iterable[str], wires: Iterable[Wire], notes: Iterable[int] = ()) -> str:
        """Delete nodes with their wires, other wires and notes; unambiguous gaps are closed."""
        blocks, loose, written = list(names), list(wires), list(notes)
        nodes = self._scene.layers_of(blocks)
        if nodes or written:
            text = self._text(self.tr("Delete {0}"), blocks, written)
        elif len(loose) == 1:
            text = self.tr("Delete the wire from {0} to {1}").format(*loose[0][:2])
        elif loose:
            text = self.tr("Delete {0} wires").format(len(loose))
        else:
            return ""
        fit = self._document.fit
        return self._document.try_edit(
            lambda p: edits.remove_remarks(insertion.remove(p, nodes, loose, fit), written), text
        )

    def arrange(self) -> str:
        """Lay out all nodes automatically."""
        places = self._scene.arrangement()
        return self._document.try_edit(lambda p: edits.move(p, places), self.tr("Arrange"))

    def orient(self, orientation: Orientation) -> str:
        """Make the data flow right or down, and lay out all nodes for it."""
        places = self._scene.arrangement(orientation)
        down = self.tr("Arrange Top to Bottom")
        text = down if orientation == "down" else self.tr("Arrange Left to Right")
        return self._document.try_edit(lambda p: edits.orient(p, orientation, places), text)

    def add_at(self, layer: Layer, center: QPointF) -> str:
        """Add a node with its center at a point; returns its name."""
        place = placing.around(center, self.size_of(layer), ())
        return self._add(layer, place, None)

    def append(self, layer: Layer, middle: QPointF) -> str:
        """Add a node after the selected one, wired to it if that is allowed; without one, at
        `middle`. Returns its name."""
        chosen = self._scene.selection.nodes
        standing = [self._scene.nodes_box([name]) for name in self._scene.nodes]
        if len(chosen) == 1:
            box = self._scene.nodes_box(chosen)
            place = placing.beside(box, self.size_of(layer), standing, self._scene.down)
            return self._add(layer, place, self._scene.blocks.exit(chosen[0]))
        return self._add(layer, placing.around(middle, self.size_of(layer), standing), None)

    def add_wired(self, layer: Layer, port: Port, center: QPointF) -> str:
        """Add a node wired to a port of another, placed so that the wire ends at `center`."""
        before, (width, height) = self._document.project, self.size_of(layer)
        after_port = port.input is None
        side = QPointF(0, height / 2) if self._scene.down else QPointF(width / 2, 0)
        middle = center + side if after_port else center - side
        place = placing.around(middle, (width, height), ())
        after, name = edits.add_layer(before, layer, place)
        if after_port:
            after = edits.connect(after, port.node, name, out=port.out)
        else:
            after = edits.connect(after, name, port.node, port.input)
        return self._finish_adding(after, name, self.tr("Add {0}").format(layer.title))

    def insert(self, layer: Layer, wire: Wire, center: QPointF) -> str:
        """Add a node in the middle of a wire; returns its name."""
        scene = self._scene
        at = placing.around(center, self.size_of(layer), ())
        source, target = (scene.item_of(name).pos() for name in wire[:2])
        ends = (source.x(), source.y()), (target.x(), target.y())
        after, name = insertion.insert(
            self._document.project, layer, wire, scene.all_places(), ends, at
        )
        return self._finish_adding(after, name, self.tr("Insert {0}").format(layer.title))

    def copy(self, names: Iterable[str], notes: Iterable[int] = ()) -> None:
        """Copy nodes with the wires between them, and notes, to the clipboard. If there are none,
        the clipboard keeps its content."""
        piece = self._piece(names, notes)
        if piece:
            QGuiApplication.clipboard().setText(as_text(piece))

    def paste(self, view: QRectF) -> str:
        """Paste what the clipboard holds: where it was or, out of view, in the middle of the view;
        it covers nothing. Returns why it is refused, or an empty string."""
        try:
            piece = from_text(QGuiApplication.clipboard().text())
        except EngineError as error:
            return str(error)
        self._put_in(piece, free_places.shift_for(piece, self._scene, view), self.tr("Paste"))
        return ""

    def duplicate(self, names: Iterable[str], view: QRectF, notes: Iterable[int] = ()) -> None:
        """Copy nodes, the wires between them and notes, next to the originals."""
        piece = self._piece(names, notes)
        if piece:
            text = self._text(self.tr("Duplicate {0}"), list(names), piece.notes)
            self._put_in(piece, free_places.shift_for(piece, self._scene, view), text)

    def align(self, names: Iterable[str], line: Alignment) -> str:
        """Align nodes."""
        return self.move(aligned(self._boxes(names), line)) if names else ""

    def distribute(self, names: Iterable[str], axis: DistributionAxis) -> str:
        """Distribute nodes with equal gaps."""
        return self.move(distributed(self._boxes(names), axis)) if names else ""

    def _boxes(self, names: Iterable[str]) -> dict[str, Box]:
        return {name: self._scene.nodes[name].box() for name in names}

    def _piece(self, names: Iterable[str], notes: Iterable[int]) -> Fragment:
        scene, project = self._scene, self._document.project
        chosen = scene.layers_of(names)
        places = {name: scene.place_of(name) for name in chosen}
        remarks = [project.remarks[index] for index in notes]
        return clipboard.cut_out(project, chosen, places, remarks)

    def _put_in(self, piece: Fragment, step: Position, text: str) -> None:
        after, names = clipboard.put_in(self._document.project, piece, step)
        lasting = {**self._scene.unsaved_places(), **after.positions}
        self._document.edit(edits.move(after, lasting), text)
        count = len(after.remarks)
        blocks = dict.fromkeys(self._scene.blocks.block_of(name) for name in names)
        self._scene.selection.set(blocks, notes=range(count - len(piece.notes), count))

    def _add(self, layer: Layer, place: Position, source: str | None) -> str:
        before = self._document.project
        after, name = edits.add_layer(before, layer, place)
        if source is not None and self._fits(after, source, name):
            after = edits.connect(after, source, name)
        return self._finish_adding(after, name, self.tr("Add {0}").format(layer.title))

    def _finish_adding(self, after: Project, name: str, text: str) -> str:
        lasting = {**self._scene.unsaved_places(), **after.positions}
        self._document.edit(edits.move(after, lasting), text)
        self._scene.selection.set([name])
        return name

    def _fits(self, project: Project, source: str, target: str) -> bool:
        fit, training = self._document.fit, project.training
        return can_connect(project.design, source, target, settings=training, fit=fit) is None

    def size_of(self, layer: Layer) -> Size:
        """Width and height that a node of this layer will have."""
        return free_places.size_of(layer, self._scene.down)

    def _text(self, action: str, names: Collection[str], notes: Collection[object]) -> str:
        """The name of an edit: "Move h1", "Move 3 layers", "Move 2 layers and the note"."""
        told = []
        if names:
            many = self.tr("{0} layers").format(len(names))
            told.append(title_of(next(iter(names))) if len(names) == 1 else many)
        if notes:
            many = self.tr("{0} notes").format(len(notes))
            told.append(self.tr("the note") if len(notes) == 1 else many)
        return action.format(self.tr(" and ").join(told))
