"""Training, data and problems panels on a real document."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.data import DataPlan, DataSource
from engine.data.sources.painted import PaintedSource
from engine.layers import Layer
from engine.project import Project
from engine.settings import TrainingSettings
from studio.data_panel import DataPanel
from studio.inspector import Inspector
from studio.inspector.training_panel import TrainingPanel
from studio.model import edits
from studio.model.document import Document
from studio.problems_panel import ProblemsPanel
from tests.studio.hands import choose, retype


@pytest.fixture
def training_panel(qtbot, document):
    return shown(qtbot, TrainingPanel(document))


@pytest.fixture
def data_panel(qtbot, document):
    return shown(qtbot, DataPanel(document))


@pytest.fixture
def problems_panel(qtbot, document):
    return shown(qtbot, ProblemsPanel(document))


def shown(qtbot, panel):
    qtbot.addWidget(panel)
    panel.resize(280, 900)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


def row(panel, field):
    return next(form.rows[field] for form in panel.forms if field in form.rows)


# Training


def test_every_training_setting_has_a_row(training_panel):
    names = [name for form in training_panel.forms for name in form.rows]
    assert sorted(names) == sorted(set(TrainingSettings.model_fields) - {"streams"})


def test_a_training_setting_is_one_named_undo_step(training_panel, document):
    retype(row(training_panel, "epochs").editor.line, "15")
    assert document.project.training.epochs == 15
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change epochs of training"
    document.undo_stack.undo()
    assert row(training_panel, "epochs").editor.line.text() == "40"


def test_the_learning_rate_is_set_below_the_optimizer(training_panel, document):
    inner = row(training_panel, "optimizer").editor.nested.form.rows["learning_rate"]
    inner.editor.line.setFocus()
    QTest.keyClick(inner.editor.line, Qt.Key.Key_Up)
    assert document.project.training.optimizer.learning_rate == 0.002
    assert document.undo_stack.undoText() == "Change learning rate α of training"


def test_a_schedule_of_steps_is_typed_as_pairs(training_panel, document):
    editor = row(training_panel, "schedule").editor
    choose(editor.combo, "Manual steps")
    retype(editor.nested.form.rows["steps"].editor.line, "5: 0.5, 8: 0.1")
    assert document.project.training.schedule.steps == ((5, 0.5), (8, 0.1))


def test_full_batch_is_a_tick(training_panel, document):
    QTest.keyClick(training_panel.full_batch, Qt.Key.Key_Space)
    assert document.project.training.batch_size is None
    line = row(training_panel, "batch_size").editor.line
    assert (line.text(), line.placeholderText()) == ("", "full batch")
    QTest.keyClick(training_panel.full_batch, Qt.Key.Key_Space)
    assert document.project.training.batch_size == 24, "as it was before"
    retype(line, "")
    assert training_panel.full_batch.isChecked()


def test_the_task_belongs_to_the_output_layer(training_panel, document):
    choose(training_panel.task.form.rows["task"].editor.combo, "Regression (linear)")
    assert document.project.design.nodes["y"].task.kind == "regression"
    assert document.undo_stack.undoText() == "Change task of y"
    sentence = training_panel.task.form.rows["task"].sentence
    assert "the data are for" in sentence.text.text()


def test_without_an_output_layer_the_panel_says_what_to_do(training_panel, document):
    project = document.project
    document.edit(project.replace(design=project.design.remove(["y"])), "Delete y")
    assert training_panel.task.form is None
    assert training_panel.task.missing.isVisibleTo(training_panel)
    document.undo_stack.undo()
    assert not training_panel.task.missing.isVisibleTo(training_panel)
    assert training_panel.task.form.rows["task"].editor.combo.currentText().startswith("Binary")


def test_a_bad_training_setting_is_refused_in_place(training_panel, document):
    retype(row(training_panel, "keep_prob").editor.line, "1.5")
    sentence = row(training_panel, "keep_prob").sentence
    words = "Keep probability must be a number above 0 and at most 1; got 1.5."
    assert sentence.text.text() == words
    assert document.project.training.keep_prob == 1


def test_tab_walks_the_panel_in_reading_order(training_panel):
    training_panel.task.form.rows["task"].editor.input.setFocus()
    visited = []
    while QApplication.focusWidget().accessibleName() not in visited:
        visited.append(QApplication.focusWidget().accessibleName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if visited[-1] == "Seed":
            break
    assert visited[:3] == ["Task", "Batch size", "Full batch"]
    place = visited.index("Optimizer")
    assert visited[place + 1] == "Learning rate α"


# Data


def test_every_field_of_the_data_plan_has_a_row(data_panel):
    names = [name for form in data_panel.forms for name in form.rows]
    assert sorted(names) == sorted(set(DataPlan.model_fields) - {"streams"})


def test_the_panel_says_what_the_data_are(data_panel, document):
    assert "2 features, 2 classes" in data_panel.about.text()
    assert data_panel.counts.text() == "72 train / 24 dev / 24 test examples"
    choose(row(data_panel, "source").editor.combo, "Blobs")
    assert "3 classes" in data_panel.about.text()
    assert document.project.design.nodes["y"].task.kind == "multi_class"


@pytest.mark.parametrize("kind", DataSource.kinds())
def test_the_panel_counts_the_examples_of_every_source(data_panel, document, kind):
    document.edit(edits.set_data(document.project, DataPlan(source=kind)), "Change")
    assert data_panel.counts.isVisibleTo(data_panel)
    sets = document.project.data.build()
    sizes = (sets.train.m, sets.dev.m, sets.test.m)
    words = "{:,} train / {:,} dev / {:,} test examples"
    assert data_panel.counts.text() == words.format(*sizes)


def test_a_set_that_would_be_empty_is_told_instead_of_counts(data_panel, document):
    plan = DataPlan(source={"kind": "circles", "points": 10}, train=0.98, dev=0.01, test=0.01)
    document.edit(edits.set_data(document.project, plan), "Change")
    assert not data_panel.counts.isVisibleTo(data_panel)
    assert "The dev set would be empty" in data_panel.misfit.text.text()


def test_the_settings_of_a_source_are_edited_below_it(data_panel, document):
    inner = row(data_panel, "source").editor.nested.form.rows["noise"]
    retype(inner.editor.line, "0,2")
    assert document.project.data.source.noise == 0.2
    assert document.undo_stack.undoText() == "Change noise of the data"


def test_one_fraction_takes_from_the_other_two(data_panel, document):
    retype(row(data_panel, "train").editor.line, "0.8")
    plan = document.project.data
    assert (plan.train, plan.dev, plan.test) == (0.8, 0.1, 0.1)
    assert row(data_panel, "dev").editor.line.text() == "0.1"
    assert data_panel.counts.text() == "96 train / 12 dev / 12 test examples"


@pytest.mark.parametrize("text", ["1.5", "abc", "1", "-1"])
@pytest.mark.parametrize("name", ["train", "dev", "test"])
def test_an_impossible_fraction_is_refused_at_its_own_field(data_panel, document, name, text):
    before = document.project.data
    editor = row(data_panel, name).editor
    editor.line.setFocus()
    editor.line.setText(text)
    editor.line.textEdited.emit(text)
    assert document.project.data == before
    assert row(data_panel, name).sentence.text.text().startswith(name.capitalize())


def test_sets_that_would_be_empty_are_told(data_panel, document):
    inner = row(data_panel, "source").editor.nested.form.rows["points"]
    retype(inner.editor.line, "10")
    retype(row(data_panel, "dev").editor.line, "0.001")
    assert "The dev set would be empty" in data_panel.misfit.text.text()


def test_undo_shows_the_earlier_source(data_panel, document):
    choose(row(data_panel, "source").editor.combo, "Moons")
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert row(data_panel, "source").editor.combo.currentText() == "Circles"
    assert "points" in row(data_panel, "source").editor.nested.form.rows


# Problems


def test_without_problems_the_panel_says_that_the_design_can_run(problems_panel):
    assert problems_panel.summary() == "No problems: the design can run."
    assert problems_panel.none.text() == problems_panel.summary()
    assert not problems_panel.list.isVisibleTo(problems_panel)


def test_problems_are_listed_and_lead_to_their_place(problems_panel, document, qtbot):
    project = document.project
    document.edit(project.replace(design=project.design.edit("y", units=7)), "Change units")
    assert problems_panel.summary() == "One problem keeps the design from running."
    assert problems_panel.list.count() == 1
    at = problems_panel.list.visualItemRect(problems_panel.list.item(0)).center()
    with qtbot.waitSignal(problems_panel.problem_chosen) as said:
        QTest.mouseClick(problems_panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert said.args == ["y", "units"]
    document.undo_stack.undo()
    assert problems_panel.list.count() == 0


def test_problems_are_reached_by_keys(qtbot):
    design = engine.Design().add("a", engine.Dense()).add("b", engine.Dense())
    document = Document(Project(design))
    panel = shown(qtbot, ProblemsPanel(document))
    panel.list.setFocus(Qt.FocusReason.TabFocusReason)
    chosen = []
    panel.problem_chosen.connect(lambda node, field: chosen.append((node, field)))
    for _ in range(panel.list.count()):
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
    problems = document.report.problems
    assert chosen == [(problem.node or "", problem.field) for problem in problems]
    assert f"{len(problems)} problems" in panel.summary()


# Narrow docks and large fonts


@pytest.fixture
def large_font(qapp):
    """The interface font at 200 percent."""
    font = qapp.font()
    large = QFont(font)
    large.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(large)
    yield
    qapp.setFont(font)


@pytest.mark.parametrize("make", [TrainingPanel, DataPanel])
def test_a_panel_is_never_wider_than_its_dock_at_twice_the_font(qtbot, document, large_font, make):
    panel = shown(qtbot, make(document))
    assert panel.scroller.widget().width() <= panel.scroller.viewport().width()
    assert panel.scroller.widget().minimumSizeHint().width() <= 280


@pytest.mark.parametrize("kind", Layer.kinds())
def test_the_inspector_is_never_wider_than_its_dock_at_twice_the_font(
    qtbot, document, large_font, kind
):
    project = document.project
    design = project.design.add("a rather long name", Layer.registry[kind]())
    document.edit(project.replace(design=design), "Add")
    inspector = shown(qtbot, Inspector(document))
    inspector.show_nodes(["a rather long name"])
    QApplication.processEvents()
    assert inspector.scroller.widget().minimumSizeHint().width() <= 280
    for row in inspector.form.rows.values() if inspector.form else ():
        assert row.label.needed_width() <= row.label.width()
        assert row.stacked or row.needed_width() <= row.width()


def test_data_that_no_menu_offers_are_shown_without_a_form(qtbot, document):
    source = PaintedSource(points=((0.0, 0.0, 0), (1.0, 1.0, 1), (0.0, 1.0, 0), (1.0, 0.0, 1)))
    panel = DataPanel(document)
    qtbot.addWidget(panel)
    plan = document.project.data.replace(source=source, train=0.5, dev=0.5, test=0.0)
    document.edit(edits.set_data(document.project, plan), "Paint points")
    assert document.project.data.source == source
    assert "2 features" in panel.about.text()
