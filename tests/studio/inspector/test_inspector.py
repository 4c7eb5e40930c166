"""The inspector on a real document: names, facts, undo, several layers, following changes."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.layers import Layer
from engine.project import Project
from studio.inspector import Inspector
from studio.inspector.facts import NO_BREAK
from studio.model import edits, undo_steps
from studio.model.document import Document
from tests.studio.hands import choose, retype


@pytest.fixture
def document(qtbot):
    layers = [
        engine.Input(),
        engine.Dense(units=128),
        engine.Dense(units=64, activation="tanh"),
        engine.Output(),
    ]
    return Document(Project(engine.Design.sequential(layers, ["x", "h1", "h2", "y"])))


@pytest.fixture
def inspector(qtbot, document):
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(280, 900)
    with qtbot.waitActive(inspector):
        inspector.show()
        inspector.activateWindow()
    return inspector


def line(inspector, field):
    return inspector.form.rows[field].editor.line


def layer(document, name):
    return document.project.design.nodes[name]


def test_with_nothing_selected_it_says_what_to_do(inspector):
    assert "Select a layer" in inspector.empty.text()
    assert inspector.empty.isVisibleTo(inspector)
    inspector.show_nodes(["h1"])
    assert not inspector.empty.isVisibleTo(inspector)
    inspector.show_nodes([])
    assert inspector.empty.isVisibleTo(inspector)


def test_the_header_tells_kind_formula_shapes_and_parameters(inspector):
    inspector.show_nodes(["h1"])
    header = inspector.header
    assert header.name.text() == "h1"
    assert header.title.text() == "Dense"
    assert header.formula.text() == "A = g(W A + b)"
    assert header.flow.text() == "784 → 128"
    assert header.formula.sizes.text().replace(NO_BREAK, " ") == "W 128 × 784   b 128 × 1"
    assert header.count.text() == "100,480 parameters"


def test_the_header_follows_every_keystroke(inspector):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "20")
    assert inspector.header.flow.text() == "784 → 20"
    assert inspector.header.count.text() == "15,700 parameters"


def test_typing_is_one_undo_step_with_a_name(inspector, document):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "256")
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change units of h1"
    document.undo_stack.undo()
    assert layer(document, "h1").units == 128
    assert line(inspector, "units").text() == "128"
    assert line(inspector, "units").hasFocus()
    document.undo_stack.redo()
    assert line(inspector, "units").text() == "256"


def test_undo_by_keys_while_typing_undoes_in_the_project(inspector, document):
    undo = document.undo_stack.createUndoAction(inspector, "Undo")
    undo.setShortcut("Ctrl+Z")
    inspector.addAction(undo)
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "256")
    QTest.keyClick(line(inspector, "units"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert layer(document, "h1").units == 128
    assert line(inspector, "units").text() == "128"


def test_ticks_are_one_undo_step(inspector, document):
    inspector.show_nodes(["h1"])
    for _ in range(10):
        QTest.keyClick(line(inspector, "units"), Qt.Key.Key_Up)
    assert layer(document, "h1").units == 138
    assert document.undo_stack.count() == 1


def test_two_fields_are_two_undo_steps(inspector, document):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "20")
    retype(line(inspector, "keep_prob"), "0.5")
    assert document.undo_stack.count() == 2
    assert document.undo_stack.undoText() == "Change keep probability of h1"


def test_the_same_field_of_two_layers_is_two_undo_steps(inspector, document):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "20")
    inspector.show_nodes(["h2"])
    retype(line(inspector, "units"), "20")
    assert document.undo_stack.count() == 2


def test_slow_changes_of_one_field_are_separate_steps(inspector, document, monkeypatch):
    monkeypatch.setattr(undo_steps, "MERGE_SECONDS", 0.0)
    inspector.show_nodes(["h1"])
    QTest.keyClick(line(inspector, "units"), Qt.Key.Key_Up)
    QTest.qWait(5)
    QTest.keyClick(line(inspector, "units"), Qt.Key.Key_Up)
    assert document.undo_stack.count() == 2


def test_a_bad_value_stays_out_of_the_project(inspector, document):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "0")
    row = inspector.form.rows["units"]
    text = "Units must be a whole number between 1 and 65536; got 0."
    assert row.sentence.text.text() == text
    assert layer(document, "h1").units == 128
    assert document.undo_stack.count() == 0


def test_a_value_that_grows_out_of_its_limits_gives_the_old_one_back(inspector, document):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "99999999")
    row = inspector.form.rows["units"]
    assert row.sentence.text.text().endswith("got 99999999.")
    assert line(inspector, "units").text() == "99999999"
    assert layer(document, "h1").units == 128
    assert document.undo_stack.count() == 0
    QTest.keyClick(line(inspector, "units"), Qt.Key.Key_Escape)
    assert line(inspector, "units").text() == "128"


def test_a_draft_does_not_follow_to_another_layer(inspector, document):
    inspector.show_nodes(["h1"])
    retype(line(inspector, "units"), "0")
    inspector.show_nodes(["h2"])
    assert line(inspector, "units").text() == "64"
    assert not inspector.form.rows["units"].sentence.isVisibleTo(inspector)


def test_inherited_values_come_from_the_training_settings(inspector, document):
    inspector.show_nodes(["h1"])
    assert line(inspector, "keep_prob").placeholderText() == "1 (inherited)"
    project = document.project
    changed = project.replace(
        training=project.training.replace(keep_prob=0.7, initializer="xavier")
    )
    document.edit(changed, "Change")
    assert line(inspector, "keep_prob").placeholderText() == "0.7 (inherited)"
    assert inspector.form.rows["initializer"].editor.combo.currentText() == "Inherited: Xavier"


def test_what_follows_the_data_is_shown_with_its_value(inspector):
    inspector.show_nodes(["x"])
    assert line(inspector, "shape").placeholderText() == "784 (from the data)"
    inspector.show_nodes(["y"])
    assert line(inspector, "units").placeholderText() == "10 (from the data)"


def test_an_optimizer_of_its_own_is_set_up_below_it(inspector, document):
    inspector.show_nodes(["h1"])
    row = inspector.form.rows["optimizer"]
    choose(row.editor.combo, "Momentum")
    inner = row.editor.nested.form.rows["learning_rate"].editor.line
    retype(inner, "0.3")
    optimizer = layer(document, "h1").optimizer
    assert (optimizer.kind, optimizer.learning_rate) == ("momentum", 0.3)
    assert document.undo_stack.undoText() == "Change learning rate α of h1"
    document.undo_stack.undo()
    assert inner.text() == "0.01"
    document.undo_stack.undo()
    assert layer(document, "h1").optimizer is None
    assert row.editor.combo.currentText() == "Inherited: Adam"


def test_the_form_is_kept_for_layers_of_the_same_kind(inspector):
    inspector.show_nodes(["h1"])
    form = inspector.form
    inspector.show_nodes(["h2"])
    assert inspector.form is form
    inspector.show_nodes(["x"])
    assert inspector.form is not form


# The name


def test_a_name_is_accepted_with_enter(inspector, document, qtbot):
    inspector.show_nodes(["h1"])
    with qtbot.waitSignal(inspector.renamed) as said:
        retype(inspector.header.name, "hidden")
        QTest.keyClick(inspector.header.name, Qt.Key.Key_Return)
    assert said.args == ["h1", "hidden"]
    assert list(document.project.design.nodes) == ["x", "hidden", "h2", "y"]
    assert inspector.names == ["hidden"]
    assert document.undo_stack.undoText() == "Rename h1 to hidden"


def test_a_name_is_accepted_by_clicking_away(inspector, document):
    inspector.show_nodes(["h1"])
    retype(inspector.header.name, "hidden")
    QTest.mouseClick(line(inspector, "units"), Qt.MouseButton.LeftButton)
    assert "hidden" in document.project.design.nodes


def test_a_taken_name_is_refused_in_place(inspector, document):
    inspector.show_nodes(["h1"])
    retype(inspector.header.name, "h2")
    QTest.keyClick(inspector.header.name, Qt.Key.Key_Return)
    refusal = inspector.header.refusal
    assert refusal.text.text() == "There is already a layer named 'h2'."
    assert refusal.isVisibleTo(inspector)
    assert inspector.header.name.text() == "h2"
    QTest.keyClick(inspector.header.name, Qt.Key.Key_Escape)
    assert inspector.header.name.text() == "h1"
    assert not refusal.isVisibleTo(inspector)
    assert document.undo_stack.count() == 0


def test_undo_of_a_rename_keeps_the_layer_on_show(inspector, document, qtbot):
    inspector.show_nodes(["h1"])
    retype(inspector.header.name, "hidden")
    QTest.keyClick(inspector.header.name, Qt.Key.Key_Return)
    with qtbot.waitSignal(inspector.renamed) as said:
        document.undo_stack.undo()
    assert said.args == ["hidden", "h1"]
    assert inspector.header.name.text() == "h1"


def test_a_deleted_layer_is_no_longer_shown(inspector, document):
    inspector.show_nodes(["h1"])
    project = document.project
    document.edit(project.replace(design=project.design.remove(["h1"])), "Delete h1")
    assert inspector.names == []
    assert inspector.empty.isVisibleTo(inspector)


# Several layers


def test_several_layers_share_one_form(inspector, document):
    inspector.show_nodes(["h1", "h2"])
    assert inspector.header.title.text() == "2 layers"
    assert inspector.header.names.text() == "h1, h2"
    assert not inspector.header.formula.isVisibleTo(inspector)
    assert line(inspector, "units").placeholderText() == "mixed values"
    retype(line(inspector, "units"), "32")
    assert [layer(document, name).units for name in ("h1", "h2")] == [32, 32]
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change units of 2 layers"
    document.undo_stack.undo()
    assert [layer(document, name).units for name in ("h1", "h2")] == [128, 64]


def test_layers_of_different_kinds_show_what_they_share(inspector, document):
    inspector.show_nodes(["h1", "y"])
    assert "initializer" in inspector.form.rows
    assert "activation" not in inspector.form.rows
    choose(inspector.form.rows["initializer"].editor.combo, "Xavier")
    assert layer(document, "h1").initializer.kind == layer(document, "y").initializer.kind


def test_layers_without_common_settings_say_so(inspector):
    inspector.show_nodes(["x", "y"])
    assert inspector.form is None
    assert inspector.nothing_shared.isVisibleTo(inspector)


# Problems


def test_a_problem_of_a_field_is_shown_under_it(inspector, document):
    inspector.show_nodes(["y"])
    retype(line(inspector, "units"), "7")
    sentence = inspector.form.rows["units"].sentence
    assert "Output 'y' has 7 units; the data need 10." in sentence.text.text()
    retype(line(inspector, "units"), "")
    assert not sentence.isVisibleTo(inspector)


def test_a_problem_of_the_layer_is_shown_in_the_header(inspector, document):
    project = document.project
    design = project.design.add("loose", engine.Dense())
    document.edit(project.replace(design=design), "Add loose")
    inspector.show_nodes(["loose"])
    assert "has no input" in inspector.header.problem.text.text()


def test_focus_goes_to_the_field_that_is_asked_for(inspector):
    inspector.show_nodes(["h1"])
    inspector.focus_field("keep_prob")
    assert line(inspector, "keep_prob").hasFocus()
    inspector.focus_field("")
    assert inspector.header.name.hasFocus()


# Contract and cost


@pytest.mark.parametrize("kind", Layer.kinds())
def test_every_layer_can_be_inspected(kind, inspector, document):
    project = document.project
    design = project.design.add("new", Layer.registry[kind]())
    document.edit(project.replace(design=design), "Add new")
    inspector.show_nodes(["new"])
    fields = Layer.registry[kind].model_fields
    assert set(inspector.form.rows if inspector.form else {}) == set(fields)


@pytest.mark.alone
def test_a_keystroke_in_a_large_design_is_quick(qtbot):
    layers = [engine.Input(), *[engine.Dense(units=8) for _ in range(298)], engine.Output()]
    document = Document(Project(engine.Design.sequential(layers)))
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.show_nodes([list(document.project.design.nodes)[150]])
    with qtbot.waitExposed(inspector):
        inspector.show()
    times = []
    for key in "12345":
        before = time.perf_counter()
        line(inspector, "units").setText(key)
        line(inspector, "units").textEdited.emit(key)
        QApplication.processEvents()
        times.append(time.perf_counter() - before)
    assert sorted(times)[len(times) // 2] < 0.25, "50 ms on a quiet machine"


def test_tab_goes_from_the_name_to_the_first_field_after_another_kind_was_shown(inspector):
    inspector.show_nodes(["x"])
    inspector.show_nodes(["h1"])
    inspector.header.name.setFocus()
    QTest.keyClick(inspector.header.name, Qt.Key.Key_Tab)
    assert line(inspector, "units").hasFocus()
    QTest.keyClick(line(inspector, "units"), Qt.Key.Key_Tab)
    assert inspector.form.rows["activation"].editor.combo.hasFocus()


def test_tab_comes_back_to_the_name_after_the_last_field(inspector):
    inspector.show_nodes(["h1"])
    inspector.form.rows["shares"].editor.input.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert inspector.header.name.hasFocus()


def test_the_focus_given_to_the_inspector_goes_to_its_first_field(inspector):
    inspector.show_nodes(["h1"])
    inspector.setFocus()
    assert line(inspector, "units").hasFocus()


def test_a_keystroke_for_300_selected_layers_is_one_new_design(qtbot, monkeypatch):
    layers = [engine.Input(), *[engine.Dense(units=8) for _ in range(298)], engine.Output()]
    document = Document(Project(engine.Design.sequential(layers)))
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.show_nodes(list(document.project.design.nodes)[1:-1])
    made = []
    original = engine.Design.__post_init__
    monkeypatch.setattr(
        engine.Design, "__post_init__", lambda design: (made.append(1), original(design))[1]
    )
    editor = inspector.form.rows["units"].editor
    editor.line.setText("5")
    editor.line.textEdited.emit("5")
    assert document.shown.nodes["dense 7"].units == 5
    assert len(made) <= 10


def test_hovering_a_field_tells_help_range_and_formula(inspector):
    inspector.show_nodes(["h1"])
    tip = inspector.form.rows["units"].label.toolTip()
    assert "Number of units n." in tip
    assert "A whole number between 1 and 65536." in tip
    assert "A = g(W A + b)" in tip
    tip = inspector.form.rows["activation"].editor.combo.toolTip()
    assert "Rectified linear unit" in tip


def combo(inspector, field):
    return inspector.form.rows[field].editor.combo


def test_a_layer_can_share_the_parameters_of_those_that_fit(inspector, document):
    document.try_edit(
        lambda project: project.replace(
            design=project.design.add("h3", engine.Dense(units=64)).connect("h1", "h3")
        ),
        "Add",
    )
    inspector.show_nodes(["h3"])
    shares = combo(inspector, "shares")
    assert [shares.itemText(index) for index in range(shares.count())] == ["None", "h2"]
    choose(shares, "h2")
    assert layer(document, "h3").shares == "h2"
    assert inspector.header.count.text() == "Shares the parameters of 'h2'"
    document.try_edit(lambda project: edits.rename(project, "h2", "twin"), "Rename")
    assert shares.currentText() == "twin"
    document.undo_stack.undo()
    assert shares.currentText() == "h2"


def test_a_shared_layer_that_fits_no_more_stays_in_the_list_with_the_reason(inspector, document):
    inspector.show_nodes(["h2"])
    assert combo(inspector, "shares").count() == 1  # nothing fits
    document.try_edit(lambda project: edits.set_field(project, "h2", "shares", "h1"), "Share")
    assert combo(inspector, "shares").currentText() == "h1"
    told = inspector.form.rows["shares"].sentence.text.text()
    assert "they are W 128 × 784 and b 128 × 1 there" in told
