"""A layer, loss, task, optimizer and so on in one new file is found everywhere it should be."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine import commands
from engine.__main__ import main
from engine.activations import ActivationFunction
from engine.data import DataPlan, Dataset, DataSource, Splits
from engine.design import can_connect, check
from engine.design.fixes import fix_of
from engine.doctor import diagnose, measure, measures_for, measures_of, sentences
from engine.experiments.factors import factors_of, proposals
from engine.initializers import Initializer
from engine.losses import ErrorFunction, Task, task_for
from engine.metrics import METRICS
from engine.optimizers import Optimizer
from engine.project import Project
from engine.schedules import Schedule
from engine.settings import TrainingSettings
from engine.stopping import StopRule
from engine.targets import Targets
from studio.data_window.gallery_cards import CardModel
from studio.inspector import Inspector
from studio.inspector.training_panel import TrainingPanel
from studio.model.document import Document
from studio.palette import Palette
from tests.additions import FILES, added

ROOT = Path(__file__).parents[1]
CONTRACTS = (
    "layers/test_layers.py",
    "losses/test_losses.py",
    "data/test_data_sources.py",
    "doctor/test_ranking.py",
    "test_activations.py",
    "test_initializers.py",
    "test_optimizers.py",
    "test_schedules.py",
    "test_spec.py",
    "test_stopping.py",
)
MAY_NAME_TASKS = tuple(
    map(
        os.path.normpath,
        (
            "engine/targets",
            "engine/losses",
            "engine/data/sources",
            "engine/files/migrations.py",  # what older files say
        ),
    )
)
"""Where they are defined; and a data set says which targets it makes."""
NEW = {
    engine.Layer: "scale",
    ErrorFunction: "huber_error",
    Task: "shares",
    Targets: "shares",
    Optimizer: "adamax",
    Initializer: "signs",
    Schedule: "sawtooth",
    ActivationFunction: "mish",
    StopRule: "after_awhile",
    DataSource: "stripes",
}


@pytest.fixture
def additions(tmp_path):
    """Every new file, found; nothing of it is left afterwards."""
    before = {root: list(root.registry) for root in NEW} | {"metrics": list(METRICS)}
    with added(tmp_path):
        yield
    after = {root: list(root.registry) for root in NEW} | {"metrics": list(METRICS)}
    assert after == before


@pytest.fixture
def project():
    """A network that uses every addition that a classification can use."""
    layers = [
        engine.Input(),
        engine.Dense(units=6, activation="mish", initializer="signs"),
        engine.Layer.parse({"kind": "scale", "factor": 1.5}),
        engine.Output(),
    ]
    settings = TrainingSettings(
        optimizer="adamax", schedule="sawtooth", stopping="after_awhile", epochs=30, batch_size=32
    )
    plan = DataPlan(source={"kind": "stripes", "points": 150})
    return Project(engine.Design.sequential(layers, ["x", "h", "c", "y"]), settings, plan)


def shares(m=80):
    """A data set whose targets are shares."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, m))
    return Dataset(X, 1 / (1 + np.exp(-X[:1] - 0.5 * X[1:])), "shares")


def titles_in(combo):
    return [combo.itemText(index) for index in range(combo.count())]


# Everywhere in the engine.


@pytest.mark.usefixtures("additions")
@pytest.mark.parametrize("root", NEW, ids=lambda root: root.family)
def test_one_file_is_enough_to_join_a_family(root):
    member = root.parse(NEW[root])
    assert root.kinds()[-1] == NEW[root]
    assert root.parse(json.loads(json.dumps(member.to_json()))) == member


@pytest.mark.usefixtures("additions")
def test_a_network_of_new_parts_checks_trains_and_has_right_gradients(project):
    report = check(project.design, project.training, project.data.source.fit())
    assert report.ok
    assert report.shapes["c"] == (6,)
    data = project.build_data()
    network = engine.Network(project.design, project.training, data=data, dtype="float64")
    found = engine.check_gradients(network, data.train.X[:, :20], data.train.Y[:, :20])
    assert found.relative_error < 1e-6
    first, *_, last = engine.train(
        engine.Network(project.design, data=data), data, project.training
    )
    assert last.cost < 0.9 * first.cost
    scale = project.design.nodes["c"]
    assert can_connect(project.design.add("d", scale), "c", "d") is None


@pytest.mark.usefixtures("additions")
def test_a_project_of_new_parts_survives_its_file(project, tmp_path):
    engine.save(project, tmp_path / "a.netdesign")
    opened = engine.load(tmp_path / "a.netdesign")
    assert opened.design == project.design
    assert opened.training == project.training
    assert opened.data == project.data


@pytest.mark.usefixtures("additions")
def test_the_command_line_describes_new_parts(project, tmp_path, capsys):
    engine.save(project, tmp_path / "a.netdesign")
    assert main(["describe", str(tmp_path / "a.netdesign")]) == 0
    said = capsys.readouterr().out
    assert "\nc                    scale " in said
    assert "Mish" in said
    assert main(["check", str(tmp_path / "a.netdesign")]) == 0


