"""Adjacency: which node leads to which, and the order and cycles that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from heapq import heappop, heappush


class Adjacency:
    """Nodes and the arrows between them; parallel arrows count once.

    nodes: all of them, in the order of addition. Each list of neighbors is in the order in which
    the arrows were given.
    """

    def __init__(self, nodes: Iterable[str], arrows: Iterable[tuple[str, str]]) -> None:
        """arrows: pairs (source, target) of nodes."""
        self._after: dict[str, dict[str, None]] = {name: {} for name in nodes}
        self._before: dict[str, dict[str, None]] = {name: {} for name in self._after}
        for source, target in arrows:
            self._after[source][target] = None
            self._before[target][source] = None

    def after(self, name: str) -> list[str]:
        """The nodes that this one leads to."""
        return list(self._after[name])

    def before(self, name: str) -> list[str]:
        """The nodes that lead to this one."""
        return list(self._before[name])

    def descendants(self, name: str) -> set[str]:
        """All nodes that can be reached from this one, which is not among them."""
        return _reached(self._after, name) - {name}

    def order(self) -> list[str]:
        """Sorted so that every arrow points forward; ties keep the order of addition.

        Raises graphlib.CycleError.
        """
        rank = {name: index for index, name in enumerate(self._after)}
        sorter, ready, order = self._sorter(), list[tuple[int, str]](), list[str]()
        while sorter.is_active():
            for name in sorter.get_ready():
                heappush(ready, (rank[name], name))
            order.append(heappop(ready)[1])
            sorter.done(order[-1])
        return order

    def generations(self) -> list[list[str]]:
        """The nodes without an arrow into them, then those that only the first ones lead to...

        Each generation is in the order of addition. Raises graphlib.CycleError.
        """
        rank = {name: index for index, name in enumerate(self._after)}
        sorter, generations = self._sorter(), list[list[str]]()
        while sorter.is_active():
            generations.append(sorted(sorter.get_ready(), key=rank.__getitem__))
            sorter.done(*generations[-1])
        return generations

    def cycle(self) -> list[str]:
        """The nodes of the first cycle that a depth-first search from the first nodes finds, or an
        empty list. The arrow from the last node back to the first one closes it."""
        for path, first in self._backward():
            way = list(path)
            return way[way.index(first) :]
        return []

    def closing_arrows(self) -> list[tuple[str, str]]:
        """The arrows that close cycles, in the order in which that search finds them."""
        return [(next(reversed(path)), first) for path, first in self._backward()]

    def parts(self) -> list[set[str]]:
        """The connected components, ignoring the direction of the arrows; ordered by their first
        nodes."""
        both = {name: {**self._after[name], **self._before[name]} for name in self._after}
        parts, seen = list[set[str]](), set[str]()
        for name in both:
            if name not in seen:
                parts.append(_reached(both, name) | {name})
                seen |= parts[-1]
        return parts

    def _sorter(self) -> TopologicalSorter[str]:
        sorter = TopologicalSorter(self._before)
        sorter.prepare()
        return sorter

    def _backward(self) -> Iterator[tuple[dict[str, None], str]]:
        """The arrows that lead back in one depth-first search over all nodes: the path to each, and
        the node that it leads to. A path is valid until the next one is requested."""
        seen = set[str]()
        for start in self._after:
            path = {start: None} if start not in seen else {}
            ways = [iter(self._after[name]) for name in path]
            seen.add(start)
            while path:
                name = next(ways[-1], None)
                if name is None:
                    path.popitem()
                    ways.pop()
                elif name in path:
                    yield path, name
                elif name not in seen:
                    seen.add(name)
                    path[name] = None
                    ways.append(iter(self._after[name]))


def _reached(neighbors: Mapping[str, Mapping[str, None]], start: str) -> set[str]:
    """All nodes that can be reached from the start; the start only if a path leads back to it."""
    reached, waiting = set[str](), [iter(neighbors[start])]
    while waiting:
        for name in waiting.pop():
            if name not in reached:
                reached.add(name)
                waiting.append(iter(neighbors[name]))
    return reached
