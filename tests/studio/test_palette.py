"""The palette: every layer is in it, can be found, dragged and chosen by mouse and by keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.layers import Layer
from studio.look.theme import CATEGORY_SERIES
from studio.model import block_library
from studio.model.block_library import BlockLibrary
from studio.model.layer_mime import from_mime
from studio.palette import Palette
from tests.studio.model.test_block_library import block


@pytest.fixture
def palette(qtbot):
    palette = Palette()
    qtbot.addWidget(palette)
    palette.resize(220, 600)
    with qtbot.waitActive(palette):
        palette.show()
        palette.activateWindow()
    return palette


def place(palette, title):
    """The middle of an entry in the list."""
    (index,) = palette.found.match(
        palette.found.index(0, 0), Qt.ItemDataRole.DisplayRole, title, 1, _WHOLE_WORD
    )
    return palette.view.visualRect(index).center()


_WHOLE_WORD = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive


def chosen_by(palette, act):
    """The kinds of the layers that an action chooses."""
    layers = []
    palette.layer_chosen.connect(layers.append)
    act()
    palette.layer_chosen.disconnect(layers.append)
    return [layer.kind for layer in layers]


def test_every_registered_layer_is_in_the_palette(palette):
    assert sorted(palette.titles()) == sorted(layer.title for layer in Layer.registry.values())


def test_layers_stand_under_their_category_in_the_order_of_a_network(palette):
    groups = [palette.found.index(i, 0).data() for i in range(palette.found.rowCount())]
    known = [c.capitalize() for c in CATEGORY_SERIES]
    assert groups[: len(known)] == [c for c in known if c in groups]
    for row in range(palette.model.rowCount()):
        group = palette.model.item(row)
        for i in range(group.rowCount()):
            (layer,) = (k for k in Layer.registry.values() if k.title == group.child(i).text())
            assert layer.category.capitalize() == group.text()


def test_every_entry_tells_what_it_is(palette):
    for row in range(palette.model.rowCount()):
        group = palette.model.item(row)
        for i in range(group.rowCount()):
            assert group.child(i).toolTip()
            assert group.child(i).accessibleText() == group.child(i).text()


def test_typing_filters_by_title_and_description(palette):
    QTest.keyClicks(palette.search, "den")
    assert palette.titles() == ["Dense"]
    palette.search.clear()
    QTest.keyClicks(palette.search, "residual")
    assert palette.titles() == ["Add"]
    palette.search.clear()
    assert len(palette.titles()) == len(Layer.registry)


def test_nothing_found_is_said(palette):
    QTest.keyClicks(palette.search, "zzz")
    assert palette.titles() == []
    assert palette.nothing.text() == "No layer matches “zzz”."
    assert palette.nothing.isVisibleTo(palette)
    assert chosen_by(palette, lambda: QTest.keyClick(palette.search, Qt.Key.Key_Return)) == []
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.nothing.isVisibleTo(palette)


def test_enter_in_the_search_box_takes_the_best_match(palette):
    QTest.keyClicks(palette.search, "dr")
    enter = lambda: QTest.keyClick(palette.search, Qt.Key.Key_Return)  # noqa: E731
    assert chosen_by(palette, enter) == ["dropout"]


def test_enter_without_a_search_chooses_nothing(palette):
    enter = lambda: QTest.keyClick(palette.search, Qt.Key.Key_Return)  # noqa: E731
    assert chosen_by(palette, enter) == []


def test_the_list_is_walked_by_keys(palette):
    palette.search.setFocus()
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.view.hasFocus()
    first = palette.view.currentIndex().data()
    assert first == palette.titles()[0]
    QTest.keyClick(palette.view, Qt.Key.Key_Down)
    enter = lambda: QTest.keyClick(palette.view, Qt.Key.Key_Return)  # noqa: E731
    assert chosen_by(palette, enter) == [kind_of(palette.titles()[1])]


def test_a_double_click_chooses_a_new_layer_each_time(palette):
    click = lambda: double_click(palette, "Dense")  # noqa: E731
    assert chosen_by(palette, click) == ["dense"]


def test_a_heading_cannot_be_chosen(palette):
    click = lambda: double_click(palette, "Core")  # noqa: E731
    assert chosen_by(palette, click) == []


def test_dragging_an_entry_carries_its_layer(palette):
    palette.view.setCurrentIndex(palette.view.indexAt(place(palette, "Dropout")))
    data = palette.found.mimeData(palette.view.selectedIndexes())
    assert from_mime(data) == Layer.registry["dropout"]()


def test_a_mouse_drag_starts_a_drag_of_the_entry_under_it(palette, monkeypatch):
    started = []
    monkeypatch.setattr(
        type(palette.view),
        "startDrag",
        lambda view, actions: started.extend(i.data() for i in view.selectedIndexes()),
    )
    viewport, at = palette.view.viewport(), place(palette, "Flatten")
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    far = QApplication.startDragDistance() + 4
    QTest.mouseMove(viewport, at + QPoint(far, 0))
    QTest.mouseMove(viewport, at + QPoint(2 * far, 2))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at)
    assert started == ["Flatten"]


def double_click(palette, title):
    """A click and a double-click, as a mouse sends them."""
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place(palette, title))


def kind_of(title):
    return next(layer.kind for layer in Layer.registry.values() if layer.title == title)


def test_rows_are_never_wider_than_the_list(palette, qtbot):
    for width in (60, 90, 300):
        palette.resize(width, 200)
        qtbot.waitUntil(lambda: palette.view.columnWidth(0) == palette.view.viewport().width())


@pytest.fixture
def own(qtbot, tmp_path):
    """A palette with two blocks of the user's."""
    blocks = BlockLibrary(tmp_path / "blocks.json")
    for name in ("residual", "head"):
        blocks.add(block(name))
    palette = Palette(blocks)
    qtbot.addWidget(palette)
    palette.resize(220, 900)
    with qtbot.waitActive(palette):
        palette.show()
        palette.activateWindow()
    return palette