@pytest.mark.usefixtures("additions")
def test_a_new_task_brings_its_targets_to_data_check_training_and_doctor(tmp_path):
    data = shares()
    assert task_for("shares") == Task.parse("shares")
    layers = [engine.Input(), engine.Dense(units=4), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h", "y"])
    (problem,) = check(design, fit=data.fit).problems
    assert "'Shares (sigmoid)'" in problem.message
    fix = fix_of(problem, design, fit=data.fit)
    assert fix is not None
    assert fix.design.nodes["y"].task == Task.parse("shares")
    design = design.edit("y", task="shares")
    engine.save(design, tmp_path / "a.netdesign")
    assert engine.load(tmp_path / "a.netdesign").design == design
    network = engine.Network(design, data=data, dtype="float64")
    assert engine.check_gradients(network, data.X, data.Y).relative_error < 1e-6
    splits = Splits(data, data, None)
    errors = measure(network, splits)
    assert sentences(diagnose(errors))[-1] == "An error is a mean square of shares."
    with pytest.raises(engine.DataError, match="a share lies between 0 and 1"):
        Dataset(data.X, data.Y + 1, "shares")


@pytest.mark.usefixtures("additions")
def test_a_new_metric_ranks_networks_whose_targets_suit_it():
    data = shares()
    design = engine.Design.sequential([engine.Input(), engine.Output(task="shares")])
    network = engine.Network(design, data=data)
    found = measures_of(network, data)
    assert found["largest_error"] == pytest.approx(abs(network.predict(data.X) - data.Y).max())
    assert "largest_error" not in measures_for(Targets.of("binary"))


@pytest.mark.usefixtures("additions")
def test_a_race_varies_new_members(project):
    factors = {factor.path: factor for factor in factors_of(project, "")}
    assert ("schedule", "teeth") in factors
    plain = project.replace(training=TrainingSettings())
    offered = proposals(factors["optimizer",], plain, most=99)
    assert "adamax" in [optimizer.kind for optimizer in offered]


def test_a_new_command_of_the_command_line_is_named_by_its_file(tmp_path, monkeypatch, capsys):
    shutil.copy(FILES / "cli_command.py", tmp_path / "count.py")
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    engine.save(Project(), tmp_path / "a.netdesign")
    assert main(["count", str(tmp_path / "a.netdesign")]) == 0
    assert capsys.readouterr().out == "0\n"
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "count the layers" in capsys.readouterr().out
    del sys.modules["engine.commands.count"]


# Everywhere in the window. Panels and commands have a section of their own below.


@pytest.mark.usefixtures("additions")
def test_palette_and_inspector_offer_a_new_layer(qtbot, project):
    document = Document(project)
    palette = Palette()
    qtbot.addWidget(palette)
    assert "Scale" in palette.titles()
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.show_nodes(["c"])
    assert inspector.form.rows["factor"].editor.line.text() == "1.5"
    inspector.show_nodes(["h"])
    rows = inspector.form.rows
    assert "Mish" in titles_in(rows["activation"].editor.combo)
    assert "Signs" in titles_in(rows["initializer"].editor.combo)


@pytest.mark.usefixtures("additions")
def test_the_training_panel_offers_new_settings_and_tasks(qtbot, project):
    panel = TrainingPanel(Document(project))
    qtbot.addWidget(panel)
    rows = {name: row for form in panel.forms for name, row in form.rows.items()}
    for field, title in {
        "optimizer": "Adamax",
        "schedule": "Sawtooth",
        "stopping": "After awhile",
        "initializer": "Signs",
    }.items():
        assert title in titles_in(rows[field].editor.combo)
    task = panel.task.form.rows["task"].editor
    assert "Shares (sigmoid)" in titles_in(task.combo)


@pytest.mark.usefixtures("additions")
def test_the_training_panel_offers_a_new_loss_for_numbers(qtbot, project):
    design = project.design.edit("y", task="regression")
    panel = TrainingPanel(Document(project.replace(design=design)))
    qtbot.addWidget(panel)
    task = panel.task.form.rows["task"].editor
    assert "Huber error" in titles_in(task.nested.form.rows["error"].editor.combo)


@pytest.mark.usefixtures("additions")
def test_the_gallery_has_a_card_for_a_new_data_set(qtbot):
    assert "stripes" in [card.source.kind for card in CardModel().cards]


# The contract tests.


def run_with_additions(*arguments):
    """pytest in a process of its own, into which the additions come before tests are collected."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider"]
    command += ["-p", "tests.additions", "-k", " or ".join(sorted(set(NEW.values())))]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    return [line for line in run.stdout.splitlines() if line.startswith("PASSED")]


@pytest.mark.slow
def test_contract_tests_run_over_new_members_without_an_edit():
    passed = run_with_additions(*(f"tests/engine/{file}" for file in CONTRACTS))
    for kind in set(NEW.values()):
        assert any(kind in line for line in passed), kind


@pytest.mark.slow
@pytest.mark.oracle
def test_pytorch_is_compared_with_new_members_without_an_edit():
    passed = run_with_additions("--oracles", "tests/engine/oracles")
    for kind in ("adamax", "mish", "huber_error", "shares"):
        assert any(kind in line for line in passed), kind


# No file but its own names a task.


def test_no_room_compares_the_names_of_tasks():
    names = {*Task.registry, *Targets.registry, *(cls.__name__ for cls in Task.registry.values())}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {word}"
        for path in (*ROOT.glob("engine/**/*.py"), *ROOT.glob("studio/**/*.py"))
        if not str(path.relative_to(ROOT)).startswith(MAY_NAME_TASKS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for word in [getattr(node, "id", getattr(node, "value", None))]
        if isinstance(node, ast.Name | ast.Constant) and word in names
    ]
    assert found == []
