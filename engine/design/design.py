"""The design: named layers and the wires between them, as a frozen value with pure edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.design.adjacency import Adjacency
from engine.errors import DesignError
from engine.layers import Layer

if TYPE_CHECKING:
    import networkx as nx

MAX_NAME_LENGTH = 60


class Wire(NamedTuple):
    """The output of node `source` enters node `target` at its input `port` (0, 1, ...)."""

    source: str
    target: str
    port: int = 0


@dataclass(frozen=True, eq=False)
class Design:
    """A graph of layers. Every edit returns a new Design that shares the unchanged layers.

    nodes: name -> layer, in the order in which they were added.
    wires: sorted by target and port. A design may be unfinished or wrong; `check` says how.
    """

    nodes: Mapping[str, Layer] = field(default_factory=dict)
    wires: tuple[Wire, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", MappingProxyType(dict(self.nodes)))
        wires = sorted((Wire(*wire) for wire in self.wires), key=lambda w: (w.target, w.port))
        object.__setattr__(self, "wires", tuple(wires))
        for name in self.nodes:
            _check_name(name)
        taken: set[tuple[str, int]] = set()
        for wire in self.wires:
            for end in (wire.source, wire.target):
                self._need(end)
            if not isinstance(wire.port, int) or wire.port < 0:
                raise DesignError(f"'{wire.target}' has no input {wire.port}; they count from 0.")
            if (wire.target, wire.port) in taken:
                raise DesignError(f"Input {wire.port} of '{wire.target}' has two wires.")
            taken.add((wire.target, wire.port))

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
        import networkx as nx  # noqa: PLC0415 - 0.1 s that only those who ask for it should wait

        graph = nx.MultiDiGraph()
        for name, layer in self.nodes.items():
            graph.add_node(name, layer=layer)
        for wire in self.wires:
            graph.add_edge(wire.source, wire.target, key=wire.port)
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

    def free_port(self, target: str) -> int:
        """The first input of a node without a wire (which may lie beyond its last)."""
        taken = {wire.port for wire in self.inputs_of(target)}
        return next(port for port in range(len(taken) + 1) if port not in taken)

    def add(self, name: str, layer: Layer) -> Design:
        """With a new node. Raises DesignError if the name is taken or unfit."""
        if name in self.nodes:
            raise DesignError(f"There is already a layer named '{name}'.", node=name)
        return Design({**self.nodes, name: layer}, self.wires)

    def replace(self, name: str, layer: Layer) -> Design:
        """With another layer under the same name and the same wires."""
        self._need(name)
        return Design({**self.nodes, name: layer}, self.wires)

    def edit(self, name: str, **fields: Any) -> Design:
        """With some fields of one layer changed. Raises SpecError for a bad value."""
        self._need(name)
        return self.replace(name, self.nodes[name].replace(**fields))

    def rename(self, old: str, new: str) -> Design:
        """With one node renamed, in place."""
        self._need(old)
        if new != old and new in self.nodes:
            raise DesignError(f"There is already a layer named '{new}'.", node=old)
        nodes = {new if name == old else name: layer for name, layer in self.nodes.items()}
        ends = {old: new}
        wires = (Wire(ends.get(s, s), ends.get(t, t), port) for s, t, port in self.wires)
        return Design(nodes, tuple(wires))

    def remove(self, names: Iterable[str]) -> Design:
        """Without these nodes and their wires; later inputs of a merge move up."""
        gone = set(names)
        for name in gone:
            self._need(name)
        nodes = {name: layer for name, layer in self.nodes.items() if name not in gone}
        kept = [w for w in self.wires if w.source not in gone and w.target not in gone]
        return Design(nodes, _without_gaps(kept))

    def connect(self, source: str, target: str, port: int | None = None) -> Design:
        """With a wire added; port None takes the first free input."""
        self._need(source)
        port = self.free_port(target) if port is None else port
        return Design(self.nodes, (*self.wires, Wire(source, target, port)))

    def disconnect(self, wires: Iterable[Wire]) -> Design:
        """Without these wires; later inputs of a merge move up."""
        gone = set(wires)
        return Design(self.nodes, _without_gaps([w for w in self.wires if w not in gone]))

    def _need(self, name: str) -> None:
        if name not in self.nodes:
            raise DesignError(f"There is no layer named '{name}'.")


def _without_gaps(wires: list[Wire]) -> tuple[Wire, ...]:
    used: dict[str, int] = {}
    packed = []
    for wire in sorted(wires, key=lambda w: (w.target, w.port)):
        port = used.get(wire.target, 0)
        used[wire.target] = port + 1
        packed.append(wire._replace(port=port))
    return tuple(packed)


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME_LENGTH:
        raise DesignError(f"A layer's name must have 1 to {MAX_NAME_LENGTH} characters.")
    if "." in name or not name.isprintable() or name != name.strip():
        raise DesignError(
            f"The name {name!r} must not contain a dot, a line break or spaces at its ends.",
            hint="Parameters are named '<layer>.<parameter>'.",
        )
