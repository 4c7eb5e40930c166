"""Snapshots of small networks on known data, without a training thread; and panels on a run."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.data import DataPlan, Dataset
from engine.probes.coloring import Inks
from engine.probes.snapshot import Snapshot
from engine.project import Project
from studio.dashboard import Dashboard

INKS = Inks(0xC06000, 0xFFFFFF, 0x0060C0, 0x808080, (0xFF0000, 0x00FF00, 0x0000FF, 0x101010))


def project_on(source, task, units=(6, 4), **training):
    """A small project on a source of data."""
    hidden = [engine.Dense(units=count, activation="tanh") for count in units]
    names = ["x", *(f"h{i + 1}" for i in range(len(units))), "y"]
    layers = [engine.Input(), *hidden, engine.Output(task=task)]
    settings = {"batch_size": 32, "epochs": 100_000, **training}
    plan = DataPlan(source=source)
    return Project(
        engine.Design.sequential(layers, names), engine.TrainingSettings(**settings), plan
    )


def snapshot_of(project, data=None, steps=0):
    """A snapshot as the training thread would take it, after some steps."""
    data = data or project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    for _ in range(steps):
        trainer.step()
    return Snapshot.of(trainer)


def table(task, n_x=5, m=60, outputs=1, seed=4):
    """Splits of random numbers with several features, normalized."""
    rng = np.random.default_rng(seed)
    X = (rng.standard_normal((n_x, m)) * np.arange(1, n_x + 1)[:, np.newaxis] + 3).astype("f4")
    Y = rng.standard_normal((outputs, m)).astype("f4")
    if task != "regression":
        Y = (Y > 0).astype("f4")
    return Dataset(X, Y, task, seed=seed).split(0.6, 0.2, 0.2).normalize()


@pytest.fixture
def follow(session):
    """A function: refresh a panel by a dashboard of its own until the test ends."""
    dashboards: list[Dashboard] = []

    def follow_one(panel) -> Dashboard:
        dashboards.append(Dashboard(session, [panel]))
        return dashboards[-1]

    yield follow_one
    for dashboard in dashboards:
        dashboard.close()
