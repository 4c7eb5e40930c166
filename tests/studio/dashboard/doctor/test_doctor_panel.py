"""The doctor's panel: the engine's verdict in words and bars, and remedies as undoable edits."""

import math
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine import Dense, Design, Input, Output, TrainingSettings
from engine.data import DataPlan
from engine.doctor import diagnose, examine, gap_text, headline, rate_text, sentences
from engine.doctor.errors import ErrorRate, Errors
from engine.experiments.learning_curves import CurvePoint
from engine.project import Project
from engine.project.held_out import Opening
from studio.dashboard.doctor import DoctorPanel
from studio.dashboard.doctor.ladder import Ladder
from studio.model.document import Document
from studio.panels import resting_panel
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer_at_rest, questions_of

PATIENCE_MS = 20_000


def overfitting(**training) -> Project:
    """30 noisy training examples of 300, learned by heart by 60 units."""
    layers = [Input(), Dense(units=60, activation="tanh"), Output(task="binary")]
    settings = {"batch_size": None, "epochs": 30} | training
    source = {"kind": "circles", "points": 300, "noise": 0.3}
    plan = DataPlan(source=source, train=0.2, dev=0.8, test=0.0)
    return Project(Design.sequential(layers, ["x", "h1", "y"]), TrainingSettings(**settings), plan)


@pytest.fixture
def document(qtbot):
    return Document(overfitting())


@pytest.fixture
def panel(qtbot, session, document, show):
    workbench = Workbench()
    yield show(DoctorPanel(document, session, workbench), 430, 330)
    session.close()
    workbench.close()


def type_in(field, text):
    """Replace what stands in a field."""
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def examined(session, document):
    """What the engine says of the run."""
    return session.call(lambda trainer: examine(document.project, trainer)).result()


@pytest.fixture
def trained(qtbot, session, panel, document, run):
    run(document.project)
    answer_at_rest(qtbot, session, panel)
    return panel


def test_without_a_run_it_says_what_to_do(session, panel, document, qtbot):
    assert panel.is_empty
    session.rewind(document.project)
    qtbot.waitUntil(lambda: session.state == "ready")
    panel.refresh(session.moment())
    assert panel.is_empty  # weights that were only drawn have no verdict


def test_it_says_what_the_engine_says(session, trained, document):
    found = examined(session, document)
    view, said = trained.diagnosis, sentences(found.diagnosis)
    assert view.verdict.text().endswith(said[0])
    assert view.details.text() == "\n".join(said[1:])
    errors, gaps = found.diagnosis.errors, found.diagnosis.gaps
    rows = {row.title: row for row in view.ladder.rows}
    assert rows["Training error"].numbers == rate_text(errors.train)
    assert rows["Dev error"].numbers == rate_text(errors.dev)
    assert rows["Avoidable bias"].numbers.startswith(gap_text(gaps[0]))
    assert rows["Variance"].numbers.startswith(gap_text(gaps[1]))
    assert rows["Variance"].low == pytest.approx(min(errors.train.value, errors.dev.value))
    assert rows["Variance"].high == pytest.approx(max(errors.train.value, errors.dev.value))
    assert "epoch 30" in view.about.text()


def test_the_recipe_is_the_engines_with_a_button_for_each_edit(session, trained, document):
    found = examined(session, document)
    entries = trained.diagnosis.recipe.entries
    assert entries
    assert [entry.title.text() for entry in entries] == [
        f"{n}. {headline(p)}." for n, p in enumerate(found.prescriptions, 1)
    ]
    assert [entry.reason.text() for entry in entries] == [p.reason for p in found.prescriptions]
    assert [entry.button is None for entry in entries] == [p.by_hand for p in found.prescriptions]


