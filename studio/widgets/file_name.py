"""ask_file_name: where a file is to be saved. The dialog asks before it names one that exists."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_file_name(
    parent: QWidget, title: str, proposal: Path, suffix: str, file_filter: str
) -> Path | None:
    """The path that a person chose, or None. suffix: is added to a name without an ending before
    the dialog looks whether there is such a file."""
    dialog = QFileDialog(parent, title, str(proposal), file_filter)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(proposal.name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
