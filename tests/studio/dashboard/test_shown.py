"""What a panel says it has painted is what the engine computes afresh from the seed.

Each panel is looked at during a run, after it, after an edit and its undo, after other data were
chosen, and after a second run.
"""

import itertools

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.doctor import diagnose
from engine.doctor.errors import measure
from engine.metrics import confusion_matrix, per_class
from engine.probes.boundary import PlaneQuestion, picture_of
from engine.probes.coloring import Inks
from engine.probes.hidden_layer import WarpQuestion, warp_of
from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot
from engine.probes.spreads import spreads
from engine.project import Project
from engine.project.sets import fingerprint
from engine.walkthrough import OptimizerState, Walk
from studio.dashboard import Dashboard, Surroundings, panel_classes
from studio.model.document import Document
from studio.running.session import State
from studio.shell.run_control import RunControl

PATIENCE_MS = 30_000
SPEED = 60
"""Steps a second, so that a panel has painted long before the run is over."""
EPOCHS = 100
CLASSES = {panel.id: panel for panel in panel_classes()}


def points(source="circles", **training) -> Project:
    """2-6-4-1 with batch norm in one layer and dropout in the other, on 120 points of a plane."""
    layers = [
        engine.Input(),
        engine.Dense(units=6, batch_norm=True),
        engine.Dense(units=4, keep_prob=0.7),
        engine.Output(task="binary"),
    ]
    design = engine.Design.sequential(layers, ["x", "h1", "h2", "y"])
    settings = {"batch_size": 24, "epochs": EPOCHS, **training}
    plan = DataPlan(source={"kind": source, "points": 120}, train=0.6, dev=0.2, test=0.2)
    return Project(design, engine.TrainingSettings(**settings), plan)


