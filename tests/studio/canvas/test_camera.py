"""Zoom, pan and fit."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.project import Project
from studio.canvas.camera import MAX_FIT
from studio.model.document import Document

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def near(a, b, pixels=2):
    return (a - b).manhattanLength() <= pixels


def test_the_wheel_zooms_and_what_is_under_the_mouse_stays(view, hand):
    at, before = hand.node("h2"), view.zoom
    fixed = view.mapToScene(at)
    hand.wheel(at, 2)
    assert view.zoom == pytest.approx(before * 2 ** (2 / 3.5))
    assert near(view.mapFromScene(fixed), at)
    hand.wheel(at, -2)
    assert view.zoom == pytest.approx(before) and near(view.mapFromScene(fixed), at)


def test_zoom_stays_between_10_and_400_percent(view, hand):
    for _ in range(30):
        hand.wheel(hand.nowhere(), 3)
    assert view.zoom == pytest.approx(4.0)
    for _ in range(30):
        hand.wheel(QPoint(100, 100), -3)
    assert view.zoom == pytest.approx(0.1)


def test_shift_and_the_wheel_go_sideways(view, hand):
    before, zoom = view.mapFromScene(QPointF(0, 0)), view.zoom
    hand.wheel(hand.nowhere(), 1, SHIFT)
    after = view.mapFromScene(QPointF(0, 0))
    assert after.x() - before.x() == 60 and after.y() == before.y() and view.zoom == zoom


def test_two_fingers_on_a_touchpad_pan_and_with_ctrl_they_zoom(view, hand):
    before, zoom = view.mapFromScene(QPointF(0, 0)), view.zoom
    hand.wheel(hand.nowhere(), 0.2, pixels=QPoint(7, 20))
    assert view.mapFromScene(QPointF(0, 0)) - before == QPoint(7, 20) and view.zoom == zoom
    hand.wheel(hand.nowhere(), 0.2, CONTROL, QPoint(7, 20))
    assert view.zoom > zoom


def test_the_middle_button_pans(view, hand):
    before = view.mapFromScene(QPointF(0, 0))
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(60, -40), Qt.MouseButton.MiddleButton)
    assert near(view.mapFromScene(QPointF(0, 0)) - before, QPoint(60, -40))
    assert view.selected_nodes() == []


def test_space_and_drag_pans(view, document, hand):
    before = view.mapFromScene(QPointF(0, 0))
    QTest.keyPress(view, Qt.Key.Key_Space)
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(60, -40))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert near(view.mapFromScene(QPointF(0, 0)) - before, QPoint(60, -40))
    assert document.undo_stack.count() == 0 and view.gesture is None


def test_f_fits_everything(view, hand):
    view.zoom_about(QPoint(0, 0), 3)
    hand.key(Qt.Key.Key_F)
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert all(seen.contains(item.sceneBoundingRect()) for item in view.canvas.nodes.values())


def test_fit_does_not_blow_up_a_small_design_and_leaves_an_empty_one(make_view):
    document = Document(Project())
    view = make_view(document)
    zoom = view.zoom
    view.fit()
    assert view.zoom == zoom
    view.add_layer(engine.Dense(units=1))
    view.fit()
    assert view.zoom == pytest.approx(MAX_FIT)


def test_a_resized_window_keeps_everything_in_view_until_somebody_zooms(view):
    view.fit()
    view.resize(600, 400)
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert seen.contains(view.canvas.nodes_box())
    view.zoom_in()
    zoom = view.zoom
    view.resize(900, 500)
    assert view.zoom == zoom


def test_keys_zoom(view, hand):
    zoom = view.zoom
    hand.key(Qt.Key.Key_Plus, CONTROL)
    assert view.zoom == pytest.approx(1.25 * zoom)
    hand.key(Qt.Key.Key_Minus, CONTROL)
    assert view.zoom == pytest.approx(zoom)
    hand.key(Qt.Key.Key_0, CONTROL)
    assert view.zoom == pytest.approx(1.0)


def test_a_larger_font_makes_100_percent_larger(view, qtbot):
    view.zoom_reset()
    before, font = view.transform().m11(), QApplication.font()
    larger = QFont(font)
    larger.setPointSizeF(2 * font.pointSizeF())
    try:
        QApplication.setFont(larger)
        qtbot.waitUntil(lambda: view.transform().m11() != before)
        assert view.zoom == pytest.approx(1.0)
        assert view.transform().m11() == pytest.approx(2 * before, rel=0.1)
    finally:
        QApplication.setFont(font)


def test_reveal_scrolls_to_a_node_and_selects_it(view, qtbot):
    view.zoom_about(QPoint(0, 0), 4)
    view.pan(QPoint(3000, 3000))
    view.reveal("y")
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert seen.contains(view.canvas.nodes_box(["y"])) and view.selected_nodes() == ["y"]
    assert view.canvas.nodes["y"].flashing
    qtbot.waitUntil(lambda: not view.canvas.nodes["y"].flashing)
    view.reveal("nobody")
    assert view.selected_nodes() == ["y"]


def test_a_drag_to_the_edge_takes_the_view_along(view, document, hand, qtbot):
    view.zoom_about(hand.node("h1"), 2)
    start, edge = hand.node("h1"), QPoint(view.viewport().width() - 4, 300)
    before = view.seen().center().x()
    hand.press(start)
    hand.move(edge)
    qtbot.waitUntil(lambda: view.seen().center().x() > before + 200)
    under = view.mapFromScene(view.canvas.nodes_box(["h1"]).center())
    assert near(under, edge, 24)
    hand.key(Qt.Key.Key_Escape)
    seen = view.seen()
    qtbot.wait(50)
    assert view.seen() == seen
    assert document.undo_stack.count() == 0


def test_a_pan_does_not_run_on_at_the_edge(view, hand, qtbot):
    hand.press(hand.node("h1"), Qt.MouseButton.MiddleButton)
    hand.move(QPoint(2, 2))
    seen = view.seen()
    qtbot.wait(60)
    assert view.seen() == seen
    hand.release(QPoint(2, 2), Qt.MouseButton.MiddleButton)