def test_a_remedy_is_one_edit_that_undo_takes_back(qtbot, session, trained, document):
    before = document.project
    entry = next(e for e in trained.diagnosis.recipe.entries if e.button is not None)
    wanted = entry.prescription.apply(before)
    QTest.mouseClick(entry.button, Qt.MouseButton.LeftButton)
    assert document.project == wanted != before
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText().lower() == entry.prescription.text.lower()
    document.undo_stack.undo()
    assert document.project == before


def test_a_remedy_that_is_in_place_is_not_offered_again(qtbot, session, trained, document):
    first = trained.diagnosis.recipe.entries[0]
    said = first.title.text()
    QTest.mouseClick(first.button, Qt.MouseButton.LeftButton)
    session.adopt(document.project)
    answer_at_rest(qtbot, session, trained)
    assert said not in [entry.title.text() for entry in trained.diagnosis.recipe.entries]


def test_the_sets_are_not_predicted_again_for_another_recipe(qtbot, session, trained, document):
    measured = trained.answer.measured
    document.edit(document.project.replace(human_error=0.05), "human level")
    answer_at_rest(qtbot, session, trained)
    assert trained.answer.measured is measured
    assert trained.answer.diagnosis.errors.human == 0.05


def test_the_human_level_is_an_edit_of_the_project(qtbot, session, trained, document):
    type_in(trained.human, "7.5")
    assert document.project.human_error == 0.075
    answer_at_rest(qtbot, session, trained)
    bias = trained.answer.diagnosis.bias
    assert bias.size == pytest.approx(trained.answer.diagnosis.errors.train.value - 0.075)
    document.undo_stack.undo()
    assert document.project.human_error is None
    assert trained.human.text() == ""


def test_human_level_is_unknown_at_first_and_the_lowest_of_several_counts(
    qtbot, session, trained, document
):
    assert "unknown" in trained.human.placeholderText()
    assert "taken as 0.0 %" in trained.diagnosis.ladder.rows[0].numbers
    assert "The human-level error is unknown" in trained.diagnosis.details.text()
    type_in(trained.human, "3, 1, 0.7")
    assert document.project.human_error == (0.03, 0.01, 0.007)
    assert trained.human.text() == "3, 1, 0.7 %"
    answer_at_rest(qtbot, session, trained)
    assert trained.answer.diagnosis.errors.human == 0.007
    assert trained.diagnosis.ladder.rows[0].numbers == "0.7 %"
    type_in(trained.human, "much")
    assert document.project.human_error == (0.03, 0.01, 0.007)
    assert trained.human.text() == "3, 1, 0.7 %"
    type_in(trained.human, "")
    assert document.project.human_error is None


def test_a_flat_learning_curve_takes_more_data_off_the_list(qtbot, session, trained, document):
    """What stands beside the curve must not contradict it."""
    curve = trained.curve
    rates = [ErrorRate(error, 100_000) for error in (0.01, 0.06)]
    curve.about = document.project
    curve.points = [CurvePoint(m, *rates) for m in (77, 300)]
    assert "stopped falling" in curve.conclude()
    trained.ask_again()
    answer_at_rest(qtbot, session, trained)
    assert trained.answer.prescriptions
    assert "more_data" not in [p.remedy for p in trained.answer.prescriptions]


def test_it_says_when_it_is_stale(qtbot, session, trained, document):
    assert "changed" not in trained.diagnosis.about.text()
    assert not trained.diagnosis.again.isVisible()
    after = document.project.replace(design=document.project.design.edit("h1", units=7))
    document.edit(after, "units")
    assert "changed since" in trained.diagnosis.about.text()
    document.undo_stack.undo()
    assert "changed since" not in trained.diagnosis.about.text()


def test_a_change_that_a_finished_run_takes_over_is_told_too(qtbot, session, trained, document):
    after = document.project.replace(training=document.project.training.replace(l2=0.5))
    document.edit(after, "L2")
    session.adopt(after)
    answer_at_rest(qtbot, session, trained)
    assert not session.stale
    assert "changed since" in trained.diagnosis.about.text()


