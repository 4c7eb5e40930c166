"""A small project that trains in a second, a session, and panels that are really shown."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine import Dense, Design, Input, Output, TrainingSettings
from engine.data import DataPlan
from engine.project import Project
from studio.dashboard import Dashboard, Surroundings, panel_classes
from studio.model.document import Document
from studio.running.session import State
from studio.running.snapshots import Workbench

PATIENCE_MS = 20_000
PAUSABLE = 500
"""Steps per second at which no run is over before it is paused."""


def circles(**training):
    layers = [
        Input(features=2),
        Dense(units=10, activation="tanh"),
        Dense(units=5, activation="tanh"),
        Output(task="binary"),
    ]
    settings = {"batch_size": 16, "epochs": 5} | training
    design = Design.sequential(layers, names=["x", "h1", "h2", "y"])
    return Project(design, TrainingSettings(**settings), DataPlan(source="circles"))


@pytest.fixture
def project():
    return circles()


@pytest.fixture
def make_project():
    """A function: training settings -> the small project with these."""
    return circles


@pytest.fixture
def run(qtbot, session):
    """A function: train a project to its end, or to an iteration."""

    def train(project, until=None):
        session.limit_speed(None if until is None else PAUSABLE)
        session.play(project)
        if until is None:
            qtbot.waitUntil(lambda: session.state is State.FINISHED, timeout=PATIENCE_MS)
        else:
            qtbot.waitUntil(lambda: session.progress.iteration >= until, timeout=PATIENCE_MS)
            session.pause()
            qtbot.waitUntil(lambda: session.state is State.PAUSED, timeout=PATIENCE_MS)
        return session.history

    return train


@pytest.fixture
def show(qtbot):
    """A function: show a widget of this size, and keep it for the length of the test."""
    kept = []

    def show(widget, width=600, height=360):
        kept.append(widget)
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


@pytest.fixture
def dashboard(qtbot, session, project, show):
    """All panels in one visible window, with their timer: (dashboard, panels by class name)."""
    workbench = Workbench()
    surroundings = Surroundings(Document(project), session, workbench)
    panels = [panel.make(surroundings) for panel in panel_classes()]
    window = QWidget()
    layout = QVBoxLayout(window)
    for panel in panels:
        layout.addWidget(panel)
    show(window, 700, 1_400)
    dashboard = Dashboard(session, panels)
    yield dashboard, {type(panel).__name__: panel for panel in panels}
    dashboard.close()
    session.close()
    workbench.close()
