"""The heat strip and the profile show what the engine recorded, at the right layers and times."""

import csv
import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from engine import Dense, Design, Input, Output, TrainingSettings
from engine.data import DataPlan
from engine.health.alarms import CONFIRMATIONS, MEASURES, Alarm
from engine.probes.moment import Moment
from engine.probes.snapshot import Origin
from engine.project import Project
from engine.training.history import History
from engine.training.trainer import STEPS_PER_PROBE
from studio.dashboard.flow import FlowPanel
from studio.dashboard.flow.color_scale import GAP, STEPS, ColorScale, color_table
from studio.dashboard.flow.heat_map import MARK_PX
from studio.dashboard.flow.layer_axis import stride_of
from studio.dashboard.flow.quantity import GradientNormFlow
from studio.look.theme import theme
from studio.running.session import State
from tests.studio.dashboard.zooming import zoom

STEPS_SHOWN = 60
RATIO = MEASURES.index("update_ratio")

NUMBERS = itertools.count()


class FakeSession:
    """A session whose history a test writes itself."""

    def __init__(self, history):
        self.history = history
        self.state = State.PAUSED
        self.run = f"by hand {next(NUMBERS)}"

    def moment(self):
        origin = Origin(self.run, len(self.history) if self.history else 0)
        return Moment(origin, self.history, self.state, epochs=1)


def history_of(norms, ratios=()):
    norms = np.asarray(norms, "float32")
    layers = norms.shape[1]
    history = History([f"h{i}" for i in range(1, layers + 1)])
    history.cost.fill(np.ones(len(norms)))
    history.learning_rate.fill(np.full(len(norms), 0.01))
    history.gradient_norm.fill(norms)
    for index, row in enumerate(ratios):
        health = np.full((len(MEASURES), layers), np.nan, "float32")
        health[RATIO] = row
        history.probe(1 + STEPS_PER_PROBE * index, health)
    return history


def long_norms(length, layers):
    rng = np.random.default_rng(0)
    return 10.0 ** rng.uniform(-9, 1, (length, layers))


def refreshed(panel, history):
    session = FakeSession(history)
    panel.refresh(session.moment())
    while panel.behind:
        panel.refresh(session.moment())
    return panel


def deep(layers=10, **training):
    """Sigmoid layers with small normal weights, whose gradients vanish."""
    small = {"kind": "normal", "standard_deviation": 0.01}
    hidden = [Dense(units=6, activation="sigmoid", initializer=small) for _ in range(layers)]
    names = ["x", *[f"h{i}" for i in range(1, layers + 1)], "y"]
    design = Design.sequential([Input(features=2), *hidden, Output(task="binary")], names=names)
    settings = {"batch_size": 16, "epochs": 1_000} | training
    return Project(design, TrainingSettings(**settings), DataPlan(source="circles"))


@pytest.fixture
def panel(show):
    return show(FlowPanel(), 700, 360)


def scale_of(panel):
    return panel.color_bar.scale


def color_shown(panel, iteration, layer):
    """The color index of a cell, read back from the image that is drawn."""
    heat, image = panel.heat, panel.heat.image
    column = int((iteration - heat.cells.left()) * image.width() / heat.cells.width())
    row = int((layer - heat.cells.top()) * image.height() / heat.cells.height())
    return image.pixelIndex(column, image.height() - 1 - row)


def pixel_at(panel, iteration, layer):
    """The pixel of the plot's viewport at an iteration and a layer."""
    view = panel.plot.getPlotItem().getViewBox()
    return panel.plot.mapFromScene(view.mapViewToScene(QPointF(iteration, layer)))


# What is plotted.


def test_the_cells_of_a_seeded_run_are_the_norms_that_were_recorded(panel, run, make_project):
    history = run(make_project(epochs=1_000, seed=3), until=STEPS_SHOWN)
    refreshed(panel, history)
    norms = history.gradient_norm.values
    indices = scale_of(panel).indices(norms)
    for iteration in range(1, len(norms) + 1):
        for layer in range(len(history.nodes)):
            shown = color_shown(panel, iteration, layer)
            assert shown == indices[iteration - 1, layer]


