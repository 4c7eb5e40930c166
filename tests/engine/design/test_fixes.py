"""One-click fixes: each takes its problem away, in words that say what it does, and they end."""

import pytest
from hypothesis import given, settings

from engine.data.fit import Fit
from engine.design import Design, Problem, Wire, check
from engine.design.fixes import fix_of, fixes_of
from engine.design.fixes.case import RULES
from engine.layers import RNN, Add, BatchNorm, Concatenate, Dense, Flatten, Input, Linear, Output
from engine.layers.ports import numbered_port
from engine.settings import TrainingSettings
from tests.engine.random_designs import designs, fits

DIGITS = Fit((1, 8, 8), 10, "multi_class")
FLAT = Fit((4,), 3, "multi_class")


def chain(*layers):
    names = [f"n{index}" for index in range(len(layers))]
    return Design.sequential(layers, names)


STRANGE_PORTS = Design(
    {"x": Input(features=3), "h": Dense(units=3), "y": Output(units=3)},
    (Wire("x", "h", "key"), Wire("h", "y", "in", "last")),
)


def only_fix(design, fit=FLAT, cause=None):
    """The fix of the only problem (of this cause)."""
    problems = [p for p in check(design, fit=fit).problems if cause in (None, p.cause)]
    assert len(problems) == 1, problems
    return fix_of(problems[0], design, fit=fit)


def mended(design, fit=FLAT, most=40):
    """The design after one first fix after the other, and their titles."""
    titles = []
    while found := fixes_of(design, fit=fit):
        fix = next(iter(found.values()))
        design = fix.design
        titles.append(fix.title)
        assert len(titles) <= most, titles
    return design, titles


def test_a_sound_design_needs_no_fix():
    assert fixes_of(chain(Input(), Dense(units=3), Output()), fit=FLAT) == {}


def test_a_flatten_goes_in_front_of_what_needs_a_vector():
    fix = only_fix(chain(Input(), Dense(units=3), Output()), DIGITS)
    assert fix.title == "Insert Flatten"
    assert fix.design.wires == (
        Wire("n0", "flatten"),
        Wire("flatten", "n1"),
        Wire("n1", "n2"),
    )
    assert check(fix.design, fit=DIGITS).ok


def test_where_a_vector_is_asked_the_last_state_takes_the_place_of_all_states():
    fix = only_fix(chain(Input(shape=(2, 5)), RNN(units=4), Output(units=1, task="binary")), None)
    assert fix.title == "Use 'last' of 'n1'"
    assert fix.design.wires == (Wire("n0", "n1"), Wire("n1", "n2", "in", "last"))


def skip(main, side):
    """x -> main -> sum, x -> side -> sum, sum -> y; main is two layers long."""
    design = Design(
        {"x": Input(), "a": Dense(units=8), "main": main, "side": side, "sum": Add(), "y": Output()}
    )
    for ends in ["x a", "a main", "main sum", "x side", "side sum", "sum y"]:
        design = design.connect(*ends.split())
    return design


def test_the_shorter_side_of_a_sum_gets_a_projection_to_the_longer_sides_units():
    fix = only_fix(skip(Dense(units=6), BatchNorm()))
    assert fix.title == "Match the sides with a Linear layer of 6 units"
    assert fix.design.nodes["linear"] == Linear(units=6)
    assert set(fix.design.inputs_of("sum")) == {Wire("main", "sum"), Wire("linear", "sum", "in2")}
    assert fix.design.inputs_of("linear") == [Wire("side", "linear")]
    assert check(fix.design, fit=FLAT).ok


def test_an_image_is_flattened_before_its_projection():
    design = chain(Input(), Flatten(), Dense(units=5), Add(), Output()).connect("n0", "n3")
    fix = only_fix(design, DIGITS)
    assert fix.design.inputs_of("linear")[0].source == "flatten"
    assert check(fix.design, fit=DIGITS).ok


def test_two_images_of_one_sum_and_two_inputs_of_a_concatenation_are_flattened():
    design = Design({"x": Input(), "flat": Flatten(), "join": Concatenate(), "y": Output()})
    for ends in ["x join", "x flat", "flat join", "join y"]:
        design = design.connect(*ends.split())
    fix = only_fix(design, DIGITS)
    assert fix.title == "Insert Flatten"
    assert check(fix.design, fit=DIGITS).ok


def test_sizes_and_task_follow_the_data():
    wrong = chain(Input(features=7), Dense(units=3), Output(units=3))
    fix = only_fix(wrong)
    assert fix.title == "Let the shape follow the data"
    assert fix.design.nodes["n0"] == Input()
    fix = only_fix(chain(Input(), Output(units=7)))
    assert (fix.title, fix.design.nodes["n1"].units) == ("Use the 3 units of the data", None)
    fix = only_fix(chain(Input(), Output(task="binary")))
    assert fix.title == "Change the task to 'Multi-class (softmax)'"
    assert check(fix.design, fit=FLAT).ok


