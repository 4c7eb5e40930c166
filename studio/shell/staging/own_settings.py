"""own_settings: a window with its own temporary settings, blocks, and recovery copies."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths

FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@contextmanager
def own_settings() -> Iterator[Path]:
    """A temporary folder for everything that the program writes by itself."""
    folder = Path(tempfile.mkdtemp(prefix="backprop-studio-stage-"))
    names = QCoreApplication.organizationName(), QCoreApplication.applicationName()
    kind, tested = QSettings.defaultFormat(), QStandardPaths.isTestModeEnabled()
    before = {name: os.environ.get(name) for name in FOLDERS}
    os.environ.update({name: str(folder / name.lower()) for name in FOLDERS})
    if os.name == "nt" or not os.environ.get("XDG_CONFIG_HOME"):
        QStandardPaths.setTestModeEnabled(True)  # if no variable names the folders
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    try:
        yield folder
    finally:
        QSettings.setDefaultFormat(kind)
        QStandardPaths.setTestModeEnabled(tested)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        QCoreApplication.setOrganizationName(names[0])
        QCoreApplication.setApplicationName(names[1])
        shutil.rmtree(folder, ignore_errors=True)
