"""Project: everything that one .netdesign file holds, as frozen values."""

from engine.project.project import (
    Group,
    Note,
    Orientation,
    Position,
    Project,
    same_data,
    same_run,
    trains_alike,
)
from engine.project.sets import BuiltSets, Sets

__all__ = [
    "BuiltSets",
    "Group",
    "Note",
    "Orientation",
    "Position",
    "Project",
    "Sets",
    "same_data",
    "same_run",
    "trains_alike",
]
