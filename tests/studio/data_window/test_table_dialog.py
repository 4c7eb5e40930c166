"""Opening a table: guesses that can be corrected, problems with their place, one undoable edit."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.tables import open_table, preview
from studio.data_window.table_dialog import TableDialog
from tests.studio.hands import answer_file_dialog, choose, drag_event

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def open_dialog(qtbot, document):
    def open_one(path):
        dialog = TableDialog(document, path)
        qtbot.addWidget(dialog, before_close_func=TableDialog.shut_down)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        looked(dialog, qtbot)
        return dialog

    return open_one


def test_a_file_of_one_byte_has_one_byte(open_dialog, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a")
    assert "1 byte," in open_dialog(tmp_path / "a.csv").facts.text()


def looked(dialog, qtbot):
    qtbot.waitUntil(lambda: not dialog.looking)


def read(dialog, qtbot):
    QTest.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: not dialog.reading)


def click_header(dialog, column, keys=Qt.KeyboardModifier.NoModifier):
    header = dialog.table.horizontalHeader()
    at = header.viewport().rect().center()
    at.setX(header.sectionViewportPosition(column) + 5)
    QTest.mouseClick(header.viewport(), LEFT, keys, at)


def test_the_preview_is_the_engines(open_dialog, flowers):
    dialog, expected = open_dialog(flowers), preview(flowers)
    assert dialog.model.rowCount() == len(expected.rows)
    for row in (0, 30):
        shown = [dialog.model.index(row, c).data() for c in range(4)]
        assert tuple(shown) == expected.rows[row]
    header = dialog.model.headerData(3, Qt.Orientation.Horizontal)
    assert header == "species\ntarget, category"
    assert "60 rows, 4 columns" in dialog.facts.text()


def test_role_and_type_of_every_column_fit_into_its_header(open_dialog, flowers):
    header = open_dialog(flowers).table.horizontalHeader()
    for column in range(4):
        assert header.sectionSizeHint(column) <= header.sectionSize(column)


def test_reading_is_one_undoable_step_with_the_proposed_split(
    open_dialog, flowers, document, qtbot
):
    before, dialog = document.project, open_dialog(flowers)
    read(dialog, qtbot)
    plan = document.project.data
    assert plan.source == open_table(flowers, *_guessed(flowers)).source
    assert (plan.train, plan.dev, plan.test) == (0.7, 0.3, 0.0)
    assert plan.build().train.m == 42
    assert not dialog.isVisible()
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Open the data flowers.csv"
    document.undo_stack.undo()
    assert document.project.data == before.data


def _guessed(path):
    found = preview(path)
    return found.options, found.columns


def test_the_design_takes_the_task_of_the_table(open_dialog, flowers, document, qtbot):
    read(open_dialog(flowers), qtbot)
    assert document.project.design.nodes["y"].task.kind == "multi_class"
    assert document.report.ok


def test_a_corrected_role_is_read_so(open_dialog, flowers, document, qtbot):
    dialog = open_dialog(flowers)
    click_header(dialog, 2)
    assert dialog.which.text() == "“color”"
    choose(dialog.columns.rows["role"].editor.combo, "Ignore")
    assert dialog.model.headerData(2, Qt.Orientation.Horizontal) == "color\nignore"
    read(dialog, qtbot)
    assert document.project.data.source.load().feature_names == ("length", "width")


def test_several_columns_change_together(open_dialog, flowers):
    dialog = open_dialog(flowers)
    click_header(dialog, 0)
    click_header(dialog, 1, Qt.KeyboardModifier.ControlModifier)
    assert dialog.which.text() == "“length”, “width”"
    choose(dialog.columns.rows["missing"].editor.combo, "Fill in the mean")
    assert [c.missing for c in dialog.preview.columns][:2] == ["mean", "mean"]


def test_without_a_target_nothing_is_read_and_a_sentence_says_why(open_dialog, flowers):
    dialog = open_dialog(flowers)
    click_header(dialog, 3)
    choose(dialog.columns.rows["role"].editor.combo, "Feature")
    assert not dialog.go.isEnabled()
    assert "No column is the target" in dialog.problem.text.text()
    choose(dialog.columns.rows["role"].editor.combo, "Target")
    assert dialog.go.isEnabled()
    assert dialog.problem.isHidden()


def test_another_delimiter_reads_the_rows_anew_and_keeps_what_was_chosen(
    open_dialog, flowers, qtbot
):
    dialog = open_dialog(flowers)
    click_header(dialog, 2)
    choose(dialog.columns.rows["role"].editor.combo, "Ignore")
    choose(dialog.options.rows["delimiter"].editor.combo, "Semicolon  ;")
    looked(dialog, qtbot)
    assert dialog.model.columnCount() == 1
    assert "only one column" in dialog.warnings.text()
    choose(dialog.options.rows["delimiter"].editor.combo, "Comma  ,")
    looked(dialog, qtbot)
    assert dialog.model.columnCount() == 4
    assert dialog.preview.columns[2].role == "ignore"


def test_problems_name_row_and_column(open_dialog, damaged):
    dialog = open_dialog(damaged)
    assert "Line 4, column 1 ('size'): 'many' is not a number" in dialog.warnings.text()
    assert "Line 6 has 2 values, but the table has 3 columns" in dialog.warnings.text()
    assert dialog.preview.options.decimal == ","


def test_reading_stops_at_a_bad_row_and_offers_to_skip_it(open_dialog, damaged, document, qtbot):
    dialog, before = open_dialog(damaged), document.project
    told = []
    dialog.read.connect(told.append)
    read(dialog, qtbot)
    assert document.project is before
    assert dialog.isVisible()
    assert "Line 4" in dialog.problem.text.text()
    QTest.mouseClick(dialog.skip, LEFT)
    qtbot.waitUntil(lambda: not dialog.reading)
    assert document.project.data.source.examples() == 38
    assert told and "2 bad rows were skipped" in told[0]


def test_reading_can_be_cancelled_and_changes_nothing(open_dialog, tmp_path, document, qtbot):
    rows = "\n".join(f"{i},{i % 7},{'ab'[i % 2]}" for i in range(300_000))
    path = tmp_path / "long.csv"
    path.write_text("a,b,c\n" + rows)
    dialog, before = open_dialog(path), document.project
    QTest.mouseClick(dialog.go, LEFT)
    QTest.mouseClick(dialog.cancel, LEFT)
    qtbot.waitUntil(lambda: not dialog.reading)
    assert document.project is before
    assert "canceled" in dialog.problem.text.text()
    QTest.mouseClick(dialog.cancel, LEFT)
    assert not dialog.isVisible()


def test_a_file_that_is_no_table_is_refused_with_a_sentence(open_dialog, tmp_path):
    path = tmp_path / "noise.csv"
    path.write_bytes(np.random.default_rng(0).bytes(5000))
    dialog = open_dialog(path)
    assert not dialog.go.isEnabled()
    assert dialog.problem.text.text().endswith(".")
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    dialog = open_dialog(empty)
    assert not dialog.go.isEnabled()
    assert dialog.problem.text.text().endswith(".")


def test_a_table_dropped_on_the_window_is_looked_at(window, flowers, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(flowers))])
    place, none = QPointF(300, 300), Qt.KeyboardModifier.NoModifier
    entered = drag_event(QDragEnterEvent, place, data)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, data, LEFT, none))
    qtbot.waitUntil(lambda: window.data_views.importing is not None)
    dialog = window.data_views.importing
    looked(dialog, qtbot)
    QTest.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: window.data_views.importing is None)
    assert window.document.project.data.source.file == "flowers.csv"
    assert "flowers.csv: 60 examples" in window.message_bar.text


def test_file_open_takes_a_table(window, flowers, qtbot):
    answer_file_dialog(flowers)
    window.commands["open"].trigger()
    qtbot.waitUntil(lambda: window.data_views.importing is not None)
    assert window.data_views.importing.path == flowers
    looked(window.data_views.importing, qtbot)
    window.data_views.importing.reject()


def test_the_command_asks_for_a_file(window, flowers, qtbot):
    answer_file_dialog(flowers)
    window.commands["open_table"].trigger()
    qtbot.waitUntil(lambda: window.data_views.importing is not None)
    looked(window.data_views.importing, qtbot)
    QTest.keyClick(window.data_views.importing, Qt.Key.Key_Escape)
    assert window.data_views.importing is None
