"""What every view reports about the picture that it has painted, as plain data."""

from __future__ import annotations

from typing import Any

from engine.probes.snapshot import Origin
from engine.project import Project
from engine.project.sets import fingerprint

FACTS = ("run", "iteration", "epoch", "data", "stale", "message", "empty")
"""The keys of `facts_of`."""


def facts_of(
    origin: Origin, of_set: str = "", stale: str = "", message: str = "", empty: bool = False
) -> dict[str, Any]:
    """origin: what the picture was made from. of_set: "train", "dev" or "test", several with spaces
    between. stale: why the picture is out of date. empty: whether there is none."""
    data = {"name": "", "fingerprint": "", "set": of_set}
    if origin.project is not None:
        name = origin.project.data.source.title
        data |= {"name": name, "fingerprint": fingerprint(origin.project)}
    return {
        "run": origin.run,
        "iteration": origin.iteration,
        "epoch": origin.epoch,
        "data": data,
        "stale": stale,
        "message": message,
        "empty": empty,
    }


def facts_of_project(
    project: Project, of_set: str = "", stale: str = "", message: str = "", empty: bool = False
) -> dict[str, Any]:
    """The facts of a view that shows the open project instead of a run."""
    return facts_of(Origin(project=project), of_set, stale, message, empty)
