"""Automatic layout: layers from left to right, few crossings, a straight lane for each skip.

After Sugiyama, Tagawa and Toda (1981): generations become columns, a wire that passes a column
gets a place in it, columns are sorted by the middle of their neighbors, and heights follow
neighbors as far as no nodes overlap.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine import Design, Wire
from engine.design import Adjacency
from engine.project import Position
from studio.canvas.blocks import Flow
from studio.canvas.dimensions import COLUMN_GAP, LANE_MARGIN, NODE_HEIGHT, NODE_WIDTH, ROW_GAP
from studio.canvas.dimensions import snapped as on_grid

SWEEPS = 6
LABEL_MARGIN = 32.0
"""What a column's gap adds to its widest label."""
MAX_LANES = 100_000
"""In one part of a design. Where wires pass more columns than that, they get no lanes at all."""

Place = str | tuple[str, str, str, int]
"""A node's name, or the lane of a wire in one column: (source, target, port, column)."""
Size = tuple[float, float]


def arrange(
    design: Design | Flow,
    sizes: Mapping[str, Size] | None = None,
    labels: Mapping[str, float] | None = None,
    lane: float = 2.0 * LANE_MARGIN,
) -> dict[str, Position]:
    """Top left corner of every node. sizes: node -> (width, height). labels: node -> width of
    the label on its outgoing wires, for which there is room between the columns. lane: the width
    of the lane of a wire that passes a column.

    Where the data flow down, exchange width and height, and x and y of the result.
    """
    sizes, labels = sizes or {}, labels or {}
    placed: dict[str, Position] = {}
    top = 0.0
    for part in _parts(design):
        places = _Part(part, design, sizes, lane).places(labels)
        shift = top - min(y for _, y in places.values())
        placed |= {name: (x, on_grid(y + shift)) for name, (x, y) in places.items()}
        top = max(placed[name][1] + _height(sizes, name) for name in places) + 2 * ROW_GAP
    return placed


def _height(sizes: Mapping[str, Size], name: str) -> float:
    return sizes[name][1] if name in sizes else float(NODE_HEIGHT)


class _Wired(NamedTuple):
    """Nodes that hang together, in the order of addition, and the wires that join them."""

    nodes: list[str]
    wires: list[Wire]


def _parts(design: Design | Flow) -> list[_Wired]:
    """The connected parts of a design, without the wires that close a cycle."""
    arrows = dict.fromkeys(wire[:2] for wire in design.wires if wire.source != wire.target)
    for arrow in Adjacency(design.nodes, arrows).closing_arrows():
        del arrows[arrow]
    parts = Adjacency(design.nodes, arrows).parts()
    number = {name: index for index, part in enumerate(parts) for name in part}
    found = [_Wired([], []) for _ in parts]
    for name in design.nodes:
        found[number[name]].nodes.append(name)
    for wire in design.wires:
        if wire[:2] in arrows:
            found[number[wire.source]].wires.append(wire)
    return found