def test_a_change_of_task_takes_unfit_units_along_and_keeps_fit_ones():
    fix = only_fix(chain(Input(), Output(units=1)), Fit((4,), 1, "binary"))
    assert fix.design.nodes["n1"].units == 1
    fix = only_fix(chain(Input(), Output(units=5)), Fit((4,), 1, "binary"))
    assert fix.design.nodes["n1"].units is None


def test_no_task_can_be_taken_from_data_for_a_task_that_nobody_knows():
    design = chain(Input(), Output(task="binary"))
    assert only_fix(design, Fit((4,), 1, "prophecy"), "task") is None


def test_the_wire_that_leads_back_opens_a_cycle():
    design = chain(Input(), Add(), Linear(units=4), Linear(units=4), Output())
    design = design.connect("n0", "n1").connect("n3", "n1")
    fix = only_fix(design)
    assert fix.title == "Remove the wire from 'n3' to 'n1'"
    assert not fix.design.cycle()
    assert check(fix.design, fit=FLAT).ok


def test_a_cycle_of_double_wires_is_opened_by_as_many_removals_as_it_takes():
    ends = [(a, b, 2 * i + j) for b in "abc" for i, a in enumerate("abc") for j in (1, 2)]
    wires = [(a, b, numbered_port(number)) for a, b, number in ends]
    design = Design({name: Add() for name in "abc"}, tuple(Wire(*w) for w in wires))
    (fix,) = (f for p, f in fixes_of(design).items() if p.cause == "cycle")
    assert fix.title.startswith("Remove ")
    assert len(fix.design.cycle()) != len(design.cycle())


def test_the_missing_output_stands_behind_the_only_loose_layer_with_the_task_of_the_data():
    design = chain(Input(), Dense(units=3))
    fix = only_fix(design, cause="no output")
    assert fix.title == "Add Output after 'n1'"
    assert check(fix.design, fit=FLAT).ok
    assert only_fix(design, cause="loose end") == fix
    fix = only_fix(design, Fit((4,), 1, "binary"), "no output")
    assert fix.design.nodes["output"] == Output(task="binary")


def test_between_two_loose_layers_the_output_waits_for_its_wire():
    design = chain(Input(), Dense(units=3)).add("b", Dense(units=3)).connect("n0", "b")
    fix = only_fix(design, cause="no output")
    assert fix.title == "Add Output"
    assert not fix.design.inputs_of("output")


def test_the_missing_input_stands_before_the_only_start():
    fix = only_fix(chain(Dense(units=3), Output()), cause="no input")
    assert fix.title == "Add Input before 'n0'"
    assert check(fix.design, fit=FLAT).ok


def test_a_second_input_hands_its_layers_to_the_first():
    design = Design({"x": Input(), "x2": Input(), "sum": Add(), "y": Output()})
    for ends in ["x sum", "x2 sum", "sum y"]:
        design = design.connect(*ends.split())
    fix = only_fix(design)
    assert fix.title == "Delete 'x2' and feed its layers from 'x'"
    assert set(fix.design.wires) == {Wire("x", "sum"), Wire("x", "sum", "in2"), Wire("sum", "y")}
    loose = chain(Input(), Output()).add("x2", Input())
    assert only_fix(loose, cause="second input").title == "Delete 'x2'"


def test_of_two_outputs_the_one_that_is_fed_stays():
    design = chain(Input(), Dense(units=3), Output()).add("y2", Output())
    assert only_fix(design).title == "Delete 'y2'"
    design = chain(Input(), Dense(units=3)).add("y", Output()).add("y2", Output())
    fix = only_fix(design.connect("n1", "y2"))
    assert fix.title == "Delete 'y'"
    assert check(fix.design, fit=FLAT).ok
    assert check(design.connect("n1", "y2").connect("n1", "y"), fit=FLAT).ok


def test_the_only_two_open_ends_are_wired_to_each_other():
    design = chain(Input(), Dense(units=3), Dense(units=3), Output()).disconnect([Wire("n1", "n2")])
    found = fixes_of(design, fit=FLAT)
    assert [fix.title for fix in found.values()] == ["Wire 'n1' to 'n2'"] * 2
    assert all(check(fix.design, fit=FLAT).ok for fix in found.values())


def test_a_sum_of_one_becomes_a_wire():
    design = chain(Input(), Dense(units=3), Add(), Output())
    fix = only_fix(design, cause="missing wire")
    assert fix.title == "Replace 'n2' with a wire"
    assert fix.design == chain(Input(), Dense(units=3), Output()).rename("n2", "n3")


def test_what_is_left_over_beside_a_whole_network_is_deleted():
    design = chain(Input(), Dense(units=3), Output()).add("spare", Dense())
    assert {fix.title for fix in fixes_of(design, fit=FLAT).values()} == {"Delete 'spare'"}
    design = design.connect("n0", "spare")
    assert only_fix(design).title == "Delete 'spare'"


def test_while_a_network_is_being_built_nothing_is_offered_for_deletion():
    design = Design({"x": Input(), "a": Dense(), "b": Dense(), "y": Output()})
    titles = [fix.title for fix in fixes_of(design, fit=FLAT).values()]
    assert not any("Delete" in title for title in titles)


