"""Tabs, wires and badges on the canvas tell what the engine recorded, of the right layers."""

import html
import math
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSettings
from PySide6.QtGui import QAccessible

import engine
from engine.data import DataPlan
from engine.health.alarms import CONFIRMATIONS, MEASURES
from engine.probes.moment import Moment
from engine.probes.snapshot import Origin
from engine.probes.standing_alarms import standing_alarms
from engine.project import Project
from engine.training.history import History
from engine.training.trainer import STEPS_PER_PROBE
from engine.words import scientific
from studio.canvas import CanvasView, accessibility
from studio.canvas.measure_tab import Side
from studio.live_canvas import LiveMeasures
from studio.live_canvas.gauge import HIGH, LOW, GradientNormGauge, UpdateRatioGauge, thicknesses
from studio.live_canvas.live_measures import SETTING
from studio.live_canvas.plan import MeasurePlan
from studio.live_canvas.tab_places import free_spots
from studio.look.theme import theme
from studio.model import edits
from studio.model.document import Document
from studio.running.session import State

PATIENCE_MS = 20_000
STEPS_SHOWN = 60


def chain(layers=3, **dense):
    names = ["x", *[f"h{i}" for i in range(1, layers + 1)], "y"]
    hidden = [engine.Dense(units=6, **dense) for _ in range(layers)]
    design = engine.Design.sequential(
        [engine.Input(features=2), *hidden, engine.Output(task="binary")], names
    )
    return project_of(design)


def vanishing(layers=10):
    small = {"kind": "normal", "standard_deviation": 0.01}
    return chain(layers, activation="sigmoid", initializer=small)


def project_of(design):
    settings = engine.TrainingSettings(batch_size=16, epochs=100_000, seed=3)
    return Project(design, settings, DataPlan(source={"kind": "circles", "points": 120}))


class Stage:
    """A window, its live measures and its run."""

    def __init__(self, window, qtbot):
        self.window, self.qtbot = window, qtbot
        self.view = window.live_measures
        self.scene, self.session = window.canvas.canvas, window.session

    def train(self, until):
        self.session.play(self.window.document.project)
        self.qtbot.waitUntil(lambda: self.session.progress.iteration >= until, timeout=PATIENCE_MS)
        self.session.pause()
        self.settle(State.PAUSED)
        self.view.refresh(self.session.moment())
        return self.session.history

    def settle(self, state):
        self.qtbot.waitUntil(lambda: self.session.state is state, timeout=PATIENCE_MS)

    def wire(self, source, target):
        return next(i for w, i in self.scene.wires.items() if w[:2] == (source, target))

    @property
    def told(self):
        return {key: item.measure.text for key, item in self.scene.nodes.items() if item.measure}


@pytest.fixture
def stage(open_window, qtbot):
    def open_stage(project):
        window = open_window(project)
        qtbot.waitUntil(lambda: window.session.state is State.READY, timeout=PATIENCE_MS)
        return Stage(window, qtbot)

    return open_stage


class FakeSession:
    """A run whose history a test writes itself."""

    def __init__(self, project, history):
        self.project_in_training, self.history = project, history
        self.state, self.stale = State.PAUSED, ""

    def moment(self):
        origin = Origin("manual", len(self.history), project=self.project_in_training)
        return Moment(origin, self.history, self.state, stale=self.stale)


class Bare:
    """A canvas without a window, and live measures whose run a test writes itself."""

    def __init__(self, project, session):
        self.document = Document(project)
        self.canvas = CanvasView(self.document)
        self.scene, self.view = self.canvas.canvas, LiveMeasures(self.canvas, session)

    told, wire = Stage.told, Stage.wire

    def show(self, **norms):
        self.fake.history.record(1.0, 0.1, np.array(list(norms.values()), "float32"))
        self.view.refresh(self.fake.moment())


@pytest.fixture
def by_hand(qtbot, settings, session):
    """A function: project and newest norms by layer -> a canvas that shows them."""

    def show(project, **norms):
        bare = Bare(project, session)
        qtbot.addWidget(bare.canvas)
        bare.canvas.resize(1_000, 500)
        bare.canvas.show()
        bare.canvas.fit()
        bare.fake = FakeSession(project, History(list(norms)))
        bare.show(**norms)
        return bare

    return show


@pytest.fixture
def settings():
    """The choice as it is at first."""
    QSettings().remove(SETTING)
    yield
    QSettings().remove(SETTING)


# Numbers.


