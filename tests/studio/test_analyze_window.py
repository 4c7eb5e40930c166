"""The Analyze window: the engine's numbers in rows, sorted, copied, and live."""

import csv
import io
import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

import engine
from engine.data import DataPlan
from engine.design import describe
from engine.project import Project
from studio.analyze_window import AnalyzeWindow
from studio.analyze_window.table import MARGIN_PX, PADDING_PX
from studio.look.theme import theme
from studio.model.document import Document


@pytest.fixture
def document(qtbot):
    """2-8-30-1 on moons; the wide layer starts from Xavier weights, which is worth a warning."""
    layers = [
        engine.Input(),
        engine.Dense(units=8),
        engine.Dense(units=30, initializer="xavier"),
        engine.Output(task="binary"),
    ]
    design = engine.Design.sequential(layers, ["x", "small", "wide", "y"])
    settings = engine.TrainingSettings(batch_size=32)
    return Document(Project(design, settings, DataPlan(source="moons")))


@pytest.fixture
def window(qtbot, document):
    return opened(qtbot, document)


def opened(qtbot, document):
    window = AnalyzeWindow(document)
    qtbot.addWidget(window)
    window.resize(1100, 500)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.table.setFocus()
    return window


def column(window, title):
    names = [column.name for column in window.table.rows.columns]
    return next(n for n, name in enumerate(names) if name.startswith(title))


def texts(window, title):
    rows = window.table.rows
    return [rows.index(line, column(window, title)).data() for line in range(rows.rowCount())]


def cell(window, line, title):
    return window.table.visualRect(window.table.rows.index(line, column(window, title))).center()


def click(window, line, title="Layer", keys=Qt.KeyboardModifier.NoModifier):
    at = cell(window, line, title)
    QTest.mouseClick(window.table.viewport(), Qt.MouseButton.LeftButton, keys, at)


def change(document, design):
    document.edit(document.project.replace(design=design), "Change")
    QApplication.processEvents()


