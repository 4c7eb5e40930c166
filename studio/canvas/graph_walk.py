"""Keyboard navigation of the graph: the next node, the node at the other end of a wire."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from graphlib import CycleError
from typing import TypeVar

from engine import Design, DesignError
from studio.canvas.blocks import Flow
from studio.canvas.node_item import NodeItem

T = TypeVar("T")


def walk_order(design: Design | Flow) -> list[str]:
    """All nodes in the order of the data flow; in order of creation if there is a cycle."""
    try:
        return design.order()
    except DesignError:
        return list(design.nodes)


def step_in(order: Sequence[T], current: T | None, step: int) -> T | None:
    """The next (1) or previous (-1) stop; None beyond either end."""
    if not order:
        return None
    if current not in order:
        return order[0] if step > 0 else order[-1]
    index = order.index(current) + step
    return order[index] if 0 <= index < len(order) else None


def beside(order: Sequence[T], gone: Collection[T], left: Collection[T], step: int) -> T | None:
    """The next (1) or previous (-1) stop that is left, seen from the last one that is gone."""
    places = [index for index, stop in enumerate(order) if stop in gone]
    if not places:
        return None
    way = order[places[-1] + 1 :] if step > 0 else order[: places[-1]][::-1]
    return next((stop for stop in way if stop in left), None)


def along_wire(
    design: Design | Flow, nodes: Mapping[str, NodeItem], current: str, step: int
) -> str | None:
    """The node at the other end of an outgoing (1) or incoming (-1) wire: the one that stands most
    nearly in the same row, then the nearest."""
    near = design.adjacency
    others = near.after(current) if step > 0 else near.before(current)
    here = nodes[current]

    def away(name: str) -> tuple[float, float, str]:
        there = nodes[name]
        straight = abs(_across(there) - _across(here))
        return straight, (there.pos() - here.pos()).manhattanLength(), name

    return min(others, key=away, default=None)


def sideways(
    design: Design | Flow, nodes: Mapping[str, NodeItem], current: str, step: int
) -> str | None:
    """The next node below (1) or above (-1) among those of the same depth, or else any; where the
    data flow down, right (1) or left (-1)."""
    depth = _depths(design)
    here = _across(nodes[current])
    beyond = [n for n, item in nodes.items() if (_across(item) - here) * step > 0]
    same = [name for name in beyond if depth.get(name) == depth.get(current)]
    return min(
        same or beyond,
        key=lambda n: (nodes[n].pos() - nodes[current].pos()).manhattanLength(),
        default=None,
    )


def _across(item: NodeItem) -> float:
    """Where a node stands across the flow."""
    return item.x() if item.face.down else item.y()


def _depths(design: Design | Flow) -> dict[str, int]:
    try:
        generations = design.adjacency.generations()
    except CycleError:
        return {}
    return {name: depth for depth, names in enumerate(generations) for name in names}