def test_every_node_tells_the_newest_norm_of_its_layer(stage):
    stage = stage(chain())
    history = stage.train(STEPS_SHOWN)
    norms = dict(zip(history.nodes, history.gradient_norm.values[-1].tolist(), strict=True))
    assert stage.told == {name: scientific(norm) for name, norm in norms.items()}
    for name, norm in norms.items():
        assert float(stage.told[name]) == pytest.approx(norm, rel=0.05)
        bar = stage.scene.nodes[name].measure.share
        assert abs(bar - (math.log10(norm) - LOW) / (HIGH - LOW)) <= 1 / 40
    assert stage.scene.nodes["x"].measure is None


def test_a_wire_is_as_thick_as_the_layer_that_it_leads_to_learns_strongly(stage):
    stage = stage(chain())
    history = stage.train(STEPS_SHOWN)
    for (source, target, *_), item in stage.scene.wires.items():
        norm = float(history.gradient_norm.values[-1][history.nodes.index(target)])
        assert abs(item.measure.width - (1 + math.log10(norm) - LOW)) <= 0.25
        assert item.label.number == f"∇ {scientific(norm, 0)}"
        assert item.label.number == item.measure.text
        assert f"'{target}'" in html.unescape(item.toolTip())
        assert source in item.toolTip()


def test_the_update_ratio_is_the_one_that_was_measured_last(stage):
    stage = stage(chain())
    stage.window.commands["live_ratio"].trigger()
    history = stage.train(2 * STEPS_PER_PROBE)
    ratios = history.measure("update_ratio")[1][-1]
    expected = {n: scientific(r) for n, r in zip(history.nodes, ratios.tolist(), strict=True)}
    assert stage.told == expected
    assert "update ratio" in stage.scene.nodes["h1"].measure.words
    assert stage.wire("h1", "h2").label.number.startswith("Δ")


def test_the_tabs_follow_a_run_by_the_dashboards_timer(stage):
    stage = stage(chain())
    stage.session.play(stage.window.document.project)
    stage.qtbot.waitUntil(lambda: bool(stage.told), timeout=PATIENCE_MS)
    first = dict(stage.told)
    stage.qtbot.waitUntil(lambda: stage.told != first, timeout=PATIENCE_MS)
    stage.session.pause()
    stage.settle(State.PAUSED)
    newest = stage.session.history.gradient_norm.values[-1].tolist()
    stage.qtbot.waitUntil(
        lambda: list(stage.told.values()) == [scientific(v) for v in newest], timeout=PATIENCE_MS
    )


def test_a_power_of_ten_is_a_pixel_of_a_wire():
    values = np.array([1e-9, 1e-6, 1e-5, 1e-1, 1.0, 1e2, 1e9, 0.0, np.nan, np.inf])
    assert thicknesses(values).tolist() == [1, 1, 2, 6, 7, 9, 9, 1, 1, 9]


def test_exactly_zero_is_dotted_and_told(by_hand):
    stage = by_hand(chain(2), h1=0.0, h2=0.1, y=0.2)
    assert stage.told["h1"] == "0"
    wire = stage.wire("x", "h1")
    assert wire.measure.broken
    assert wire.label.number == "∇ 0"
    assert not stage.wire("h1", "h2").measure.broken


def test_behind_a_layer_without_parameters_the_next_one_counts(by_hand):
    design = engine.Design.sequential(
        [
            engine.Input(features=2),
            engine.Dense(units=6),
            engine.Activation(),
            engine.Output(task="binary"),
        ],
        ["x", "h1", "a", "y"],
    )
    stage = by_hand(project_of(design), h1=1e-4, y=1e-1)
    assert "a" not in stage.told
    into, out = stage.wire("h1", "a"), stage.wire("a", "y")
    assert into.measure.text == out.measure.text == "∇ 1e-1"
    assert "the next layer with parameters after it" in into.toolTip()
    assert "the layer it leads to" in out.toolTip()


def test_nothing_behind_has_parameters_so_the_layer_before_counts():
    design = engine.Design.sequential(
        [engine.Input(features=2), engine.Dense(units=6), engine.Activation()], ["x", "h", "a"]
    )
    scene = CanvasView(Document(Project(design))).canvas
    courses = MeasurePlan.of(scene, History(["h"])).courses
    assert {(c.wire.target, c.layer, c.ahead) for c in courses} == {("h", 0, True), ("a", 0, False)}


# Groups.