def press_header(window, title):
    header = window.table.horizontalHeader()
    x = header.sectionViewportPosition(column(window, title)) + 10
    at = QPoint(x, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_every_row_has_the_engines_numbers_and_the_last_their_sums(window, document):
    rows = describe(document.project.design, document.project.training, document.fit)
    assert texts(window, "Layer") == ["x", "small", "wide", "y", "Total"]
    assert texts(window, "Output shape") == ["2", "8", "30", "1", ""]
    assert texts(window, "Parameters") == ["0", "24", "270", "31", "325"]
    assert texts(window, "Multiply-adds forward") == ["0", "16", "240", "30", "286"]
    assert texts(window, "Multiply-adds backward") == ["0", "16", "480", "60", "556"]
    assert texts(window, "Memory")[2] == "7.7 kB"
    assert 32 * rows[2].activation_bytes == 32 * 4 * 2 * 30 == 7_680
    assert texts(window, "Memory")[-1] == "10.1 kB"


def test_the_memory_column_says_for_how_many_examples(window, document):
    assert window.table.rows.columns[column(window, "Memory")].name == "Memory of 32 examples"
    settings = document.project.training.replace(batch_size=None)
    document.edit(document.project.replace(training=settings), "Full batch")
    QApplication.processEvents()
    assert window.table.rows.columns[column(window, "Memory")].name == "Memory of one example"
    assert texts(window, "Memory")[2] == "240 B"


def test_numbers_stand_right_in_tabular_figures_with_separators(window, document):
    change(document, document.project.design.edit("wide", units=5000))
    assert texts(window, "Parameters")[2] == "45,000"
    index = window.table.rows.index(2, column(window, "Parameters"))
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    font = index.data(Qt.ItemDataRole.FontRole)
    if hasattr(QFont, "Tag"):
        assert font.featureValue(QFont.Tag("tnum")) == 1


def test_a_warning_is_read_in_full_with_its_reason(window):
    assert texts(window, "Warnings")[2] == "ReLU starts from Xavier weights; He suits it better."
    click(window, 2)
    assert window.advice.text().startswith("wide: ReLU starts from Xavier weights;")
    assert "twice the variance, 2/n" in window.advice.text()
    click(window, 1)
    one = "One row has warnings. Select it to read why."
    assert window.advice.text() == f"small: no warnings. {one}"


def test_advice_on_the_training_stands_at_the_totals(window, document):
    wild = document.project.training.replace(optimizer=engine.Adam(learning_rate=0.5))
    document.edit(document.project.replace(training=wild), "Change")
    QApplication.processEvents()
    assert texts(window, "Warnings")[-1].startswith("A learning rate of 0.5 is very large")


def test_a_click_and_enter_choose_the_layer_and_the_totals_choose_none(window):
    chosen = []
    window.node_chosen.connect(chosen.append)
    click(window, 2)
    assert chosen == ["wide"]
    QTest.keyClick(window.table, Qt.Key.Key_Up)
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert chosen == ["wide", "small"]
    click(window, 4)
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert chosen == ["wide", "small"]


@pytest.mark.parametrize(
    ("title", "rising"),
    [
        ("Parameters", ["x", "small", "y", "wide"]),
        ("Layer", ["small", "wide", "x", "y"]),
        ("Output shape", ["y", "x", "small", "wide"]),
        ("#", ["x", "small", "wide", "y"]),
    ],
)
def test_a_header_sorts_up_and_down_and_the_totals_stay_last(window, title, rising):
    if title == "#":
        press_header(window, "Layer")
    press_header(window, title)
    assert texts(window, "Layer") == [*rising, "Total"]
    mark = window.table.rows.headerData(column(window, title), Qt.Orientation.Horizontal)
    assert mark.endswith("▲")
    press_header(window, title)
    assert texts(window, "Layer") == [*reversed(rising), "Total"]


def test_s_sorts_by_the_column_of_the_keyboard(window):
    click(window, 2, "Parameters")
    QTest.keyClick(window.table, Qt.Key.Key_S)
    assert texts(window, "Layer") == ["x", "small", "y", "wide", "Total"]
    assert [line.row.name for line in window.table.selected_lines()] == ["wide"]
    QTest.keyClick(window.table, Qt.Key.Key_S)
    assert texts(window, "Layer") == ["wide", "y", "small", "x", "Total"]


def test_the_table_follows_the_document_and_keeps_what_was_chosen(window, document):
    press_header(window, "Parameters")
    click(window, 3)
    change(document, document.project.design.edit("small", units=100))
    assert texts(window, "Layer")[-2] == "wide"
    assert texts(window, "Parameters")[-2] == "3,030"
    design = document.project.design.remove(["small"]).connect("x", "wide")
    change(document, design)
    assert texts(window, "Layer") == ["x", "y", "wide", "Total"]
    assert [line.row.name for line in window.table.selected_lines()] == ["wide"]
    assert window.advice.text().startswith("wide: ")
    document.undo_stack.undo()
    QApplication.processEvents()
    assert "small" in texts(window, "Layer")


def test_a_design_that_cannot_run_shows_its_problems_instead(window, document):
    sound = document.project.design
    change(document, sound.disconnect([engine.Wire("small", "wide")]))
    assert window.pages.currentWidget() is window.problems
    list_ = window.problems.list
    shown = [list_.item(row).text() for row in range(list_.count())]
    assert shown == [str(problem) for problem in document.report.problems]
    chosen = []
    window.node_chosen.connect(chosen.append)
    at = list_.visualItemRect(list_.item(1)).center()
    QTest.mouseClick(list_.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen == ["wide"]
    document.undo_stack.undo()
    QApplication.processEvents()
    assert window.pages.currentWidget() is not window.problems
    assert texts(window, "Layer") == ["x", "small", "wide", "y", "Total"]


def test_csv_has_plain_numbers_in_the_order_on_show(window):
    press_header(window, "Parameters")
    button(window, "Copy as CSV").click()
    table = list(csv.DictReader(io.StringIO(QApplication.clipboard().text())))
    assert [row["Layer"] for row in table] == ["x", "small", "y", "wide", "Total"]
    assert table[3]["Memory of 32 examples"] == "7680"
    assert table[-1]["Multiply-adds backward"] == "556"
    assert window.status.text() == "4 layers and their totals are on the clipboard as CSV."


def test_markdown_is_a_table_with_numbers_to_the_right(window, document):
    change(document, document.project.design.rename("small", "a|b"))
    button(window, "Copy as Markdown").click()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("| # | Layer | Kind | Output shape | Parameters |")
    assert lines[1].startswith("| ---: | :--- | :--- | ---: |")
    assert lines[3].startswith("| 2 | a\\|b | Dense | 8 | 24 |")
    assert len(lines) == 7


def test_a_spreadsheet_runs_no_name_and_a_report_takes_none_for_markup(window, document):
    change(document, document.project.design.rename("small", "=1+1 <img>"))
    button(window, "Copy as CSV").click()
    table = list(csv.DictReader(io.StringIO(QApplication.clipboard().text())))
    assert table[1]["Layer"] == "'=1+1 <img>"
    button(window, "Copy as Markdown").click()
    assert "| 2 | =1+1 \\<img\\> |" in QApplication.clipboard().text()


def test_ctrl_c_copies_the_selected_rows_for_a_spreadsheet(window):
    click(window, 1)
    click(window, 2, keys=Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert [row[:5] for row in rows] == [
        ["2", "small", "Dense", "8", "24"],
        ["3", "wide", "Dense", "30", "270"],
    ]


def button(window, text):
    return next(b for b in window.findChildren(QPushButton) if b.text() == text)


def test_it_is_not_modal_and_escape_closes_it(window):
    assert not window.isModal()
    assert window.isWindow()
    QTest.keyClick(window.table, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_a_closed_window_does_not_work_and_catches_up_when_it_is_opened(window, document):
    window.close()
    change(document, document.project.design.edit("small", units=9))
    assert texts(window, "Parameters")[1] == "24"
    window.show()
    assert texts(window, "Parameters")[1] == "27"


def test_tab_walks_from_the_table_to_the_buttons(window):
    visited = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        visited.append(getattr(QApplication.focusWidget(), "text", str)())
    assert [text for text in visited if text] == ["Copy as CSV", "Copy as Markdown", "Close"]


def test_a_screen_reader_hears_the_columns_name_with_the_number(window):
    interface = QAccessible.queryAccessibleInterface(window.table)
    assert interface.text(QAccessible.Text.Name) == "Layers and their cost"
    index = window.table.rows.index(1, column(window, "Parameters"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Parameters: 24"


def test_columns_do_not_shrink_when_numbers_do(window, document):
    change(document, document.project.design.edit("wide", units=60_000))
    section = column(window, "Parameters")
    wide = window.table.columnWidth(section)
    change(document, document.project.design.edit("wide", units=3))
    assert window.table.columnWidth(section) == wide


@pytest.fixture
def large_font(qapp):
    """The interface font at 200 percent."""
    font = qapp.font()
    large = QFont(font)
    large.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(large)
    yield
    qapp.setFont(font)


@pytest.mark.parametrize("dark", [False, True])
def test_no_text_is_cut_off_at_twice_the_font(qtbot, document, large_font, dark):
    theme.apply(dark=dark)
    window = opened(qtbot, document)
    rows, table = window.table.rows, window.table
    for section in range(rows.columnCount()):
        for line in range(rows.rowCount()):
            index = rows.index(line, section)
            needed = table.sizeHintForIndex(index)
            assert needed.width() <= table.columnWidth(section)
            assert table.fontMetrics().height() < table.rowHeight(line)
        title = rows.headerData(section, Qt.Orientation.Horizontal)
        metrics = table.horizontalHeader().fontMetrics()
        widest = max(metrics.horizontalAdvance(text) for text in title.split("\n"))
        assert widest + 2 * (PADDING_PX + MARGIN_PX) <= table.columnWidth(section)
        assert 2 * metrics.lineSpacing() < table.horizontalHeader().height()
    theme.apply(dark=False)


@pytest.mark.alone
def test_three_hundred_layers_are_analyzed_fast(qtbot):
    layers = [engine.Input(), *(engine.Dense(units=10 + n % 7) for n in range(298))]
    design = engine.Design.sequential([*layers, engine.Output(task="binary")])
    document = Document(Project(design, data=DataPlan(source="moons")))
    window = opened(qtbot, document)
    times = []
    for units in (20, 21, 22, 23, 24):
        document.edit(
            document.project.replace(design=document.project.design.edit("dense 150", units=units)),
            "Change",
        )
        start = time.perf_counter()
        QApplication.processEvents()
        times.append(time.perf_counter() - start)
        assert texts(window, "Output shape")[150] == str(units)
    print(f"refresh of 300 rows: {1e3 * min(times):.1f} ms")
    assert min(times) < 0.1, "a tenth of a second, on a machine ten times slower"
