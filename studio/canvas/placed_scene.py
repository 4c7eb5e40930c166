"""Where layers stand: as saved in the project, or else as laid out automatically."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF

from engine import Design, Layer
from engine.project import Orientation, Position
from studio.canvas import ink
from studio.canvas.arrange import Size
from studio.canvas.arrange_frames import GroupFrame, arrange_framed, framed
from studio.canvas.blocks import Flow, is_group
from studio.canvas.dimensions import LANE_MARGIN, NODE_HEIGHT, NODE_WIDTH, ROW_GAP
from studio.canvas.face import flowing
from studio.canvas.scene_items import ItemsScene
from studio.canvas.wire_label import LABEL_HEIGHT, LABEL_PADDING
from studio.model.document import Document


class PlacedScene(ItemsScene):
    """Knows a place for every layer, hidden ones too."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        self._arranged: dict[str, Position] = {}
        self._left: dict[str, tuple[Layer, Position]] = {}

    def place_of(self, name: str) -> Position:
        """Where a node belongs: as saved, or else as arranged. A group begins where its topmost
        and its leftmost layer do."""
        if is_group(name):
            places = [self.place_of(node) for node in self.blocks.members(name)]
            return min(x for x, _ in places), min(y for _, y in places)
        saved = self.document.project.positions.get(name)
        return saved if saved is not None else self._arranged[name]

    def unsaved_places(self) -> dict[str, Position]:
        """Places of nodes that are not saved in the project yet; the next move saves them."""
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

    def arrangement(self, orientation: Orientation | None = None) -> dict[str, Position]:
        """Tidy places for all layers, with room for the labels; a collapsed group stays as it is,
        an open one together."""
        down = (orientation or self.document.project.orientation) == "down"
        frames = framed(self.document.project, self.blocks, down)
        return self.spread(self._arranged_blocks(self.blocks.flow, frames, orientation))

    def _arranged_blocks(
        self,
        graph: Design | Flow,
        frames: Mapping[str, GroupFrame],
        orientation: Orientation | None = None,
    ) -> dict[str, Position]:
        width = ink.metrics(ink.SMALL_PX).horizontalAdvance
        labels = {
            name: width(flowing(shape)) + 2 * LABEL_PADDING
            for name, shape in self.document.report.shapes.items()
        }
        for key, sides in self.blocks.groups.items():
            labels[key] = max((labels.get(name, 0.0) for name, _ in sides.outs), default=0.0)
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
            self._arranged |= self._recalled(homeless)
            strange = [name for name in homeless if name not in self._arranged]
            self._arranged |= self._room_for(strange) if strange else {}
        for name, item in self.nodes.items():
            place = QPointF(*self.place_of(name))
            if item.pos() != place:
                item.setPos(place)

    def _forget_gone(self, before: Design) -> None:
        """Layers left the design: their arranged places wait for an undo. before: with them."""
        for name in [
            name for name in self._arranged if name not in self.document.project.design.nodes
        ]:
            place = self._arranged.pop(name)
            if name in before.nodes:
                self._left[name] = before.nodes[name], place

    def _recalled(self, homeless: Iterable[str]) -> dict[str, Position]:
        """Where layers stood that an undo brought back: it brings the same objects."""
        layers = self.document.project.design.nodes
        return {
            name: self._left[name][1]
            for name in homeless
            if name in self._left and self._left[name][0] is layers[name]
        }

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
