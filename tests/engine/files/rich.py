"""A project, a model and a table in which everything occurs that a file can hold."""

from __future__ import annotations

import numpy as np

import engine
from engine.data import DataPlan
from engine.data.tables import open_table, preview
from engine.files import TrainedModel
from engine.project import Group, Note, Project
from engine.project.findings import ErrorAnalysis, Finding
from engine.project.held_out import Opening
from engine.project.runs import Run, RunCurve, RunMark

COLORS = ("red", "blue", "green")
TABLE = "length,color,name,class\n" + "".join(
    f'{i / 7:.3f},{COLORS[i % 3]},"flower {i}",{"ab"[i % 2]}\n' for i in range(40)
)


def rich_project(folder) -> Project:
    """With runs, analysis, openings, groups, notes, a table in the folder, and painted points."""
    return Project(
        design=_design(),
        training=engine.TrainingSettings(l2=0.1, epochs=3, batch_size=8, schedule="cosine"),
        data=DataPlan(source=_table(folder), train_dev=0.2),
        positions={"x": (0.0, -8.5), "a": (200.0, 0.0), "y": (400.0, 0.0)},
        notes="What this file is for",
        remarks=(Note("Look here", 10.0, 20.0), Note("λ = 0.1", -5.0, 2.0, 300.0)),
        orientation="down",
        groups=(Group("block", ("a", "b"), "outer", True), Group("outer", ("sum",))),
        runs=(_run("k1", 1, DataPlan(source="moons")), _run("k2", 2, DataPlan(source=_painted()))),
        human_error=(0.01, 0.02),
        analysis=ErrorAnalysis(
            ("blurry", "dark"),
            {
                "0" * 16: Finding(("blurry", "dark"), "hard to see"),
                "1" * 16: Finding(wrong_label=True, label="b"),
                "2" * 16: Finding(),
            },
        ),
        openings=(Opening("2026-01-02T03:04:05", 8, 0.25, 0.6, "abcdef012345"),),
    )


def rich_model() -> TrainedModel:
    """A run of Adam with dropout and batch norm, stopped in the middle of an epoch."""
    layers = [
        engine.Input(),
        engine.Dense(units=3, batch_norm=True, keep_prob=0.8),
        engine.Output(task="binary"),
    ]
    plan = DataPlan(source={"kind": "moons", "points": 40})
    settings = engine.TrainingSettings(batch_size=8, epochs=3, stopping="early")
    project = Project(engine.Design.sequential(layers), settings, plan)
    data = plan.build()
    trainer = engine.Trainer(engine.Network(project.design, settings, data=data), data)
    for _ in range(7):
        trainer.step()
    return TrainedModel.of(project, trainer)


def _design() -> engine.Design:
    nodes = {
        "x": engine.Input(),
        "a": engine.Dense(units=4, optimizer="momentum", initializer={"kind": "he"}),
        "b": engine.Dense(units=4, activation="tanh", keep_prob=0.5),
        "sum": engine.Add(),
        "y": engine.Output(),
    }
    wires = [("x", "a"), ("a", "b"), ("a", "sum"), ("b", "sum", "in2"), ("sum", "y")]
    return engine.Design(nodes, tuple(engine.Wire(*wire) for wire in wires))


def _run(key: str, number: int, plan: DataPlan) -> Run:
    x = np.arange(20)
    return Run(
        key=key,
        number=number,
        design=engine.Design.sequential([engine.Input(), engine.Output(task="binary")]),
        training=engine.TrainingSettings(epochs=3),
        data=plan,
        started="2026-01-02T03:04:05",
        state="finished",
        iteration=20,
        epoch=3,
        figures={"train_cost": 0.5, "dev_score": 0.75},
        curves={"cost": RunCurve.of(x, np.exp(-x / 5))},
        marks=(RunMark(3, "rate", "learning rate 0.01"),),
        name=f"attempt {number}",
        pinned=number == 1,
    )


def _painted() -> dict:
    return {"kind": "painted", "points": [0.5, 1.0, 0, -0.5, -1.0, 1, 0.25, 0.0, 2]}


def _table(folder):
    file = folder / "flowers.csv"
    file.write_text(TABLE)
    found = preview(file)
    return open_table(file, found.options, found.columns).source
