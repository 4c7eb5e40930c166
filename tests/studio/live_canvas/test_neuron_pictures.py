"""The small pictures at the nodes are the activations; the lines between them the weights."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from engine.data import DataPlan
from engine.probes.boundary import Unit, largest
from engine.probes.coloring import Scale, scale_pixels
from engine.probes.plane import COMPONENT, PlaneAxis, PlaneChoice, plane_of
from engine.probes.unit_pictures import MOST_UNITS, UnitQuestion, pictures_of
from studio.dashboard.boundary import BoundaryPanel
from studio.live_canvas import NeuronPictures, heatmaps
from studio.live_canvas.unit_edges import LEVELS, levels_of
from studio.live_canvas.unit_pictures import spots_of
from studio.look.inks import inks_of_theme
from studio.model import edits
from tests.studio.conftest import small_project
from tests.studio.dashboard.boundary.conftest import INKS, project_on, snapshot_of

PATIENCE_MS = 20_000


@pytest.fixture
def pictures(qtbot, window):
    """The pictures in a window on the small project, as soon as there are any."""
    view = window.neuron_pictures
    qtbot.waitUntil(lambda: len(view.items) == 3, timeout=PATIENCE_MS)
    return view


def boundary_of(window):
    return window.docks.widget(BoundaryPanel.id)


def middle_of(window, item, unit):
    """A unit's picture, in pixels of the canvas."""
    spot = spots_of(len(item.layer.pixels), window.canvas.canvas.nodes[item.node].size, False)[unit]
    return window.canvas.mapFromScene(item.mapToScene(spot.center()))


def settle(qtbot, window, view):
    """Wait until nothing is on its way."""
    panel = boundary_of(window)
    views = view, panel
    qtbot.waitUntil(
        lambda: not any(each.behind or each.feed.busy for each in views), timeout=PATIENCE_MS
    )


def test_pictures_are_the_activations_over_the_plane():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=4)
    network = snapshot.network
    answer = pictures_of(snapshot, UnitQuestion(INKS, ("x", "h1", "h2", "y"), None, 40))
    plane = plane_of(snapshot.data, cells=(40, 40))
    X = plane.inputs(plane.centers()).astype("f4")
    values = network.forward(X).values
    for node in ("x", "h1", "h2"):
        units = values[network.slots[node]].reshape(-1, 40, 40)
        layer = answer.pictures[node]
        for unit, pixels in zip(units, layer.pixels, strict=True):
            most = largest(unit)
            assert np.array_equal(pixels, scale_pixels(unit, Scale(-most, most), INKS))
        assert np.allclose(layer.most, units.max(axis=(1, 2)), atol=1e-6)
    chance = network.predict(X).reshape(1, 40, 40)
    assert np.array_equal(answer.pictures["y"].pixels, scale_pixels(chance, Scale(0, 1), INKS))
    assert set(answer.weights) == {("x", "h1"), ("h1", "h2"), ("h2", "y")}
    assert np.array_equal(answer.weights["h1", "h2"], network.parameters["h2.W"])


def test_of_a_wide_layer_the_first_units_are_shown_and_the_others_counted():
    snapshot = snapshot_of(project_on("moons", "binary", units=(40, 3)))
    answer = pictures_of(snapshot, UnitQuestion(INKS, ("h1", "h2"), None, 80))
    assert answer.pictures["h1"].pixels.shape == (MOST_UNITS, 40, 40)
    assert answer.pictures["h1"].more == 40 - MOST_UNITS
    assert answer.weights["h1", "h2"].shape == (3, MOST_UNITS)


def test_data_of_one_feature_have_no_pictures():
    snapshot = snapshot_of(project_on("curve", "regression"))
    assert pictures_of(snapshot, UnitQuestion(INKS, ("x", "h1", "y"), None, 40)).pictures == {}


def test_wide_lines_are_large_weights_and_signs_are_kept_apart():
    weights = np.array([[2.0, -2.0, 0.9, -0.01]])
    assert levels_of(weights, True).tolist() == [[LEVELS, 0, 3, 0]]
    assert levels_of(weights, False).tolist() == [[0, LEVELS, 0, 0]]
    many = np.linspace(0.5, 1, 300)
    assert (levels_of(many, True, 80) > 0).sum() == 80
    assert (levels_of(np.zeros((2, 2)), True) == 0).all()