def test_a_folded_group_tells_its_worst_layer(by_hand):
    stage = by_hand(chain(3), h1=1e-5, h2=1e-2, h3=1e-1, y=1.0)
    stage.canvas.select(["h1", "h2"])
    stage.canvas.group_selection()
    stage.view.refresh(stage.fake.moment())
    key, item = next((k, i) for k, i in stage.scene.nodes.items() if i.face.is_group)
    assert stage.told[key] == "1.0e-5"
    assert "'h1'" in item.measure.words
    assert "h1" not in stage.told


def test_the_worst_update_ratio_is_the_farthest_from_a_thousandth():
    values = np.array([1e-3, 3e-3, 1e-1, np.nan, 1e-4])
    gauge = UpdateRatioGauge()
    assert gauge.worst(values, (0, 1, 2, 3)) == 2
    assert gauge.worst(values, (0, 3)) == 0
    assert gauge.worst(np.array([1e-3, 0.0]), (0, 1)) == 1
    assert GradientNormGauge().worst(values, (0, 2, 3, 4)) == 4


# Alarms.


def test_the_alarms_of_a_vanishing_design_stand_at_the_right_layers(stage):
    stage = stage(vanishing())
    history = stage.train(CONFIRMATIONS * STEPS_PER_PROBE)
    standing = {alarm.node: alarm for alarm in standing_alarms(history)}
    assert {"h1", "h2", "h3"} <= set(standing)
    assert "y" not in standing
    for name, item in stage.scene.nodes.items():
        alarm = standing.get(name)
        if alarm is None:
            assert item.measure is None or not item.measure.alarm
            continue
        assert item.measure.alarm == alarm.kind == "vanishing"
        assert item.measure.alarms == (alarm.text,)
        assert "the gradient vanishes" in item.toolTip()
        assert f"Alarm: {alarm.text}." in item.sentences()


def test_an_alarm_that_has_passed_is_no_longer_shown():
    history, row = History(["h1", "h2"]), np.full((len(MEASURES), 2), np.nan, "float32")
    dead = MEASURES.index("dead_share")
    for index, share in enumerate((0.9, 0.9, 0.9, 0.1)):
        row[dead] = share, 0.0
        row[0] = row[1] = 0.1
        history.probe(1 + STEPS_PER_PROBE * index, row)
        raised = [(alarm.kind, alarm.node) for alarm in standing_alarms(history)]
        assert raised == ([("dead", "h1")] if index == 2 else [])


def test_a_screen_reader_hears_number_and_alarm(stage):
    stage = stage(vanishing(4))
    stage.train(CONFIRMATIONS * STEPS_PER_PROBE)
    interface = accessibility.CanvasInterface(stage.window.canvas)
    words = interface.part("h1").text(QAccessible.Text.Description)
    assert f"Its gradient norm is {stage.told['h1']}." in words
    assert "Alarm: 'h1': the gradient vanishes" in words
    wire = next(wire for wire in stage.scene.wires if wire.target == "h2")
    words = interface.part(wire).text(QAccessible.Text.Description)
    assert stage.scene.wires[wire].measure.text in words


# Nothing wrong.


def test_the_run_of_another_design_shows_nothing(stage):
    stage = stage(chain())
    stage.train(STEPS_SHOWN)
    assert stage.told
    document = stage.window.document
    document.edit(edits.remove(document.project, ["h2"]), "Delete")
    assert not stage.told
    stage.view.refresh(stage.session.moment())
    assert not stage.told
    assert all(item.measure is None for item in stage.scene.wires.values())
    document.undo_stack.undo()
    stage.qtbot.waitUntil(lambda: bool(stage.told), timeout=PATIENCE_MS)


def test_another_seed_makes_the_numbers_old(stage):
    stage = stage(chain())
    stage.train(STEPS_SHOWN)
    document = stage.window.document
    settings = document.project.training
    document.edit(document.project.replace(training=settings.replace(seed=99)), "Seed")
    stage.qtbot.waitUntil(lambda: stage.session.stale, timeout=PATIENCE_MS)
    stage.qtbot.waitUntil(lambda: not stage.told, timeout=PATIENCE_MS)


def test_a_layer_of_the_same_name_in_another_design_shows_nothing(by_hand):
    stage = by_hand(chain(2), h1=0.1, h2=0.1, y=0.2)
    assert stage.told
    stage.document.reset(chain(2, activation="tanh"))
    assert not stage.told
    stage.view.refresh(stage.fake.moment())
    assert not stage.told


