"""Commands for groups on the canvas, each one named undo step."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF, QRectF

from engine.project import Position, Project
from studio.canvas import grouping, repetition
from studio.canvas.blocks import is_group, key_of, title_of
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.dimensions import COLUMN_GAP, snapped
from studio.canvas.frame_item import LANES, MARGIN, TITLE_HEIGHT
from studio.canvas.name_editor import NameEditor
from studio.model import edits


class Groups(QObject):
    """The groups of one view."""

    def __init__(self, view: CanvasBase) -> None:
        super().__init__(view)
        self._view = view
        self._scene = view.canvas
        self._renamed = ""

    # What they are about.

    def meant(self) -> list[str]:
        """The groups that the selection is about: those selected, and the innermost open ones
        around the selected layers."""
        project = self._view.document.project
        found: dict[str, None] = {}
        for key in self._scene.selection.nodes:
            ways = [title_of(key)] if is_group(key) else grouping.around(project, key)[:1]
            found |= dict.fromkeys(ways)
        return list(found)

    def _select(self, names: Iterable[str]) -> None:
        """Select the blocks of some groups, or what is in them where they are open."""
        project, blocks = self._view.document.project, self._scene.blocks
        nodes = (n for name in names for n in grouping.all_nodes(project, name))
        self._scene.selection.set(dict.fromkeys(blocks.block_of(node) for node in nodes))

    def _do(self, make: Callable[[Project], Project], text: str) -> bool:
        """Edit, or show why not. Layers that were only arranged so far stay where they are."""
        lasting = self._scene.unsaved_places()
        refused = self._view.document.try_edit(lambda p: make(edits.move(p, lasting)), text)
        if refused:
            view = self._view
            names = self._scene.selection.nodes
            box = self._scene.nodes_box(names) if names else view.seen()
            view.pointer_hint.say(refused, view.view_point(box.center()))
        return not refused

    # Making and dissolving.

    def group(self) -> None:
        """Fold what is selected into a new block."""
        nodes = self._scene.layers_of(self._scene.selection.nodes)
        made: list[str] = []

        def make(project: Project) -> Project:
            after, name = grouping.make(project, nodes)
            made.append(name)
            return after

        if self._do(make, self.tr("Group {0} layers").format(len(nodes))):
            self._select(made)

    def ungroup(self) -> None:
        """Dissolve the groups that the selection is about."""
        names = self.meant()
        if not names:
            return
        nodes = self._scene.layers_of(self._scene.selection.nodes)
        pushed = self._room_for([name for name in names if key_of(name) in self._scene.nodes])
        text = self.tr("Ungroup {0}").format(", ".join(names))
        if self._do(lambda p: edits.move(grouping.dissolve(p, names), pushed), text):
            blocks = self._scene.blocks
            self._scene.selection.set(dict.fromkeys(blocks.block_of(node) for node in nodes))

    # Folding.

    def toggle(self) -> None:
        """Expand the selected blocks; without any, collapse the groups around what is selected."""
        closed = [title_of(key) for key in self._scene.selection.nodes if is_group(key)]
        if closed:
            self.expand(closed)
        elif self.meant():
            self.collapse(self.meant())

    def collapse(self, names: list[str]) -> None:
        """Show groups as one block each."""
        text = self.tr("Collapse {0}").format(", ".join(names))
        if self._do(lambda p: grouping.fold(p, names, True), text):
            self._select(names)

    def expand(self, names: list[str]) -> None:
        """Show the layers of groups; what stands in the way moves aside."""
        pushed = self._room_for(names)
        text = self.tr("Expand {0}").format(", ".join(names))
        if self._do(lambda p: edits.move(grouping.fold(p, names, False), pushed), text):
            self._select(names)

    def reach(self, node: str) -> None:
        """Expand all groups that hide a layer."""
        project = self._view.document.project
        groups = grouping.by_name(project)
        closed = [name for name in grouping.around(project, node) if groups[name].collapsed]
        if closed:
            self.expand(closed)

    def _room_for(self, names: Iterable[str]) -> dict[str, Position]:
        """Places of what must move so that nothing covers the layers of groups that open."""
        scene, moved = self._scene, dict[str, Position]()
        for key in (key_of(name) for name in names):
            if key not in scene.nodes:
                continue
            places = {other: moved.get(other, scene.place_of(other)) for other in scene.nodes}
            boxes = {k: QRectF(*place, *scene.nodes[k].size) for k, place in places.items()}
            for other, step in _pushes(boxes.pop(key), self._opened(key), boxes).items():
                x, y = places[other]
                moved[other] = (x + step.x(), y + step.y())
        return scene.spread(moved)

    def _opened(self, key: str) -> QRectF:
        """The box that the layers of a block will take, their frame included."""
        scene, box = self._scene, QRectF()
        for node in scene.blocks.members(key):
            layer = self._view.document.project.design.nodes[node]
            box = box.united(QRectF(*scene.place_of(node), *self._view.commands.size_of(layer)))
        return box.adjusted(-MARGIN, -MARGIN - TITLE_HEIGHT - LANES, MARGIN, MARGIN)

    # Names and copies.

    def rename(self, old: str, new: str) -> bool:
        """Rename a group; returns whether the name was accepted."""
        if new == old or old not in grouping.by_name(self._view.document.project):
            return False
        text = self.tr("Rename {0} to {1}").format(old, new)
        done = self._do(lambda p: grouping.rename(p, old, new), text)
        if done:
            self._select([new])
        return done

    def ask_name(self, name: str) -> None:
        """Edit a group's name in place."""
        view, frame = self._view, self._scene.frames.get(name)
        item = self._scene.nodes.get(key_of(name))
        if frame is None and item is None:
            return
        at = item.pos() if item is not None else frame.title.topLeft() if frame else QPointF()
        self._renamed = name
        editor = NameEditor(view, self.tr("Group name"))
        editor.written.connect(self._take_name)
        box = item.body if item is not None else frame.title if frame else QRectF()
        editor.open(name, view.view_point(at), round(box.width() * view.transform().m11()))

    def _take_name(self, text: str) -> None:
        if text.strip():
            self.rename(self._renamed, text.strip())

    def repeat(self, name: str, times: int) -> None:
        """Put copies of a group behind it in the chain: `times` of it in all."""
        scene = self._scene
        key = key_of(name)
        frame = scene.frames.get(name)
        box = scene.nodes_box([key]) if key in scene.nodes else frame.box if frame else QRectF()
        gap = snapped(COLUMN_GAP + (box.height() if scene.down else box.width()))
        step = (0.0, gap) if scene.down else (gap, 0.0)
        made: list[str] = []

        def make(project: Project) -> Project:
            after, copies = repetition.repeat(project, name, times, scene.all_places(), step)
            made.extend(copies)
            return after

        if self._do(make, self.tr("Repeat {0} × {1}").format(name, times)):
            self._select([name, *made])


def _pushes(block: QRectF, frame: QRectF, others: dict[str, QRectF]) -> dict[str, QPointF]:
    """How far blocks move so that a block can open into a frame: those right of it to the right
    and those below it down, if any stands in the way at all."""
    steps = {key: QPointF() for key in others}
    across = snapped(max(0.0, frame.right() - block.right()) + MARGIN)
    down = snapped(max(0.0, frame.bottom() - block.bottom()) + MARGIN)
    if _meets(frame, others, steps):
        for key, box in others.items():
            if box.left() >= block.right():
                steps[key] += QPointF(across, 0)
    if _meets(frame, others, steps):
        for key, box in others.items():
            if box.top() >= block.bottom() and box.left() < block.right():
                steps[key] += QPointF(0, down)
    return {key: step for key, step in steps.items() if not step.isNull()}


def _meets(frame: QRectF, others: dict[str, QRectF], steps: dict[str, QPointF]) -> bool:
    return any(box.translated(steps[key]).intersects(frame) for key, box in others.items())