def test_the_nodes_wear_the_networks_own_pictures(qtbot, window, pictures):
    settle(qtbot, window, pictures)
    network = window.session.call(lambda trainer: trainer.network.copy("float32")).result()
    data = window.session.call(lambda trainer: trainer.data).result()
    choice, cells = pictures.plane
    snapshot_cells = pictures.items["h1"].layer.pixels.shape[1]
    plane = plane_of(data, choice, (cells, cells))
    X = plane.inputs(plane.centers()).astype("f4")
    h1 = network.forward(X).values[network.slots["h1"]].reshape(-1, cells, cells)
    step = cells // snapshot_cells
    for unit in (0, 7):
        image = pictures.items["h1"].image_of(unit)
        values = h1[unit, ::step, ::step]
        most = largest(values)
        expected = scale_pixels(values, Scale(-most, most), inks_of_theme())
        assert image.width() == image.height() == snapshot_cells
        found = [[image.pixel(x, y) for x in range(snapshot_cells)] for y in range(snapshot_cells)]
        assert np.array_equal(found, expected)


def test_pictures_hang_below_their_node_and_lines_run_between_them(window, pictures):
    for node, item in pictures.items.items():
        body = window.canvas.canvas.nodes[node]
        assert item.box().top() > body.box()[3]
        assert body.box()[0] - 4 <= item.box().left() <= item.box().right() <= body.box()[2] + 4
    edges = pictures.edges["x", "h1"]
    assert edges.boundingRect().contains(pictures.items["x"].box().center())
    assert edges.boundingRect().contains(pictures.items["h1"].box().center())


def test_lines_follow_a_node_that_is_dragged(qtbot, window, pictures):
    scene, edges = window.canvas.canvas, pictures.edges["x", "h1"]
    before = edges.boundingRect()
    x, y = scene.place_of("h1")
    scene.show_moved({"h1": (x, y + 200)})
    down = pytest.approx(before.bottom() + 200)
    qtbot.waitUntil(lambda: edges.boundingRect().bottom() == down)
    scene.show_settled(["h1"])
    qtbot.waitUntil(lambda: edges.boundingRect() == before)


def test_pictures_stay_away_where_they_would_cover_a_node(qtbot, window, pictures):
    scene = window.canvas.canvas
    x, y = scene.place_of("x")
    scene.show_moved({"h1": (x, y + 120)})
    qtbot.waitUntil(lambda: not pictures.items["x"].isVisible())
    assert not pictures.edges["x", "h1"].isVisible()
    assert pictures.items["h1"].isVisible() and pictures.edges["h1", "y"].isVisible()
    scene.show_settled(["h1"])
    qtbot.waitUntil(pictures.items["x"].isVisible)
    assert pictures.edges["x", "h1"].isVisible()


def test_hover_enlarges_a_unit_and_leaving_gives_the_prediction_back(qtbot, window, pictures):
    panel = boundary_of(window)
    qtbot.waitUntil(lambda: panel.picture is not None, timeout=PATIENCE_MS)
    at = middle_of(window, pictures.items["h1"], 2)
    qtbot.mouseMove(window.canvas.viewport(), at)
    qtbot.waitUntil(lambda: panel.picture.unit == Unit("h1", 2), timeout=PATIENCE_MS)
    assert pictures.items["h1"].hovered == 2
    assert "Unit 3 of “h1”" in pictures.items["h1"].toolTip()
    qtbot.mouseMove(window.canvas.viewport(), window.canvas.viewport().rect().topLeft() + at / 40)
    qtbot.waitUntil(lambda: panel.picture.unit is None, timeout=PATIENCE_MS)
    assert pictures.items["h1"].hovered is None


def test_a_click_pins_a_unit_and_selects_nothing(qtbot, window, pictures):
    panel = boundary_of(window)
    qtbot.waitUntil(lambda: panel.picture is not None, timeout=PATIENCE_MS)
    window.canvas.select(["x"])
    at = middle_of(window, pictures.items["h1"], 1)
    qtbot.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.options.unit == Unit("h1", 1)
    assert window.canvas.selected_nodes() == ["x"]
    assert window.canvas.gesture is None
    qtbot.waitUntil(lambda: panel.picture.unit == Unit("h1", 1), timeout=PATIENCE_MS)