def test_a_new_run_begins_without_numbers(stage):
    stage = stage(chain())
    stage.train(STEPS_SHOWN)
    stage.window.commands["rewind"].trigger()
    stage.settle(State.READY)
    stage.qtbot.waitUntil(lambda: not stage.told, timeout=PATIENCE_MS)


# Cheap, and never in the way.


def test_only_what_looks_different_is_touched(by_hand, monkeypatch):
    stage = by_hand(chain(3), h1=1e-3, h2=1e-2, h3=1e-1, y=1.0)
    touched = []
    for key, item in stage.scene.nodes.items():
        monkeypatch.setattr(item, "update", lambda key=key: touched.append(key))
    for wire, item in stage.scene.wires.items():
        monkeypatch.setattr(item, "update", lambda wire=wire: touched.append(wire))
        monkeypatch.setattr(item.label, "update", lambda wire=wire: touched.append(wire))
    stage.show(h1=1.001e-3, h2=1e-2, h3=1e-1, y=1.0)
    assert touched == []
    stage.show(h1=1.1e-3, h2=1e-2, h3=1e-1, y=1.0)
    assert touched == ["h1"]


@pytest.mark.parametrize(("reduced", "interval"), [(False, 0.2), (True, 1.0)])
def test_numbers_of_a_run_change_a_few_times_a_second_and_less_with_reduced_motion(
    by_hand, monkeypatch, reduced, interval
):
    now = [100.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("studio.live_canvas.live_measures.time", clock)
    monkeypatch.setattr(theme, "reduced_motion", reduced)
    stage = by_hand(chain(1), h1=1e-3, y=1.0)
    stage.fake.state = State.RUNNING
    now[0] += interval - 0.01
    stage.show(h1=1e-2, y=1.0)
    assert stage.view.behind
    assert stage.told["h1"] == "1.0e-3"
    now[0] += 0.02
    stage.view.refresh(stage.fake.moment())
    assert not stage.view.behind
    assert stage.told["h1"] == "1.0e-2"


@pytest.mark.parametrize("orientation", ["right", "down"])
def test_tabs_cover_no_node_no_label_and_no_other_tab(by_hand, orientation):
    nodes = {"x": engine.Input(features=4)}
    wires = []
    for name in ("a", "b", "c", "d"):
        nodes[name] = engine.Dense(units=4)
        wires.append(("x", name))
    nodes |= {"sum": engine.Add(), "y": engine.Output(task="binary")}
    wires += [(name, "sum", port) for port, name in zip(engine.Add.inputs, "abcd", strict=False)]
    wires += [("sum", "y"), ("x", "sum", "in5")]
    design = engine.Design(nodes, tuple(engine.Wire(*wire) for wire in wires))
    project = project_of(design).replace(orientation=orientation)
    stage = by_hand(project, **dict.fromkeys("abcdy", 0.1))
    labels = [
        item.label.sceneBoundingRect()
        for item in stage.scene.wires.values()
        if item.label.isVisible()
    ]
    bodies = [QRectF(item.body).translated(item.pos()) for item in stage.scene.nodes.values()]
    told = [item for item in stage.scene.nodes.values() if item.measure]
    tabs = [item.tab().translated(item.pos()) for item in told]
    assert len(labels) == len(wires)
    assert len(tabs) == 5
    assert all(not tab.isEmpty() for tab in tabs)
    inside = [item for item in told if item.body.contains(item.tab())]
    assert len(inside) < len(told)
    for index, (item, tab) in enumerate(zip(told, tabs, strict=True)):
        assert not any(tab.intersects(other) for other in labels + tabs[:index])
        own = QRectF(item.body).translated(item.pos())
        others = [body for body in bodies if body != own] if item in inside else bodies
        assert not any(tab.intersects(body) for body in others)
    for index, label in enumerate(labels):
        assert not any(label.intersects(other) for other in bodies + labels[:index])


def test_where_the_data_flow_down_tabs_hang_beside(by_hand):
    stage = by_hand(chain(2).replace(orientation="down"), h1=0.1, h2=0.1, y=0.1)
    assert all(spot.side is Side.RIGHT for spot in free_spots(stage.scene).values())


def test_a_label_without_room_for_a_number_keeps_its_shape(by_hand):
    wall = {"x": (0, 0), "h1": (256, 0), "y": (512, 0), "above": (128, -60), "below": (128, 56)}
    project = chain(1)
    design = project.design.add("above", engine.Add()).add("below", engine.Add())
    stage = by_hand(project.replace(design=design, positions=wall), h1=0.1, y=0.1)
    cramped, free = stage.wire("x", "h1").label, stage.wire("h1", "y").label
    assert not cramped.reserved
    assert cramped.isVisible()
    assert free.reserved
    assert free.isVisible()


def test_a_label_has_a_second_line_only_while_there_are_measures(by_hand):
    stage = by_hand(chain(1), h1=0.1, y=0.1)
    label = stage.wire("x", "h1").label
    tall = label.size[1]
    stage.view.choose("off")
    assert label.size[1] < tall / 2
    assert not stage.told
    assert label.number == ""


def test_new_wires_and_layers_take_part(by_hand):
    stage = by_hand(chain(1), h1=0.1, y=0.1)
    wire = stage.wire("h1", "y").wire
    stage.canvas.insert(engine.Dense(units=3), wire, QPointF(500, 200))
    assert len(stage.scene.wires) == 3
    assert all(item.label.reserved for item in stage.scene.wires.values())
    project = stage.document.project
    names = [name for name in project.design.nodes if name != "x"]
    stage.fake = FakeSession(project, History(names))
    stage.show(**dict.fromkeys(names, 0.5))
    assert stage.told == dict.fromkeys(names, "5.0e-1")


def test_the_number_is_painted_at_the_node(by_hand):
    stage = by_hand(chain(2), h1=0.1, h2=1e-5, y=0.2)
    canvas, item = stage.canvas, stage.scene.nodes["h1"]
    area = canvas.mapFromScene(item.tab().translated(item.pos())).boundingRect()
    told = canvas.viewport().grab(area).toImage()
    stage.view.clear()
    bare = canvas.viewport().grab(area).toImage()
    assert told != bare
    colors = {told.pixelColor(x, y).name() for x in range(8) for y in range(told.height())}
    assert theme.colors.accent.lower() in colors  # the bar


def test_a_thick_wire_is_painted_thick(by_hand):
    def dark_rows(stage):
        canvas = stage.canvas
        route = stage.wire("x", "h1").route
        x, y = route.points[3]
        at = canvas.mapFromScene(QPointF(x, y))
        picture = canvas.viewport().grab().toImage()
        column = [picture.pixelColor(at.x(), at.y() + dy).lightness() for dy in range(-8, 9)]
        return sum(lightness < 160 for lightness in column)

    thin = dark_rows(by_hand(chain(1), h1=1e-6, y=0.2))
    thick = dark_rows(by_hand(chain(1), h1=1.0, y=0.2))
    assert thick >= thin + 4


# The menu.


def test_the_choice_is_remembered(open_window, qtbot):
    first = open_window(chain(1))
    assert first.commands["live_norm"].isChecked()
    first.commands["live_ratio"].trigger()
    assert [first.commands[f"live_{k}"].isChecked() for k in ("off", "norm", "ratio")] == [
        False,
        False,
        True,
    ]
    assert QSettings().value("live_measures") == "ratio"
    second = open_window(chain(1))
    assert second.live_measures.gauge.key == "ratio"
    assert second.commands["live_ratio"].isChecked()
    second.commands["live_off"].trigger()
    assert second.live_measures.gauge is None
    assert not second.live_measures.isVisible()


def test_a_hidden_canvas_asks_for_no_refresh(open_window):
    window = open_window(chain(1))
    view = window.live_measures
    assert view.isVisible()
    window.canvas.hide()
    assert not view.isVisible()


def test_switching_shows_the_other_numbers_at_once(stage):
    stage = stage(chain())
    history = stage.train(STEPS_SHOWN)
    stage.window.commands["live_ratio"].trigger()
    ratios = history.measure("update_ratio")[1][-1].tolist()
    assert list(stage.told.values()) == [scientific(ratio) for ratio in ratios]


def test_it_says_which_numbers_it_shows_and_of_which_run(by_hand):
    stage = by_hand(chain(1), h1=1e-3, y=1.0)
    shown = stage.view.shown()
    assert (shown["run"], shown["iteration"], shown["gauge"]) == ("manual", 1, "norm")
    assert shown["nodes"] == pytest.approx({"h1": 1e-3, "y": 1.0})
    stage.fake.history.record(1.0, 0.1, np.float32([1e-2, 1.0]))
    stage.view.refresh(stage.fake.moment())
    assert stage.view.shown()["iteration"] == 2
    assert stage.view.shown()["nodes"]["h1"] == pytest.approx(1e-2)
    stage.view.clear()
    assert stage.view.shown()["empty"] and not stage.view.shown()["nodes"]