def pictures(source="digits-8x8", **training) -> Project:
    """64-12-10 on small digits."""
    layers = [engine.Input(), engine.Dense(units=12), engine.Output(task="multi_class")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    settings = {"batch_size": 64, "epochs": 20, **training}
    plan = DataPlan(source=source, train=0.3, dev=0.1, test=0.6)
    return Project(design, engine.TrainingSettings(**settings), plan)


def trained(project, iteration):
    """The same run afresh, without a window."""
    data = project.build_data()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    for _ in range(iteration):
        trainer.step()
    return trainer


# One function for each panel: what it shows, and the same run afresh.


def check_cost(shown, trainer):
    history = trainer.history
    x, y = shown["curves"]["batch"]
    assert shown["x_axis"] == "iteration"
    assert np.array_equal(x, np.arange(1, shown["iteration"] + 1))
    assert np.array_equal(y, history.cost.values[: len(x)])
    for name in ("train", "dev"):
        at, costs = shown["curves"][name]
        assert np.array_equal(at, history.evaluations["iteration"].values[: len(at)])
        assert np.array_equal(costs, history.evaluations[f"{name}_cost"].values[: len(at)])


def check_scores(shown, trainer):
    columns = trainer.history.evaluations
    assert shown["x_axis"] == "epoch"
    for name in ("train", "dev"):
        at, scores = shown["curves"][name]
        assert len(at) and (at[-1] == shown["epoch"] or not trainer.finished)
        assert np.array_equal(at, columns["epoch"].values[: len(at)])
        assert np.array_equal(scores, columns[f"{name}_score"].values[: len(at)])


def check_gradient_norms(shown, trainer):
    norms = trainer.history.gradient_norm.values
    assert shown["nodes"] == list(trainer.history.nodes)
    assert np.array_equal(shown["iterations"], np.arange(1, len(shown["iterations"]) + 1))
    assert np.allclose(shown["values"], norms[: len(shown["values"])], rtol=1e-6)


def check_flow(shown, trainer):
    norms = trainer.history.gradient_norm.values
    assert shown["quantity"] == "gradient_norm"
    assert shown["nodes"] == list(trainer.history.nodes)
    rows = shown["iterations"].astype(int) - 1
    assert len(rows) and np.array_equal(rows, shown["iterations"] - 1)
    assert np.allclose(shown["values"], norms[rows], rtol=1e-6)


def check_boundary(shown, trainer):
    data = trainer.data
    question = PlaneQuestion(
        Inks(0, 0, 0, 0, ()), sets=tuple(shown["data"]["set"].split()), cells=len(shown["x"])
    )
    fresh = picture_of(Snapshot.of(trainer), question)
    a, b = np.meshgrid(shown["x"], shown["y"])
    X = data.normalization.apply(np.stack([a.ravel(), b.ravel()]))  # (2, cells)
    expected = trainer.network.predict(X.astype("f4")).reshape(a.shape)
    assert np.allclose(shown["values"], expected, atol=1e-5)
    assert shown["axes"] == data.train.feature_names
    sets = [getattr(data, name) for name in shown["data"]["set"].split()]
    assert np.array_equal(shown["labels"], np.concatenate([part.labels for part in sets]))
    X = np.concatenate([part.X for part in sets], axis=1)
    assert np.allclose(shown["points"], data.normalization.undo(X), atol=1e-5)
    called = trainer.network.predict(X)[0] >= 0.5
    assert np.array_equal(shown["wrong"], called != shown["labels"].astype(bool))
    assert np.allclose(shown["values"], fresh.values, atol=1e-6)


def check_hidden_layer(shown, trainer):
    node, slot = shown["node"], trainer.network.slots[shown["node"]]
    parts = [getattr(trainer.data, name) for name in shown["data"]["set"].split()]
    A = np.concatenate([trainer.network.forward(p.X).values[slot] for p in parts], axis=1)
    assert np.allclose(shown["points"], A[list(shown["units"])], atol=1e-5)
    assert np.array_equal(shown["labels"], np.concatenate([part.labels for part in parts]))
    fresh = warp_of(Snapshot.of(trainer), WarpQuestion(node, shown["units"], ()))
    assert shown["axes"] == fresh.names
    assert np.allclose(shown["across"], fresh.across, atol=1e-5)


def check_histograms(shown, trainer):
    step = trainer.network.learn_from(*trainer.batches.peek())
    expected = spreads(trainer.network, step)[shown["kind"]]
    assert shown["histograms"].keys() == expected.keys()
    for node, (edges, counts) in shown["histograms"].items():
        assert np.array_equal(counts, expected[node].counts)
        assert (edges[0], edges[-1]) == (expected[node].low, expected[node].high)


def check_numbers(shown, trainer):
    state = OptimizerState.of(trainer.updater)
    walk = Walk(trainer.network, *trainer.batches.peek(), state, trainer.epoch)
    assert shown["quantity"] in walk.quantities
    assert shown["numbers"].keys() == walk.quantities.keys()
    for key, array in shown["numbers"].items():
        assert np.array_equal(array, walk.quantities[key].array)


def check_batch_norm(shown, trainer):
    network, (X, _) = trainer.network, trainer.batches.peek()
    running = {name: value.copy() for name, value in network.state.items()}
    trace = network.forward(X, training=True, rng=network.rng)
    (part,) = (part for part in network.parts if part.layer.kind == "batch_norm")
    z, after = trace.values[part.sources[0]], trace.values[part.target]
    arrays = shown["batch_norm"]["h1"]
    assert np.allclose(arrays["before.mean"], z.mean(axis=1, dtype="f8"))
    assert np.allclose(arrays["before.variance"], z.var(axis=1, dtype="f8"))
    assert np.allclose(arrays["after.mean"], after.mean(axis=1, dtype="f8"))
    for name, value in running.items():
        assert np.array_equal(arrays[name.partition(".")[2]], value.ravel())


def check_dropout(shown, trainer):
    network, (X, _) = trainer.network, trainer.batches.peek()
    trace = network.forward(X, training=True, rng=network.rng)
    (part,) = (part for part in network.parts if part.layer.draws_randomness)
    mask = shown["dropout"]["h2"]
    assert mask["keep_prob"] == 0.7
    assert np.array_equal(mask["before"], trace.values[part.sources[0]])
    assert np.array_equal(mask["after"], trace.values[part.target])
    assert np.allclose(mask["after"][mask["kept"]], mask["before"][mask["kept"]] / 0.7, rtol=1e-5)


def check_metrics(shown, trainer):
    part = getattr(trainer.data, shown["data"]["set"])
    matrix = confusion_matrix(trainer.network.predict(part.X), part.Y, task="binary")
    assert shown["names"] == (*part.classes, "macro")
    assert np.array_equal(shown["matrix"], matrix)
    scores = [(s.precision, s.recall, s.f1, s.examples) for s in per_class(matrix)]
    assert np.allclose(shown["values"][:-1], scores)
    assert shown["threshold"] == 0.5


def check_errors(shown, trainer):
    dev = trainer.data.dev
    called = trainer.network.predict(dev.X)[0] >= 0.5
    wrong = np.flatnonzero(called != dev.labels.astype(bool))
    assert sorted(shown["indices"].tolist()) == wrong.tolist()
    for index, said, label in zip(
        shown["indices"], shown["predicted"], shown["target"], strict=True
    ):
        assert said == dev.classes[int(called[index])]
        assert label == dev.classes[dev.labels[index]]


def check_doctor(shown, trainer):
    errors = measure(trainer.network, trainer.data)
    assert shown["figures"]["train"] == errors.train.value
    assert shown["figures"]["dev"] == errors.dev.value
    assert shown["verdict"] == str(diagnose(errors).verdict)
    assert all(isinstance(remedy, str) for remedy in shown["remedies"])


def check_inputs(shown, trainer):
    X = trainer.data.train.X[:2]
    count = shown["after"].shape[1]
    assert np.allclose(shown["after"], X[:, :count])
    assert np.allclose(shown["before"], trainer.data.normalization.undo(X)[:, :count], atol=1e-5)
    assert shown["applied"]


def check_images(shown, trainer):
    part = getattr(trainer.data, shown["data"]["set"])
    P = trainer.network.predict(part.X)
    at = shown["indices"]
    assert len(at)
    assert np.array_equal(shown["predicted"], P.argmax(axis=0)[at])
    assert np.array_equal(shown["target"], part.labels[at])
    assert np.allclose(shown["loss"], -np.log(P[part.labels[at], at]), rtol=1e-4)


CHECKS = {
    name.removeprefix("check_"): check for name, check in globals().items() if name[:6] == "check_"
}
NEEDS_EVALUATION = ("metrics", "errors", "doctor", "scores")
UNTIMED = ("inputs",)
"""Panels whose picture does not depend on the iteration."""


class Bench:
    """A document with its run, and one panel that a dashboard refreshes."""

    def __init__(self, qtbot, panel_id, project, session, workbench, show):
        self.qtbot, self.session = qtbot, session
        self.document = Document(project)
        session.sets = self.document.sets
        self.control = RunControl(self.document, session, workbench)
        self.panel = CLASSES[panel_id].make(Surroundings(self.document, session, workbench))
        show(self.panel, 700, 480)
        self.dashboard = Dashboard(session, [self.panel])
        self.id = panel_id

    def wait(self, condition):
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def play(self, speed=None):
        self.session.limit_speed(speed)
        self.control.play()

    def painted(self):
        """What is shown, once it is of the run as it stands."""

        def is_there():
            shown, moment = self.panel.shown(), self.session.moment()
            here = self.id in UNTIMED or shown["iteration"] == moment.iteration
            return not shown["empty"] and shown["run"] == moment.run and here

        self.wait(is_there)
        return self.panel.shown()

    def check(self, shown, project):
        assert shown["data"]["fingerprint"] == fingerprint(project)
        assert shown["stale"] == shown["message"] == ""
        trainer = trained(project, shown["iteration"])
        assert shown["epoch"] == trainer.epoch
        CHECKS[self.id](shown, trainer)

    def edit(self, **changes):
        assert not self.document.try_edit(lambda p: p.replace(**changes), "Edit")


@pytest.fixture
def bench(qtbot, session, workbench, show, request):
    panel_id, project = request.param
    bench = Bench(qtbot, panel_id, project, session, workbench, show)
    yield bench
    bench.panel.shut_down()
    bench.dashboard.close()


def cases():
    return [
        pytest.param((name, pictures() if name == "images" else points()), id=name)
        for name in CHECKS
    ]


@pytest.mark.parametrize("bench", cases(), indirect=True)
def test_a_panel_shows_what_the_engine_computes_afresh(bench):
    project = bench.document.project
    enough = 21 if bench.id in NEEDS_EVALUATION else 3  # that of the first evaluation

    # During a run.
    bench.play(SPEED)
    bench.wait(lambda: not bench.panel.shown()["empty"])
    bench.wait(lambda: bench.id in UNTIMED or bench.panel.shown()["iteration"] >= enough)
    shown = bench.panel.shown()
    assert bench.session.state is State.RUNNING
    bench.check(shown, project)

    # After it.
    bench.session.limit_speed(None)
    bench.wait(lambda: bench.session.state is State.FINISHED)
    first = bench.painted()
    bench.check(first, project)

    # After an edit that the run cannot take over, and after its undo.
    design = project.design.edit("h1", units=3)
    bench.edit(design=design)
    bench.wait(lambda: "design" in bench.panel.shown()["stale"])
    assert bench.panel.veil.isVisible()
    bench.document.undo_stack.undo()
    bench.wait(lambda: not bench.panel.shown()["stale"])
    assert not bench.panel.veil.isVisible()
    bench.check(bench.painted(), project)

    # After other data were chosen.
    other = project.replace(data=project.data.replace(seed=5))
    bench.edit(data=other.data)
    bench.wait(lambda: "data" in bench.panel.shown()["stale"])
    assert bench.panel.shown()["data"]["fingerprint"] == fingerprint(project)
    bench.control.rewind()
    bench.wait(lambda: bench.session.moment().iteration == 0)

    # After a second run.
    bench.play()
    bench.wait(lambda: bench.session.state is State.FINISHED)
    second = bench.painted()
    bench.check(second, other)
    assert second["run"] != first["run"]


@pytest.mark.parametrize(
    "bench", [case for case in cases() if case.id not in UNTIMED], indirect=True
)
def test_a_panel_shows_an_older_moment_as_it_shows_a_live_one(bench):
    project = bench.document.project
    bench.play()
    bench.wait(lambda: bench.session.state is State.FINISHED)
    live = bench.painted()
    bench.dashboard.close()
    then = live["iteration"] // 2
    origin = bench.session.moment().origin._replace(
        iteration=then, epoch=trained(project, then).epoch
    )
    older = Moment.of(Snapshot.of(trained(project, then), origin), bench.session.history)

    def shows(moment):
        bench.panel.refresh(moment)
        return bench.panel.shown()["iteration"] == moment.iteration

    bench.wait(lambda: shows(older))
    bench.check(bench.panel.shown(), project)
    bench.wait(lambda: shows(bench.session.moment()))
    bench.check(bench.panel.shown(), project)


def test_every_panel_is_among_those_that_are_compared():
    apart = {"gradient_check", "runs"}  # they show what is asked for, not the run as it stands
    assert CHECKS.keys() | apart == CLASSES.keys()


@pytest.mark.parametrize("bench", [("gradient_check", points())], indirect=True)
def test_the_gradient_check_says_what_it_has_found_and_of_which_weights(bench):
    bench.play()
    bench.wait(lambda: bench.session.state is State.FINISHED)
    bench.panel.check()
    bench.wait(lambda: not bench.panel.is_checking)
    shown, project = bench.panel.shown(), bench.document.project
    trainer = trained(project, shown["iteration"])
    assert shown["iteration"] == bench.session.moment().iteration
    few = trainer.data.train.take(range(64))
    report = engine.check_gradients(trainer.network, few.X, few.Y)
    assert shown["blocks"] == {block.name: block.relative_error for block in report.blocks}
    assert shown["verdict"] == str(report.verdict) and shown["fault"] == ""
    assert shown["stale"] == ""

    bug = bench.panel.options.bug
    bug.setCurrentIndex(1)
    bug.activated.emit(1)
    assert "bug has changed" in bench.panel.shown()["stale"]
    bench.panel.check()
    bench.wait(lambda: not bench.panel.is_checking)
    shown = bench.panel.shown()
    assert shown["fault"] and shown["blamed"] and shown["stale"] == ""


@pytest.mark.parametrize("bench", [("runs", points())], indirect=True)
def test_the_runs_are_drawn_as_they_were_recorded(bench):
    for seed in (0, 1):
        bench.edit(training=bench.document.project.training.replace(seed=seed))
        bench.control.rewind()
        bench.play()
        bench.wait(lambda n=seed + 1: len(bench.document.project.runs) == n)
    bench.wait(lambda: len(bench.panel.shown()["curves"]) >= 2)
    shown, runs = bench.panel.shown(), bench.document.project.runs
    drawn = {
        (name.rpartition(", ")[2], tuple(y.tolist())) for name, (_, y) in shown["curves"].items()
    }
    recorded = {
        (name, tuple(run.curves[f"{name}_cost"].points[1].tolist()))
        for run, name in itertools.product(runs, ("train", "dev"))
    }
    assert drawn <= recorded
    assert shown["x_axis"] == "iteration"


@pytest.mark.parametrize("bench", [("boundary", points())], indirect=True)
def test_an_error_dims_the_last_picture(bench, monkeypatch):
    bench.play()
    bench.wait(lambda: bench.session.state is State.FINISHED)
    bench.painted()

    def fail(*_):
        raise engine.EngineError("The plane is gone.")

    monkeypatch.setattr("studio.dashboard.boundary.panel.picture_of", fail)
    bench.panel.ask_again()
    bench.wait(lambda: bench.panel.shown()["message"] == "The plane is gone.")
    assert "could not be updated" in bench.panel.shown()["stale"]
    monkeypatch.undo()
    bench.panel.ask_again()
    bench.wait(lambda: not bench.panel.shown()["stale"])
    assert bench.panel.shown()["message"] == ""


@pytest.mark.parametrize("bench", [("boundary", points())], indirect=True)
def test_what_does_not_come_in_time_is_said_to_be_old(bench, monkeypatch):
    bench.control.step()
    bench.wait(lambda: bench.session.moment().iteration == 1)
    bench.painted()
    monkeypatch.setattr(bench.panel.feed, "ask", lambda *_: True)  # and never answer
    bench.control.step()
    bench.wait(lambda: bench.session.moment().iteration == 2)
    bench.wait(lambda: bool(bench.panel.shown()["stale"]))
    expected = "This figure shows iteration 1; the run is at iteration 2."
    assert bench.panel.shown()["stale"] == expected


@pytest.mark.parametrize("bench", [("boundary", points())], indirect=True)
def test_the_axes_are_those_of_the_present_data(bench):
    bench.control.prepare()
    bench.painted()
    box = bench.panel.options.across
    box.setCurrentIndex(1)
    box.activated.emit(1)
    bench.wait(lambda: bench.panel.shown()["axes"] == ("x2", "x1"))
    digits = pictures()
    for project, axes in ((digits, "PC 1"), (points(), "x1")):
        bench.edit(design=project.design, training=project.training, data=project.data)
        bench.control.rewind()
        bench.wait(lambda axes=axes: bench.panel.shown().get("axes", ("",))[0].startswith(axes))
    assert bench.painted()["axes"] == ("x1", "x2")
