"""MainWindow: keys go where they belong, docks stay where they were, closing ends everything."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QTabBar, QToolBar

from engine.files import save_project
from studio.dashboard import panel_classes
from studio.look.theme import DARK, LIGHT, theme
from studio.model import edits
from studio.running.session import State
from studio.shell.menu_entries import entries
from tests.studio.conftest import small_project
from tests.studio.hands import activate, drag_event, press_keys, retype
from tests.studio.shell.test_run_control import run_some, theta, wait_for

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def click_node(window, name):
    item = window.canvas.canvas.nodes[name]
    at = window.canvas.mapFromScene(item.pos() + item.body.center())
    QTest.mouseClick(window.canvas.viewport(), LEFT, NONE, at)


def visible_tab_bars(window):
    """Those of the docks, not of what stands inside a panel."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return [bar for bar in window.findChildren(QTabBar, options=direct) if bar.isVisible()]


def dock(window, id):
    return window.findChild(QDockWidget, id)


# Keys.


def test_delete_deletes_the_selected_layer_on_the_canvas(window):
    click_node(window, "h1")
    press_keys("Del")
    assert "h1" not in window.document.project.design.nodes
    press_keys("Ctrl+Z")
    assert "h1" in window.document.project.design.nodes


@pytest.mark.parametrize("key", ["Del", "Backspace"])
def test_delete_in_a_field_of_the_inspector_deletes_text_only(window, key):
    click_node(window, "h1")
    line = window.inspector.form.rows["units"].editor.line
    retype(line, "12")
    assert window.document.project.design.nodes["h1"].units == 12
    line.setCursorPosition(0 if key == "Del" else 2)
    press_keys(key)
    assert line.text() == ("2" if key == "Del" else "1")
    assert "h1" in window.document.project.design.nodes


def test_letters_and_ctrl_a_in_the_search_box_are_text(window):
    QTest.mouseClick(window.palette_panel.search, LEFT)
    zoom = window.canvas.zoom
    window.canvas.zoom_in()
    QTest.keyClicks(window.palette_panel.search, "f")
    assert window.palette_panel.search.text() == "f"
    assert window.canvas.zoom != zoom
    press_keys("Ctrl+A", "Del")
    assert window.palette_panel.search.text() == ""
    assert window.canvas.selected_nodes() == []
    assert len(window.document.project.design.nodes) == 3


def test_ctrl_z_in_a_field_undoes_the_edit_of_the_project(window):
    click_node(window, "h1")
    line = window.inspector.form.rows["units"].editor.line
    retype(line, "12")
    press_keys("Ctrl+Z")
    assert window.document.project.design.nodes["h1"].units == 8
    assert line.text() == "8"
    press_keys("Ctrl+Y")
    assert window.document.project.design.nodes["h1"].units == 12


def test_undo_names_what_it_undoes(window):
    click_node(window, "h1")
    retype(window.inspector.form.rows["units"].editor.line, "12")
    assert window.commands["undo"].text() == "Undo Change units of h1"
    assert not window.commands["redo"].isEnabled()


def test_ctrl_l_tidies_and_is_one_step(window):
    press_keys("Ctrl+L")
    assert window.document.project.positions.keys() == {"x", "h1", "y"}
    assert window.document.undo_stack.count() == 1


def test_no_two_commands_share_a_key_unless_one_is_always_off(window):
    keys = [
        (key.toString(), name)
        for name, action in window.commands.actions.items()
        for key in action.shortcuts()
    ]
    shared = {}
    for key, name in keys:
        shared.setdefault(key, []).append(name)
    assert [names for names in shared.values() if len(names) > 1] == [["play", "pause"]]


def test_every_command_has_a_tip_and_stands_in_a_menu(window):
    in_menus = {id(entry.action) for entry in entries(window)}
    for name, action in window.commands.actions.items():
        assert id(action) in in_menus or not action.isVisible(), name
        assert action.statusTip().endswith("."), name


# The parts together.


