"""What a project's data bring into its file: rows once for all runs, and paths that can travel.

The rows that a source embeds are the same in the project and in most of its runs, so the file holds
them once, under "embedded" by their checksum, and the sources say "#" and that checksum. A path is
relative to the folder of the file that holds it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.data import DataPlan
from engine.errors import FileError
from engine.files.disk import folder_of
from engine.project import Project

Json = dict[str, Any]
KEY = "embedded"  # the name of the field in a source, and of the section in the file
MARK = "#"  # base64 has no such letter
DIGITS = 16  # of a checksum: enough to tell the rows in one file apart


def made_relative(project: Project, folder: Path) -> Project:
    """The project as a file in this folder holds it. Raises FileError where that cannot be."""
    return _with_plans(project, lambda plan: plan.relative_to(folder))


def resolved(project: Project, folder: Path) -> Project:
    """The project as it is used, from what a file in this folder holds."""
    return _with_plans(project, lambda plan: plan.resolved_in(folder))


def data_outside(project: Project, path: Path) -> tuple[str, ...]:
    """The places of its data, and of those of its runs, outside of the folder of its file `path`,
    also by way of a link."""
    plans = (project.data, *(run.data for run in project.runs))
    places = dict.fromkeys(place for plan in plans for place in plan.places.values())
    folder = folder_of(path).absolute()
    return tuple(place for place in places if not _is_inside(place, folder))


def _is_inside(place: str, folder: Path) -> bool:
    """Links are followed inside of the folder only: elsewhere, a drive may not answer."""
    inside = Path(os.path.normpath(place)).is_relative_to(os.path.normpath(folder))
    return inside and Path(os.path.realpath(place)).is_relative_to(os.path.realpath(folder))


def detach_rows(values: Json) -> None:
    """Moves embedded rows out of the sources of a project's JSON, into a section of their own."""
    found: Json = {}
    for source in _sources(values):
        text = source.get(KEY)
        if text:
            key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
            found[key] = text
            source[KEY] = MARK + key
    if found:
        values[KEY] = found


def attach_rows(values: Json) -> None:
    """The inverse. Raises FileError where rows are missing."""
    known = values.get(KEY, {})
    for source in _sources(values):
        text = source.get(KEY)
        if isinstance(text, str) and text.startswith(MARK):
            if text[1:] not in known:
                raise FileError("The rows of the data are missing.", hint="Use a backup.")
            source[KEY] = known[text[1:]]


def _sources(values: Mapping[str, Any]) -> Iterator[Json]:
    """Every source in a project's JSON: of its own data, and of those of its runs."""
    for holder in (values, *values.get("runs", [])):
        plan = holder["data"]
        for name in DataPlan.source_fields():
            if isinstance(plan.get(name), dict):
                yield plan[name]


def _with_plans(project: Project, change: Callable[[DataPlan], DataPlan]) -> Project:
    """The project with all its plans changed; the same object where none is."""
    plan = change(project.data)
    runs = tuple(_with_plan(run, change(run.data)) for run in project.runs)
    same = plan is project.data and all(a is b for a, b in zip(runs, project.runs, strict=True))
    return project if same else project.replace(data=plan, runs=runs)


def _with_plan(run: Any, plan: DataPlan) -> Any:
    return run if plan is run.data else replace(run, data=plan)