def test_the_menu_takes_them_down_and_remembers(qtbot, window, pictures):
    room = window.canvas.room_beyond
    assert room[1] > 0
    window.commands["neuron_pictures"].trigger()
    assert pictures.items == {} and pictures.edges == {}
    assert not pictures.isVisible()
    assert not window.commands["neuron_pictures"].isChecked()
    assert window.canvas.room_beyond == (0.0, 0.0)
    again = NeuronPictures(window.canvas, _surroundings(window))
    assert not again.on
    window.commands["neuron_pictures"].trigger()
    qtbot.waitUntil(lambda: len(pictures.items) == 3, timeout=PATIENCE_MS)
    assert window.canvas.room_beyond == room


def _surroundings(window):
    from studio.dashboard import Surroundings

    return Surroundings(window.document, window.session, window.workbench)


def test_while_they_are_off_nothing_is_computed(qtbot, window, pictures, monkeypatch):
    window.commands["neuron_pictures"].trigger()
    asked = []
    monkeypatch.setattr(heatmaps, "pictures_of", lambda *a: asked.append(a))
    window.session.step(window.document.project)
    qtbot.waitUntil(lambda: window.session.progress.iteration == 1)
    window.dashboard.tick()
    window.session.call(lambda trainer: None).result()
    window.workbench.submit(int).result()
    assert asked == []


def test_an_edit_takes_down_what_is_no_longer_true(qtbot, window, pictures):
    window.document.try_edit(lambda p: edits.set_field(p, "h1", "units", 3), "Change units")
    assert pictures.items == {}
    qtbot.waitUntil(
        lambda: "h1" in pictures.items and len(pictures.items["h1"].layer.pixels) == 3,
        timeout=PATIENCE_MS,
    )
    window.canvas.select(["h1"])
    window.canvas.delete_selection()
    qtbot.waitUntil(lambda: set(pictures.items) == {"x", "y"}, timeout=PATIENCE_MS)
    assert set(pictures.edges) == {("x", "y")}


def test_four_units_make_a_column_and_rows_lie_beside_a_node_where_the_data_flow_down():
    right = spots_of(6, (176, 80), False)
    assert len({spot.left() for spot in right}) == 2
    assert len({spot.top() for spot in right}) == 4
    assert min(spot.top() for spot in right) > 80
    down = spots_of(6, (176, 80), True)
    assert len({spot.top() for spot in down}) == 2
    assert min(spot.left() for spot in down) > 176
    assert not right[0].contains(QPointF(0, 0))


def test_the_small_project_has_three_layers_with_pictures():
    snapshot = snapshot_of(small_project())
    answer = pictures_of(snapshot, UnitQuestion(INKS, ("x", "h1", "y"), None, 40))
    assert set(answer.pictures) == {"x", "h1", "y"}


def test_a_plane_of_other_data_is_given_up_where_its_panel_is_hidden(qtbot, window, pictures):
    settle(qtbot, window, pictures)
    window.docks.show("numbers")  # in front of the panel that shows the plane
    components = PlaneChoice(PlaneAxis(COMPONENT, 0), PlaneAxis(COMPONENT, 1))
    pictures.show_plane(components, 40)
    plan = DataPlan(source={"kind": "moons", "points": 120})
    window.document.edit(edits.set_data(window.document.project, plan), "Moons")
    window.run_control.rewind()
    qtbot.waitUntil(lambda: pictures.moment.data_kind == ("moons", (2,)), timeout=PATIENCE_MS)
    assert pictures.plane[0] is None


def test_it_says_what_the_units_give_and_of_which_iteration(qtbot, window, pictures):
    view = pictures
    window.run_control.step()
    qtbot.waitUntil(lambda: view.shown()["iteration"] == 1, timeout=PATIENCE_MS)
    settle(qtbot, window, view)
    shown, snapshot = view.shown(), window.session.snapshot().result()
    assert shown["run"] == window.session.moment().run
    answer = pictures_of(snapshot, UnitQuestion(INKS, tuple(shown["nodes"]), *view.plane))
    for node, picture in answer.pictures.items():
        assert np.array_equal(shown["nodes"][node]["most"], picture.most)
    assert np.array_equal(shown["weights"]["h1", "y"], snapshot.network.parameters["y.W"])
