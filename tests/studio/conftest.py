"""Small projects, a session that always ends, and a main window that closes itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings

import engine
from engine.data import DataPlan
from engine.files import SeenFile
from engine.project import Project
from studio.model.document import Document
from studio.running.session import Session
from studio.running.snapshots import Workbench
from tests.studio.hands import activate
from tests.studio.patience import PatientBot


def small_project(**training) -> Project:
    """2-8-1 on 120 circles: an epoch is three steps of a fraction of a millisecond."""
    design = engine.Design.sequential(
        [engine.Input(), engine.Dense(units=8), engine.Output(task="binary")], ["x", "h1", "y"]
    )
    settings = {"batch_size": 24, "epochs": 40, **training}
    plan = DataPlan(source={"kind": "circles", "points": 120})
    return Project(design, engine.TrainingSettings(**settings), plan)


@pytest.fixture
def qtbot(qapp, request) -> PatientBot:
    """In place of pytest-qt's own."""
    return PatientBot(request)


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


@pytest.fixture
def workbench(qtbot, session):
    """The background thread of heavy views; it ends after the session that hands it work."""
    workbench = Workbench()
    yield workbench
    session.close()
    workbench.close()


@pytest.fixture
def open_window(qtbot, tmp_path):
    """Opens a main window on a project, with its own settings; closes it without a question."""
    from studio.look.theme import theme
    from studio.shell.window import MainWindow

    windows = []

    def open_one(project: Project, path=None, keeps_layout: bool = False) -> MainWindow:
        window = MainWindow(project, SeenFile.now(path) if path else None, keeps_layout)
        windows.append(window)
        qtbot.addWidget(window, before_close_func=_forget_changes)
        window.resize(1366, 768)
        window.show()
        activate(qtbot, window)
        return window

    with _settings_in(tmp_path / "settings"):
        theme.apply(dark=False)
        yield open_one
        for window in windows:
            _forget_changes(window)
            window.close()


@pytest.fixture
def window(qtbot, open_window, project):
    """A window on the small project, with its first weights drawn."""
    window = open_window(project)
    qtbot.waitUntil(lambda: window.session.state == "ready")
    qtbot.waitUntil(window.commands["play"].isEnabled)
    qtbot.waitUntil(lambda: window.panels.find("doctor") is not None)  # the last that is made late
    activate(qtbot, window)
    return window


def _forget_changes(window) -> None:
    window.document.forget_changes()


@contextmanager
def _settings_in(folder: Path) -> Iterator[None]:
    """QSettings read and written in a folder, under the names that the program uses."""
    names = QCoreApplication.organizationName(), QCoreApplication.applicationName()
    before = os.environ["XDG_CONFIG_HOME"]
    QCoreApplication.setOrganizationName("Backprop Studio")
    QCoreApplication.setApplicationName("Backprop Studio")
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    yield
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, before)
    QCoreApplication.setOrganizationName(names[0])
    QCoreApplication.setApplicationName(names[1])