def test_every_color_stands_for_the_value_within_a_hundredth_of_the_scale(panel):
    norms = long_norms(STEPS_SHOWN, 4)
    refreshed(panel, history_of(norms))
    scale = scale_of(panel)
    decades = (scale.high - scale.low) / (STEPS - 1)
    for iteration, layer in ((1, 0), (17, 3), (60, 1)):
        value = scale.values()[color_shown(panel, iteration, layer)]
        assert abs(np.log10(value / norms[iteration - 1, layer])) <= decades


def test_a_cell_of_many_iterations_shows_the_greatest_of_them(panel):
    norms = long_norms(40_000, 5)
    refreshed(panel, history_of(norms))
    image, cells = panel.heat.image, panel.heat.cells
    step = round(cells.width() / image.width())
    assert step > 16
    assert image.width() <= panel.plot.columns()
    for column in (0, 3, image.width() // 2, image.width() - 1):
        first = round(cells.left() - 0.5) + column * step
        greatest = norms[first : first + step].max(axis=0)
        expected = scale_of(panel).indices(np.float32(greatest))
        assert [image.pixelIndex(column, 4 - layer) for layer in range(5)] == expected.tolist()


def test_the_picture_on_the_screen_has_the_input_side_at_the_bottom(panel):
    norms = np.tile([1e-8, 1e-4, 1.0], (40, 1))
    refreshed(panel, history_of(norms))
    picture = panel.plot.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    indices = scale_of(panel).indices(norms[0])
    for layer in range(3):
        at = pixel_at(panel, 10, layer)
        color = picture.pixel(round(at.x() * ratio), round(at.y() * ratio))
        assert color == color_table()[indices[layer]]
    assert pixel_at(panel, 10, 0).y() > pixel_at(panel, 10, 2).y()


def test_the_profile_is_the_newest_norms_on_the_same_scale(panel, run, make_project):
    history = run(make_project(epochs=1_000, seed=3), until=STEPS_SHOWN)
    refreshed(panel, history)
    newest = history.gradient_norm.values[-1]
    assert panel.profile.values.tolist() == newest.tolist()
    scale, width = scale_of(panel), panel.profile.size().width()
    logs = scale.low + np.array([p.x() for p in panel.profile.points()]) / width * (
        scale.high - scale.low
    )
    np.testing.assert_allclose(10.0**logs, newest, rtol=1e-5)
    heights = [point.y() for point in panel.profile.points()]
    assert heights == sorted(heights, reverse=True)


def test_a_row_of_the_profile_lies_beside_its_row_of_the_strip(panel):
    refreshed(panel, history_of(long_norms(50, 6)))
    for layer, point in enumerate(panel.profile.points()):
        beside = panel.profile.mapToScene(point).y()
        assert abs(beside - pixel_at(panel, 10, layer).y()) <= 2


def test_update_ratios_are_shown_as_measured(panel, run, make_project):
    history = run(make_project(epochs=1_000), until=250)
    refreshed(panel, history)
    panel.show_quantity(1)
    iterations, ratios = history.measure("update_ratio")
    regular = iterations % STEPS_PER_PROBE == 1  # the others were measured for the alarms
    iterations, ratios = iterations[regular], ratios[regular]
    assert iterations.tolist()[:3] == [1, 101, 201]
    indices = scale_of(panel).indices(ratios)
    for row, iteration in enumerate(iterations.tolist()):
        for layer in range(len(history.nodes)):
            for within in (0, STEPS_PER_PROBE - 1):
                assert color_shown(panel, iteration + within, layer) == indices[row, layer]
    assert panel.profile.values.tolist() == ratios[-1].tolist()
    assert str(STEPS_PER_PROBE) in panel.plot.axis("bottom").labelText


def test_zero_and_what_is_not_finite_are_gaps(panel):
    norms = np.full((40, 3), 0.1)
    norms[:, 1], norms[5, 2] = 0.0, np.inf
    refreshed(panel, history_of(norms))
    assert color_shown(panel, 20, 1) == color_shown(panel, 6, 2) == GAP
    assert color_shown(panel, 7, 2) != GAP
    assert np.isnan(panel.profile.places[1])


def test_gaps_are_hatched(panel):
    norms = np.full((40, 3), 0.1)
    norms[:, 1] = 0.0
    refreshed(panel, history_of(norms))
    picture = panel.plot.viewport().grab().toImage()
    at = pixel_at(panel, 20, 1)
    around = {
        picture.pixelColor(at.x() + dx, at.y() + dy).name() for dx in range(8) for dy in range(8)
    }
    assert len(around) > 1
    assert not around & {f"#{color & 0xFFFFFF:06x}" for color in color_table()[:STEPS]}


def test_colors_grow_lighter_with_the_value():
    def lightness(color):
        return 0.2126 * (color >> 16 & 255) + 0.7152 * (color >> 8 & 255) + 0.0722 * (color & 255)

    shades = [lightness(color) for color in color_table()[:STEPS]]
    assert all(a <= b + 0.5 for a, b in itertools.pairwise(shades))
    assert shades[-1] - shades[0] > 150


def test_the_scale_has_numbers(panel):
    refreshed(panel, history_of(np.tile([1e-3, 1e-1], (30, 1))))
    metrics = QFontMetricsF(panel.plot.fontMetrics())
    texts = [text for _, text in panel.color_bar.labels(metrics)]
    assert "10⁻³" in texts or "10⁻²" in texts
    assert (scale_of(panel).low, scale_of(panel).high) == (-4.0, 0.0)


@pytest.mark.parametrize(("low", "high"), [(-30, 2), (-9, 1), (-1, 0)])
def test_the_numbers_of_the_scale_never_touch(panel, low, high):
    metrics = QFontMetricsF(panel.fontMetrics())
    panel.color_bar.show_scale(ColorScale(low, high), "")
    labels = panel.color_bar.labels(metrics)
    width = panel.color_bar.size().width()
    spans = []
    for x, text in labels:
        room = metrics.horizontalAdvance(text)
        left = min(max(x - room / 2, 0.0), width - room)
        spans.append((left, left + room))
    assert len(labels) >= 2 or high - low < 3
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


def test_layers_are_named_at_the_axis(panel):
    refreshed(panel, history_of(long_norms(30, 3)))
    ticks = panel.plot.ticks["left"]
    assert ticks == [(0.0, "h1"), (1.0, "h2"), (2.0, "h3")]


def test_of_fifty_layers_as_many_are_named_as_can_be_read(panel):
    refreshed(panel, history_of(long_norms(30, 50)))
    ticks = panel.plot.ticks["left"]
    line = panel.plot.fontMetrics().height()
    rows = [pixel_at(panel, 1, layer).y() for layer, _ in ticks]
    assert len(ticks) >= 8
    assert all(a - b >= line - 1 for a, b in itertools.pairwise(rows))


@pytest.mark.parametrize(("layers", "lines", "stride"), [(3, 10, 1), (50, 25, 2), (50, 0.5, 50)])
def test_names_thin_out_evenly(layers, lines, stride):
    assert stride_of(layers, lines) == stride


# Long runs.


def test_a_million_iterations_are_read_in_pieces_and_drawn_in_pixels(panel):
    norms = np.tile(np.float32([0.1, 0.2, 0.3]), (1_000_000, 1))
    norms[777_777, 1] = 50.0
    session = FakeSession(history_of(norms))
    panel.refresh(session.moment())
    assert panel.behind
    while panel.behind:
        panel.refresh(session.moment())
    assert panel.heat.image.width() <= panel.plot.columns()
    assert color_shown(panel, 777_778, 1) == scale_of(panel).indices(np.array([50.0]))[0]
    held = panel.quantity.pyramid.nbytes
    assert held < 0.3 * norms.nbytes


def test_new_steps_touch_the_newest_cells_only(panel):
    quantity = GradientNormFlow(history_of(long_norms(5_000, 4)))
    quantity.update()
    before = quantity.cells(0, 4_000, 300)
    for row in long_norms(700, 4):
        quantity.history.record(1.0, 0.01, row)
    quantity.update()
    after = quantity.cells(0, 4_000, 300)
    assert before.left == after.left
    np.testing.assert_array_equal(before.values[:200], after.values[:200])


# Alarms.


def test_a_vanishing_design_raises_alarms_in_strip_and_words(panel, run):
    history = run(deep(), until=CONFIRMATIONS * STEPS_PER_PROBE)
    refreshed(panel, history)
    assert {alarm.kind for alarm in history.alarms} == {"vanishing"}
    expected = [(alarm.iteration, history.nodes.index(alarm.node)) for alarm in history.alarms]
    assert [tuple(spot) for spot in panel.heat.spots] == expected
    assert expected[0] == (21, 0)
    assert panel.alarm_line.isVisible()
    sentence = panel.alarm_line.sentence(panel.alarm_line.foremost)
    assert "Iteration 21" in sentence
    assert "'h1': the gradient vanishes" in sentence


def test_of_thousands_of_alarms_as_many_are_marked_as_can_be_told_apart(panel):
    history = history_of(np.full((30_000, 2), 0.1))
    history.alarms = [
        Alarm(iteration, "dead", f"h{1 + iteration % 2}", "dead") for iteration in range(1, 30_001)
    ]
    refreshed(panel, history)
    assert 20 < len(panel.heat.spots) <= 2 * (panel.plot.columns() / MARK_PX + 1)
    assert {spot.layer for spot in panel.heat.spots} == {0, 1}
    for iteration, layer in panel.heat.spots:
        assert iteration % 2 == layer


def test_an_alarm_leads_to_its_layer(panel, qtbot):
    history = history_of(long_norms(40, 3))
    history.alarms = [
        Alarm(11, "dead", "h3", "'h3': 60 % of the units are dead"),
        Alarm(31, "vanishing", "h2", "'h2': the gradient vanishes"),
    ]
    refreshed(panel, history)
    with qtbot.waitSignal(panel.node_chosen) as chosen:
        QTest.mouseClick(panel.alarm_line.button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["h2"]
    panel.alarm_line.menu.aboutToShow.emit()
    newest, oldest = panel.alarm_line.menu.actions()
    assert "Iteration 31" in newest.text()
    with qtbot.waitSignal(panel.node_chosen) as chosen:
        oldest.trigger()
    assert chosen.args == ["h3"]


def test_the_mark_of_an_alarm_is_painted_at_its_cell(panel):
    history = history_of(np.full((40, 3), 0.1))
    refreshed(panel, history)
    before = panel.plot.viewport().grab().toImage()
    history.alarms.append(Alarm(20, "dead", "h2", "'h2': dead"))
    refreshed(panel, history)
    after = panel.plot.viewport().grab().toImage()
    at, far = pixel_at(panel, 20, 1), pixel_at(panel, 35, 1)
    assert after.pixelColor(at).lightness() > 240
    assert before.pixel(at) != after.pixel(at)
    assert before.pixel(far) == after.pixel(far)


def test_no_alarm_takes_no_room(panel):
    refreshed(panel, history_of(long_norms(30, 3)))
    assert not panel.alarm_line.isVisible()


# Reading and choosing.


def test_the_read_out_tells_the_exact_number_under_the_pointer(panel):
    norms = long_norms(40, 3)
    refreshed(panel, history_of(norms))
    QTest.mouseMove(panel.plot.viewport(), pixel_at(panel, 20, 1))
    text = panel.read_out.label.text()
    assert panel.read_out.label.isVisible()
    iteration = int(text.splitlines()[0].split()[-1])
    assert abs(iteration - 20) <= 1
    assert f"h2: gradient norm {np.float32(norms[iteration - 1, 1]):.4g}" in text
    assert panel.heat.current == panel.profile.current == 1


def test_where_no_row_is_chosen_the_read_out_tells_the_least_and_the_greatest(panel):
    refreshed(panel, history_of(np.tile([1e-3, 1e-5, 1e-1], (40, 1))))
    panel.read_out.show_at(20.0)
    assert panel.read_out.label.text().splitlines()[1:] == ["least: h2 1e-05", "greatest: h3 0.1"]


def test_the_read_out_tells_of_an_alarm_in_lines_that_fit(panel):
    history = history_of(long_norms(40, 3))
    text = "'h2': 100 % of the units are dead: 0 for every example"
    history.alarms = [Alarm(20, "dead", "h2", text)]
    refreshed(panel, history)
    panel.resize(430, 230)
    panel.read_out.show_at(20.0)
    label = panel.read_out.label
    assert text in label.text().replace("\n", " ")
    assert label.x() >= 0
    assert label.width() < 0.7 * panel.plot.width()


def test_over_the_profile_the_read_out_tells_the_newest_number(panel):
    norms = long_norms(40, 3)
    refreshed(panel, history_of(norms))
    middle = panel.profile.mapToScene(panel.profile.points()[2] + QPointF(5, 0))
    QTest.mouseMove(panel.plot.viewport(), panel.plot.mapFromScene(middle))
    text = panel.read_out.label.text()
    assert "iteration 40" in text
    assert f"h3: gradient norm {np.float32(norms[-1, 2]):.4g}" in text


def test_keys_walk_through_the_layers_and_choose_one(panel, qtbot):
    refreshed(panel, history_of(long_norms(40, 3)))
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Up)
    QTest.keyClick(panel.plot, Qt.Key.Key_Up)
    assert panel.heat.current == 1
    assert "h2: gradient norm" in panel.read_out.label.text()
    with qtbot.waitSignal(panel.node_chosen) as chosen:
        QTest.keyClick(panel.plot, Qt.Key.Key_Return)
    assert chosen.args == ["h2"]


def test_a_click_on_a_row_chooses_its_layer(panel, qtbot):
    refreshed(panel, history_of(long_norms(40, 3)))
    at = pixel_at(panel, 20, 2)
    QTest.mouseMove(panel.plot.viewport(), at)
    with qtbot.waitSignal(panel.node_chosen) as chosen:
        QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == ["h3"]


def test_a_zoomed_strip_shows_the_stretch_in_view(panel):
    norms = long_norms(20_000, 3)
    refreshed(panel, history_of(norms))
    zoom(panel.plot, 5_000, 5_100)
    indices = scale_of(panel).indices(np.float32(norms))
    for iteration in (5_001, 5_050, 5_099):
        assert color_shown(panel, iteration, 1) == indices[iteration - 1, 1]


def test_the_numbers_of_the_file_are_those_of_the_strip(panel, tmp_path, qtbot):
    norms = np.float32(long_norms(50, 3))
    refreshed(panel, history_of(norms, ratios=[(1e-3, 2e-3, np.nan)]))
    for chosen, expected in ((0, norms), (1, np.float32([[1e-3, 2e-3, np.nan]]))):
        panel.show_quantity(chosen)
        path = tmp_path / f"{chosen}.csv"
        panel.export(path)
        qtbot.waitUntil(lambda: "Saved" in panel.message.text())
        with path.open(newline="") as file:
            head, *rows = csv.reader(file)
        assert head == ["iteration", "h1", "h2", "h3"]
        found = [[float(v) if v else np.nan for v in row[1:]] for row in rows]
        np.testing.assert_array_equal(np.float32(found), expected)


def test_a_picture_holds_strip_and_profile(panel, tmp_path):
    refreshed(panel, history_of(long_norms(50, 3)))
    panel.export(tmp_path / "flow.png")
    panel.export(tmp_path / "flow.svg")
    assert (tmp_path / "flow.png").stat().st_size > 5_000
    assert "10" in (tmp_path / "flow.svg").read_text(encoding="utf-8")


def test_another_run_takes_the_place_of_the_first(panel):
    first = history_of(long_norms(50, 5))
    first.alarms = [Alarm(1, "dead", "h1", "'h1': dead")]
    refreshed(panel, first)
    assert panel.alarm_line.isVisible()
    fewer = history_of(np.full((30, 2), 0.5))
    refreshed(panel, fewer)
    assert panel.heat.image.height() == 2
    assert len(panel.plot.ticks["left"]) == 2
    assert not panel.alarm_line.isVisible()


def test_without_a_run_the_panel_says_what_to_do(panel):
    refreshed(panel, history_of(long_norms(50, 3)))
    refreshed(panel, None)
    assert panel.is_empty
    assert not panel.alarm_line.isVisible()


def test_the_strip_changes_its_dress_with_the_theme(panel, qapp):
    norms = np.full((40, 2), 0.1)
    norms[:, 1] = 0.0
    refreshed(panel, history_of(norms))
    theme.apply(dark=True)
    dark = panel.plot.viewport().grab().toImage().pixelColor(pixel_at(panel, 39.9, 1))
    theme.apply(dark=False)
    light = panel.plot.viewport().grab().toImage().pixelColor(pixel_at(panel, 39.9, 1))
    assert dark != light


def test_an_alarm_of_the_panel_selects_its_layer_on_the_canvas(open_window, qtbot):
    window = open_window(deep(2))
    panel = window.docks.widget(FlowPanel.id)
    panel.alarm_line.chosen.emit("h2")
    assert window.canvas.selected_nodes() == ["h2"]
