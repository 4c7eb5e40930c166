"""Adjacency against networkx, over random graphs with and without cycles."""

from graphlib import CycleError
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from engine.design import Adjacency

SEEDS = range(40)


def random_graph(seed: int, forward: bool) -> tuple[Adjacency, nx.DiGraph]:
    """The same graph twice; forward: without cycles, but not in the order of addition."""
    rng = np.random.default_rng(seed)
    names = [f"n{index}" for index in range(9)]
    position = rng.permutation(9)
    pairs = [tuple(map(int, pair)) for pair in rng.integers(0, 9, (rng.integers(0, 16), 2))]
    if forward:
        pairs = [(a, b) for a, b in pairs if position[a] < position[b]]
    arrows = [(names[a], names[b]) for a, b in pairs]
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(arrows)
    return Adjacency(names, arrows), graph


@pytest.mark.parametrize("seed", SEEDS)
def test_order_and_generations_are_those_of_networkx(seed):
    adjacency, graph = random_graph(seed, forward=True)
    rank = {name: index for index, name in enumerate(graph)}
    ordered = nx.lexicographical_topological_sort(graph, key=rank.__getitem__)
    assert adjacency.order() == list(ordered)
    generations = [sorted(each) for each in nx.topological_generations(graph)]
    assert adjacency.generations() == generations
    assert adjacency.cycle() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_neighbors_descendants_and_parts_are_those_of_networkx(seed):
    adjacency, graph = random_graph(seed, forward=False)
    for name in graph:
        assert adjacency.after(name) == list(graph.successors(name))
        assert adjacency.before(name) == list(graph.predecessors(name))
        assert adjacency.descendants(name) == nx.descendants(graph, name)
    assert adjacency.parts() == list(nx.weakly_connected_components(graph))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_called_a_cycle_is_one(seed):
    adjacency, graph = random_graph(seed, forward=False)
    cycle = adjacency.cycle()
    assert bool(cycle) == (not nx.is_directed_acyclic_graph(graph))
    assert all(graph.has_edge(*arrow) for arrow in zip(cycle, cycle[1:] + cycle[:1], strict=True))
    if cycle:
        assert cycle == [edge[0] for edge in nx.find_cycle(graph)]
        with pytest.raises(CycleError):
            adjacency.order()
        with pytest.raises(CycleError):
            adjacency.generations()


@pytest.mark.parametrize("seed", SEEDS)
def test_without_the_arrows_that_close_cycles_there_are_none(seed):
    _, graph = random_graph(seed, forward=False)
    expected, left = [], graph.copy()
    while cycle := Adjacency(left, left.edges).cycle():
        expected.append((cycle[-1], cycle[0]))
        left.remove_edge(*expected[-1])
    assert Adjacency(graph, graph.edges).closing_arrows() == expected


class CountedNode(str):
    """A name that counts how often it is compared with another one."""

    comparisons = 0

    def __eq__(self, other):
        CountedNode.comparisons += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("backwards", [False, True])
def test_a_long_chain_is_searched_for_cycles_once(backwards):
    names = [CountedNode(f"n{index}") for index in range(2_000)]
    arrows = list(pairwise(names))
    CountedNode.comparisons = 0
    adjacency = Adjacency(reversed(names) if backwards else names, arrows)
    assert adjacency.cycle() == [] == adjacency.closing_arrows()
    assert CountedNode.comparisons < 20 * len(names)
