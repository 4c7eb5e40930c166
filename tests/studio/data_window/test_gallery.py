"""The gallery: every source of the registry, drawn from its own data, chosen as one edit."""

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest

from engine.data import DataSource, load
from engine.probes.sketch import sketch
from studio.data_window.gallery import Gallery
from studio.data_window.gallery_cards import CARD

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def gallery(qtbot, document):
    gallery = Gallery(document)
    qtbot.addWidget(gallery, before_close_func=Gallery.shut_down)
    gallery.resize(900, 700)
    with qtbot.waitActive(gallery):
        gallery.show()
        gallery.activateWindow()
    return gallery


def drawn(gallery, qtbot):
    qtbot.waitUntil(lambda: all(card.sketch for card in gallery.cards.cards))


def place_of(gallery, kind):
    kinds = [card.source.kind for card in gallery.cards.cards]
    return gallery.cards.index(kinds.index(kind))


def test_there_is_a_card_with_true_sizes_for_every_source(gallery, qtbot):
    drawn(gallery, qtbot)
    cards = gallery.cards.cards
    assert [card.source.kind for card in cards] == list(DataSource.registry)
    for card in cards:
        data = card.source.load()
        assert f"{data.m:,} examples" in gallery.cards.facts(card)
        assert (card.sketch.features, card.sketch.classes) == (data.n_x, data.classes)


def test_the_projects_own_source_with_its_settings_is_in_use(gallery, qtbot):
    drawn(gallery, qtbot)
    card = gallery.current
    assert card.in_use
    assert card.source.kind == "circles"
    assert card.sketch.examples == 120


def test_a_double_click_chooses_and_is_one_undoable_step(gallery, document, qtbot):
    before, place = document.project.data, place_of(gallery, "moons")
    gallery.list.scrollTo(place)
    at = gallery.list.visualRect(place).center()
    QTest.mouseClick(gallery.list.viewport(), LEFT, pos=at)
    QTest.mouseDClick(gallery.list.viewport(), LEFT, pos=at)
    assert document.project.data.source.kind == "moons"
    assert not gallery.isVisible()
    assert document.undo_stack.undoText() == "Choose the data Moons"
    document.undo_stack.undo()
    assert document.project.data == before


def test_keys_choose(gallery, document, qtbot):
    QTest.keyClick(gallery.list, Qt.Key.Key_Right)
    expected = gallery.current.source
    assert expected.kind != "circles"
    QTest.keyClick(gallery.list, Qt.Key.Key_Return)
    assert document.project.data.source == expected


def test_escape_changes_nothing(gallery, document):
    before = document.project
    QTest.keyClick(gallery.list, Qt.Key.Key_Right)
    QTest.keyClick(gallery.list, Qt.Key.Key_Escape)
    assert not gallery.isVisible()
    assert document.project is before


@pytest.mark.parametrize("kind", list(DataSource.registry))
def test_a_sketch_shows_examples_of_the_data(kind):
    data, found = load(kind), sketch(DataSource.parse(kind))
    if found.form == "pictures":
        assert found.pictures.shape[1:3] == data.image_shape[1:]
        known = {row.tobytes() for row in np.rint(255 * data.X.T / data.X.max()).astype(np.uint8)}
        assert all(picture.tobytes() in known for picture in found.pictures)
    elif found.form == "points":
        assert found.places.min() == 0
        assert found.places.max() == 1
        assert set(found.labels) <= set(range(max(1, len(data.classes))))
    else:
        assert found.rows[0][:-1] == data.feature_names[:3]
        firsts = {f"{value:.3g}" for value in data.X[0]}
        assert all(row[0] in firsts for row in found.rows[1:])


def test_every_card_is_painted(gallery, qtbot):
    drawn(gallery, qtbot)
    for row in range(gallery.cards.rowCount()):
        index = gallery.cards.index(row)
        gallery.list.scrollTo(index)
        box = gallery.list.visualRect(index)
        picture = gallery.list.viewport().grab(box).toImage().scaled(QSize(40, 40))
        colors = {picture.pixel(x, y) for x in range(4, 36) for y in range(4, 24)}
        assert len(colors) > 5, index.data(CARD).source.kind


def test_the_panel_and_a_command_open_the_gallery(window, qtbot):
    window.docks.show("data")
    QTest.mouseClick(window.data_panel.gallery, LEFT)
    gallery = window.data_views.gallery
    qtbot.waitUntil(gallery.isVisible)
    gallery.close()
    window.commands["data_gallery"].trigger()
    qtbot.waitUntil(gallery.isVisible)
