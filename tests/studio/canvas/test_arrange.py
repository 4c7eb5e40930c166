"""The layout as a pure function."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import Design, Wire
from engine.layers.ports import numbered_port
from studio.canvas.arrange import arrange
from studio.canvas.dimensions import NODE_HEIGHT, NODE_WIDTH


def dense(names):
    return {name: engine.Dense(units=4) for name in names}


def overlap(a, b, height=NODE_HEIGHT):
    return abs(a[0] - b[0]) < NODE_WIDTH and abs(a[1] - b[1]) < height


def test_nothing_needs_no_place():
    assert arrange(Design()) == {}


def test_a_chain_is_a_straight_row():
    places = arrange(Design(dense("abcd"), (Wire("a", "b"), Wire("b", "c"), Wire("c", "d"))))
    assert {y for _, y in places.values()} == {0.0}
    assert [places[name][0] for name in "abcd"] == sorted(x for x, _ in places.values())


def test_a_skip_leaves_the_main_path_straight():
    nodes = dense("abc") | {"sum": engine.Add()}
    wires = (Wire("a", "b"), Wire("b", "c"), Wire("c", "sum"), Wire("a", "sum", "in2"))
    places = arrange(Design(nodes, wires))
    assert len({y for _, y in places.values()}) == 1


def test_branches_stand_around_what_feeds_them():
    nodes = dense("abcd") | {"sum": engine.Add()}
    wires = [Wire("a", name) for name in "bcd"]
    wires += [Wire(name, "sum", port) for port, name in zip(engine.Add.inputs, "bcd", strict=False)]
    places = arrange(Design(nodes, tuple(wires)))
    assert places["b"][1] < places["c"][1] < places["d"][1]
    assert places["a"][1] == places["c"][1] == places["sum"][1]


def test_two_crossed_branches_are_uncrossed():
    wires = (Wire("a", "d"), Wire("b", "c"), Wire("a", "e"), Wire("e", "f"), Wire("d", "f", "in2"))
    places = arrange(Design(dense("abcdef"), (*wires, Wire("c", "f", "in3"))))
    above = places["a"][1] < places["b"][1]
    assert (places["d"][1] < places["c"][1]) == above


def test_there_is_room_for_wide_labels():
    design = Design(dense("ab"), (Wire("a", "b"),))
    near, far = arrange(design), arrange(design, labels={"a": 200.0})
    assert far["b"][0] - NODE_WIDTH >= 200 and near["b"][0] < far["b"][0]


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 12))
    names = [f"n{index}" for index in range(count)]
    pairs = draw(st.sets(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=24))
    wires, used = [], {}
    for source, target in sorted(pairs):
        used[target] = used.get(target, 0) + 1
        wires.append(Wire(names[source], names[target], numbered_port(used[target])))
    return Design({name: engine.Add() for name in names}, tuple(wires))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_node_has_a_place_of_its_own_and_wires_point_right(design):
    places = arrange(design)
    assert set(places) == set(design.nodes)
    names = list(places)
    assert not any(
        overlap(places[a], places[b]) for i, a in enumerate(names) for b in names[i + 1 :]
    )
    if nx.is_directed_acyclic_graph(design.graph):
        assert all(places[w.source][0] < places[w.target][0] for w in design.wires)
    assert places == arrange(design)
