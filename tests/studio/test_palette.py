"""The palette: every layer is in it, can be found, dragged and chosen by mouse and by keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers import Layer
from studio.layer_mime import from_mime
from studio.palette import Palette
from studio.theme import CATEGORY_SERIES


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
