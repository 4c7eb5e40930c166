"""Routes for all wires and places for their labels, kept up to date as nodes move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from engine import Wire
from studio.canvas.blocks import Blocks
from studio.canvas.box_table import Box, BoxTable, corners
from studio.canvas.labels import NO_POINTS, place_label, reach_of_label
from studio.canvas.node_item import NodeItem
from studio.canvas.routes import (
    MAX_LANES_TRIED,
    Point,
    Route,
    plain_route,
    reach_of_wire,
    route,
)
from studio.canvas.wire_item import WireItem

MOST_TRIES = 20_000
"""Ways around nodes that are looked at, for all wires that are laid at once."""
MOST_NEIGHBORS = 200
"""Wires beside one. Where there are more, its label does not keep off them."""


class Wiring:
    """Lays wires around blocks. It reads the scene's dictionaries and moves wire items only."""

    def __init__(
        self, nodes: Mapping[str, NodeItem], wires: Mapping[Wire, WireItem], blocks: Blocks
    ) -> None:
        self._nodes, self._wires = nodes, wires
        self.blocks = blocks
        self._by_node: dict[str, set[Wire]] = {}
        self._courses = BoxTable[Wire]()
        self._labels = BoxTable[Wire]()
        self._lanes = BoxTable[Wire]()
        self._down = False

    def turn(self, down: bool) -> bool:
        """Whether the data flow down from now on; returns whether they did not before."""
        changed = down != self._down
        self._down = down
        if changed:
            self._lanes = BoxTable()
        return changed

    def add(self, wire: Wire) -> None:
        """Add a wire."""
        for end in (wire.source, wire.target):
            self._by_node.setdefault(end, set()).add(wire)

    def forget(self, wire: Wire) -> None:
        """Remove a wire."""
        for end in (wire.source, wire.target):
            self._by_node[end].discard(wire)
        self._courses.drop(wire)
        self._labels.drop(wire)
        self._lanes.drop(wire)

    def wires_of(self, names: Iterable[str]) -> set[Wire]:
        """All wires that end at one of these blocks."""
        members = (node for name in names for node in self.blocks.members(name))
        return {wire for name in members for wire in self._by_node.get(name, ())}

    def wires_near(self, boxes: Iterable[Box]) -> set[Wire]:
        """Wires that pass over or near these places, and thus may want another course."""
        return {wire for area in boxes for wire in self._courses.keys_near(area)}

    def follow(self, wires: Iterable[Wire]) -> None:
        """Quick and plain, while something is dragged: no detours, no labels."""
        for wire in wires:
            self._show(wire, plain_route(*self._ends(wire), self._down))
            self._wires[wire].place_label(None)

    def lay(self, wires: Iterable[Wire]) -> None:
        """Find a clear course for these wires, and room for their labels."""
        order = sorted(wires, key=self._length)
        if not order:
            return
        nodes = self._node_boxes()
        for wire in order:
            self._lanes.drop(wire)
            self._labels.drop(wire)
        tries = min(MAX_LANES_TRIED, MOST_TRIES // len(order))
        for wire in order:
            self._lay_one(wire, nodes, tries)
        for wire in order:
            self._label(wire, nodes)

    def _lay_one(self, wire: Wire, nodes: BoxTable[str], tries: int) -> None:
        start, end = self._ends(wire)
        own = [self.blocks.block_of(name) for name in wire[:2]]
        others = nodes.near(reach_of_wire(start, end, self._down), own)
        both = np.array([nodes[name] for name in own])
        taken = self._lanes.near(reach_of_wire(self._turned(start), self._turned(end)))
        course = route(start, end, others, both, taken, self._down, tries)
        if course.lane is not None:
            self._lanes.put(wire, course.lane.box)
        self._show(wire, course)

    def _turned(self, point: Point) -> Point:
        """With x and y exchanged where the data flow down, as lanes are kept."""
        return point[::-1] if self._down else point

    def _show(self, wire: Wire, course: Route) -> None:
        item = self._wires[wire]
        item.show_route(course)
        self._courses.put(wire, corners(item.boundingRect()))

    def _label(self, wire: Wire, nodes: BoxTable[str]) -> None:
        item = self._wires[wire]
        if item.route is None or not item.label.text:
            item.place_label(None)
            return
        area = reach_of_label(item.route, item.label.size)
        boxes, taken, crossing = nodes.near(area), self._labels.near(area), self._points_near(item)
        center = place_label(item.route, item.label.size, boxes, taken, crossing, self._down)
        item.place_label(center)
        if center is not None:
            width, height = item.label.size
            x, y = center
            box = x - width / 2, y - height / 2, x + width / 2, y + height / 2
            self._labels.put(wire, box)

    def _points_near(self, item: WireItem) -> np.ndarray:
        """Points of other wires that pass where this one does; wires of its source run beside it
        at first and carry the same, so they do not count."""
        near = self._courses.keys_near(corners(item.boundingRect()))
        if len(near) > MOST_NEIGHBORS:
            return NO_POINTS
        others = (self._wires[wire].route for wire in near if wire.source != item.wire.source)
        points = [course.points for course in others if course is not None]
        return np.concatenate(points) if points else NO_POINTS

    def relabel(self, wires: Iterable[Wire]) -> None:
        """Place the labels of these wires again."""
        again = list(wires)
        if not again:
            return
        nodes = self._node_boxes()
        for wire in again:
            self._labels.drop(wire)
            self._label(wire, nodes)

    def _node_boxes(self) -> BoxTable[str]:
        return BoxTable((name, item.box()) for name, item in self._nodes.items())

    def _ends(self, wire: Wire) -> tuple[tuple[float, float], tuple[float, float]]:
        start, end = self.blocks.ends(wire)
        here, there = self._nodes[start.node].point_of(start), self._nodes[end.node].point_of(end)
        return (here.x(), here.y()), (there.x(), there.y())

    def _length(self, wire: Wire) -> tuple[float, Wire]:
        start, end = self._ends(wire)
        axis = int(self._down)
        return abs(end[axis] - start[axis]), wire
