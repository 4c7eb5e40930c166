"""Drops: files dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from engine.files import DESIGN_SUFFIX, MODEL_SUFFIX
from studio.data_window.data_views import is_data
from studio.shell.parts import WindowParts


def dropped_file(data: QMimeData) -> Path | None:
    """The design, model, table, or folder dropped on the window, if there is exactly one."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    own = path.suffix.lower() in (DESIGN_SUFFIX, MODEL_SUFFIX)
    return path if own or is_data(path) else None


def open_dropped(window: WindowParts, path: Path) -> None:
    """Open a design or a model; look at data."""
    if is_data(path):
        window.data_views.open_path(path)
    else:
        window.files.open_path(path)
