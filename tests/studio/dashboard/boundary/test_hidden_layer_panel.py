"""The bent grid is the plane's lines under the layer's own activations."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

import engine
from engine.data import DataPlan
from engine.errors import DataError
from engine.probes.boundary import facts_of
from engine.probes.hidden_layer import LINES, STEPS, WarpQuestion, layer_of, plane_grid, warp_of
from engine.probes.plane import plane_of
from engine.probes.principal_components import principal_components
from engine.project import Project
from engine.project.held_out import Opening
from engine.project.sets import fingerprint
from studio.dashboard.hidden_layer import HiddenLayerPanel
from studio.dashboard.hidden_layer import panel as warped_panel
from studio.dashboard.hidden_layer.warp_view import steady
from tests.studio.dashboard.boundary.conftest import project_on, snapshot_of

PATIENCE_MS = 20_000


def activations(network, node, X):
    return network.forward(X.astype("f4")).values[network.slots[node]]


def test_lines_of_the_grid_run_along_the_axes_of_the_plane():
    plane = plane_of(DataPlan(source="moons").build())
    at = plane_grid(plane).reshape(2, 2, LINES, STEPS + 1)
    across, up = at[:, 0], at[:, 1]
    assert (np.ptp(across[1], axis=1) == 0).all() and (np.ptp(across[0], axis=1) > 0).all()
    assert (np.ptp(up[0], axis=1) == 0).all() and (np.ptp(up[1], axis=1) > 0).all()
    left, right, bottom, top = plane.box
    assert (across[0].min(), across[0].max()) == (left, right)
    assert (up[1].min(), up[1].max()) == (bottom, top)


@pytest.mark.parametrize("units", [(0, 1), (3, 1)])
def test_the_grid_and_the_points_are_where_the_layer_takes_them(units):
    snapshot = snapshot_of(project_on("moons", "binary"), steps=5)
    network, data = snapshot.network, snapshot.data
    warp = warp_of(snapshot, WarpQuestion("h2", units, ("train", "dev")))
    plane = plane_of(data)
    grid = activations(network, "h2", plane.inputs(plane_grid(plane)))[list(units)]
    lines = np.concatenate([warp.across, warp.up]).reshape(-1, 2).T
    assert np.allclose(lines, grid, atol=1e-5)
    for points, examples in zip(warp.points, (data.train, data.dev), strict=True):
        expected = activations(network, "h2", examples.X)[list(units)]
        assert np.allclose(points.at, expected[:, : points.at.shape[1]], atol=1e-5)
    assert warp.names == (f"h2, unit {units[0] + 1}", f"h2, unit {units[1] + 1}")


def test_components_are_those_of_the_training_examples_in_the_layer():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=5)
    warp = warp_of(snapshot, WarpQuestion("h1", None))
    A = activations(snapshot.network, "h1", snapshot.data.train.X[:, :500])
    found = principal_components(A)
    expected = found.directions[:, :2].T @ (A - found.mean[:, np.newaxis])
    assert np.allclose(warp.points[0].at, expected, atol=1e-4)
    assert warp.names[0].startswith("PC 1 of h1 (")


def test_without_a_choice_the_last_layer_with_two_units_is_shown():
    snapshot = snapshot_of(project_on("moons", "binary", units=(6, 4, 1)))
    facts = facts_of(snapshot.network, snapshot.data)
    assert layer_of(facts, "") == "h2"
    assert layer_of(facts, "h1") == "h1"
    assert layer_of(facts, "h3") == "h2"


def test_without_a_layer_or_a_plane_a_sentence_says_why():
    with pytest.raises(DataError, match="no hidden layer") as error:
        warp_of(snapshot_of(project_on("moons", "binary", units=())), WarpQuestion())
    assert "Add a layer" in error.value.hint
    with pytest.raises(DataError, match="one feature only"):
        warp_of(snapshot_of(project_on("curve", "regression")), WarpQuestion())


def test_axes_stay_put_until_they_must_change():
    places = np.array([[0.0, 10.0], [0.0, 4.0]])
    box = steady(None, places)
    assert box[0] < 0 and box[1] > 10 and box[2] < 0 and box[3] > 4
    assert steady(box, 0.8 * places) == box
    assert steady(box, 1.5 * places)[1] > 15
    assert steady(box, 0.1 * places)[1] < 2
    assert steady(box, places * np.nan) == box
    flat = steady(None, np.zeros((2, 5)))
    assert flat[0] < 0 < flat[1]


@pytest.fixture
def open_panel(qtbot, session, workbench, follow, show, run):
    """A function: a panel on a run of this project, with its first grid."""

    def open_one(project, until=6):
        panel = show(HiddenLayerPanel(workbench), 700, 500)
        follow(panel)
        run(project, until)
        settle(qtbot, panel)
        return panel

    return open_one


def settle(qtbot, panel):
    qtbot.waitUntil(
        lambda: panel.view.warp is not None and not panel.behind and not panel.feed.busy,
        timeout=PATIENCE_MS,
    )


def test_the_panel_draws_the_grid_of_the_network_as_it_is(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    network, data = session.call(lambda t: (t.network.copy("float32"), t.data)).result()
    plane = plane_of(data)
    expected = activations(network, "h2", plane.inputs(plane_grid(plane)))[[0, 1]]
    drawn = [panel.view.across, panel.view.up]
    count = LINES * (STEPS + 1)
    wanted = panel.view.frame.pixels(expected)
    for path, part in zip(drawn, (wanted[:, :count], wanted[:, count:]), strict=True):
        assert path.elementCount() == count
        found = [(path.elementAt(i).x, path.elementAt(i).y) for i in range(0, count, 7)]
        assert np.allclose(np.array(found).T, part[:, ::7], atol=1e-2)
        starts = [i for i in range(count) if path.elementAt(i).isMoveTo()]
        assert starts == [i * (STEPS + 1) for i in range(LINES)]


def test_layer_units_and_components_can_be_chosen(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    assert panel.view.warp.node == "h2"
    panel.layer.setFocus()
    qtbot.keyClick(panel.layer, Qt.Key.Key_Up)
    settle(qtbot, panel)
    assert panel.view.warp.node == "h1"
    panel.first.setValue(5)
    settle(qtbot, panel)
    assert panel.view.warp.units == (4, 1)
    panel.second.setValue(5)
    settle(qtbot, panel)
    assert panel.view.warp.units == (0, 4)
    panel.components.click()
    settle(qtbot, panel)
    assert panel.view.warp.units is None
    assert not panel.first.isEnabled()


def test_a_layer_that_is_selected_on_the_canvas_is_shown(qtbot, session, open_panel):
    panel = open_panel(project_on("moons", "binary"))
    panel.show_nodes(["x"])
    assert panel.view.warp.node == "h2"
    panel.show_nodes(["x", "h1"])
    settle(qtbot, panel)
    assert panel.view.warp.node == "h1"


def test_sets_can_be_switched_and_the_test_set_is_sealed(qtbot, session, open_panel):
    project = project_on("moons", "binary")
    panel = open_panel(project)
    assert [points.name for points in panel.view.warp.points] == ["train", "dev"]
    assert panel.sets.switches["test"].isHidden()
    own = Opening("2026-01-01T00:00:00", 10, 0.1, 0.3, data=fingerprint(project))
    session.adopt(project.replace(openings=(own,)))
    qtbot.waitUntil(lambda: not panel.sets.switches["test"].isHidden(), timeout=20_000)
    qtbot.mouseClick(panel.sets.switches["test"], Qt.MouseButton.LeftButton)
    settle(qtbot, panel)
    assert [points.name for points in panel.view.warp.points] == ["train", "dev", "test"]


def test_a_hidden_panel_computes_nothing(qtbot, session, workbench, follow, show, run, monkeypatch):
    asked = []
    monkeypatch.setattr(warped_panel, "warp_of", lambda *a: asked.append(1) or warp_of(*a))
    panel = show(HiddenLayerPanel(workbench), 430, 230)
    panel.hide()
    dashboard = follow(panel)
    run(project_on("moons", "binary"), 10)
    dashboard.tick()
    session.call(lambda trainer: None).result()
    workbench.submit(int).result()
    assert asked == []
    panel.show()
    qtbot.waitUntil(lambda: panel.view.warp is not None, timeout=PATIENCE_MS)


def test_a_slice_says_that_it_is_one(qtbot, session, open_panel):
    panel = open_panel(project_on("iris", "multi_class"))
    assert "slice at the mean" in panel.told.text
    assert "Solid lines" in panel.told.text


def test_a_network_without_hidden_layers_is_told(qtbot, session, workbench, follow, show, run):
    design = engine.Design.sequential([engine.Input(), engine.Output(task="binary")], ["x", "y"])
    settings = engine.TrainingSettings(epochs=100_000)
    panel = show(HiddenLayerPanel(workbench), 430, 230)
    follow(panel)
    run(Project(design, settings, DataPlan(source="moons")), 2)
    qtbot.waitUntil(lambda: "no hidden layer" in panel.message.text(), timeout=PATIENCE_MS)
    assert panel.is_empty
