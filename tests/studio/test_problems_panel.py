"""The problems panel's fixes: a button beside the sentence, one undo step, no mouse needed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.data import DataPlan
from engine.project import Project
from studio.look.theme import theme
from studio.model.document import Document
from studio.problems_panel import ProblemsPanel
from studio.problems_panel.fix_button import wrapped


@pytest.fixture
def broken():
    """x -> a -> sum -> y and x -> b -> sum, with 8 and 5 units: one misfit at the sum."""
    design = engine.Design(
        {
            "x": engine.Input(),
            "a": engine.Dense(units=8),
            "a2": engine.Dense(units=8),
            "b": engine.Dense(units=5),
            "sum": engine.Add(),
            "y": engine.Output(task="binary"),
        }
    )
    for ends in ["x a", "a a2", "a2 sum", "x b", "b sum", "sum y"]:
        design = design.connect(*ends.split())
    places = {name: (100.0 * column, 0.0) for column, name in enumerate(design.nodes)}
    return Document(Project(design, data=DataPlan(source="moons"), positions=places))


def fix_buttons(panel):
    """From top to bottom."""
    found = (panel.list.button(row) for row in range(panel.list.count()))
    return [button for button in found if button is not None]


def shown(qtbot, document, width=900):
    panel = ProblemsPanel(document)
    qtbot.addWidget(panel)
    panel.resize(width, 300)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    QApplication.processEvents()
    return panel


def test_the_fix_stands_beside_the_sentence_and_says_what_it_does(qtbot, broken):
    panel = shown(qtbot, broken)
    (button,) = fix_buttons(panel)
    assert button.text() == "Fix: match the sides with a Linear layer of 8 units"
    row = panel.list.visualItemRect(panel.list.item(0))
    assert row.contains(button.geometry())
    text = panel.list.item(0).text()
    assert "'a2' gives a vector of 8" in text and "'b' gives a vector of 5" in text
    assert button.accessibleName() == button.text()
    assert button.accessibleDescription() == text


def test_a_click_on_the_fix_is_one_undo_step_named_after_it(qtbot, broken):
    panel, before = shown(qtbot, broken), broken.project
    chosen = []
    panel.problem_chosen.connect(lambda *place: chosen.append(place))
    QTest.mouseClick(fix_buttons(panel)[0], Qt.MouseButton.LeftButton)
    assert broken.report.ok
    assert broken.undo_stack.count() == 1
    assert broken.undo_stack.undoText() == "Match the sides with a Linear layer of 8 units"
    assert broken.project.positions == before.positions, "only the new node has no place yet"
    assert panel.list.count() == 0
    assert not chosen
    broken.undo_stack.undo()
    assert broken.project == before
    assert len(fix_buttons(panel)) == 1


def test_a_click_on_the_sentence_leads_there_and_fixes_nothing(qtbot, broken):
    panel, before = shown(qtbot, broken), broken.project
    at = panel.list.visualItemRect(panel.list.item(0)).center()
    at.setX(60)
    with qtbot.waitSignal(panel.problem_chosen) as said:
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert said.args == ["sum", ""]
    assert broken.project is before


def test_tab_leads_from_the_list_to_the_fix_and_space_presses_it(qtbot, broken):
    panel = shown(qtbot, broken)
    panel.list.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.list, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is fix_buttons(panel)[0]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert broken.report.ok


def test_the_focus_stays_in_the_list_while_there_are_problems(qtbot):
    document = Document(Project(engine.Design().add("a", engine.Dense()), data=_moons()))
    panel = shown(qtbot, document)
    fix_buttons(panel)[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert panel.list.count()
    assert QApplication.focusWidget() is panel.list


def test_click_by_click_a_lonely_layer_becomes_a_network_that_runs(qtbot):
    document = Document(Project(engine.Design().add("a", engine.Dense()), data=_moons()))
    panel = shown(qtbot, document)
    while fix_buttons(panel):
        QTest.mouseClick(fix_buttons(panel)[0], Qt.MouseButton.LeftButton)
        assert document.undo_stack.count() < 10
    assert document.report.ok
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert list(document.project.design.nodes) == ["a"]


def _moons():
    return DataPlan(source="moons")


def test_a_fix_follows_the_design_even_where_the_problem_stays_the_same(qtbot):
    """The loose layer beside a network that has its end is left over; in one without, it is not."""
    nodes = {"x": engine.Input(), "a": engine.Dense(), "b": engine.Dense(), "y": engine.Output()}
    design = engine.Design(nodes).connect("x", "y")
    document = Document(Project(design.connect("x", "a")))
    panel = shown(qtbot, document)
    titles = [button.title for button in fix_buttons(panel)]
    assert "Wire 'a' to 'b'" in titles
    document.edit(Project(design.connect("x", "a").connect("x", "b")), "Wire")
    assert [button.title for button in fix_buttons(panel)] == ["Delete 'a'", "Delete 'b'"]


def test_a_problem_without_a_fix_has_no_button(qtbot):
    nodes = {"x": engine.Input(), "h": engine.Dense(units=65_536), "g": engine.Dense(units=65_536)}
    design = engine.Design(nodes).connect("x", "h").connect("h", "g")
    design = design.add("y", engine.Output(task="binary")).connect("g", "y")
    panel = shown(qtbot, Document(Project(design, data=_moons())))
    assert panel.list.count() == 1
    assert fix_buttons(panel) == []


def test_a_hidden_panel_looks_for_no_fix_until_it_is_shown(qtbot, broken):
    panel = ProblemsPanel(broken)
    qtbot.addWidget(panel)
    assert fix_buttons(panel) == []
    panel.show()
    assert len(fix_buttons(panel)) == 1


def test_many_problems_get_their_fixes_in_slices(qtbot):
    names = [f"n{number}" for number in range(60)]
    nodes = {"x": engine.Input(), "y": engine.Output(task="binary")}
    design = engine.Design({**nodes, **{n: engine.Dense() for n in names}}).connect("x", "y")
    document = Document(Project(design, data=_moons()))
    panel = shown(qtbot, document)
    assert panel.list.count() == 120
    qtbot.waitUntil(lambda: len(fix_buttons(panel)) == 120)
    assert {button.title for button in fix_buttons(panel)} == {f"Delete '{n}'" for n in names}


@pytest.fixture
def large_font(qapp):
    """The interface font at 200 percent."""
    font = qapp.font()
    large = QFont(font)
    large.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(large)
    yield
    qapp.setFont(font)


@pytest.mark.parametrize("width", [240, 320, 600, 1000])
def test_nothing_is_cut_off_or_overlaps_at_twice_the_font(qtbot, broken, large_font, width):
    panel = shown(qtbot, broken, width)
    (button,) = fix_buttons(panel)
    row = panel.list.visualItemRect(panel.list.item(0))
    assert row.contains(button.geometry())
    assert row.width() <= panel.list.viewport().width()
    for line in button.text().split("\n"):
        assert button.fontMetrics().horizontalAdvance(line) < button.width()
    lines = len(button.text().split("\n"))
    assert lines * button.fontMetrics().lineSpacing() < button.height()


def test_words_too_long_for_a_line_are_broken(qapp):
    metrics = QFontMetrics(qapp.font())
    lines = wrapped("a " + 40 * "w" + " b", metrics, 100)
    assert "".join(lines).replace(" ", "") == "a" + 40 * "w" + "b"
    assert all(metrics.horizontalAdvance(line) <= 100 for line in lines)


def test_a_name_with_an_ampersand_is_written_in_full(qtbot):
    nodes = {"x": engine.Input(), "y": engine.Output(task="binary"), "a & b": engine.Dense()}
    design = engine.Design(nodes).connect("x", "y")
    panel = shown(qtbot, Document(Project(design, data=_moons())))
    assert fix_buttons(panel)[0].text() == "Fix: delete 'a && b'"
    assert fix_buttons(panel)[0].shortcut().isEmpty()


def test_the_rows_follow_the_theme(qtbot, broken):
    panel = shown(qtbot, broken)
    theme.apply(dark=True)
    dark = panel.list.grab().toImage().pixelColor(200, 250)
    theme.apply(dark=False)
    assert panel.list.grab().toImage().pixelColor(200, 250) != dark
