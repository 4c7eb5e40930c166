"""Small projects and a session that always ends."""

from __future__ import annotations

import pytest

import engine
from engine.data import DataPlan
from engine.project import Project
from studio.document import Document
from studio.session import Session


def small_project(**training) -> Project:
    """2-8-1 on 120 circles: an epoch is three steps of a fraction of a millisecond."""
    design = engine.Design.sequential(
        [engine.Input(), engine.Dense(units=8), engine.Output(task="binary")], ["x", "h1", "y"]
    )
    settings = {"batch_size": 24, "epochs": 40, **training}
    plan = DataPlan(source={"kind": "circles", "points": 120})
    return Project(design, engine.TrainingSettings(**settings), plan)


@pytest.fixture
def project() -> Project:
    return small_project()


@pytest.fixture
def document(qtbot, project) -> Document:
    return Document(project)


@pytest.fixture
def session(qtbot):
    session = Session()
    yield session
    session.close()
