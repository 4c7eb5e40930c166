"""The check of a design: shapes, counts, a sentence for every problem, and it never raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.fit import Fit
from engine.design import Design, Wire, can_connect, check, fitted
from engine.errors import DesignError
from engine.layers import (
    Add,
    Dense,
    Flatten,
    Input,
    Linear,
    Output,
)
from engine.network import Network
from engine.settings import TrainingSettings
from tests.engine.random_designs import designs, fits, grown

DIGITS = Fit((784,), 10, "multi_class")


def chain(*layers):
    names = [f"n{index}" for index in range(len(layers))]
    return Design.sequential(layers, names)


@pytest.fixture
def sound():
    """x -> h1 -> h2 -> y"""
    layers = [Input(features=2), Dense(units=3), Dense(units=3), Output(task="binary")]
    return Design.sequential(layers, ["x", "h1", "h2", "y"])


def sentences(design, **kwargs):
    return [str(problem) for problem in check(design, **kwargs).problems]


def test_a_sound_design_has_shapes_and_counts_and_no_problem(sound):
    report = check(sound)
    assert report.ok
    assert report.shapes == {"x": (2,), "h1": (3,), "h2": (3,), "y": (1,)}
    assert report.parameters == {"x": 0, "h1": 9, "h2": 12, "y": 4}
    report.raise_first()


def test_counts_follow_the_inherited_settings(sound):
    report = check(sound, TrainingSettings(batch_norm=True))
    assert report.parameters["h1"] == 2 * 3 + 3 + 3  # W, gamma, beta, and no b


def test_an_empty_design_lacks_both_ends():
    assert sentences(Design()) == [
        "The design has no input layer. Add an Input layer.",
        "The design has no output layer. Add an Output layer.",
    ]


def test_a_second_input_of_the_same_data_is_named(sound):
    design = sound.add("x2", Input(features=2)).add("y2", Output(task="binary"))
    design = design.connect("x2", "y2")
    found = sentences(design)
    told = "Input 'x2' takes the same data as 'x'. Keep one input layer, or give each a data block"
    assert f"{told} of its own." in found


def test_missing_wires_are_named(sound):
    found = sentences(sound.disconnect([Wire("h1", "h2")]))
    assert found[0].startswith(
        "The output of 'h1' is not connected. Connect it to a layer that leads to the"
    )
    assert found[1].startswith("Dense 'h2' has no input. Connect another layer to it.")
    design = sound.add("sum", Add()).connect("h2", "sum")
    assert any(s.startswith("Add 'sum' needs 1 more input.") for s in sentences(design))


def test_wires_beyond_a_layers_inputs_are_named(sound):
    design = sound.connect("x", "h2")
    assert sentences(design) == [
        "Dense 'h2' takes 1 input, but has 2: 'h1', 'x'. "
        "Join them with an Add or Concatenate layer."
    ]
    with pytest.raises(DesignError, match="takes 1 input, but has 2"):
        Network(design)


def test_wires_into_the_input_are_named():
    nodes = {"x": Input(features=2), "x2": Input(features=2), "y": Output(task="binary")}
    design = Design(nodes, (Wire("x2", "x"), Wire("x", "y")))
    assert "Input 'x' takes no input, but has 1: 'x2'. Remove the extra wires." in sentences(design)


def test_a_cycle_is_one_problem_at_one_of_its_layers():
    design = chain(Input(features=2), Add(), Linear(), Output(task="binary")).connect("n2", "n1")
    first = check(design).problems[0]
    assert first.node in ("n1", "n2")
    assert first.message in (
        "The layers 'n1', 'n2' form a cycle.",
        "The layers 'n2', 'n1' form a cycle.",
    )
    assert not check(design).shapes


def test_a_misfit_names_both_layers_and_both_shapes():
    design = chain(Input(shape=(1, 8, 8)), Dense(units=3), Output(task="binary"))
    (problem,) = check(design).problems
    assert str(problem) == (
        "Dense 'n1': the input must be a vector; got an image of 1 × 8 × 8 "
        "('n0' gives an image of 1 × 8 × 8). Add a Flatten layer before it."
    )
    assert (problem.node, problem.misfit) == ("n1", True)
    report = check(design.replace("n1", Flatten()))
    assert report.ok
    assert report.shapes["n1"] == (64,)


def test_a_merge_that_does_not_fit_names_every_source(sound):
    design = sound.edit("h2", units=4).replace("y", Add()).connect("h1", "y")
    assert any(
        s.startswith(
            "Add 'y': all inputs must have the same shape; got a vector of 4 and a vector of 3 "
            "('h2' gives a vector of 4, 'h1' gives a vector of 3)."
        )
        for s in sentences(design)
    )


def test_a_blank_without_data_is_a_problem_but_no_misfit():
    design = chain(Input(), Output())
    first = check(design).problems[0]
    assert str(first) == "Input 'n0': the shape follows the data, and there are none yet."
    (problem,) = check(design.edit("n0", shape=(4,))).problems
    assert str(problem) == (
        "Output 'n1': the number of units follows the data, and there are none yet "
        "('n0' gives a vector of 4). Give the units, or choose data."
    )
    assert not problem.misfit


def test_blanks_follow_the_data():
    design = chain(Input(), Dense(units=5), Output())
    filled = fitted(design, DIGITS)
    assert filled.nodes["n0"] == Input(shape=(784,))
    assert filled.nodes["n2"] == Output(units=10)
    assert fitted(design, None) is design
    given_sizes = chain(Input(features=3), Output(units=2))
    assert fitted(given_sizes, DIGITS) == given_sizes
    assert fitted(chain(Input(), Output(task="binary")), Fit((3,), 1)).nodes["n1"].units == 1
    assert check(design, fit=DIGITS).shapes == {"n0": (784,), "n1": (5,), "n2": (10,)}


def test_data_of_another_shape_task_or_size_are_a_problem_at_the_right_field():
    cases = [
        (
            chain(Input(features=3), Output()),
            "shape",
            "Input 'n0' expects a vector of 3; an example of the data is a vector of 784.",
        ),
        (
            chain(Input(), Output(task="binary")),
            "task",
            "Output 'n1' solves the task 'Binary (sigmoid)', but the data are for "
            "'Multi-class (softmax)'.",
        ),
        (chain(Input(), Output(units=3)), "units", "Output 'n1' has 3 units; the data need 10."),
    ]
    for design, field, message in cases:
        (problem,) = check(design, fit=DIGITS).problems
        assert (problem.field, problem.message) == (field, message)
    assert check(chain(Input(shape=(1, 28, 28)), Flatten(), Output()), fit=DIGITS).ok


def test_data_for_a_task_that_nobody_knows_are_a_problem_too():
    design = chain(Input(), Output(task="binary"))
    (problem,) = check(design, fit=Fit((3,), 1, "prophecy")).problems
    assert problem.message.endswith("but the data are for 'prophecy'.")


def test_a_network_too_large_for_memory_is_refused_at_its_largest_layer():
    design = chain(
        Input(features=65_536), Dense(units=4), Dense(units=65_536), Output(task="binary")
    )
    assert check(design).ok
    design = design.edit("n1", units=10_000)
    (problem,) = check(design).problems
    assert problem.node in ("n1", "n2")
    assert problem.message.startswith("The network has 1,310,")
    assert problem.message.endswith("parameters; at most 200,000,000 are possible.")


def test_the_first_problem_is_raised_with_its_node(sound):
    with pytest.raises(DesignError) as caught:
        check(sound.disconnect([Wire("h1", "h2")])).raise_first()
    assert caught.value.node == "h1"


@pytest.mark.parametrize(
    ("source", "target", "port", "reason"),
    [
        ("y", "h1", None, "'y' is the end of the network: nothing can follow it."),
        ("h1", "x", None, "'x' is where the data enter: nothing can feed it."),
        ("new", "new", None, "'new' cannot feed itself."),
        ("h2", "join", None, "'join' already leads to 'h2': this wire would close a cycle."),
        ("x", "h1", None, "'h1' already has its only input, from 'x'."),
        ("x", "h1", "in", "This input of 'h1' already has a wire, from 'x'."),
        ("x", "join", "in2", "This input of 'join' already has a wire, from 'side'."),
        ("x", "new", "in2", "'new' has the input 'in'; there is no input 'in2'."),
        (
            "x",
            "join",
            "in99",
            "'join' has the inputs 'in' to 'in32'; there is no input 'in99'.",
        ),
        ("x", "nope", None, "There is no layer named 'nope'."),
        ("nope", "h1", None, "There is no layer named 'nope'."),
        (
            "image",
            "new",
            None,
            "Dense 'new': the input must be a vector; got an image of 1 × 2 × 2 "
            "('image' gives an image of 1 × 2 × 2). Add a Flatten layer before it.",
        ),
        (
            "x",
            "join",
            None,
            "Add 'join': all inputs must have the same shape; got a vector of 3 and a vector "
            "of 3 and a vector of 2 ('h1' gives a vector of 3, 'side' gives a vector of 3, "
            "'x' gives a vector of 2). Give the layers before it the same number of units.",
        ),
        ("x", "new", None, None),
        ("x", "new", "in", None),
        ("side", "join", None, None),
        ("h2", "new", None, None),
    ],
)
def test_a_wire_is_possible_or_a_sentence_says_why_not(source, target, port, reason):
    layers = {
        "x": Input(features=2),
        "h1": Dense(units=3),
        "side": Dense(units=3),
        "join": Add(),
        "h2": Dense(units=3),
        "y": Output(task="binary"),
        "new": Dense(units=2),
        "image": Input(shape=(1, 2, 2)),
    }
    ends = [("x", "h1"), ("x", "side"), ("h1", "join"), ("side", "join"), ("join", "h2")]
    design = Design(layers)
    for end in [*ends, ("h2", "y")]:
        design = design.connect(*end)
    assert can_connect(design, source, target, port) == reason


def test_a_full_merge_takes_no_more():
    design = Design({"x": Input(features=2), "sum": Add()})
    for _ in range(32):
        design = design.connect("x", "sum")
    assert can_connect(design, "x", "sum") == "'sum' already has all 32 inputs."


def test_an_output_may_be_wired_before_there_are_data():
    design = Design({"x": Input(), "h": Dense(), "y": Output()})
    assert can_connect(design, "x", "h") is None
    assert can_connect(design, "h", "y") is None
    design = design.edit("x", shape=(4,))
    assert can_connect(design, "x", "y") is None


@given(designs, fits)
def test_the_check_never_raises_and_what_it_passes_can_run(design, fit):
    report = check(design, fit=fit)
    for problem in report.problems:
        assert problem.message.endswith(".")
        assert problem.node is None or problem.node in design.nodes
    if report.ok:
        network = Network(fitted(design, fit))
        assert dict(network.shapes) == dict(report.shapes)
        assert network.theta.size == sum(report.parameters.values())
    else:
        with pytest.raises(DesignError):
            report.raise_first()


@given(designs, fits, st.data())
def test_a_wire_that_may_be_drawn_adds_no_misfit_and_no_cycle(design, fit, data):
    if not design.nodes:
        return
    name = st.sampled_from(sorted(design.nodes))
    source, target = data.draw(name), data.draw(name)
    reason = can_connect(design, source, target, fit=fit)
    if reason is not None:
        assert reason.endswith(".")
        return
    after = design.connect(source, target)
    assert bool(after.cycle()) == bool(design.cycle())
    misfits = [p for p in check(after, fit=fit).problems if p.node == target and p.misfit]
    assert not misfits
    assert len(after.inputs_of(target)) <= len(after.nodes[target].inputs)


@given(grown(), fits)
def test_a_wire_is_refused_only_where_it_would_be_a_problem(design, fit):
    """Wires of a sound design may all be drawn again, one by one."""
    if not check(design, fit=fit).ok:
        return
    drawn = Design(design.nodes)
    for wire in design.wires:
        assert can_connect(drawn, *wire, fit=fit) is None
        drawn = drawn.connect(*wire)
    assert drawn == design
