"""Designs: edits return new values, and the graph is what the wires say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.design import Design, Wire
from engine.errors import DesignError, SpecError
from engine.layers import Add, Concatenate, Dense, Input, Linear, Output


@pytest.fixture
def residual():
    """x -> h1 -> h2 -> sum -> y, and h1 -> sum."""
    layers = [Input(features=2), Dense(units=3), Dense(units=3), Add(), Output(task="binary")]
    design = Design.sequential(layers, ["x", "h1", "h2", "sum", "y"])
    return design.connect("h1", "sum")


def test_a_chain_is_wired_in_order_and_named_by_kind():
    design = Design.sequential([Input(features=2), Dense(), Dense(), Output()])
    assert list(design.nodes) == ["input", "dense", "dense 2", "output"]
    assert design.wires == (
        Wire("input", "dense"),
        Wire("dense", "dense 2"),
        Wire("dense 2", "output"),
    )
    assert Design.sequential([]) == Design()


def test_a_chain_needs_as_many_names_as_layers():
    with pytest.raises(DesignError, match="There are 2 layers, but 1 names"):
        Design.sequential([Input(), Output()], ["x"])


def test_every_edit_returns_a_new_design_and_leaves_the_old_one(residual):
    before = Design(residual.nodes, residual.wires)
    edited = [
        residual.add("h3", Dense()),
        residual.replace("h1", Dense(units=9)),
        residual.edit("h1", units=9),
        residual.rename("h1", "first"),
        residual.remove(["h2"]),
        residual.connect("x", "sum"),
        residual.disconnect([Wire("h1", "h2")]),
    ]
    assert residual == before
    for design in edited:
        assert design != before
        assert design.nodes["x"] is residual.nodes["x"]


def test_a_design_cannot_be_changed_in_place(residual):
    with pytest.raises(TypeError):
        residual.nodes["x"] = Dense()
    with pytest.raises(AttributeError):
        residual.wires = ()
    with pytest.raises(TypeError, match="unhashable"):
        hash(residual)


def test_the_callers_dictionary_may_change_afterwards():
    nodes = {"x": Input(features=2)}
    design = Design(nodes)
    nodes["y"] = Output()
    assert list(design.nodes) == ["x"]


def test_equality_is_of_layers_wires_and_order(residual):
    same = Design(dict(residual.nodes), tuple(reversed(residual.wires)))
    assert same == residual
    assert residual.edit("h1", units=3) == residual
    assert residual.edit("h1", units=4) != residual
    assert Design(dict(reversed(residual.nodes.items())), residual.wires) != residual
    assert residual != "a design"


def test_wires_take_the_first_free_input(residual):
    assert residual.inputs_of("sum") == [Wire("h2", "sum"), Wire("h1", "sum", "in2")]
    assert residual.connect("x", "sum").inputs_of("sum")[2] == Wire("x", "sum", "in3")
    assert residual.free_port("sum") == "in3"
    assert residual.free_port("x") == "in"
    gap = Design(residual.nodes, (Wire("h2", "sum", "in2"),))
    assert gap.free_port("sum") == "in"
    assert residual.outputs_of("h1") == [Wire("h1", "h2"), Wire("h1", "sum", "in2")]
    assert residual.of_type(Dense) == ["h1", "h2"]


def test_a_source_may_feed_two_inputs_of_one_layer():
    design = Design.sequential([Input(features=2), Add()], ["x", "double"]).connect("x", "double")
    assert design.inputs_of("double") == [Wire("x", "double"), Wire("x", "double", "in2")]
    assert design.graph.number_of_edges("x", "double") == 2
    assert design.order() == ["x", "double"]


def test_removing_a_layer_takes_its_wires_and_moves_no_other(residual):
    design = residual.remove(["h2"])
    assert list(design.nodes) == ["x", "h1", "sum", "y"]
    assert design.inputs_of("sum") == [Wire("h1", "sum", "in2")]
    assert residual.remove(["h1", "h2"]).wires == (Wire("sum", "y"),)
    assert residual.remove(residual.nodes) == Design()


def test_removing_any_wire_moves_no_other(residual):
    for wire in residual.wires:
        left = residual.disconnect([wire])
        assert left.wires == tuple(other for other in residual.wires if other != wire)


def test_a_gap_is_filled_first_and_changes_no_order(residual):
    three = residual.connect("x", "sum").disconnect([Wire("h1", "sum", "in2")])
    assert [wire.port for wire in three.inputs_of("sum")] == ["in", "in3"]
    again = three.connect("h1", "sum")
    assert [wire.source for wire in again.inputs_of("sum")] == ["h2", "h1", "x"]


def test_ports_are_sorted_by_number_and_not_by_spelling():
    design = Design({"x": Input(features=2), "sum": Add()})
    for _ in range(11):
        design = design.connect("x", "sum")
    ports = [wire.port for wire in design.inputs_of("sum")]
    assert ports == ["in", *(f"in{number}" for number in range(2, 12))]


def test_another_layer_in_the_same_place_gets_the_wires_at_ports_that_it_has(residual):
    alone = residual.disconnect([Wire("h2", "sum")]).replace("sum", Dense(units=3))
    assert alone.inputs_of("sum") == [Wire("h1", "sum")]


def test_renaming_keeps_place_and_wires(residual):
    design = residual.rename("h1", "first")
    assert list(design.nodes) == ["x", "first", "h2", "sum", "y"]
    assert design.inputs_of("sum") == [Wire("h2", "sum"), Wire("first", "sum", "in2")]
    assert design.rename("first", "h1") == residual
    assert residual.rename("h1", "h1") == residual


def test_replacing_keeps_wires(residual):
    design = residual.replace("sum", Concatenate())
    assert design.wires == residual.wires
    assert design.nodes["sum"] == Concatenate()


def test_a_bad_value_is_refused_by_the_layer(residual):
    with pytest.raises(SpecError, match="units must be a whole number between 1 and 65536; got 0"):
        residual.edit("h1", units=0)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda d: d.add("h1", Dense()), "There is already a layer named 'h1'."),
        (lambda d: d.rename("h1", "h2"), "There is already a layer named 'h2'."),
        (lambda d: d.rename("nope", "n"), "There is no layer named 'nope'."),
        (lambda d: d.replace("nope", Dense()), "There is no layer named 'nope'."),
        (lambda d: d.edit("nope", units=2), "There is no layer named 'nope'."),
        (lambda d: d.remove(["nope"]), "There is no layer named 'nope'."),
        (lambda d: d.inputs_of("nope"), "There is no layer named 'nope'."),
        (lambda d: d.outputs_of("nope"), "There is no layer named 'nope'."),
        (lambda d: d.connect("x", "nope"), "There is no layer named 'nope'."),
        (lambda d: d.connect("nope", "x"), "There is no layer named 'nope'."),
        (lambda d: d.connect("x", "sum", "in2"), "Input 'in2' of 'sum' has two wires."),
        (
            lambda d: d.connect("x", "sum", 1),
            "The wire from 'x' to 'sum' names the port 1. Ports have names such as 'in', 'in2', "
            "and 'out'.",
        ),
        (lambda d: Design(d.nodes, (Wire("a", "x"),)), "There is no layer named 'a'."),
    ],
)
def test_an_impossible_edit_is_refused_with_a_sentence(residual, edit, sentence):
    with pytest.raises(DesignError, match=f"^{re.escape(sentence)}$"):
        edit(residual)


@pytest.mark.parametrize("name", ["", "  ", "a.b", " a", "a ", "a\nb", "x" * 61, 7])
def test_a_name_that_parameters_could_not_carry_is_refused(name):
    with pytest.raises(DesignError, match="name"):
        Design().add(name, Dense())


@pytest.mark.parametrize("name", ["h", "Schicht 1", "層", "a/b", "x" * 60])
def test_any_other_name_is_welcome(name):
    assert list(Design().add(name, Dense()).nodes) == [name]


def test_free_names_count_from_two():
    design = Design().add("dense", Dense()).add("dense 2", Dense())
    assert (design.free_name("dense"), design.free_name("add")) == ("dense 3", "add")


def test_the_order_runs_along_the_wires_and_ties_follow_the_addition(residual):
    assert residual.order() == ["x", "h1", "h2", "sum", "y"]
    loose = Design(dict(reversed(residual.nodes.items())), residual.wires)
    assert loose.order() == ["x", "h1", "h2", "sum", "y"]
    assert Design({"b": Dense(), "a": Dense()}).order() == ["b", "a"]


def test_a_cycle_is_found_and_named():
    design = Design.sequential([Input(features=2), Add(), Linear(), Linear()], ["x", "a", "b", "c"])
    assert design.cycle() == []
    looped = design.connect("c", "a")
    assert sorted(looped.cycle()) == ["a", "b", "c"]
    with pytest.raises(DesignError, match=r"The layers '.', '.', '.' form a cycle\. Remove one"):
        looped.order()
    assert design.connect("a", "a").cycle() == ["a"]


def test_the_graph_carries_layers_and_ports(residual):
    assert residual.graph.nodes["h1"]["layer"] == Dense(units=3)
    assert residual.graph.has_edge("h1", "sum", key="in2")


names = st.sampled_from(["a", "b", "c", "d", "e"])
edits = st.lists(
    st.one_of(
        st.tuples(st.just("add"), names),
        st.tuples(st.just("remove"), names),
        st.tuples(st.just("rename"), names, names),
        st.tuples(st.just("connect"), names, names),
        st.tuples(st.just("disconnect"), names),
    ),
    max_size=20,
)


def _apply(design, what, name, other=None):
    if what == "add":
        return design.add(name, Add())
    if what == "remove":
        return design.remove([name])
    if what == "disconnect":
        return design.disconnect(design.inputs_of(name)[:1])
    return getattr(design, what)(name, other)


@given(edits)
def test_any_sequence_of_edits_leaves_wires_sorted(sequence):
    design = Design()
    for edit in sequence:
        before = (dict(design.nodes), design.wires)
        try:
            after = _apply(design, *edit)
        except DesignError:
            after = design
        assert (dict(design.nodes), design.wires) == before
        design = after
        for name in design.nodes:
            ports = [wire.port for wire in design.inputs_of(name)]
            assert ports == [port for port in Add.inputs if port in ports]
        targets = [wire.target for wire in design.wires]
        assert targets == sorted(targets)
        assert Design(design.nodes, design.wires) == design
        if not design.cycle():
            place = {name: index for index, name in enumerate(design.order())}
            assert all(place[wire.source] < place[wire.target] for wire in design.wires)