class _Part:
    """One connected part of the design while it is laid out."""

    def __init__(
        self,
        part: _Wired,
        design: Design | Flow,
        sizes: Mapping[str, Size],
        lane: float,
    ) -> None:
        self.sizes, self.lane = sizes, lane
        arrows = (wire[:2] for wire in part.wires)
        generations = Adjacency(part.nodes, arrows).generations()
        self.columns = [list[Place](names) for names in generations]
        self.before: dict[Place, list[tuple[Place, float]]] = {}
        self.after: dict[Place, list[tuple[Place, float]]] = {}
        column = {name: i for i, names in enumerate(self.columns) for name in names}
        passed = sum(column[wire.target] - column[wire.source] - 1 for wire in part.wires)
        self.has_lanes = passed <= MAX_LANES
        for wire in part.wires:
            self._thread(wire, column, design.inputs_of(wire.target))

    def _thread(self, wire: Wire, column: Mapping[Place, int], entering: list[Wire]) -> None:
        """A wire as steps from column to column; lanes are made where it passes one. entering: all
        wires into its target, in the order of the ports."""
        source, target = wire[:2]
        here: Place = source
        for index in range(column[source] + 1, column[target]) if self.has_lanes else ():
            lane: Place = (source, target, wire.port, index)
            self.columns[index].append(lane)
            self._step(here, lane, 0.0)
            here = lane
        number, count = entering.index(wire) + 1, len(entering)
        self._step(here, target, number / (count + 1) - 0.5)

    def _step(self, here: Place, there: Place, entry: float) -> None:
        self.after.setdefault(here, []).append((there, entry))
        self.before.setdefault(there, []).append((here, -entry))

    def places(self, labels: Mapping[str, float]) -> dict[str, Position]:
        self._sort()
        tops = self._tops()
        places: dict[str, Position] = {}
        x = 0.0
        for column in self.columns:
            names = [place for place in column if isinstance(place, str)]
            places |= {name: (x, tops[name]) for name in names}
            width = max((self.sizes.get(name, (NODE_WIDTH, 0))[0] for name in names), default=0)
            label = max((labels.get(_source(place), 0.0) for place in column), default=0.0)
            x = on_grid(x + width + max(COLUMN_GAP, label + LABEL_MARGIN))
        return places

    def _sort(self) -> None:
        best, fewest = [list(c) for c in self.columns], self._crossings()
        at = self._ranks()
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            neighbors = self.before if forward else self.after
            for column in self.columns if forward else reversed(self.columns):
                self._sort_column(column, neighbors, at)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(c) for c in self.columns], crossings
        self.columns = best

    def _sort_column(
        self,
        column: list[Place],
        neighbors: Mapping[Place, list[tuple[Place, float]]],
        at: dict[Place, int],
    ) -> None:
        """at: the rank of every place in its column, which is kept up to date."""

        def middle(place: Place) -> float:
            around = sorted(at[other] + entry for other, entry in neighbors.get(place, []))
            return sum(around) / len(around) if around else at[place]

        column.sort(key=middle)
        at.update((place, rank) for rank, place in enumerate(column))

    def _ranks(self) -> dict[Place, int]:
        return {place: rank for column in self.columns for rank, place in enumerate(column)}

    def _crossings(self) -> int:
        at, total = self._ranks(), 0
        for column in self.columns:
            ends = [
                (at[here], at[there] + entry)
                for here in column
                for there, entry in self.after.get(here, [])
            ]
            total += _inversions([end for _, end in sorted(ends)])
        return total

    def _tops(self) -> dict[Place, float]:
        tops: dict[Place, float] = {}
        for column in self.columns:
            self._settle(column, self.before, tops)
        for column in reversed(self.columns):
            self._settle(column, self.after, tops)
        for column in self.columns:
            self._settle(column, self.before, tops)
        return tops

    def _settle(
        self,
        column: list[Place],
        neighbors: Mapping[Place, list[tuple[Place, float]]],
        tops: dict[Place, float],
    ) -> None:
        """Put a column's places next to their neighbors, in order and without overlap."""
        wishes = [self._wish(place, neighbors, tops) for place in column]
        weights = [100.0 if isinstance(place, str) else 1.0 for place in column]
        offsets = [0.0]
        for place in column[:-1]:
            offsets.append(offsets[-1] + self._room(place))
        free = [wish - offset for wish, offset in zip(wishes, offsets, strict=True)]
        for place, value, offset in zip(column, _rising(free, weights), offsets, strict=True):
            tops[place] = value + offset

    def _room(self, place: Place) -> float:
        if isinstance(place, str):
            return _height(self.sizes, place) + ROW_GAP
        return self.lane

    def _wish(
        self,
        place: Place,
        neighbors: Mapping[Place, list[tuple[Place, float]]],
        tops: Mapping[Place, float],
    ) -> float:
        near = [other for other, _ in neighbors.get(place, []) if other in tops]
        nodes = [other for other in near if isinstance(other, str)] or near
        if not nodes:
            return tops.get(place, 0.0)
        return sum(tops[other] for other in nodes) / len(nodes)


def _source(place: Place) -> str:
    return place if isinstance(place, str) else place[0]


def _inversions(values: Sequence[float]) -> int:
    """How many pairs stand in the wrong order."""
    seen: list[float] = []
    total = 0
    for value in values:
        total += len(seen) - bisect.bisect_right(seen, value)
        bisect.insort(seen, value)
    return total


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The non-decreasing numbers nearest to `values` in weighted squares (pool adjacent
    violators)."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, count
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, wa, na), (b, wb, nb) = pools[-2:]
            pools[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    return [mean for mean, _, count in pools for _ in range(count)]