def test_a_double_click_on_a_layer_leads_to_its_settings(window):
    item = window.canvas.canvas.nodes["h1"]
    at = window.canvas.mapFromScene(item.pos() + item.body.center())
    QTest.mouseClick(window.canvas.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(window.canvas.viewport(), LEFT, NONE, at)
    assert window.inspector.names == ["h1"]
    assert window.inspector.isAncestorOf(QApplication.focusWidget())


def test_escape_takes_back_what_was_typed_and_then_leads_back_to_the_canvas(qtbot, window):
    window.canvas.select(["h1"])
    window.canvas.node_activated.emit("h1")
    line = QApplication.focusWidget()
    assert window.inspector.isAncestorOf(line)
    QTest.keyClicks(line, "x")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is line and "x" not in line.text()
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.canvas
    assert window.canvas.selected_nodes() == ["h1"], "the layer stays selected"


def test_a_chosen_layer_of_the_palette_comes_onto_the_canvas(window):
    QTest.mouseClick(window.palette_panel.search, LEFT)
    QTest.keyClicks(window.palette_panel.search, "dropout")
    press_keys("Return")
    assert len(window.document.project.design.nodes) == 4
    assert window.canvas.selected_nodes() == window.inspector.names
    assert len(window.inspector.names) == 1


def test_a_renamed_layer_stays_selected(window):
    click_node(window, "h1")
    retype(window.inspector.header.name, "hidden")
    press_keys("Return")
    assert "hidden" in window.document.project.design.nodes
    assert window.canvas.selected_nodes() == window.inspector.names == ["hidden"]


@pytest.mark.parametrize("name", ["", "  ", "y", "a" * 500])
def test_an_unfit_name_is_refused_and_the_layer_keeps_its_own(window, name):
    click_node(window, "h1")
    retype(window.inspector.header.name, name)
    press_keys("Return")
    assert set(window.document.project.design.nodes) == {"x", "h1", "y"}


@pytest.mark.parametrize("value", ["0", "-5", "nan", "many", "1e300", "99999999999999999999"])
def test_a_huge_or_foolish_value_is_refused_with_a_sentence_and_play_stays_whole(
    qtbot, open_window, value
):
    window = open_window(small_project(epochs=100_000))
    wait_for(qtbot, window, State.READY)
    activate(qtbot, window)
    click_node(window, "h1")
    row = window.inspector.form.rows["units"]
    retype(row.editor.line, value)
    press_keys("Return")
    assert "must be a whole number between 1 and" in row.sentence.text.text()
    assert window.document.report.ok
    run_some(qtbot, window)


def test_the_problems_button_opens_the_list_and_a_problem_leads_to_its_field(qtbot, window):
    window.document.edit(
        edits.set_field(window.document.project, "y", "units", 7), "Change units of y"
    )
    assert window.document.report.problems
    assert window.problems_button.text() == window.problems_panel.summary()
    assert not window.problems_panel.isVisible()
    QTest.mouseClick(window.problems_button, LEFT)
    assert window.problems_panel.isVisible()
    first = window.problems_panel.list
    QTest.mouseClick(first.viewport(), LEFT, NONE, first.visualItemRect(first.item(0)).center())
    assert window.canvas.selected_nodes() == ["y"]
    problem = window.document.report.problems[0]
    if problem.field:
        activate(qtbot, window)
        row = window.inspector.form.rows[problem.field]
        qtbot.waitUntil(lambda: row.isAncestorOf(QApplication.focusWidget()))
    press_keys("Ctrl+Z")
    assert window.problems_button.text() == "No problems: the design can run."


def test_the_first_epochs_move_the_panels_and_the_status(qtbot, window):
    press_keys("F5")
    wait_for(qtbot, window, State.FINISHED)
    window.dashboard.tick()
    label = window.run_status.labels["epoch"].text()
    epochs = window.document.project.training.epochs
    assert label == f"epoch {epochs}/{epochs}"
    assert window.run_status.bar.value() == window.run_status.bar.maximum()


# Files dropped on the window.


def drop(window, *paths):
    """Drop files over the canvas, as a file manager does; whether the window took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    target, at = window.canvas.viewport(), QPoint(40, 40)
    copy = Qt.DropAction.CopyAction
    enter = drag_event(QDragEnterEvent, QPointF(at), data)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(at), copy, data, LEFT, NONE)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


@pytest.mark.parametrize("name", ["dropped.netdesign", "LOUD.NETDESIGN"])
def test_a_design_dropped_on_the_window_is_opened(qtbot, window, tmp_path, name):
    save_project(small_project(seed=3), tmp_path / name)
    assert drop(window, tmp_path / name)
    qtbot.waitUntil(lambda: window.document.project.training.seed == 3)


def test_a_dropped_text_file_or_two_files_at_once_are_not_taken(window, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear teacher", encoding="utf-8")
    designs = [tmp_path / "a.netdesign", tmp_path / "b.netdesign"]
    before = window.document.project
    assert not drop(window, letter)
    assert not drop(window, *designs)
    assert window.document.project is before


# Docks and looks.


def columns_of_tabs():
    """The words on the tabs below the canvas, column by column."""
    columns = {}
    for panel in panel_classes():
        columns.setdefault(panel.column, []).append(panel.tab)
    return [columns[column] for column in sorted(columns)]


def test_only_the_tabs_of_the_groups_are_on_show(qtbot, window):
    qtbot.wait(50)
    texts = [[bar.tabText(i) for i in range(bar.count())] for bar in visible_tab_bars(window)]
    assert sorted(texts) == sorted([*columns_of_tabs(), ["Training", "Data", "History"]])


def test_a_dock_has_its_title_on_its_tab_or_above_it_but_not_twice(qtbot, window):
    qtbot.waitUntil(lambda: dock(window, "training").titleBarWidget() is not None)
    assert dock(window, "palette").titleBarWidget() is None
    behind = [dock(window, "data"), dock(window, "history")]
    for each in behind:
        each.hide()
    qtbot.waitUntil(lambda: dock(window, "training").titleBarWidget() is None)
    for each in behind:
        each.show()
    qtbot.waitUntil(lambda: dock(window, "training").titleBarWidget() is not None)


def test_docks_come_back_as_they_were(qtbot, open_window, project):
    first = open_window(project, keeps_layout=True)
    dock(first, "palette").hide()
    first.docks.show("problems")
    dock(first, "data").raise_()
    qtbot.wait(50)
    first.close()
    second = open_window(project, keeps_layout=True)
    qtbot.wait(50)
    assert not dock(second, "palette").isVisible()
    assert dock(second, "problems").isVisible()
    assert second.data_panel.isVisible()
    texts = [[bar.tabText(i) for i in range(bar.count())] for bar in visible_tab_bars(second)]
    *columns, last = columns_of_tabs()
    expected = [*columns, [*last, "Problems"], ["Training", "Data", "History"]]
    assert sorted(texts) == sorted(expected)


def test_a_panel_keeps_its_place_when_its_title_changes(qtbot, open_window, project, monkeypatch):
    first = open_window(project, keeps_layout=True)
    first.docks.show("runs")
    dock(first, "flow").hide()
    qtbot.wait(50)
    first.close()
    monkeypatch.setattr(type(first.docks.widget("runs")), "tab", "All runs")
    monkeypatch.setattr(type(first.docks.widget("flow")), "tab", "Gradients over depth")
    second = open_window(project, keeps_layout=True)
    qtbot.waitUntil(lambda: second.docks.widget("runs").visibleRegion().isEmpty() is False)
    assert dock(second, "runs").windowTitle() == "All runs"
    assert dock(second, "flow").isHidden()


def test_a_damaged_layout_is_forgotten(open_window, project):
    QSettings().setValue("docks", b"nonsense")
    QSettings().setValue("geometry", b"nonsense")
    window = open_window(project, keeps_layout=True)
    assert dock(window, "palette").isVisible()
    assert dock(window, "problems").isHidden()


def test_without_a_remembered_layout_nothing_is_written(open_window, project):
    open_window(project).close()
    assert QSettings().value("docks") is None


def inks(icon):
    """The colors of an icon's solid parts."""
    image = icon.pixmap(16).toImage()
    every = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {color.name() for color in every if color.alpha() == 255}


def test_dark_and_light_change_an_open_window(qtbot, window):
    bar = window.findChild(QToolBar)
    try:
        for dark, colors in ((True, DARK), (False, LIGHT)):
            theme.apply(dark)
            window.message_bar.tell("Look.")
            qtbot.wait(20)
            empty = bar.mapTo(window, QPoint(bar.width() // 2, 1))  # above what stands on it
            assert window.grab().toImage().pixelColor(empty).name() == colors.window.lower()
            message = window.message_bar.grab().toImage().pixelColor(2, 2).name()
            assert message == colors.raised.lower()
            for button in (window.commands["play"], window.problems_button):
                assert colors.text.lower() in inks(button.icon())
    finally:
        theme.apply(dark=False)


# The end.


def trainers():
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def test_closing_in_mid_run_ends_the_thread(qtbot, open_window):
    window = open_window(small_project(epochs=100_000))
    wait_for(qtbot, window, State.READY)
    run_some(qtbot, window)
    press_keys("Ctrl+Q")
    assert not window.isVisible()
    assert trainers() == []


def test_closing_while_data_load_ends_the_thread(open_window, project):
    window = open_window(project)
    press_keys("F5")
    window.close()
    assert trainers() == []


def test_closing_during_a_gradient_check_ends_everything(qtbot, window):
    press_keys("F7")
    window.close()
    qtbot.wait(50)
    assert [t for t in threading.enumerate() if t.name in ("training", "job")] == []


def test_a_second_close_does_nothing_more(window):
    assert window.close()
    assert window.close()
    assert trainers() == []


def test_two_windows_train_side_by_side(qtbot, open_window):
    windows = [open_window(small_project(seed=seed)) for seed in (0, 0)]
    for window in windows:
        wait_for(qtbot, window, State.READY)
        window.run_control.play()
    for window in windows:
        wait_for(qtbot, window, State.FINISHED)
    assert np.array_equal(theta(windows[0]), theta(windows[1]))


def test_the_window_can_be_closed_while_its_message_is_shown(qtbot, open_window):
    window = open_window(small_project(epochs=100_000))
    wait_for(qtbot, window, State.READY)
    run_some(qtbot, window)
    window.document.edit(
        edits.set_field(window.document.project, "h1", "units", 5), "Change units of h1"
    )
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    window.document.forget_changes()
    window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert trainers() == []


def test_a_key_gives_the_whole_window_to_a_panel_and_takes_it_back(qtbot, window):
    panel = window.docks.widget("cost")
    before = {id: window.docks.dock(id).isVisible() for id in window.docks.ids}
    panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    panel.setFocus()
    window.commands["enlarge"].trigger()
    assert not window.canvas.isVisible()
    assert not window.inspector.isVisible()
    qtbot.waitUntil(lambda: panel.width() > 0.9 * window.width())
    window.commands["enlarge"].trigger()
    assert window.canvas.isVisible()
    assert {id: window.docks.dock(id).isVisible() for id in window.docks.ids} == before


def test_a_panel_behind_a_tab_costs_nothing_until_it_comes_to_the_front(qtbot, window, monkeypatch):
    columns = {}
    for panel in map(window.docks.widget, window.panels.classes):
        columns.setdefault(panel.column, []).append(panel)
    fronts = [column[0] for column in columns.values()]
    behind = [panel for column in columns.values() for panel in column[1:]]
    refreshed = set()
    for panel in (*fronts, *behind):
        monkeypatch.setattr(panel, "refresh", lambda _moment, panel=panel: refreshed.add(panel))
    qtbot.wait(50)
    window.session.step(window.document.project)
    qtbot.waitUntil(lambda: window.session.state is State.PAUSED)
    qtbot.waitUntil(lambda: refreshed >= set(fronts))
    assert not refreshed & set(behind)
    window.docks.show(behind[0].id)
    qtbot.waitUntil(lambda: behind[0] in refreshed)


def test_a_wire_that_is_clicked_shows_its_numbers(qtbot, window):
    numbers = window.docks.widget("numbers")
    window.docks.show("numbers")
    qtbot.waitUntil(lambda: numbers.walk is not None)
    (wire,) = [wire for wire in window.canvas.canvas.wires if wire.target == "y"]
    window.canvas.canvas.selection.set(wires=[wire])
    assert numbers.layer.currentText() == wire.source
