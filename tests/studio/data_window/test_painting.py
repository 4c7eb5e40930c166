"""Painting by real mouse and keys: a stroke is one undoable step of the project's data."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data import PaintedSource
from engine.data.sources.painted import MAX_POINTS
from studio.data_window.painting import PaintingWindow
from studio.model import edits

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
ACROSS = [(-3 + 0.5 * k, 2.0) for k in range(13)]
BELOW = [(-3 + 0.5 * k, -2.0) for k in range(13)]


@pytest.fixture
def painting(qtbot, document):
    painting = PaintingWindow(document)
    qtbot.addWidget(painting)
    painting.resize(900, 640)
    with qtbot.waitActive(painting):
        painting.show()
        painting.activateWindow()
    painting.plane.setFocus()
    return painting


def stroke(plane, button, places):
    pixels = [plane.pixel(*place).toPoint() for place in places]
    QTest.mousePress(plane, button, NO_KEYS, pixels[0])
    for pixel in pixels[1:]:
        QTest.mouseMove(plane, pixel)
    QTest.mouseRelease(plane, button, NO_KEYS, pixels[-1])


def points(document):
    return document.project.data.source.points


def trained(window):
    """The source that the run uses; None where there is no run."""
    project = window.session.project_in_training
    return project and project.data.source


def labels(document):
    return {label for *_, label in points(document)}


def test_the_buttons_paint_two_classes_each_stroke_one_step(painting, document):
    before = document.project.data
    stroke(painting.plane, LEFT, ACROSS)
    first = points(document)
    assert len(first) == 13 * 3
    assert labels(document) == {0}
    stroke(painting.plane, RIGHT, BELOW)
    assert labels(document) == {0, 1}
    assert document.undo_stack.count() == 2
    QTest.keyClick(painting, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert points(document) == first
    QTest.keyClick(painting, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.project.data == before
    assert painting.plane.source.points == ()


def test_points_lie_where_they_were_painted(painting, document):
    stroke(painting.plane, LEFT, ACROSS)
    x1, x2, _ = np.array(points(document)).T
    assert np.abs(x2 - 2).max() <= painting.plane.radius + 0.05
    assert x1.min() == pytest.approx(-3, abs=painting.plane.radius + 0.05)
    assert x1.max() == pytest.approx(3, abs=painting.plane.radius + 0.05)


def test_number_keys_choose_the_class_of_the_left_button(painting, document):
    for key in (Qt.Key.Key_3, Qt.Key.Key_9):
        QTest.keyClick(painting.plane, key)
        stroke(painting.plane, LEFT, [(0, 0)])
    assert labels(document) == {3, 9}
    assert painting.left.currentText() == "class 9"


def test_the_eraser_takes_what_is_under_the_brush_and_nothing_else(painting, document):
    stroke(painting.plane, LEFT, ACROSS)
    stroke(painting.plane, RIGHT, BELOW)
    before = points(document)
    QTest.keyClick(painting.plane, Qt.Key.Key_E)
    assert painting.eraser.isChecked()
    stroke(painting.plane, LEFT, ACROSS)
    radius = painting.plane.radius
    for point in before:
        near = min(np.hypot(point[0] - x, point[1] - y) for x, y in ACROSS)
        if near < radius - 0.05:
            assert point not in points(document)
        elif near > radius + 0.05:
            assert point in points(document)
    assert document.undo_stack.undoText() == "Erase points"
    steps = document.undo_stack.count()
    stroke(painting.plane, LEFT, [(4, 4)])  # over nothing
    assert document.undo_stack.count() == steps


def test_the_brush_has_a_size_and_a_density(painting, document):
    painting.brush_size.setValue(40)
    painting.density.setValue(20)
    stroke(painting.plane, LEFT, [(0, 0)])
    x1, x2, _ = np.array(points(document)).T
    assert len(x1) == 20
    assert 1 < np.hypot(x1, x2).max() <= 2.1


def test_keys_alone_can_paint_and_erase(painting, document):
    plane = painting.plane
    QTest.keyClick(plane, Qt.Key.Key_Right)
    QTest.keyClick(plane, Qt.Key.Key_Up)
    QTest.keyClick(plane, Qt.Key.Key_Space)
    assert len(points(document)) == 3
    x1, x2, _ = np.array(points(document)).T
    assert np.hypot(x1 - 0.5, x2 - 0.5).max() <= 0.51
    QTest.keyClick(plane, Qt.Key.Key_Delete)
    assert points(document) == ()
    assert document.undo_stack.count() == 2


def test_escape_drops_a_stroke_and_keeps_the_window(painting, document):
    plane = painting.plane
    QTest.mousePress(plane, LEFT, NO_KEYS, plane.pixel(0, 0).toPoint())
    QTest.keyClick(plane, Qt.Key.Key_Escape)
    QTest.mouseRelease(plane, LEFT, NO_KEYS, plane.pixel(0, 0).toPoint())
    assert document.undo_stack.count() == 0
    assert painting.isVisible()


def test_the_present_points_can_be_taken_over(painting, document):
    data = document.project.data.source.load(document.project.data.seed)
    assert painting.start.isVisible()
    QTest.mouseClick(painting.start, LEFT)
    taken = document.project.data.source
    assert isinstance(taken, PaintedSource)
    assert np.abs(taken.load().X - data.X).max() < 1e-3
    assert list(taken.load().labels) == list(data.labels)
    assert not painting.start.isVisible()


def test_too_many_points_are_refused_with_a_sentence(painting, document):
    full = PaintedSource(points=((0.0, 0.0, 0), (1.0, 1.0, 1)) * (MAX_POINTS // 2))
    document.edit(edits.set_data(document.project, document.project.data.replace(source=full)), "F")
    stroke(painting.plane, LEFT, [(0, 0)])
    assert document.project.data.source == full
    assert "10,000" in painting.problem.text.text()


def test_a_point_is_seen_where_it_is(painting, document):
    stroke(painting.plane, LEFT, [(2.0, 1.0)])
    image = painting.plane.grab().toImage()
    for x1, x2, _ in points(document):
        at = painting.plane.pixel(x1, x2).toPoint()
        assert image.pixelColor(at).saturation() > 100


def test_painting_goes_on_while_the_run_keeps_its_points(window, qtbot):
    document = window.document
    document.edit(edits.set_training(document.project, "epochs", 100_000), "Many epochs")
    window.commands["play"].trigger()
    qtbot.waitUntil(lambda: window.session.progress.iteration > 3)
    window.commands["paint_points"].trigger()
    painting = window.data_views.painting
    qtbot.waitUntil(painting.isVisible)
    stroke(painting.plane, LEFT, ACROSS)
    stroke(painting.plane, RIGHT, BELOW)
    qtbot.waitUntil(lambda: window.session.stale)
    assert trained(window).kind == "circles"
    reached = window.session.progress.iteration
    qtbot.waitUntil(lambda: window.session.progress.iteration > reached)
    QTest.mouseClick(painting.rewind, LEFT)
    qtbot.waitUntil(lambda: trained(window) == document.project.data.source)


def test_one_class_alone_is_told_and_the_second_makes_it_learnable(window, qtbot):
    window.commands["paint_points"].trigger()
    painting = window.data_views.painting
    qtbot.waitUntil(painting.isVisible)
    stroke(painting.plane, LEFT, ACROSS)
    assert "two classes" in painting.counts.text()
    assert not painting.rewind.isEnabled()
    stroke(painting.plane, RIGHT, BELOW)
    assert painting.rewind.isEnabled()
    QTest.mouseClick(painting.rewind, LEFT)
    qtbot.waitUntil(lambda: trained(window) == window.document.project.data.source)
    assert window.session.project_in_training.data.source.class_sizes() == (39, 39)


def test_all_points_can_be_removed_and_come_back(painting, document):
    stroke(painting.plane, LEFT, ACROSS)
    painted = points(document)
    QTest.mouseClick(painting.clear, LEFT)
    assert points(document) == ()
    document.undo_stack.undo()
    assert points(document) == painted
