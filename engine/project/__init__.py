"""Project: everything that one .netdesign file holds, as frozen values."""

from engine.project.project import (
    Group,
    Note,
    Orientation,
    Position,
    Project,
    same_data,
    same_run,
)

__all__ = ["Group", "Note", "Orientation", "Position", "Project", "same_data", "same_run"]
