"""Routes for all wires and places for their labels, kept up to date as nodes move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from engine import Wire
from studio.canvas.blocks import Blocks
from studio.canvas.labels import NO_POINTS, place_label
from studio.canvas.node_item import NodeItem
from studio.canvas.routes import WireLane, plain_route, route
from studio.canvas.wire_item import WireItem

Box = tuple[float, float, float, float]
NO_BOXES = np.empty((0, 4))


class Wiring:
    """Lays wires around blocks. It reads the scene's dictionaries and moves wire items only."""

    def __init__(
        self, nodes: Mapping[str, NodeItem], wires: Mapping[Wire, WireItem], blocks: Blocks
    ) -> None:
        self._nodes, self._wires = nodes, wires
        self.blocks = blocks
        self._by_node: dict[str, set[Wire]] = {}
        self._labels: dict[Wire, Box] = {}
        self._lanes: dict[Wire, WireLane] = {}
        self._down = False

    def turn(self, down: bool) -> bool:
        """Whether the data flow down from now on; returns whether they did not before."""
        changed = down != self._down
        self._down = down
        if changed:
            self._lanes.clear()
        return changed

    def add(self, wire: Wire) -> None:
        """Add a wire."""
        for end in (wire.source, wire.target):
            self._by_node.setdefault(end, set()).add(wire)

    def forget(self, wire: Wire) -> None:
        """Remove a wire."""
        for end in (wire.source, wire.target):
            self._by_node[end].discard(wire)
        self._labels.pop(wire, None)
        self._lanes.pop(wire, None)

    def wires_of(self, names: Iterable[str]) -> set[Wire]:
        """All wires that end at one of these blocks."""
        members = (node for name in names for node in self.blocks.members(name))
        return {wire for name in members for wire in self._by_node.get(name, ())}

    def wires_near(self, boxes: Iterable[Box]) -> set[Wire]:
        """Wires that pass over or near these places, and thus may want another course."""
        areas = list(boxes)
        return {
            wire
            for wire, item in self._wires.items()
            if item.route is not None and any(_meets(item, area) for area in areas)
        }

    def follow(self, wires: Iterable[Wire]) -> None:
        """Quick and plain, while something is dragged: no detours, no labels."""
        for wire in wires:
            item = self._wires[wire]
            item.show_route(plain_route(*self._ends(wire), self._down))
            item.place_label(None)

    def lay(self, wires: Iterable[Wire]) -> None:
        """Find a clear course for these wires, and room for their labels."""
        names = list(self._nodes)
        boxes = self._boxes()
        row = {name: index for index, name in enumerate(names)}
        order = sorted(wires, key=self._length)
        for wire in order:
            self._lanes.pop(wire, None)
            self._labels.pop(wire, None)
        for wire in order:
            self._lay_one(wire, boxes, [row[self.blocks.block_of(end)] for end in wire[:2]])
        for wire in order:
            self._label(wire, boxes)

    def _lay_one(self, wire: Wire, boxes: np.ndarray, own: list[int]) -> None:
        others = np.delete(boxes, own, axis=0)
        start, end = self._ends(wire)
        course = route(start, end, others, boxes[own], self._lanes.values(), self._down)
        if course.lane is not None:
            self._lanes[wire] = course.lane
        self._wires[wire].show_route(course)

    def _label(self, wire: Wire, boxes: np.ndarray) -> None:
        item = self._wires[wire]
        if item.route is None or not item.label.text:
            item.place_label(None)
            return
        taken = np.array(list(self._labels.values())) if self._labels else NO_BOXES
        crossing = self._points_near(item)
        center = place_label(item.route, item.label.size, boxes, taken, crossing, self._down)
        item.place_label(center)
        if center is not None:
            width, height = item.label.size
            x, y = center
            self._labels[wire] = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def _points_near(self, item: WireItem) -> np.ndarray:
        """Points of other wires that pass where this one does; wires of its source run beside it
        at first and carry the same, so they do not count."""
        area = item.boundingRect()
        near = [
            other.route.points
            for wire, other in self._wires.items()
            if wire.source != item.wire.source
            and other.route is not None
            and area.intersects(other.boundingRect())
        ]
        return np.concatenate(near) if near else NO_POINTS

    def relabel(self, wires: Iterable[Wire]) -> None:
        """Place the labels of these wires again."""
        boxes = self._boxes()
        for wire in wires:
            self._labels.pop(wire, None)
            self._label(wire, boxes)

    def _boxes(self) -> np.ndarray:
        boxes = [item.box() for item in self._nodes.values()]
        return np.array(boxes) if boxes else NO_BOXES

    def _ends(self, wire: Wire) -> tuple[tuple[float, float], tuple[float, float]]:
        start, end = self.blocks.ends(wire)
        here, there = self._nodes[start.node].point_of(start), self._nodes[end.node].point_of(end)
        return (here.x(), here.y()), (there.x(), there.y())

    def _length(self, wire: Wire) -> tuple[float, Wire]:
        start, end = self._ends(wire)
        axis = int(self._down)
        return abs(end[axis] - start[axis]), wire


def _meets(item: WireItem, area: Box) -> bool:
    left, top, right, bottom = area
    box = item.boundingRect()
    return box.left() < right and box.right() > left and box.top() < bottom and box.bottom() > top
