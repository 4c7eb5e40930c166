"""Error analysis: the engine's wrong examples, findings as undoable edits, the engine's table."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.doctor import error_table, wrong_examples
from engine.doctor.errors import rate_of
from engine.project.corrections import example_keys
from engine.words import percent
from studio.dashboard.errors import ErrorAnalysisPanel
from studio.model.document import Document
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer_at_rest
from tests.studio.dashboard.metrics.test_metrics_panel import data_project
from tests.studio.hands import choose, retype

PATIENCE_MS = 20_000


@pytest.fixture
def document(qtbot):
    return Document(data_project("circles", "binary"))


@pytest.fixture
def panel(qtbot, session, document, show):
    workbench = Workbench()
    yield show(ErrorAnalysisPanel(document, workbench), 600, 400)
    session.close()
    workbench.close()


@pytest.fixture
def looked(qtbot, session, document, panel, run):
    """The panel after a run that gets about half of the circles wrong."""
    run(document.project)
    answer_at_rest(qtbot, session, panel)
    return panel


def wrong_ones(session):
    return session.call(lambda t: wrong_examples(t.network, t.data.dev, most=t.data.dev.m)).result()


def test_the_wrong_examples_come_in_the_engines_order(session, looked, document):
    wrong = wrong_ones(session)
    raw = document.project.raw_data()
    assert [one.example for one in looked.found.wrong] == [one.example for one in wrong]
    assert looked.found.keys == [example_keys(raw, raw.dev)[one.example] for one in wrong]
    first = wrong[0]
    words = looked.words.text()
    assert f"{first.example + 1:,}" in words
    assert percent(first.confidence) in words
    label = raw.dev.classes[int(raw.dev.Y[0, first.example])]
    other = raw.dev.classes[1 - int(raw.dev.Y[0, first.example])]
    assert words.index(other) < words.index(label)  # taken for the one, labeled the other
    shown = [looked.example.table.item(row, 1).text() for row in range(2)]
    values = raw.dev.X[:, first.example]
    assert [float(text.replace("−", "-")) for text in shown] == pytest.approx(values, rel=0.01)


def test_arrow_keys_and_letters_lead_through_them(looked):
    looked.example.table.setFocus()
    QTest.keyClick(looked.example, Qt.Key.Key_Right)
    assert looked.index == 1
    QTest.keyClick(looked.example.table, Qt.Key.Key_N)
    assert looked.index == 2
    QTest.keyClick(looked.example.table, Qt.Key.Key_P)
    QTest.keyClick(looked.example, Qt.Key.Key_Left)
    QTest.keyClick(looked.example, Qt.Key.Key_Left)
    assert looked.index == 0
    assert not looked.back.isEnabled()
    QTest.mouseClick(looked.forth, Qt.MouseButton.LeftButton)
    assert looked.count.text().startswith("2 of")


def test_a_new_category_takes_the_example_in_one_edit(looked, document):
    key = looked.key
    retype(looked.editor.name, "near the rim")
    QTest.keyClick(looked.editor.name, Qt.Key.Key_Return)
    analysis = document.project.analysis
    assert analysis.categories == ("near the rim",)
    assert analysis.findings[key].tags == ("near the rim",)
    assert looked.editor.boxes[0].isChecked()
    assert looked.editor.name.text() == ""
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert not document.project.analysis
    assert looked.editor.boxes == []


def test_number_keys_tag_but_not_while_somebody_types(looked, document):
    looked.add_category("a")
    looked.add_category("b")
    looked.step_by(1)
    looked.example.table.setFocus()
    QTest.keyClick(looked.example.table, Qt.Key.Key_2)
    assert document.project.analysis.findings[looked.key].tags == ("b",)
    QTest.keyClick(looked.example.table, Qt.Key.Key_2)
    assert document.project.analysis.findings[looked.key].tags == ()
    looked.editor.note.setFocus()
    QTest.keyClicks(looked.editor.note, "1 n")
    QTest.keyClick(looked.editor.note, Qt.Key.Key_Return)
    found = document.project.analysis.findings[looked.key]
    assert found.note == "1 n"
    assert found.tags == ()


def test_a_box_is_ticked_by_the_mouse_and_follows_undo(looked, document):
    QTest.mouseClick(looked.editor.seen, Qt.MouseButton.LeftButton)
    assert looked.key in document.project.analysis.findings
    document.undo_stack.undo()
    assert not looked.editor.seen.isChecked()


def test_two_categories_of_one_name_are_refused_with_a_sentence(looked, document):
    looked.add_category("a")
    looked.add_category("a")
    assert document.project.analysis.categories == ("a",)
    assert "already" in looked.message.text()


def test_the_table_is_the_engines(session, looked, document):
    looked.add_category("a")
    looked.step_by(1)
    looked.tag("a", True)
    looked.step_by(1)
    looked.mark_label(True)
    looked.step_by(1)
    looked.look_at(True)
    choose(looked.view, "Table")
    looked.view.activated.emit(1)
    error = session.call(lambda t: rate_of(t.network, t.data.dev)).result()
    expected = error_table(document.project.analysis, looked.found.keys, error)
    table = looked.table.table
    assert looked.table.shown == expected
    assert [table.item(r, 0).text() for r in range(3)] == ["a", "wrong label", "no category"]
    assert table.item(0, 1).text() == "2"
    assert table.item(0, 2).text().startswith("50.0 %")
    assert table.item(0, 3).text() == percent(error.value / 2)
    assert looked.table.words.text().startswith(f"4 of {len(looked.found.keys):,} misclassified")


def test_a_category_is_renamed_in_the_table_and_deleted(qtbot, looked, document):
    looked.add_category("a")
    choose(looked.view, "Table")
    looked.view.activated.emit(1)
    table = looked.table.table
    table.setCurrentCell(0, 0)
    table.item(0, 0).setText("far out")
    qtbot.waitUntil(lambda: document.project.analysis.categories == ("far out",))
    assert document.project.analysis.findings[looked.key].tags == ("far out",)
    assert table.item(0, 0).text() == "far out"
    QTest.mouseClick(looked.table.remove, Qt.MouseButton.LeftButton)
    assert document.project.analysis.categories == ()
    document.undo_stack.undo()
    assert document.project.analysis.categories == ("far out",)


def test_the_two_rows_that_are_no_categories_cannot_be_changed(looked):
    looked.add_category("a")
    looked.table.table.setCurrentCell(1, 0)
    assert not looked.table.remove.isEnabled()
    assert not looked.table.table.item(1, 0).flags() & Qt.ItemFlag.ItemIsEditable
    looked.table.table.setCurrentCell(0, 0)
    assert looked.table.remove.isEnabled()


def test_a_corrected_label_is_an_edit_that_dev_uses(qtbot, session, looked, document):
    key, before = looked.key, len(looked.found.keys)
    number = looked.found.number(0)
    right = looked.found.prediction(0)
    old = int(document.project.build_data().dev.Y[0, number])
    choose(looked.editor.right, right)
    looked.editor.right.activated.emit(looked.editor.right.currentIndex())
    assert document.project.analysis.labels == {key: right}
    assert int(document.project.build_data().dev.Y[0, number]) == 1 - old
    answer_at_rest(qtbot, session, looked)
    assert key not in looked.found.keys  # the network was right
    assert len(looked.found.keys) == before - 1
    session.adopt(document.project)
    qtbot.waitUntil(lambda: session.stale)
    document.undo_stack.undo()
    answer_at_rest(qtbot, session, looked)
    assert len(looked.found.keys) == before


def test_the_example_stays_when_others_come_before_it(qtbot, session, looked, document):
    looked.step_by(3)
    key = looked.key
    first = looked.found.keys[0]
    label = looked.found.prediction(0)
    document.edit(
        document.project.replace(analysis=document.project.analysis.correct_label(first, label)),
        "correct",
    )
    answer_at_rest(qtbot, session, looked)
    assert looked.key == key
    assert looked.index == 2


def test_a_tag_does_not_predict_the_set_again(session, looked):
    found = looked.found
    looked.add_category("a")
    looked.refresh(session.moment())
    assert looked.is_up_to_date
    assert looked.found is found


def test_pictures_are_shown_as_pictures(qtbot, session, document, panel, run):
    document.reset(data_project("digits-8x8", "multi_class"))
    run(document.project)
    answer_at_rest(qtbot, session, panel)
    assert panel.example.picture.isVisible()
    assert not panel.example.picture.image.isNull()
    assert panel.editor.right.count() == 11
    pixels = panel.found.pixels(0)
    assert pixels.shape == (8, 8, 1)
    assert np.ptp(pixels) == 255


def test_a_regression_has_no_label_to_correct(qtbot, session, document, panel, run):
    document.reset(data_project("curve", "regression"))
    run(document.project)
    answer_at_rest(qtbot, session, panel)
    assert "target" in panel.words.text()
    assert not panel.editor.right.isVisible()
