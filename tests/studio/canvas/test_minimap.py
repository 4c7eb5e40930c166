"""The overview in the corner."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import engine
from studio.look.theme import theme


def test_it_appears_only_while_something_is_out_of_view(view, hand):
    view.fit()
    assert not view.minimap.isVisible()
    view.zoom_about(QPoint(0, 0), 3)
    assert view.minimap.isVisible()
    view.fit()
    assert not view.minimap.isVisible()


def test_a_press_looks_there(view):
    view.zoom_about(QPoint(0, 0), 3)
    minimap = view.minimap
    at = QPoint(130, 40)
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=at)
    middle = view.mapToScene(view.viewport().rect().center())
    assert (middle - minimap.scene_point(at.toPointF())).manhattanLength() < 3


def test_it_stays_in_its_corner_while_the_view_moves(view):
    view.zoom_about(QPoint(0, 0), 3)
    before = view.minimap.pos()
    view.pan(QPoint(-150, -90))
    assert view.minimap.pos() == before
    gap = view.rect().bottomRight() - view.minimap.geometry().bottomRight()
    assert 0 < gap.x() < 32 and 0 < gap.y() < 32


def test_it_shows_new_nodes_and_the_part_in_view(view, document):
    view.zoom_about(QPoint(0, 0), 3)
    before = view.minimap.grab().toImage()
    view.add_layer(engine.Dense(units=1), view.canvas.nodes_box().bottomLeft())
    after = view.minimap.grab().toImage()
    assert after != before
    view.pan(QPoint(-300, 0))
    assert view.minimap.grab().toImage() != after


def test_it_follows_the_theme(view):
    view.zoom_about(QPoint(0, 0), 3)
    light = view.minimap.grab().toImage()
    try:
        theme.apply(dark=True)
        assert view.minimap.grab().toImage() != light
    finally:
        theme.apply(dark=False)
