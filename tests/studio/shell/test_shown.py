"""What shows the open project, or only what was asked for, says what the engine computes afresh.

Each view is looked at on the stage during a run, after it, after edits and their undo, after other
data were chosen, and after a second run. The panels that follow the run by themselves are compared
in tests/studio/dashboard/test_shown.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.tables import preview
from engine.design import analyze, check, fix_of
from engine.files import save_project
from engine.layers import shape_text
from engine.probes.sketch import sketch
from engine.probes.snapshot import Snapshot
from engine.probes.unit_pictures import UnitQuestion, pictures_of
from engine.project import Project, same_run
from engine.project.fields import fields_of
from engine.project.sets import fingerprint
from engine.spec import plain
from engine.words import scientific
from studio.data_panel.examination import examine
from studio.look.inks import inks_of_theme
from studio.running.painted_facts import FACTS
from studio.shell.stage import Stage, open_stage
from studio.shell.staging.waiting import until
from tests.studio.dashboard.test_shown import points, trained

SPEED = 60
"""Steps a second, so that each view is looked at long before the run is over."""
PATIENCE_S = 60
OTHER_DATA = {"source": {"kind": "moons", "points": 100}}
TABLE = "height,kind\n1.5,a\n2.5,b\n3.5,a\n4.5,b\n"


@dataclass
class Case:
    """A stage with one view on it, and the project that trains."""

    stage: Stage
    id: str
    table: Any
    trains: Project
    at_rest: bool = False

    @property
    def project(self) -> Project:
        return self.stage.main.document.project

    @property
    def report(self) -> engine.Report:
        fit = self.project.data.source.fit()
        return check(self.project.design, self.project.training, fit)

    @property
    def is_of_the_run(self) -> bool:
        """Whether the run is one of the open project as it is."""
        return same_run(self.project, self.trains)

    def view(self):
        if self.id in WINDOWS:
            return self.stage.window(self.id)
        panel = self.stage.panel(self.id)
        panel.show()
        return panel

    def check(self) -> None:
        """What is shown now is what the engine computes afresh."""
        shown = self.shown()
        assert shown.keys() >= set(FACTS)
        assert shown["stale"] == ""
        assert shown["data"]["fingerprint"] == fingerprint(self.project)
        assert shown["data"]["name"] == self.project.data.source.title
        CHECKS[self.id](shown, self)

    def shown(self) -> dict[str, Any]:
        """What is shown, once the view has nothing left to do."""
        ASKS.get(self.id, lambda case: None)(self)
        view = self.view()
        self.stage.main.canvas.select(["h1"])
        is_up = SETTLED.get(self.id, lambda shown, case: True)
        assert until(lambda: is_up(view.shown(), self), PATIENCE_S), view.shown()
        return view.shown()


# One function for each view: what it shows, and the same afresh.


def check_problems(shown, case):
    problems, project = case.report.problems, case.project
    assert shown["empty"] == (not problems)
    assert [row["sentence"] for row in shown["problems"]] == [str(each) for each in problems]
    assert [row["node"] for row in shown["problems"]] == [each.node or "" for each in problems]
    fixes = [
        fix_of(each, project.design, project.training, project.data.source.fit())
        for each in problems
    ]
    titles = [fix.title if fix is not None else "" for fix in fixes]
    assert [row["fix"] for row in shown["problems"]] == titles


def check_inspector(shown, case):
    assert shown["nodes"] == ["h1"]
    layer, training = case.project.design.nodes["h1"], case.project.training
    for name, field in shown["fields"].items():
        assert field["value"] == plain(getattr(layer, name)), name
        if field["value"] is None and hasattr(training, name):
            assert field["inherited"] == plain(getattr(training, name)), name
    assert f"{case.report.parameters['h1']:,} parameters" in shown["count"]


def check_training(shown, case):
    training = case.project.training
    assert set(shown["fields"]) == set(fields_of(type(training)))
    for name, field in shown["fields"].items():
        assert field["value"] == plain(getattr(training, name)), name
    assert shown["task"]["value"] == plain(case.project.design.nodes["y"].task)


def check_data(shown, case):
    plan, raw = case.project.data, case.project.raw_data()
    for name, field in shown["fields"].items():
        assert field["value"] == plain(getattr(plan, name)), name
    sizes = {name: getattr(raw, name).m for name in ("train", "dev", "test")}
    assert shown["counts"] == sizes
    found = examine(case.project, case.stage.main.document.sets)
    assert shown["concerns"] == [str(concern) for concern in found.concerns]


def check_analyze(shown, case):
    report, project = case.report, case.project
    assert shown["problems"] == [str(each) for each in report.problems]
    if report.problems:
        assert shown["empty"] and shown["rows"] == []
        return
    rows = analyze(project.design, project.training, project.data.source.fit()).rows
    told = [dict(zip(shown["columns"], row, strict=True)) for row in shown["rows"]]
    assert [row["Layer"] for row in told[:-1]] == [row.name for row in rows]
    for row, fresh in zip(told, rows, strict=False):
        assert row["Parameters"] == f"{fresh.parameters:,}"
        assert row["Output shape"] == shape_text(fresh.shape)
        assert row["Multiply-adds forward"] == f"{fresh.multiply_adds:,}"
    assert told[-1]["Parameters"] == f"{sum(row.parameters for row in rows):,}"


def check_data_gallery(shown, case):
    (card,) = (card for card in shown["cards"] if card["in_use"])
    source = case.project.data.source
    found = sketch(source)
    assert (card["kind"], card["title"]) == (source.kind, source.title)
    assert card["facts"].startswith(f"{found.examples:,} examples\n{found.features:,} feature")
    assert not any(card["failure"] for card in shown["cards"])


def check_explorer(shown, case):
    train = case.project.raw_data().train
    assert shown["data"]["set"] == "train"
    assert np.array_equal(shown["values"], train.X)
    assert shown["columns"] == ["target", *train.feature_names]
    assert shown["targets"] == [train.classes[label] for label in train.labels]


def check_data_import(shown, case):
    found = preview(case.table)
    assert shown["rows"] == [list(row) for row in found.rows]
    assert shown["columns"] == [(c.name, c.role, c.type) for c in found.columns]
    assert shown["can_read"] and shown["problems"] == []


def check_canvas(shown, case):
    design, report = case.project.design, case.report
    assert list(shown["nodes"]) == list(design.nodes)
    for name, node in shown["nodes"].items():
        assert node["parameters"] == report.parameters.get(name)
        assert node["problems"] == [str(p) for p in report.problems if p.node == name]
    ends = {(wire["source"], wire["target"]): wire["flow"] for wire in shown["wires"]}
    shapes = {wire: report.shape_on(wire) for wire in design.wires}
    assert ends == {w[:2]: f"{shape_text(s)} × m" if s else "" for w, s in shapes.items()}
    if case.is_of_the_run:
        check_live_views(shown, case)
    else:
        assert shown["measures"]["empty"] and shown["pictures"]["empty"]
        assert not any(node["measure"] for node in shown["nodes"].values())


def check_live_views(shown, case):
    measures, pictures = shown["measures"], shown["pictures"]
    history = trained(case.trains, measures["iteration"]).history
    norms = dict(zip(history.nodes, history.gradient_norm.values[-1].tolist(), strict=True))
    assert measures["nodes"] == pytest.approx(norms, rel=1e-6)
    for name, norm in measures["nodes"].items():
        assert shown["nodes"][name]["measure"] == scientific(norm)
    trainer = trained(case.trains, pictures["weights_iteration"])
    assert pictures["weights"].keys() == {("x", "h1"), ("h1", "h2"), ("h2", "y")}
    for (_, target), weights in pictures["weights"].items():
        assert np.array_equal(weights, trainer.network.parameters[f"{target}.W"])
    if case.at_rest:
        assert pictures["weights_iteration"] == pictures["iteration"]
    trainer = trained(case.trains, pictures["iteration"])
    question = UnitQuestion(inks_of_theme(), tuple(shown["nodes"]), None, pictures["cells"])
    fresh = pictures_of(Snapshot.of(trainer), question).pictures
    assert pictures["nodes"].keys() == fresh.keys()
    for name, unit in pictures["nodes"].items():
        assert np.allclose(unit["most"], fresh[name].most, atol=1e-5)
        assert np.allclose(unit["least"], fresh[name].least, atol=1e-5)


def check_gradient_check(shown, case):
    trainer = trained(case.trains, shown["iteration"])
    few = trainer.data.train.take(range(min(64, trainer.data.train.m)))
    report = engine.check_gradients(trainer.network, few.X, few.Y)
    assert shown["blocks"] == {block.name: block.relative_error for block in report.blocks}
    assert shown["verdict"] == str(report.verdict) and not shown["fault"]


def check_runs(shown, case):
    assert shown["x_axis"] == "iteration" and shown["curves"]
    columns = trained(case.trains, case.stage.measure("iteration")).history.evaluations
    fresh = [columns[f"{name}_cost"].values for name in ("train", "dev")]
    newest = list(shown["curves"].values())[-2:]
    for (x, y), costs in zip(newest, fresh, strict=True):
        assert np.array_equal(x, columns["iteration"].values[: len(x)])
        assert np.allclose(y, costs[: len(y)], rtol=1e-6)


def check_race(shown, case):
    assert shown["variants"] and not shown["empty"]
    for l2, outcome, title in zip(VARIANTS, shown["outcomes"], shown["variants"], strict=True):
        training = case.project.training.replace(l2=l2)
        entry = case.project.replace(training=training)
        history = trained(entry, outcome["iteration"]).history
        assert {name: outcome[name] for name in history.latest} == history.latest
        _, y = shown["curves"][f"{title}, dev"]
        assert np.array_equal(y, history.evaluations["dev_cost"].values)


CHECKS: dict[str, Callable[[dict[str, Any], Case], None]] = {
    "problems": check_problems,
    "inspector": check_inspector,
    "training": check_training,
    "data": check_data,
    "canvas": check_canvas,
    "gradient_check": check_gradient_check,
    "runs": check_runs,
    "analyze": check_analyze,
    "data_gallery": check_data_gallery,
    "data_import": check_data_import,
    "explorer": check_explorer,
    "race": check_race,
}
WINDOWS = ("analyze", "data_gallery", "data_import", "explorer", "race")
VARIANTS = (0.0, 3.0)


def ask_gradient_check(case):
    case.stage.do("check_gradients")
    case.stage.wait(until="idle", seconds=PATIENCE_S)


def ask_import(case):
    if not case.stage.main.windows.find("data_import"):
        case.stage.do("open_table", path=case.table)


def ask_race(case):
    race = case.stage.window("race")
    race.set("vary", "l2")
    race.set("variants", list(VARIANTS))
    race.set("play", True)
    case.stage.wait(until="idle", seconds=PATIENCE_S)  # the window's run is paused meanwhile


ASKS = {"gradient_check": ask_gradient_check, "data_import": ask_import, "race": ask_race}


def is_live(shown, case):
    """Whether the live views show the run as it stands, or nothing of another one."""
    live = shown["measures"], shown["pictures"]
    if not case.is_of_the_run:
        return all(each["empty"] for each in live)
    iteration = case.stage.measure("iteration") if case.at_rest else 0
    return all(not each["empty"] and each["iteration"] >= iteration for each in live)


SETTLED = {
    "data": lambda shown, case: not shown["stale"],
    "explorer": lambda shown, case: not shown["stale"] and not shown["empty"],
    "data_gallery": lambda shown, case: all(card["sketched"] for card in shown["cards"]),
    "data_import": lambda shown, case: shown["can_read"],
    "race": lambda shown, case: [o["outcome"] for o in shown["outcomes"]] == 2 * ["finished"],
    "canvas": is_live,
    "runs": lambda shown, case: bool(shown.get("curves")),
}
OLD_AFTER_AN_EDIT = ("gradient_check", "race")
"""They show what was asked for before, and say that it is of another design."""


@pytest.fixture
def case(qtbot, tmp_path, request):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    save_project(points(), tmp_path / "points.netdesign")
    with open_stage(tmp_path / "points.netdesign") as stage:
        project = stage.main.document.project
        yield Case(stage, request.param, tmp_path / "table.csv", project)


def play_to_the_end(case):
    case.stage.main.session.limit_speed(None)
    if case.stage.measure("state") == "paused":  # by the race, which takes all the time there is
        case.stage.do("play")
    case.stage.wait(until="finished", seconds=PATIENCE_S)
    case.at_rest = True


@pytest.mark.slow
@pytest.mark.parametrize("case", CHECKS, indirect=True)
def test_a_view_shows_what_the_engine_computes_afresh(case):
    stage = case.stage

    # During a run.
    stage.main.session.limit_speed(SPEED)
    stage.do("play")
    assert until(lambda: stage.measure("iteration") > 3, PATIENCE_S)
    if case.id != "runs":  # a run is kept when it ends
        case.check()

    # After it.
    play_to_the_end(case)
    case.check()

    # After edits that the run cannot take over, and after their undo.
    stage.set("h1.units", 3)
    check_edited(case)
    stage.set("y.units", 7)
    check_edited(case)
    for _ in range(2):
        stage.do("undo")
    assert case.project.design == case.trains.design
    case.check()

    # After other data were chosen.
    stage.set("data", OTHER_DATA)
    check_edited(case)
    stage.do("rewind")
    stage.wait(until="ready")
    case.trains = case.project

    # After a second run.
    stage.do("play")
    play_to_the_end(case)
    case.check()


def check_edited(case):
    if case.id in OLD_AFTER_AN_EDIT:
        assert "changed" in case.view().shown()["stale"]
    elif case.id != "runs":
        case.check()
