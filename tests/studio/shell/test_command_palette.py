"""CommandPalette: every command by name, with real keys and clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEventLoop, QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from shiboken6 import isValid

from studio.shell.command_palette import MOST_RECENT, RECENT_SETTING, CommandPalette
from studio.shell.command_row import ENTRY, row_height

Key = Qt.Key


class Menus(QMainWindow):
    """A window with a few commands that note when they ran."""

    def __init__(self):
        super().__init__()
        self.ran = []
        file_menu, edit_menu = self.menuBar().addMenu("&File"), self.menuBar().addMenu("&Edit")
        self.add(file_menu, "&Save", "Ctrl+S").setStatusTip("Save the design.")
        self.add(file_menu, "Save &As…", "Ctrl+Shift+S")
        file_menu.addSeparator()
        recent = file_menu.addMenu("Open &Recent")
        recent.aboutToShow.connect(recent.clear)
        recent.aboutToShow.connect(lambda: self.add(recent, "lenet.netdesign"))
        self.add(edit_menu, "Cut && Close", "Ctrl+X")
        self.add(edit_menu, "&Delete", "Del").setEnabled(False)
        self.add(edit_menu, "Hidden").setVisible(False)
        snap = self.add(edit_menu, "Snap to &Grid")
        snap.setCheckable(True)
        self.line = QLineEdit()
        self.setCentralWidget(self.line)
        self.palette_of_commands = CommandPalette(self)
        key = QAction("Commands…", self)
        key.setShortcut("Ctrl+K")
        key.triggered.connect(self.palette_of_commands.open)
        edit_menu.addAction(key)

    def add(self, menu, text, keys=""):
        action = menu.addAction(text)
        action.setShortcut(keys)
        action.triggered.connect(lambda: self.ran.append(text))
        return action

    @property
    def popup(self):
        return self.palette_of_commands.popup


@pytest.fixture
def menus(qtbot):
    QSettings().remove(RECENT_SETTING)
    window = Menus()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.line.setFocus()
    return window


def open_by_key(window):
    QTest.keyClick(window.line, Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.popup is not None and window.popup.isVisible()
    return window.popup


def type_in(popup, text):
    popup.search.selectAll()
    QTest.keyClicks(popup.search, text)


def test_the_key_opens_all_commands_in_the_order_of_the_menus(menus):
    popup = open_by_key(menus)
    assert popup.titles() == [
        *("Save", "Save As", "lenet.netdesign", "Cut & Close", "Delete", "Snap to Grid"),
        "Commands",
    ]
    entry = popup.list.item(2).data(ENTRY)
    assert entry.menu == ("File", "Open Recent")
    assert popup.list.item(1).data(ENTRY).keys == ["Ctrl+Shift+S"]


def test_typing_and_enter_run_a_command_and_give_the_focus_back(menus, qtbot):
    popup = open_by_key(menus)
    type_in(popup, "as")
    assert popup.titles()[0] == "Save As"
    QTest.keyClick(popup.search, Key.Key_Return)
    assert menus.ran == ["Save &As…"]
    assert menus.popup is None
    qtbot.waitUntil(menus.line.hasFocus)


def test_a_command_that_waits_for_an_answer_leaves_the_popup_alive_until_it_is_done(menus, qtbot):
    popup, alive = open_by_key(menus), []

    def ask(*_):
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()
        alive.append(isValid(popup))

    popup.chosen.connect(ask)
    QTest.keyClick(popup.search, Key.Key_Return)
    assert alive == [True]
    qtbot.waitUntil(lambda: not isValid(popup))


def test_arrow_keys_go_round_and_pages_stop_at_the_ends(menus):
    popup = open_by_key(menus)
    QTest.keyClick(popup.search, Key.Key_Up)
    assert popup.list.currentRow() == 6
    QTest.keyClick(popup.search, Key.Key_Down)
    QTest.keyClick(popup.search, Key.Key_Tab)
    assert popup.list.currentRow() == 1
    QTest.keyClick(popup.search, Key.Key_PageDown)
    assert popup.list.currentRow() == 6
    QTest.keyClick(popup.search, Key.Key_PageUp)
    assert popup.list.currentRow() == 0
    assert popup.about.text() == "Save the design."


def test_escape_runs_nothing(menus, qtbot):
    popup = open_by_key(menus)
    QTest.keyClick(popup.search, Key.Key_Escape)
    assert menus.popup is None
    assert menus.ran == []
    qtbot.waitUntil(menus.line.hasFocus)


def test_a_disabled_command_is_listed_but_cannot_run(menus):
    popup = open_by_key(menus)
    type_in(popup, "delete")
    assert popup.titles() == ["Delete"]
    assert popup.about.text() == "This command is not available right now."
    QTest.keyClick(popup.search, Key.Key_Return)
    click(popup, 0)
    assert menus.ran == [] and menus.popup is popup


def click(popup, row):
    box = popup.list.visualItemRect(popup.list.item(row))
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())


def test_a_click_runs_a_command(menus):
    popup = open_by_key(menus)
    click(popup, 3)
    assert menus.ran == ["Cut && Close"]


def test_what_was_run_last_stands_first_next_time(menus):
    for words in ("snap", "cut"):
        popup = open_by_key(menus)
        type_in(popup, words)
        QTest.keyClick(popup.search, Key.Key_Enter)
    popup = open_by_key(menus)
    assert popup.titles()[:3] == ["Cut & Close", "Snap to Grid", "Save"]
    assert popup.list.item(1).data(ENTRY).action.isChecked()


def test_what_was_run_last_is_remembered_in_the_next_session(menus, qtbot):
    popup = open_by_key(menus)
    click(popup, 3)
    later = Menus()
    qtbot.addWidget(later)
    later.palette_of_commands.open()
    assert later.popup.titles()[0] == "Cut & Close"
    later.popup.close()


def test_what_was_remembered_by_a_damaged_setting_does_no_harm(menus):
    for stored in (7, "x", ["a", 3], [None] * 100):
        QSettings().setValue(RECENT_SETTING, stored)
        popup = open_by_key(menus)
        assert len(popup.titles()) == 7
        QTest.keyClick(popup.search, Key.Key_Return)
        kept = QSettings().value(RECENT_SETTING)
        assert kept == "File/Save" or len(kept) <= MOST_RECENT


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("save", "Save"),
        ("SAVE AS", "Save As"),
        ("recent", "lenet.netdesign"),
        ("grid", "Snap to Grid"),
        ("svas", "Save As"),
        ("file", "Save"),
    ],
)
def test_commands_are_found_by_name_menu_and_letters_in_order(menus, words, first):
    popup = open_by_key(menus)
    type_in(popup, words)
    assert popup.titles()[0] == first


def test_words_that_match_nothing_say_so_and_run_nothing(menus):
    popup = open_by_key(menus)
    type_in(popup, "xyzzy")
    assert popup.titles() == []
    assert popup.about.text() == "No matching command."
    QTest.keyClick(popup.search, Key.Key_Return)
    assert menus.ran == []


def test_a_click_beside_it_closes_it(menus, qtbot):
    popup = open_by_key(menus)
    QTest.mousePress(popup, Qt.MouseButton.LeftButton, pos=QPoint(-40, popup.height() + 40))
    qtbot.waitUntil(lambda: menus.popup is None)


def test_at_twice_the_font_it_stays_inside_the_window(menus):
    font = menus.font()
    font.setPointSizeF(2 * font.pointSizeF())
    menus.setFont(font)
    popup = open_by_key(menus)
    assert popup.width() <= menus.width()
    assert popup.list.visualItemRect(popup.list.item(0)).height() == row_height(popup.fontMetrics())