def test_two_wires_into_one_input_are_joined():
    design = chain(Input(), Dense(units=4), Dense(units=5), Output()).connect("n0", "n2")
    fix = only_fix(design)
    assert fix.title == "Insert Add"
    assert check(fix.design, fit=FLAT).ok
    fix = only_fix(design.edit("n1", units=3))
    assert fix.title == "Insert Concatenate"
    assert check(fix.design, fit=FLAT).ok


def test_the_same_wire_twice_is_removed_once_and_wires_into_the_input_go():
    design = chain(Input(), Dense(units=4), Output()).connect("n0", "n1")
    fix = only_fix(design)
    assert (fix.title, fix.design) == (
        "Remove the second wire",
        chain(Input(), Dense(units=4), Output()),
    )
    design = Design({"x2": Input(), "x": Input(), "y": Output()}, (Wire("x", "y"), Wire("x2", "x")))
    assert only_fix(design, cause="excess wire").title == "Remove the wire from 'x2' to 'x'"


def test_a_sum_of_too_many_hands_some_to_a_second_sum():
    design = Design({"x": Input(), "sum": Add(), "y": Output()}).connect("sum", "y")
    for _ in range(40):
        design = design.connect("x", "sum")
    fix = only_fix(design)
    assert fix.title == "Insert Add"
    assert check(fix.design, fit=FLAT).ok
    for _ in range(40):
        design = design.connect("x", "sum")
    assert only_fix(design) is None, "63 is as far as one more layer reaches"


def test_wires_to_ports_that_do_not_exist_are_removed():
    fixes = [fix for p, fix in fixes_of(STRANGE_PORTS).items() if p.cause == "unknown port"]
    assert [fix.title for fix in fixes] == [
        "Remove the wire from 'x' to 'h'",
        "Remove the wire from 'h' to 'y'",
    ]
    assert fixes[0].design.wires == STRANGE_PORTS.wires[1:]


def test_what_no_edit_can_mend_has_no_fix():
    assert only_fix(chain(Input(features=4), Output()), None) is None
    huge = chain(Input(features=4), Dense(units=65_536), Dense(units=65_536), Output(units=3))
    assert only_fix(huge, None, "size") is None
    assert fix_of(Problem("gone", "nobody", cause="misfit"), Design()) is None


def test_a_projection_too_large_is_not_offered():
    """9 × 100 × 100 has more values than a layer may have units."""
    design = chain(Input(), Flatten(), BatchNorm(), BatchNorm(), Add(), Output())
    design = design.add("side", Dense(units=3)).connect("n1", "side").connect("side", "n4")
    assert only_fix(design, Fit((9, 100, 100), 3, "multi_class")) is None
    assert only_fix(design, Fit((9, 10, 10), 3, "multi_class")) is not None


def test_fixes_lead_from_scattered_layers_to_a_network_that_runs():
    design = Design({"h": Dense(units=8), "sum": Add()}).connect("h", "sum")
    design, titles = mended(design, DIGITS)
    assert check(design, fit=DIGITS).ok, titles


CAUSES = {
    problem.cause
    for design, fit in [
        (Design(), None),
        (chain(Input(), Add(), Linear(), Output()).connect("n2", "n1"), FLAT),
        (chain(Input(), Dense(), Output()).connect("n0", "n1"), DIGITS),
        (chain(Input(), Dense(), Output()), DIGITS),
        (chain(Input(features=5), Output(units=9)).add("a", Input()).add("b", Output()), FLAT),
        (chain(Input(), Output(task="binary")), FLAT),
        (STRANGE_PORTS, None),
        (chain(Input(block="a"), Output(target="b")), FLAT),
        (chain(Input(vocabulary=3), Output()), FLAT),
        (chain(Input(lengths=True), Output()), FLAT),
    ]
    for problem in check(design, fit=fit).problems
}


@pytest.mark.parametrize("cause", sorted(RULES))
def test_every_cause_of_a_rule_is_one_that_the_check_finds(cause):
    assert cause in CAUSES


@given(designs, fits)
@settings(max_examples=300)
def test_every_fix_takes_its_problem_away(design, fit):
    report = check(design, fit=fit)
    found = fixes_of(design, fit=fit)
    assert set(found) <= set(report.problems)
    for problem, fix in found.items():
        left = check(fix.design, fit=fit).problems
        if problem.cause == "cycle":
            assert set(fix.design.cycle()) != set(design.cycle())
        else:
            assert (problem.cause, problem.node) not in {(p.cause, p.node) for p in left}
        assert fix.title == fix.title.strip() and fix.title[0].isupper()
        assert fix.design != design


@given(designs, fits)
@settings(max_examples=200)
def test_fix_after_fix_comes_to_an_end(design, fit):
    mended(design, fit)


@given(designs)
def test_inherited_settings_count(design):
    """Whatever the settings, the report that is passed in is the one that is mended."""
    training = TrainingSettings(batch_norm=True, keep_prob=0.5)
    report = check(design, training, FLAT)
    assert fixes_of(design, training, FLAT, report) == fixes_of(design, training, FLAT)
