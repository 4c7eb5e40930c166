"""The panel shows the network as it is: read back from its image, its points and its words."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton

from engine.data import DataPlan
from engine.probes.boundary import Unit, picture_of
from engine.probes.coloring import STEPS, ramp
from engine.probes.plane import COMPONENT, FEATURE, PlaneAxis
from engine.project.held_out import Opening
from engine.project.sets import fingerprint
from studio.dashboard.boundary import BoundaryPanel
from studio.dashboard.boundary import panel as module
from studio.look.inks import class_color, inks_of_theme
from studio.look.theme import theme
from studio.plane.plane_view import PlaneView
from studio.plane.stamps import Stamps, signs_of
from tests.studio.dashboard.boundary.conftest import project_on, snapshot_of

PATIENCE_MS = 20_000


@pytest.fixture
def open_panel(qtbot, session, workbench, follow, show, run):
    """A function: a panel on a run of this project, with its first picture."""

    def open_one(project, until=6, width=700, height=500):
        panel = show(BoundaryPanel(workbench), width, height)
        follow(panel)
        run(project, until)
        qtbot.waitUntil(lambda: answered(panel, session), timeout=PATIENCE_MS)
        return panel

    return open_one


def answered(panel, session):
    """Whether the panel shows the network as it is now, asked as it is now."""
    return panel.picture is not None and not panel.behind and not panel.feed.busy


def settle(qtbot, panel, session):
    """Wait for the answer to the present question."""
    qtbot.waitUntil(lambda: answered(panel, session), timeout=PATIENCE_MS)


def predictions_at_cells(session, panel):
    plane = panel.picture.plane
    X = plane.inputs(plane.centers())
    return session.call(lambda trainer: trainer.network.predict(X)).result()


def colors_of(image):
    return np.array(
        [[image.pixel(x, y) for x in range(image.width())] for y in range(image.height())]
    )


def test_every_pixel_of_a_binary_run_is_its_probability(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    chance = predictions_at_cells(session, panel)
    columns, rows = panel.picture.plane.cells
    expected = ramp(inks_of_theme())[np.rint(chance[0] * (STEPS - 1)).astype(int)]
    assert np.array_equal(colors_of(panel.view.image()).ravel(), expected)
    assert (panel.view.image().width(), panel.view.image().height()) == (columns, rows)


def test_discretized_classes_are_the_most_probable_ones(qtbot, session, open_panel):
    panel = open_panel(project_on({"kind": "blobs", "classes": 3}, "multi_class"))
    qtbot.mouseClick(panel.discretize, Qt.MouseButton.LeftButton)
    settle(qtbot, panel, session)
    best = predictions_at_cells(session, panel).argmax(axis=0)
    found = colors_of(panel.view.image()).ravel()
    for k in np.unique(best):
        shades = np.unique(found[best == k])
        assert len(shades) == 1
        full = class_color(k, 3)
        assert QColor(int(shades[0])).hsvHue() == pytest.approx(full.hsvHue(), abs=3)
    assert len(np.unique(found)) == len(np.unique(best))


def test_the_axes_are_in_the_units_of_the_data(open_panel):
    panel = open_panel(project_on("moons", "binary"))
    view, data = panel.view, DataPlan(source="moons").build()
    raw = data.normalization.undo(data.train.X)
    left, right, bottom, top = view.frame.box
    assert left < raw[0].min() < raw[0].max() < right
    assert bottom < raw[1].min() < raw[1].max() < top
    pixel = view.frame.pixels(raw[:, :1])[:, 0]
    assert view.frame.place(QPointF(*pixel)) == pytest.approx(raw[:, 0], abs=1e-4)
    width, height = view.frame.area.width(), view.frame.area.height()
    assert width / (right - left) == pytest.approx(height / (top - bottom))


def test_a_point_is_printed_where_its_example_lies(open_panel):
    panel = open_panel(project_on("moons", "binary"))
    points = panel.picture.points[0]
    order = np.abs(points.at[:, :, None] - points.at[:, None, :]).sum(axis=0)
    np.fill_diagonal(order, np.inf)
    lonely = int(order.min(axis=0).argmax())
    x, y = panel.view.frame.pixels(points.at[:, [lonely]])[:, 0]
    shot = panel.view.grab().toImage()
    ratio = shot.devicePixelRatio()
    near = [
        shot.pixelColor(round((x + dx) * ratio), round((y + dy) * ratio))
        for dx in range(-4, 5)
        for dy in range(-4, 5)
    ]
    wanted = class_color(int(points.classes[lonely]), 2)
    assert any(_alike(color, wanted) for color in near)


def _alike(a, b):
    return all(abs(x - y) <= 12 for x, y in zip(a.getRgb(), b.getRgb(), strict=True))


def test_the_test_set_is_sealed_until_it_was_opened_on_record(qtbot, session, open_panel):
    project = project_on("moons", "binary")
    panel = open_panel(project)
    switch = panel.sets.switches["test"]
    assert switch.isHidden()
    switch.setChecked(True)  # as by a click that comes when the data have just changed
    settle(qtbot, panel, session)
    assert [points.name for points in panel.picture.points] == ["train", "dev"]
    other = Opening("2026-01-01T00:00:00", 10, 0.1, 0.3, data="of other data")
    session.adopt(project.replace(openings=(other,)))
    settle(qtbot, panel, session)
    assert switch.isHidden()
    own = Opening("2026-01-01T00:00:00", 10, 0.1, 0.3, data=fingerprint(project))
    session.adopt(project.replace(openings=(own,)))
    qtbot.waitUntil(lambda: not switch.isHidden(), timeout=PATIENCE_MS)
    settle(qtbot, panel, session)
    assert [points.name for points in panel.picture.points] == ["train", "dev", "test"]
    qtbot.keyClick(panel.sets.switches["train"], Qt.Key.Key_Space)
    settle(qtbot, panel, session)
    assert [points.name for points in panel.picture.points] == ["dev", "test"]


def test_the_mouse_is_told_place_prediction_and_class(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    assert "Wrong (×)" in panel.told.text
    middle = panel.view.frame.area.center().toPoint()
    qtbot.mouseMove(panel.view, middle)
    qtbot.waitUntil(lambda: panel.view.hovered is not None)
    x, y = panel.view.frame.place(QPointF(middle))
    row, column = panel.picture.plane.cell_at(x, y)
    chance = predictions_at_cells(session, panel).reshape(panel.picture.values.shape)[row, column]
    assert f"ŷ = {chance:.2f}" in panel.told.text
    name = panel.picture.facts.classes[int(chance >= 0.5)]
    assert f"“{name}” ({'+' if chance >= 0.5 else '−'})" in panel.told.text
    assert panel.told.text.startswith(f"{panel.picture.facts.features[0]} = ")
    qtbot.mouseMove(panel.view, QPoint(1, 1))
    qtbot.waitUntil(lambda: "Wrong (×)" in panel.told.text)


def test_a_click_keeps_a_spot_which_the_arrows_move_and_escape_clears(qtbot, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    middle = panel.view.frame.area.center().toPoint()
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=middle)
    x, y = panel.view.spot
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.view.spot[0] > x and panel.view.spot[1] > y
    assert "ŷ" in panel.told.text
    qtbot.mouseMove(panel.view, QPoint(1, 1))
    qtbot.waitUntil(lambda: panel.view.hovered is None)
    assert "ŷ" in panel.told.text
    qtbot.keyClick(panel.view, Qt.Key.Key_Escape)
    assert panel.view.spot is None
    assert "ŷ" not in panel.told.text


def test_more_features_are_sliced_and_the_notice_says_so(qtbot, session, open_panel):
    panel = open_panel(project_on("iris", "multi_class"))
    assert panel.picture.plane.choice[:2] == (PlaneAxis(FEATURE, 0), PlaneAxis(FEATURE, 1))
    assert "slice through 4 features" in panel.noticed.text
    assert panel.noticed.isVisible()
    options = panel.options
    next(b for b in panel.findChildren(QToolButton) if b.text() == "⋯").click()
    qtbot.keyClick(options.up, Qt.Key.Key_Down)
    settle(qtbot, panel, session)
    assert panel.picture.plane.choice.up == PlaneAxis(FEATURE, 2)
    while options.across.currentIndex() < 4:
        qtbot.keyClick(options.across, Qt.Key.Key_Down)
    settle(qtbot, panel, session)
    chosen = panel.picture.plane.choice
    assert (chosen.across.kind, chosen.up.kind) == (COMPONENT, COMPONENT)
    options.rest.setValue(5)
    settle(qtbot, panel, session)
    assert panel.picture.plane.choice.rest == 4
    assert "training example 5" in panel.noticed.text


def test_two_axes_are_never_the_same(qtbot, session, open_panel):
    panel = open_panel(project_on("iris", "multi_class"))
    options = panel.options
    next(b for b in panel.findChildren(QToolButton) if b.text() == "⋯").click()
    qtbot.keyClick(options.across, Qt.Key.Key_Down)
    settle(qtbot, panel, session)
    assert options.across.currentIndex() == 1
    assert panel.picture.plane.choice[:2] == (PlaneAxis(FEATURE, 1), PlaneAxis(FEATURE, 0))


def test_a_unit_can_be_chosen_hovered_and_pinned(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    panel.show_unit(Unit("h1", 2))
    settle(qtbot, panel, session)
    assert panel.picture.unit == Unit("h1", 2)
    assert "Unit 3 of “h1”" in panel.told.text
    panel.show_unit(None)
    settle(qtbot, panel, session)
    assert panel.picture.unit is None
    panel.pin_unit(Unit("h2", 1))
    settle(qtbot, panel, session)
    assert panel.picture.unit == Unit("h2", 1)
    assert (panel.options.layer.currentData(), panel.options.number.value()) == ("h2", 2)
    panel.pin_unit(Unit("h2", 1))
    settle(qtbot, panel, session)
    assert panel.picture.unit is None


def test_it_is_live_while_training(qtbot, session, workbench, follow, show):
    panel = show(BoundaryPanel(workbench), 430, 230)
    follow(panel)
    session.play(project_on("moons", "binary", epochs=100_000))
    qtbot.waitUntil(lambda: panel.picture is not None, timeout=PATIENCE_MS)
    first = panel.view.image().copy()
    qtbot.waitUntil(lambda: panel.view.image() != first, timeout=PATIENCE_MS)


def test_a_hidden_panel_computes_nothing(qtbot, session, workbench, follow, show, run, monkeypatch):
    asked = []
    picture_of = module.picture_of
    monkeypatch.setattr(module, "picture_of", lambda *a: asked.append(1) or picture_of(*a))
    panel = show(BoundaryPanel(workbench), 430, 230)
    panel.hide()
    dashboard = follow(panel)
    run(project_on("moons", "binary"), 20)
    dashboard.tick()
    panel.show_unit(Unit("h1", 0))
    session.call(lambda trainer: None).result()
    assert asked == []
    assert panel.picture is None
    panel.show()
    qtbot.waitUntil(lambda: panel.picture is not None, timeout=PATIENCE_MS)
    assert asked


def test_the_grid_gets_coarser_where_it_is_dear_and_finer_where_it_is_cheap(qtbot, workbench, show):
    panel = show(BoundaryPanel(workbench), 430, 230)
    picture = picture_of(snapshot_of(project_on("moons", "binary")), panel.question())

    def cells_after(seconds, times):
        for _ in range(times):
            panel.show_result(picture._replace(seconds=seconds), panel.question())
        return panel.question().cells

    assert panel.question().cells == 80
    assert cells_after(1.0, times=1) == 56
    assert cells_after(1.0, times=10) == 24
    assert cells_after(0.0001, times=10) == 160


def test_data_of_one_feature_are_told_and_not_shown(qtbot, session, workbench, follow, show, run):
    panel = show(BoundaryPanel(workbench), 430, 230)
    follow(panel)
    run(project_on("curve", "regression"), 2)
    qtbot.waitUntil(lambda: "one feature only" in panel.message.text(), timeout=PATIENCE_MS)
    assert panel.is_empty


def test_another_look_repaints_in_its_colors(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    before = colors_of(panel.view.image())
    theme.apply(dark=True)
    try:
        settle(qtbot, panel, session)
        chance = predictions_at_cells(session, panel)
        expected = ramp(inks_of_theme())[np.rint(chance[0] * (STEPS - 1)).astype(int)]
        assert np.array_equal(colors_of(panel.view.image()).ravel(), expected)
        assert not np.array_equal(before.ravel(), expected)
    finally:
        theme.apply(dark=False)


def test_signs_tell_the_classes_apart():
    assert signs_of(("no", "yes")) == ["−", "+"]
    assert signs_of(("setosa", "versicolor", "virginica")) == ["0", "1", "2"]
    assert signs_of(("ant", "bee", "cat")) == ["A", "B", "C"]
    assert signs_of([str(k) for k in range(10)]) == [str(k) for k in range(10)]


def test_sets_signs_and_verdicts_have_stamps_of_their_own(qtbot):
    stamps = Stamps(12, 1.0, "sans")
    made = [
        stamps.of_class(name, k, 2, sign, wrong).toImage()
        for name in ("train", "dev", "test")
        for k, sign in enumerate("−+")
        for wrong in (False, True)
    ]
    assert all(a != b for i, a in enumerate(made) for b in made[:i])
    assert stamps.of_class("dev", 1, 2, "+", True) is stamps.of_class("dev", 1, 2, "+", True)


def test_a_plane_view_shows_one_picture_by_itself(qtbot, show, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    view = PlaneView()
    view.shows_key = False
    show(view, 160, 160)
    view.show_picture(panel.picture, panel.view.key)
    assert view.image() == panel.view.image()
    assert view.frame.area.right() <= 160
