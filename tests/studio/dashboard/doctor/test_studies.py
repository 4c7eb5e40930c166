"""Learning curve and L2 sweep: the engine's points, live, cancelled cleanly, never in secret."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine import Network
from engine.experiments import best_of, curve_sizes, l2_sweep, learning_curve, read_curve
from engine.probes.borders import CELLS, border_of, picture_of
from engine.probes.coloring import Inks
from engine.probes.plane import plane_of, surface
from engine.words import percent
from studio.dashboard.doctor import DoctorPanel
from studio.model.document import Document
from studio.running.session import State
from studio.running.snapshots import Workbench
from tests.studio.conftest import small_project
from tests.studio.dashboard.metrics.test_metrics_panel import data_project
from tests.studio.hands import choose

PATIENCE_MS = 30_000


@pytest.fixture
def document(qtbot):
    return Document(small_project(epochs=2))


@pytest.fixture
def panel(qtbot, session, document, show):
    workbench = Workbench()
    panel = show(DoctorPanel(document, session, workbench), 700, 600)
    yield panel
    panel.shut_down()
    session.close()
    workbench.close()


def open_view(panel, title):
    choose(panel.view, title)
    panel.view.activated.emit(panel.view.currentIndex())


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def finished(qtbot, study):
    qtbot.waitUntil(lambda: not study.is_busy, timeout=PATIENCE_MS)


def test_the_learning_curve_is_the_engines(qtbot, panel, document):
    open_view(panel, "Learning curve")
    study = panel.curve
    assert study.isVisible()
    press(study.start)
    assert study.cancel.isVisible()
    assert not study.start.isVisible()
    finished(qtbot, study)
    points = list(learning_curve(document.project))
    assert study.points == points
    assert [p.m for p in points] == curve_sizes(72)
    for name in ("train", "dev"):
        x, y = study.plot.curves[name].getData()
        assert np.allclose(x, np.log10([p.m for p in points]))
        assert np.allclose(y, [100 * getattr(p, name).value for p in points])
    assert study.words.text() == read_curve(points, 0.0, "binary").text
    assert study.start.isVisible()
    assert not study.progress.isVisible()


def test_points_are_drawn_while_others_are_trained(qtbot, panel, document):
    document.edit(small_project(epochs=200), "longer")
    study = panel.curve
    open_view(panel, "Learning curve")
    press(study.start)
    qtbot.waitUntil(lambda: len(study.points) >= 1, timeout=PATIENCE_MS)
    assert study.is_busy
    assert len(study.plot.curves["dev"].getData()[0]) == len(study.points)
    qtbot.waitUntil(lambda: study.progress.value() > 0, timeout=PATIENCE_MS)
    press(study.cancel)
    finished(qtbot, study)
    assert study.points
    assert "Canceled" in study.state.text()
    assert study.words.text() == ""


def test_the_sweep_is_the_engines_with_the_norms_of_the_weights(qtbot, panel, document):
    open_view(panel, "L2 sweep")
    study = panel.sweep
    assert not study.use.isEnabled()
    press(study.start)
    finished(qtbot, study)
    points = list(l2_sweep(document.project))
    assert [(p.l2, p.train, p.dev) for p in study.points] == [
        (p.l2, p.train, p.dev) for p in points
    ]
    x, y = study.plot.curves["dev"].getData()
    assert np.allclose(x[1:], np.log10([p.l2 for p in points[1:]]))
    assert x[0] < x[1]
    assert np.allclose(y, [100 * p.dev.value for p in points])
    table = study.table
    titles = [table.horizontalHeaderItem(c).text() for c in range(table.columnCount())]
    assert titles[4:] == ["‖W‖ h1", "‖W‖ y"]
    shown = float(table.item(0, 3).text())
    assert shown == pytest.approx(points[0].weight_norm, rel=0.01)
    best = best_of(points)
    assert percent(best.dev.value) in study.words.text()


def test_the_best_lambda_is_one_undoable_edit(qtbot, panel, document):
    own = document.project.design.edit("h1", l2=0.7)
    document.edit(document.project.replace(design=own), "own")
    study = panel.sweep
    open_view(panel, "L2 sweep")
    press(study.start)
    finished(qtbot, study)
    before = document.project
    best = best_of(study.points)
    press(study.use)
    assert document.project.training.l2 == best.l2
    assert document.project.design.nodes["h1"].l2 is None
    document.undo_stack.undo()
    assert document.project == before


def test_early_stopping_stands_beside_it(qtbot, session, panel, document, run):
    run(document.project)
    open_view(panel, "L2 sweep")
    panel.refresh(session.moment())
    scores = session.history.evaluations["dev_score"].values
    x, y = panel.sweep.early.dev.getData()
    assert np.allclose(y, 100 * (1 - scores))
    assert panel.sweep.early.line.value() == x[int((1 - scores).argmin())]
    assert "couples two tasks" in panel.sweep.early_words.text()
    assert "keeps the two tasks apart" in panel.sweep.l2_words.text()


def test_the_windows_own_run_pauses_says_so_and_goes_on(qtbot, session, panel, document):
    document.edit(small_project(epochs=100_000), "long")
    session.play(document.project)
    qtbot.waitUntil(lambda: session.progress.iteration > 0, timeout=PATIENCE_MS)
    open_view(panel, "Learning curve")
    press(panel.curve.start)
    assert "pauses during this study" in panel.curve.state.text()
    qtbot.waitUntil(lambda: session.state is State.PAUSED, timeout=PATIENCE_MS)
    press(panel.curve.cancel)
    finished(qtbot, panel.curve)
    qtbot.waitUntil(lambda: session.state is State.RUNNING, timeout=PATIENCE_MS)


def test_a_run_that_was_stopped_meanwhile_stays_stopped(qtbot, session, panel, document):
    document.edit(small_project(epochs=100_000), "long")
    session.play(document.project)
    qtbot.waitUntil(lambda: session.progress.iteration > 0, timeout=PATIENCE_MS)
    open_view(panel, "Learning curve")
    press(panel.curve.start)
    qtbot.waitUntil(lambda: session.state is State.PAUSED, timeout=PATIENCE_MS)
    session.stop()
    qtbot.waitUntil(lambda: session.state is State.STOPPED, timeout=PATIENCE_MS)
    press(panel.curve.cancel)
    finished(qtbot, panel.curve)
    session.call(lambda trainer: None).result(timeout=30)
    assert session.state is State.STOPPED


def test_points_of_an_older_design_are_grayed_until_it_is_undone(qtbot, panel, document):
    open_view(panel, "Learning curve")
    press(panel.curve.start)
    finished(qtbot, panel.curve)
    assert panel.curve.veil.sentence == panel.curve.state.text() == ""
    after = document.project.replace(design=document.project.design.edit("h1", units=3))
    document.edit(after, "units")
    assert "has changed since" in panel.shown()["stale"]
    assert panel.curve.veil.isVisible() and not panel.veil.isVisible()
    document.undo_stack.undo()
    assert panel.shown()["stale"] == "" and panel.curve.veil.isHidden()


def test_a_design_that_cannot_run_is_not_trained(qtbot, panel, document):
    project = document.project
    document.edit(project.replace(design=project.design.remove(["y"])), "remove")
    open_view(panel, "L2 sweep")
    press(panel.sweep.start)
    assert not panel.sweep.is_busy
    assert "cannot run yet" in panel.sweep.state.text()


def test_what_each_network_decides_stands_side_by_side(qtbot, panel, document):
    open_view(panel, "L2 sweep")
    study = panel.sweep
    press(study.start)
    finished(qtbot, study)
    data = document.project.build_data()
    assert study.planes.isVisible()
    assert study.planes.count == len(study.points)
    for point, border in zip(study.points, study.borders, strict=True):
        P = surface(point.network, plane_of(data, cells=(CELLS, CELLS)))
        assert np.array_equal(border.decided, P[0] >= 0.5)
        assert percent(point.dev.value) in study.planes.tile(study.points.index(point)).caption
    starred = [i for i in range(study.planes.count) if "★" in study.planes.tile(i).caption]
    assert [study.points[i] for i in starred] == [best_of(study.points)]


def test_examples_stand_where_they_are_in_the_colors_of_their_classes():
    data = small_project().build_data()
    network = Network(small_project().design, small_project().training, data=data)
    border = border_of(network, data)
    inks = Inks(0xFF8800, 0xFFFFFF, 0x0000FF, 0x888888, (0x0000FF, 0xFF8800))
    picture = picture_of(border, inks)
    plane = plane_of(data, cells=(CELLS, CELLS))
    last = data.train.m - 1  # nothing is painted over it
    row, column = plane.cell_at(*plane.coordinates(data.train.X[:, last : last + 1])[:, 0])
    wanted = (0, 0, 255) if data.train.labels[last] else (255, 136, 0)
    assert tuple(picture[row, column]) == wanted


def test_examples_of_many_features_have_no_plane(qtbot, panel, document):
    project = data_project("iris", "multi_class")
    data = project.build_data()
    network = Network(project.design, project.training, data=data)
    assert border_of(network, data) is None