def test_own_blocks_stand_below_the_layers(own):
    assert own.titles()[-2:] == ["residual", "head"]
    assert own.found.index(own.found.rowCount() - 1, 0).data() == "My blocks"
    chosen = []
    own.block_chosen.connect(chosen.append)
    double_click(own, "head")
    assert [b.name for b in chosen] == ["head"]


def test_a_block_is_found_by_its_name_and_by_what_is_in_it(own):
    QTest.keyClicks(own.search, "resid")
    chosen = []
    own.block_chosen.connect(chosen.append)
    QTest.keyClick(own.search, Qt.Key.Key_Return)
    assert [b.name for b in chosen] == ["residual"]
    own.search.clear()
    QTest.keyClicks(own.search, "add")
    assert {"Add", "residual", "head"} <= set(own.titles())
    enter = lambda: QTest.keyClick(own.search, Qt.Key.Key_Return)  # noqa: E731
    assert chosen_by(own, enter) == ["add"]


def test_dragging_a_block_carries_it(own):
    own.view.setCurrentIndex(own.view.indexAt(place(own, "residual")))
    data = own.found.mimeData(own.view.selectedIndexes())
    assert block_library.from_mime(data) == own.blocks.blocks[0]


def test_f2_renames_a_block_in_place(own, qtbot):
    own.view.setFocus()
    own.view.setCurrentIndex(own.view.indexAt(place(own, "residual")))
    QTest.keyClick(own.view, Qt.Key.Key_F2)
    editor = own.view.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "shortcut")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: own.titles()[-2:] == ["shortcut", "head"])
    assert [b.name for b in own.blocks.blocks] == ["shortcut", "head"]


def test_a_taken_name_is_refused_with_a_sentence(own, qtbot):
    index = next(e for e in own.entries() if e.data() == "head")
    with qtbot.waitSignal(own.blocks.failed) as told:
        assert not own.found.setData(index, "residual")
    assert told.args == ["There is already a block named “residual”."]
    assert own.titles()[-2:] == ["residual", "head"]


def test_delete_removes_a_block_and_there_is_a_way_back(own, qtbot):
    own.view.setFocus()
    own.view.setCurrentIndex(own.view.indexAt(place(own, "residual")))
    with qtbot.waitSignal(own.removed) as told:
        QTest.keyClick(own.view, Qt.Key.Key_Delete)
    sentence, undo = told.args
    assert "residual" in sentence
    qtbot.waitUntil(lambda: "residual" not in own.titles())
    undo()
    qtbot.waitUntil(lambda: own.titles()[-2:] == ["residual", "head"])


def test_a_layer_cannot_be_deleted_or_renamed(own):
    own.view.setFocus()
    own.view.setCurrentIndex(own.view.indexAt(place(own, "Dense")))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
        QTest.keyClick(own.view, key)
    assert "Dense" in own.titles() and own.view.findChild(QLineEdit) is None
