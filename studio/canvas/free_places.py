"""Where pasted pieces and new layers go, so that they cover nothing that stands already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF

from engine import Design, Layer, Wire
from engine.project import Position, Project
from studio.canvas import placing
from studio.canvas.arrange import Size
from studio.canvas.blocks import Blocks, is_group, title_of
from studio.canvas.dimensions import NODE_HEIGHT, NODE_WIDTH, snapped
from studio.canvas.face import face_of_new, face_of_piece
from studio.canvas.frame_item import border
from studio.canvas.graph_walk import walk_order
from studio.canvas.insertion import room_in
from studio.canvas.node_item import NodeItem
from studio.canvas.note_item import NoteItem
from studio.canvas.placed_scene import PlacedScene
from studio.model import edits
from studio.model.fragments import Fragment


def size_of(layer: Layer, down: bool) -> Size:
    """Width and height that a node of this layer will have."""
    return NodeItem(face_of_new(layer, down)).size


# Pieces.


def shift_for(piece: Fragment, scene: PlacedScene, view: QRectF) -> Position:
    """The step by which a pasted piece moves: none where there is room for it; else below what
    is in the way, or beside it where data flow down. A piece out of view moves into it."""
    box = box_of(piece, scene.down)
    start = box.topLeft()
    if not view.intersects(box):
        middle = view.center() - box.center()
        box.translate(snapped(middle.x()), snapped(middle.y()))
    left, top = placing.free(box, standing(scene), scene.down)
    return left - start.x(), top - start.y()


def box_of(piece: Fragment, down: bool) -> QRectF:
    """What a piece covers: its nodes, the frames of its groups and its notes."""
    blocks = Blocks(Project(design=piece.design, groups=piece.groups))
    boxes = {key: _block_box(key, piece, blocks, down) for key in blocks.shown}
    whole = _united(boxes.values())
    for name, keys in blocks.frames.items():
        margin, above = border(blocks.levels[name])
        around = _united(boxes[key] for key in keys)
        whole = whole.united(around.adjusted(-margin, -above, margin, margin))
    return _united([whole, *(NoteItem(0, note).box() for note in piece.notes)])


def standing(scene: PlacedScene) -> list[QRectF]:
    """What the nodes, notes and frames on the canvas cover."""
    nodes = [scene.nodes_box([name]) for name in scene.nodes]
    notes = [item.box() for item in scene.notes]
    return [*nodes, *notes, *(frame.box for frame in scene.frames.values())]


def _block_box(key: str, piece: Fragment, blocks: Blocks, down: bool) -> QRectF:
    members = blocks.members(key)
    left, top = (min(piece.positions[node][axis] for node in members) for axis in (0, 1))
    if not is_group(key):
        return QRectF(left, top, *size_of(piece.design.nodes[key], down))
    inputs = len(blocks.groups[key].ins)
    face = face_of_piece(title_of(key), len(members), inputs, down)
    return QRectF(left, top, *NodeItem(face).size)


def _united(boxes: Iterable[QRectF]) -> QRectF:
    whole = QRectF()
    for box in boxes:
        whole = whole.united(box)
    return whole


# New layers.


def with_places(scene: PlacedScene, before: Project, after: Project) -> Project:
    """The project with a place for every layer that an edit added without one, as a fix does:
    between the layers that it is wired to, which move on where there is too little room.

    before: the project that the scene shows. Whatever was only arranged so far gets a lasting
    place, too, so that nothing else moves.
    """
    new = _placeless(before, after)
    known = {n: at for n, at in scene.all_places().items() if n in after.design.nodes}
    if not new or not known:
        return after
    places = {**known, **after.positions}
    sizes = {n: size_of(after.design.nodes[n], scene.down) for n in new}
    order = [name for name in walk_order(after.design) if name in new]
    for name in order:
        places = _placed(name, after, places, sizes, scene)
    return edits.move(after, places)


def _placeless(before: Project, after: Project) -> set[str]:
    """The layers that are new and have no place; a renamed one is not new."""
    if after.design is before.design:
        return set()
    old = {id(layer) for layer in before.design.nodes.values()}
    return {
        name
        for name, layer in after.design.nodes.items()
        if name not in before.design.nodes and name not in after.positions and id(layer) not in old
    }


def _placed(
    name: str,
    project: Project,
    places: Mapping[str, Position],
    sizes: Mapping[str, Size],
    scene: PlacedScene,
) -> dict[str, Position]:
    """The places with one for this layer, and with room for it."""
    sources, targets = _neighbors(project.design, name, places)
    boxes = _boxes(places, sizes, scene)
    size, down = sizes[name], scene.down
    if sources and targets:
        wire = Wire(sources[0], targets[0])
        at, pushed = _between(project, wire, places, boxes, size)
        places = {**places, **pushed}
        box = QRectF(*at, *size)
    elif sources:
        box = QRectF(*placing.beside(boxes[sources[0]], size, (), down), *size)
    elif targets:
        box = QRectF(*placing.ahead_of(boxes[targets[0]], size, down), *size)
    else:
        corner = _united(boxes.values()).bottomLeft()
        box = QRectF(corner.x(), corner.y(), *size)
    notes = [note.box() for note in scene.notes]
    taken = [*_boxes(places, sizes, scene).values(), *notes]
    return {**places, name: placing.free(box, taken, down)}


def _neighbors(
    design: Design, name: str, places: Mapping[str, Position]
) -> tuple[list[str], list[str]]:
    """The layers with a place that feed a layer, and those that it feeds."""
    sources = [wire.source for wire in design.inputs_of(name) if wire.source in places]
    targets = [wire.target for wire in design.outputs_of(name) if wire.target in places]
    return sources, targets


def _between(
    project: Project,
    wire: Wire,
    places: Mapping[str, Position],
    boxes: Mapping[str, QRectF],
    size: Size,
) -> tuple[Position, dict[str, Position]]:
    """A place halfway along a wire, and the places of what must move on for it."""
    middle = (boxes[wire.source].center() + boxes[wire.target].center()) / 2
    at = middle - QPointF(size[0] / 2, size[1] / 2)
    ends = places[wire.source], places[wire.target]
    return room_in(project, wire, places, ends, (snapped(at.x()), snapped(at.y())))


def _boxes(
    places: Mapping[str, Position], sizes: Mapping[str, Size], scene: PlacedScene
) -> dict[str, QRectF]:
    """What each layer covers; one hidden in a collapsed group is taken for a plain node."""
    shown = {name: item.size for name, item in scene.nodes.items()}
    plain = float(NODE_WIDTH), float(NODE_HEIGHT)
    return {
        name: QRectF(*place, *sizes.get(name, shown.get(name, plain)))
        for name, place in places.items()
    }
