"""The design: named layers and the wires between them, as a frozen value with pure edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.design.adjacency import Adjacency
from engine.errors import DesignError, check_count
from engine.layers import Layer
from engine.layers.ports import Ports
from engine.layers.references import redirected, references
from engine.limits import MAX_NAME_LENGTH, MAX_NODES, MAX_PORT, MAX_WIRES

if TYPE_CHECKING:
    import networkx as nx

NUMBERED_PORT = re.compile(r"\D*0*(\d+)")
"""A port such as in2 or out3."""


class Wire(NamedTuple):
    """The output `out` of node `source` enters node `target` at its input `port`."""

    source: str
    target: str
    port: str = "in"
    out: str = "out"


@dataclass(frozen=True, eq=False)
class Design:
    """A graph of layers. Every edit returns a new Design that shares the unchanged layers.

    nodes: name -> layer, in the order in which they were added.
    wires: sorted by target and port, in the order of its ports. A design may be unfinished or
    wrong; `check` says how.
    """

    nodes: Mapping[str, Layer] = field(default_factory=dict)
    wires: tuple[Wire, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", MappingProxyType(dict(self.nodes)))
        check_count(self.nodes, MAX_NODES, "layers")
        check_count(self.wires, MAX_WIRES, "wires")
        for name in self.nodes:
            _check_name(name)
        wires = [Wire(*wire) for wire in self.wires]
        taken: set[tuple[str, str]] = set()
        for wire in wires:
            _check_wire(wire)
            for end in (wire.source, wire.target):
                self._need(end)
            if (wire.target, wire.port) in taken:
                raise DesignError(f"Input '{wire.port}' of '{wire.target}' has two wires.")
            taken.add((wire.target, wire.port))
        wires.sort(key=lambda w: (w.target, self.nodes[w.target].inputs.place(w.port)))
        object.__setattr__(self, "wires", tuple(wires))

    @classmethod
    def sequential(cls, layers: Sequence[Layer], names: Sequence[str] | None = None) -> Design:
        """A chain of layers, each wired to the next; names are made up where none are given."""
        if names is not None and len(names) != len(layers):
            raise DesignError(f"There are {len(layers)} layers, but {len(names)} names.")
        design = cls()
        previous = None
        for index, layer in enumerate(layers):
            name = names[index] if names else design.free_name(layer.kind)
            design = design.add(name, layer)
            if previous is not None:
                design = design.connect(previous, name)
            previous = name
        return design

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Design):
            return NotImplemented
        return self is other or (
            list(self.nodes.items()) == list(other.nodes.items()) and self.wires == other.wires
        )

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def graph(self) -> nx.MultiDiGraph:
        """The design as a networkx graph: layers under "layer", ports as edge keys."""
        import networkx as nx  # noqa: PLC0415 - takes 0.1 s, and few need it

        graph = nx.MultiDiGraph()
        for name, layer in self.nodes.items():
            graph.add_node(name, layer=layer)
        for wire in self.wires:
            graph.add_edge(wire.source, wire.target, key=wire.port, out=wire.out)
        return graph

    @cached_property
    def adjacency(self) -> Adjacency:
        """Which node leads to which."""
        return Adjacency(self.nodes, (wire[:2] for wire in self.wires))

    @cached_property
    def _incoming(self) -> dict[str, list[Wire]]:
        found: dict[str, list[Wire]] = {name: [] for name in self.nodes}
        for wire in self.wires:
            found[wire.target].append(wire)
        return found

    @cached_property
    def _outgoing(self) -> dict[str, list[Wire]]:
        found: dict[str, list[Wire]] = {name: [] for name in self.nodes}
        for wire in self.wires:
            found[wire.source].append(wire)
        return found

    def inputs_of(self, name: str) -> list[Wire]:
        """Wires into a node, by port."""
        self._need(name)
        return self._incoming[name]

    def outputs_of(self, name: str) -> list[Wire]:
        """Wires out of a node."""
        self._need(name)
        return self._outgoing[name]

    def of_type(self, layer: type[Layer]) -> list[str]:
        """Names of the nodes that hold a layer of this class."""
        return [name for name, spec in self.nodes.items() if isinstance(spec, layer)]

    def order(self) -> list[str]:
        """Nodes sorted so that every wire points forward; ties keep the order of addition."""
        try:
            return self.adjacency.order()
        except CycleError:
            names = ", ".join(f"'{name}'" for name in self.cycle())
            raise DesignError(
                f"The layers {names} form a cycle.", hint="Remove one of their wires."
            ) from None

    def cycle(self) -> list[str]:
        """Nodes of one cycle, or an empty list."""
        return self.adjacency.cycle()

    def free_name(self, stem: str) -> str:
        """The first of "stem", "stem 2", "stem 3"... that is not taken."""
        candidates: Iterator[str] = (f"{stem} {n}" if n > 1 else stem for n in range(1, 10**6))
        return next(name for name in candidates if name not in self.nodes)

    def free_port(self, target: str) -> str:
        """The first input of a node that has no wire (for a merge layer, maybe a new one)."""
        taken = {wire.port for wire in self.inputs_of(target)}
        return self.nodes[target].inputs.free(taken)

    def add(self, name: str, layer: Layer) -> Design:
        """With a new node. Raises DesignError if the name is taken or invalid."""
        if name in self.nodes:
            raise DesignError(f"There is already a layer named '{name}'.", node=name)
        return Design({**self.nodes, name: layer}, self.wires)

    def replace(self, name: str, layer: Layer) -> Design:
        """With another layer under the same name and the same wires.

        A wire whose port the new layer lacks moves to its first free port, if there is one.
        """
        self._need(name)
        ports = _renamed(layer.inputs, [wire.port for wire in self.inputs_of(name)])
        wires = []
        for wire in self.wires:
            if wire.target == name:
                wire = wire._replace(port=ports[wire.port])  # noqa: PLW2901
            if wire.source == name and layer.outputs and wire.out not in layer.outputs:
                wire = wire._replace(out=layer.outputs.names[0])  # noqa: PLW2901
            wires.append(wire)
        return Design({**self.nodes, name: layer}, tuple(wires))

    def edit(self, name: str, **fields: Any) -> Design:
        """With some fields of one layer changed. Raises SpecError for a bad value."""
        self._need(name)
        return self.replace(name, self.nodes[name].replace(**fields))

    def rename(self, old: str, new: str) -> Design:
        """With one node renamed; layers that refer to it follow."""
        self._need(old)
        if new != old and new in self.nodes:
            raise DesignError(f"There is already a layer named '{new}'.", node=old)
        ends = {old: new}
        nodes = {ends.get(n, n): redirected(layer, ends) for n, layer in self.nodes.items()}
        wires = (Wire(ends.get(w[0], w[0]), ends.get(w[1], w[1]), *w[2:]) for w in self.wires)
        return Design(nodes, tuple(wires))

    def remove(self, names: Iterable[str]) -> Design:
        """Without these nodes and their wires; no other wire moves.

        If layers refer to a removed node, the first of them becomes independent, and the others
        refer to it.
        """
        gone = set(names)
        for name in gone:
            self._need(name)
        nodes = _without(self.nodes, gone)
        kept = [w for w in self.wires if w.source not in gone and w.target not in gone]
        return Design(nodes, tuple(kept))

    def connect(
        self, source: str, target: str, port: str | None = None, out: str = "out"
    ) -> Design:
        """With a wire added; port None takes the first free input."""
        self._need(source)
        port = self.free_port(target) if port is None else port
        return Design(self.nodes, (*self.wires, Wire(source, target, port, out)))

    def disconnect(self, wires: Iterable[Wire]) -> Design:
        """Without these wires; no other wire moves."""
        gone = set(wires)
        return Design(self.nodes, tuple(w for w in self.wires if w not in gone))

    def _need(self, name: str) -> None:
        if name not in self.nodes:
            raise DesignError(f"There is no layer named '{name}'.")


def _without(nodes: Mapping[str, Layer], gone: set[str]) -> dict[str, Layer]:
    kept: dict[str, Layer] = {}
    heirs: dict[str, str] = {}  # of a node that is gone
    for name, layer in nodes.items():
        if name not in gone:
            lost = [node for node in references(layer).values() if node in gone]
            kept[name] = redirected(layer, {node: heirs.get(node) for node in lost})
            for node in lost:
                heirs.setdefault(node, name)
    return kept


def _renamed(ports: Ports, wired: Sequence[str]) -> dict[str, str]:
    """The port of another layer for each wired port: the same one, or else the first free one."""
    names = {port: port for port in wired if port in ports}
    for port in wired:
        if port not in names:
            names[port] = ports.free(set(names.values()))
    return names


def _check_wire(wire: Wire) -> None:
    for port in (wire.port, wire.out):
        if not isinstance(port, str) or not port:
            raise DesignError(
                f"The wire from '{wire.source}' to '{wire.target}' names the port {port!r}.",
                hint="Ports have names such as 'in', 'in2', and 'out'.",
            )
        number = NUMBERED_PORT.fullmatch(port)
        if len(port) > MAX_NAME_LENGTH or (number and int(number[1]) > MAX_PORT):
            raise DesignError(
                f"The wire from '{wire.source}' to '{wire.target}' names the port '{port:.70}'.",
                hint=f"Ports are numbered up to {MAX_PORT:,}.",
            )


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME_LENGTH:
        raise DesignError(f"A layer's name must have 1 to {MAX_NAME_LENGTH} characters.")
    if "." in name or not name.isprintable() or name != name.strip():
        raise DesignError(
            f"The name {name!r} must not contain a dot, a line break, or spaces at its ends.",
            hint="Parameters are named '<layer>.<parameter>'.",
        )
