"""ShortcutSheet: every key that does something is on the page."""

from __future__ import annotations

import functools
import operator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow

from studio.canvas import keyboard
from studio.look.theme import theme
from studio.shell.shortcut_sheet import ARROWS, CANVAS_KEYS, ShortcutSheet, groups


def written(sequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)


def with_modifiers():
    """The canvas's tables for held keys, such as WITH_CONTROL: (modifiers, key -> command)."""
    held = {
        "CONTROL": Qt.KeyboardModifier.ControlModifier,
        "SHIFT": Qt.KeyboardModifier.ShiftModifier,
        "ALT": Qt.KeyboardModifier.AltModifier,
    }
    for name, table in vars(keyboard).items():
        if name.startswith("WITH_"):
            words = name.removeprefix("WITH_").split("_AND_")
            yield functools.reduce(operator.or_, (held[word] for word in words)), table


@pytest.fixture
def menus(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    file_menu, view_menu = window.menuBar().addMenu("&File"), window.menuBar().addMenu("&View")
    file_menu.addAction("&Save").setShortcut("Ctrl+S")
    file_menu.addAction("Export")
    view_menu.addAction("Zoom &In").setShortcuts(["Ctrl++", "Ctrl+="])
    view_menu.addAction("&Fit").setShortcut("F")
    window.show()
    return window


@pytest.fixture
def sheet(menus):
    sheet = ShortcutSheet(menus)
    sheet.show()
    return sheet


def texts(sheet):
    return [label.text() for label in sheet.findChildren(QLabel)]


def test_the_shortcuts_of_the_menus_stand_under_their_menu(menus):
    found = groups(menus)
    assert found["File"] == [(("Ctrl+S",), "Save")]
    assert found["View"] == [(("Ctrl++", "Ctrl+="), "Zoom In"), (("F",), "Fit")]
    assert list(found) == ["File", "View", "On the canvas", "With the mouse"]


def test_what_a_menu_says_is_not_said_again_for_the_canvas(menus):
    keys = {key for shortcut in groups(menus)["On the canvas"] for key in shortcut.keys}
    assert "F" not in keys and "Ctrl++" not in keys
    assert {"Shift+F", "Tab", "Space", "Esc"} <= keys


def test_every_key_that_the_canvas_knows_is_on_the_sheet():
    listed = {
        written(QKeySequence(key))
        for keys, _ in CANVAS_KEYS
        if ARROWS not in keys
        for key in keys.split(", ")
    }
    known = {written(QKeySequence(key)) for key in keyboard.PLAIN}
    for modifiers, commands in with_modifiers():
        known |= {written(QKeySequence(modifiers | key)) for key in commands}
    for standard in keyboard.STANDARD:
        bindings = {written(keys) for keys in QKeySequence.keyBindings(standard)}
        assert bindings & listed, standard
    assert known <= listed
    own = {"Tab", "Shift+Tab", "Esc", "Alt+Left", "Alt+Right", "Alt+Up", "Alt+Down"}
    by_menu = {"Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+A", "Ctrl++", "Ctrl+-"}
    assert listed - known == own | by_menu


def test_the_sheet_shows_each_group_with_keys_and_words(sheet, menus):
    shown = texts(sheet)
    for title, shortcuts in groups(menus).items():
        assert title in shown
        for shortcut in shortcuts:
            assert shortcut.text in shown
            assert set(shortcut.keys) <= set(shown)


def test_escape_closes_it(sheet, qtbot):
    with qtbot.waitSignal(sheet.destroyed):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)


@pytest.mark.parametrize("scale", [1, 2])
def test_no_text_is_cut_off(menus, scale):
    font = menus.font()
    font.setPointSizeF(scale * font.pointSizeF())
    menus.setFont(font)
    sheet = ShortcutSheet(menus)
    sheet.show()
    QTest.qWait(20)
    assert sheet.area.horizontalScrollBar().maximum() == 0
    for label in sheet.findChildren(QLabel):
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.height()
        assert needed <= label.height(), label.text()
        if not label.wordWrap():
            assert label.minimumSizeHint().width() <= label.width(), label.text()


def test_it_follows_the_theme_while_open(sheet):
    try:
        theme.apply(dark=True)
        QTest.qWait(20)
        caps = [label for label in sheet.findChildren(QLabel) if label.text() == "Ctrl+S"]
        assert theme.colors.raised in caps[0].styleSheet()
    finally:
        theme.apply(dark=False)
