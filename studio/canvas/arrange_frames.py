"""Automatic layout with open groups: the layers of each stay together in their frame.

Each open group is arranged for itself and then takes part as one large node, so that nobody else
ever stands in its frame. All that stands beside it is in line with the layer that it begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import Design, Wire
from engine.layers.ports import numbered_port
from engine.project import Position, Project
from studio.canvas.arrange import Size, arrange
from studio.canvas.blocks import Blocks, Flow
from studio.canvas.frame_item import border

FRAME_MARK = "["
"""A frame takes part under this and its name; no block has such a key."""


@dataclass(frozen=True)
class GroupFrame:
    """An open group: the blocks in it, those of frames in it too, the frame around it or "", and
    how much room its border takes before and behind them: (along the flow, across)."""

    blocks: Sequence[str]
    parent: str
    before: Size
    behind: Size


@dataclass(frozen=True)
class _Laid:
    """What is in a frame, seen from the corner of its blocks. entry: how far across the first of
    them stands."""

    places: Mapping[str, Position]
    size: Size
    entry: float


class _Arranger:
    """Arranges one level of frames after another, from within."""

    def __init__(
        self,
        graph: Design | Flow,
        frames: Mapping[str, GroupFrame],
        sizes: Mapping[str, Size],
        labels: Mapping[str, float],
        lane: float,
    ) -> None:
        self.graph, self.frames = graph, frames
        self.sizes, self.labels, self.lane = sizes, labels, lane

    def lay(self, name: str, blocks: Sequence[str]) -> _Laid:
        """What is in a frame, or, for "", on the whole canvas."""
        inner = {
            FRAME_MARK + child: self.lay(child, frame.blocks)
            for child, frame in self.frames.items()
            if frame.parent == name
        }
        unit_of = {block: block for block in blocks}
        for unit, laid in inner.items():
            unit_of |= dict.fromkeys(laid.places, unit)
        units = list(dict.fromkeys(unit_of.values()))
        pads = [self._frame(unit).before[1] + laid.entry for unit, laid in inner.items()]
        pad = max(pads, default=0.0)
        room = {unit: self._room(unit, inner.get(unit), pad) for unit in units}
        labels = {**self.labels, **{unit: self._widest_label(inner[unit]) for unit in inner}}
        placed = arrange(self._between(units, unit_of), room, labels, self.lane)
        places: dict[str, Position] = {}
        for unit, (x, y) in placed.items():
            places |= self._spread(unit, inner.get(unit), x, y + pad)
        return self._from_corner(places)

    def _frame(self, unit: str) -> GroupFrame:
        return self.frames[unit.removeprefix(FRAME_MARK)]

    def _widest_label(self, laid: _Laid) -> float:
        return max((self.labels.get(block, 0.0) for block in laid.places), default=0.0)

    def _room(self, unit: str, laid: _Laid | None, pad: float) -> Size:
        """What a block or a frame takes, with the room that keeps all of them in line."""
        if laid is None:
            along, across = self.sizes[unit]
            return along, across + pad
        frame = self._frame(unit)
        along = frame.before[0] + laid.size[0] + frame.behind[0]
        return along, pad - laid.entry + laid.size[1] + frame.behind[1]

    def _spread(self, unit: str, laid: _Laid | None, x: float, y: float) -> dict[str, Position]:
        """The place of a block, or those of all blocks in a frame."""
        if laid is None:
            return {unit: (x, y)}
        left, top = x + self._frame(unit).before[0], y - laid.entry
        return {block: (left + dx, top + dy) for block, (dx, dy) in laid.places.items()}

    def _between(self, units: Sequence[str], unit_of: Mapping[str, str]) -> Flow:
        """The wires between different units, the inputs of each frame recounted."""
        wires: list[Wire] = []
        taken: dict[str, int] = {}
        for wire in self.graph.wires:
            start, end = unit_of.get(wire.source), unit_of.get(wire.target)
            if start is None or end is None or start == end:
                continue
            taken[end] = taken.get(end, 0) + 1
            port = wire.port if end == wire.target else numbered_port(taken[end])
            wires.append(Wire(start, end, port))
        return Flow(dict.fromkeys(units), tuple(wires))

    def _from_corner(self, places: Mapping[str, Position]) -> _Laid:
        left, top = (min((at[axis] for at in places.values()), default=0.0) for axis in (0, 1))
        moved = {block: (x - left, y - top) for block, (x, y) in places.items()}
        far = [(x + self.sizes[b][0], y + self.sizes[b][1]) for b, (x, y) in moved.items()]
        size = tuple(max((at[axis] for at in far), default=0.0) for axis in (0, 1))
        first = min(moved, key=lambda block: moved[block][0], default="")
        return _Laid(moved, (size[0], size[1]), moved[first][1] if moved else 0.0)


def arrange_framed(
    graph: Design | Flow,
    frames: Mapping[str, GroupFrame],
    sizes: Mapping[str, Size],
    labels: Mapping[str, float],
    lane: float,
) -> dict[str, Position]:
    """As `arrange`, with the blocks of each frame together."""
    return dict(_Arranger(graph, frames, sizes, labels, lane).lay("", list(graph.nodes)).places)


def framed(project: Project, blocks: Blocks, down: bool) -> dict[str, GroupFrame]:
    """The open groups of a project. down: whether the data flow down."""
    parents = {group.name: group.parent for group in project.groups}
    frames = {}
    for name, keys in blocks.frames.items():
        margin, above = border(blocks.levels[name])
        before = (above, margin) if down else (margin, above)
        frames[name] = GroupFrame(keys, parents[name], before, (margin, margin))
    return frames
