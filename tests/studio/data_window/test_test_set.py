"""The sealed test set: opened by a command, with a question and a record that undo cannot lose."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.doctor.held_out import evaluate
from studio.model import edits

LEFT = Qt.MouseButton.LeftButton


def opened(window, qtbot):
    window.commands["open_test_set"].trigger()
    dialog = window.windows.find("test_set")
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def train(window, qtbot):
    window.commands["step_epoch"].trigger()
    qtbot.waitUntil(lambda: window.session.state == "paused")


def test_an_untrained_network_is_not_measured(window, qtbot):
    dialog = opened(window, qtbot)
    assert not dialog.open_button.isEnabled()
    assert "not been trained" in dialog.obstacle.text.text()
    assert "has not been opened" in dialog.count.text()


def test_opening_shows_the_figures_of_the_engine_and_records_them(window, qtbot):
    train(window, qtbot)
    dialog = opened(window, qtbot)
    assert window.document.project.openings == ()  # the question alone opens nothing
    QTest.mouseClick(dialog.open_button, LEFT)
    qtbot.waitUntil(lambda: len(window.document.project.openings) == 1)
    figures = window.session.call(lambda t: evaluate(t.network, t.data)).result(timeout=30)
    assert f"{100 * figures.error.value:.2f} %" in dialog.answer.text()
    assert window.document.project.openings[0].error == figures.error.value
    assert dialog.table.item(0, 2).text() == f"{100 * figures.error.value:.2f} %"
    assert "opened once" in dialog.count.text()
    assert window.document.undo_stack.count() == 0
    assert window.document.modified


def test_the_record_counts_and_outlives_undo(window, qtbot):
    document = window.document
    document.edit(edits.set_training(document.project, "epochs", 30), "Change epochs")
    train(window, qtbot)
    dialog = opened(window, qtbot)
    for times in (1, 2):
        QTest.mouseClick(dialog.open_button, LEFT)
        qtbot.waitUntil(lambda times=times: len(document.project.openings) == times)
    document.undo_stack.undo()
    assert len(document.project.openings) == 2
    assert "2 times" in dialog.count.text()
    assert dialog.table.rowCount() == 2


def test_enter_opens_nothing(window, qtbot):
    train(window, qtbot)
    dialog = opened(window, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert window.document.project.openings == ()


def test_without_a_test_set_the_dialog_says_so(window, qtbot):
    document = window.document
    plan = document.project.data.replace(train=0.7, dev=0.3, test=0.0)
    document.edit(edits.set_data(document.project, plan), "No test set")
    dialog = opened(window, qtbot)
    assert "no test set" in dialog.obstacle.text.text()
    assert not dialog.open_button.isEnabled()


def test_a_run_of_other_data_is_not_measured(window, qtbot):
    train(window, qtbot)
    document = window.document
    document.edit(edits.set_data(document.project, document.project.data.replace(seed=5)), "Seed")
    qtbot.waitUntil(lambda: window.session.stale)
    dialog = opened(window, qtbot)
    assert "Rewind" in dialog.obstacle.text.text()
    assert not dialog.open_button.isEnabled()
