"""UndoList: the history of edits, and a way back to each of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem

from studio.look.theme import theme
from studio.model import edits
from studio.shell.undo_list import UndoList


@pytest.fixture
def steps(qtbot, document):
    """A list over three edits: units 9, units 10, units 11."""
    shown = UndoList(document)
    qtbot.addWidget(shown)
    shown.resize(240, 300)
    for units in (9, 10, 11):
        text = f"Set {units} units"
        document.try_edit(lambda p, n=units: edits.set_field(p, "h1", "units", n), text)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown.view


def titles(view):
    model = view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def units(document):
    return document.project.design.nodes["h1"].units


def test_it_lists_all_edits_from_the_opened_state_on(steps):
    assert titles(steps) == ["As opened", "Set 9 units", "Set 10 units", "Set 11 units"]
    assert steps.currentIndex().row() == 3


def test_a_click_goes_back_and_forth(steps, document):
    for row, expected in ((1, 9), (0, 8), (3, 11)):
        place = steps.visualRect(steps.model().index(row, 0)).center()
        QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert units(document) == expected


def test_the_arrow_keys_go_back_and_forth(steps, document):
    steps.setFocus()
    QTest.keyClick(steps, Qt.Key.Key_Up)
    QTest.keyClick(steps, Qt.Key.Key_Up)
    assert units(document) == 9
    QTest.keyClick(steps, Qt.Key.Key_Down)
    assert units(document) == 10


def test_what_was_undone_is_set_apart_by_its_letters_too(steps, document):
    document.undo_stack.setIndex(1)
    delegate, looks = steps.itemDelegate(), []
    for row in range(4):
        option = QStyleOptionViewItem()
        delegate.initStyleOption(option, steps.model().index(row, 0))
        looks.append((option.font.italic(), option.palette.text().color().name().upper()))
    assert [italic for italic, _ in looks] == [False, False, True, True]
    assert looks[2][1] == theme.colors.muted.upper()


def test_the_saved_state_wears_a_sign(steps, document, tmp_path):
    document.save(tmp_path / "a.netdesign")
    saved = steps.model().index(3, 0).data(Qt.ItemDataRole.DecorationRole)
    assert not saved.isNull()
    other = steps.model().index(2, 0).data(Qt.ItemDataRole.DecorationRole)
    assert other is None or other.isNull()