def test_the_network_is_trained_again_by_a_button(qtbot, session, trained, document):
    history = session.history
    document.edit(
        document.project.replace(training=document.project.training.replace(l2=0.5)), "L2"
    )
    QTest.mouseClick(trained.diagnosis.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: session.history is not history and session.state == "finished",
        timeout=PATIENCE_MS,
    )
    assert session.project_in_training.training.l2 == 0.5
    answer_at_rest(qtbot, session, trained)
    assert not trained.diagnosis.again.isVisible()


def test_at_rest_it_asks_nothing_twice(qtbot, session, trained, monkeypatch):
    asked = questions_of(trained, monkeypatch)
    trained.refresh(session.moment())
    assert asked == []
    assert not trained.behind


def test_while_a_run_is_on_it_rests_between_two_looks(qtbot, session, document, panel, monkeypatch):
    session.limit_speed(20)
    session.play(document.project.replace(training=TrainingSettings(epochs=10_000)))
    qtbot.waitUntil(lambda: session.progress.epoch >= 1, timeout=PATIENCE_MS)
    answer_at_rest(qtbot, session, panel)
    now = [0.0]  # before the last look, and so within its rest
    monkeypatch.setattr(resting_panel, "time", SimpleNamespace(monotonic=lambda: now[0]))
    asked = questions_of(panel, monkeypatch)
    evaluated = session.history.evaluations["iteration"]
    seen = len(evaluated)
    qtbot.waitUntil(lambda: len(evaluated) > seen, timeout=PATIENCE_MS)
    panel.refresh(session.moment())
    assert asked == []
    now[0] = math.inf
    panel.refresh(session.moment())
    assert len(asked) == 1


def test_an_opened_test_set_counts_for_the_weights_it_was_opened_for(
    qtbot, session, trained, document, run
):
    assert [row.title for row in trained.diagnosis.ladder.rows][-1] == "Dev error"
    document.keep_opening(Opening("2026-11-21T14:05:00", 200, 0.25, 0.7))
    answer_at_rest(qtbot, session, trained)
    assert trained.answer.diagnosis.errors.test == ErrorRate(0.25, 200)
    titles = [row.title for row in trained.diagnosis.ladder.rows]
    assert titles[-2:] == ["Overfitting to the dev set", "Test error"]
    session.rewind(document.project)
    qtbot.waitUntil(lambda: session.state == "ready")
    session.step(document.project)
    qtbot.waitUntil(lambda: session.state == "paused")
    answer_at_rest(qtbot, session, trained)
    assert trained.answer.diagnosis.errors.test is None
    assert "2026-11-21 14:05:00" in trained.diagnosis.about.text()


@pytest.mark.parametrize(
    ("train", "dev", "states"),
    [
        (0.01, 0.11, ["small", "large"]),
        (0.15, 0.16, ["large", "small"]),
        (0.15, 0.30, ["large", "large"]),
        (0.005, 0.01, ["small", "small"]),
    ],
)
def test_the_lectures_examples_are_painted_in_words_too(qtbot, show, train, dev, states):
    ladder = show(Ladder(), 430, 200)
    rate = ErrorRate(train, 100_000), ErrorRate(dev, 100_000)
    ladder.show_diagnosis(diagnose(Errors(*rate)))
    gaps = [row for row in ladder.rows if row.state != "error"]
    assert [row.state for row in gaps] == states
    assert all(row.numbers.endswith(state) for row, state in zip(gaps, states, strict=True))
    assert all(row.numbers in ladder.accessibleDescription() for row in ladder.rows)


def test_fifty_examples_are_said_to_be_too_few(qtbot, show):
    ladder = show(Ladder(), 430, 200)
    ladder.show_diagnosis(diagnose(Errors(ErrorRate(0.01, 1_000), ErrorRate(0.04, 50))))
    assert next(row for row in ladder.rows if row.title == "Variance").state == "unclear"
