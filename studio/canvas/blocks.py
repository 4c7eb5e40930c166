"""What the canvas shows of a project: its layers, and one block for each collapsed group.

A block has a key: a layer's name, or "." and a group's name; no layer has a dot in its name. A
block's ports are those of its layer, or the wires that cross the border of its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError

from engine import Design, DesignError, Wire
from engine.design import Adjacency
from engine.layers.ports import numbered_port
from engine.project import Project
from studio.canvas import grouping
from studio.canvas.port import Port

MARK = "."


def key_of(group: str) -> str:
    """The key of a group's block."""
    return MARK + group


def is_group(key: str) -> bool:
    """Whether a block is a group."""
    return key.startswith(MARK)


def title_of(key: str) -> str:
    """A block's name as people see it."""
    return key.removeprefix(MARK)


@dataclass(frozen=True)
class Flow:
    """The blocks and the wires between them, with the query methods of a Design."""

    nodes: Mapping[str, None]
    wires: tuple[Wire, ...]

    @cached_property
    def adjacency(self) -> Adjacency:
        """Which block leads to which."""
        return Adjacency(self.nodes, (wire[:2] for wire in self.wires))

    @cached_property
    def _incoming(self) -> dict[str, list[Wire]]:
        found: dict[str, list[Wire]] = {name: [] for name in self.nodes}
        for wire in self.wires:
            found[wire.target].append(wire)
        return found

    def inputs_of(self, name: str) -> list[Wire]:
        """Wires into a block."""
        return self._incoming[name]

    def order(self) -> list[str]:
        """Blocks sorted so that every wire points forward."""
        try:
            return self.adjacency.order()
        except CycleError:
            raise DesignError("The blocks form a cycle.") from None


@dataclass
class Sides:
    """The ports of a collapsed group, as (layer, port): each input that is fed from outside, and
    each output that leads outside. fed: the outputs outside, one for each input."""

    members: list[str]
    ins: list[tuple[str, str]] = field(default_factory=list)
    outs: list[tuple[str, str]] = field(default_factory=list)
    fed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def input_names(self) -> tuple[str, ...]:
        """What the group's inputs are called: in, in2, ..."""
        return tuple(numbered_port(number) for number in range(1, len(self.ins) + 1))

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the group's outputs are called: out, out2, ..."""
        return tuple("out" if k == 1 else f"out{k}" for k in range(1, len(self.outs) + 1))

    def input_of(self, end: tuple[str, str]) -> str:
        """The group's input that stands for one of a layer."""
        return self.input_names[self.ins.index(end)] if end in self.ins else "in"

    def output_of(self, end: tuple[str, str]) -> str:
        """The group's output that stands for one of a layer."""
        return self.output_names[self.outs.index(end)] if end in self.outs else "out"


class Blocks:
    """The blocks of one project.

    shown: their keys, in the order of the design. wires: those that do not run within one block.
    groups: the collapsed groups by key. frames: the open groups that are seen, with their blocks.
    levels: how many frames lie within each frame, one in the other.
    """

    def __init__(self, project: Project) -> None:
        design = project.design
        self.design = design
        self._block = _block_of_each(project)
        self.groups = {
            key: Sides([]) for node in design.nodes if is_group(key := self._block.get(node, node))
        }
        self.shown = list(dict.fromkeys(self.block_of(node) for node in design.nodes))
        self.wires = tuple(w for w in design.wires if self.block_of(w[0]) != self.block_of(w[1]))
        self._list_sides()
        self.frames = self._framed(project)
        self.levels = self._levels(project)

    def _list_sides(self) -> None:
        if not self.groups:
            return
        for node, key in self._block.items():
            self.groups[key].members.append(node)
        for source, target, port, out in self.wires:
            if source in self._block:
                outs = self.groups[self._block[source]].outs
                outs += [] if (source, out) in outs else [(source, out)]
            if target in self._block:
                sides = self.groups[self._block[target]]
                sides.ins.append((target, port))
                sides.fed.append((source, out))

    def _framed(self, project: Project) -> dict[str, list[str]]:
        groups, frames = grouping.by_name(project), {}
        for name in groups:
            if not any(groups[other].collapsed for other in grouping.way_up(groups, name)):
                nodes = grouping.all_nodes(project, name)
                frames[name] = list(dict.fromkeys(self.block_of(node) for node in nodes))
        return frames

    def _levels(self, project: Project) -> dict[str, int]:
        groups, levels = grouping.by_name(project), dict.fromkeys(self.frames, 0)
        for name in self.frames:
            for level, other in enumerate(grouping.way_up(groups, name)):
                levels[other] = max(levels[other], level)
        return levels

    @cached_property
    def flow(self) -> Design | Flow:
        """The wires between blocks, as a graph; the design itself where nothing is collapsed."""
        if not self.groups:
            return self.design
        wires = (self._between(wire) for wire in self.wires)
        return Flow(dict.fromkeys(self.shown), tuple(dict.fromkeys(wires)))

    def _between(self, wire: Wire) -> Wire:
        start, end = self.ends(wire)
        assert end.input is not None
        return Wire(start.node, end.node, end.input, start.out)

    def block_of(self, node: str) -> str:
        """The block that shows a layer."""
        return self._block.get(node, node)

    def members(self, key: str) -> list[str]:
        """The layers of a block."""
        return self.groups[key].members if key in self.groups else [key]

    def ends(self, wire: Wire) -> tuple[Port, Port]:
        """The ports of blocks that a wire is seen to join."""
        start = self.local(Port(wire.source, None, wire.out))
        return start, self.local(Port(wire.target, wire.port))

    def local(self, port: Port) -> Port:
        """The port of a block that stands for a port of a layer."""
        key = self.block_of(port.node)
        if key == port.node:
            return port
        sides = self.groups[key]
        if port.input is None:
            return Port(key, None, sides.output_of((port.node, port.out)))
        return Port(key, sides.input_of((port.node, port.input)))

    def real(self, port: Port) -> Port:
        """The port of a layer that a block's port stands for."""
        if port.node not in self.groups:
            return port
        sides = self.groups[port.node]
        if port.input is None:
            node, out = sides.outs[sides.output_names.index(port.out)]
            return Port(node, None, out)
        return Port(*sides.ins[sides.input_names.index(port.input)])

    def entry(self, key: str) -> str:
        """The layer that a wire to a block reaches first."""
        sides = self.groups.get(key)
        if sides is None:
            return key
        return sides.ins[0][0] if sides.ins else sides.members[0]

    def exit(self, key: str) -> str:
        """The layer by which a block leads on."""
        sides = self.groups.get(key)
        if sides is None:
            return key
        return sides.outs[0][0] if sides.outs else sides.members[-1]


def _block_of_each(project: Project) -> dict[str, str]:
    """Hidden layer -> the key of the outermost collapsed group around it."""
    if not any(group.collapsed for group in project.groups):
        return {}
    groups = grouping.by_name(project)
    found: dict[str, str] = {}
    for group in project.groups:
        outermost, name = "", group.name
        while name:
            outermost = name if groups[name].collapsed else outermost
            name = groups[name].parent
        if outermost:
            found |= dict.fromkeys(group.nodes, key_of(outermost))
    return {node: found[node] for node in project.design.nodes if node in found}
