"""The .netdesign file: a project as sorted JSON, one node a line, version by version.

{"format": "backprop-studio", "version": 2, "data": ..., "design": {"nodes": [...], "wires": [...]},
 "notes": "...", "runs": [...], "training": ..., "human_error": 0.01, "analysis": {...},
 "view": {"positions": {...}, "notes": [...], "groups": [...], "orientation": "down"}}

It holds no absolute path, no import path and no pickle. Older versions are read by way of
migrations.py, which says how to change the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.data import DataPlan
from engine.design import Design, Wire
from engine.errors import EngineError, FileError, check_count
from engine.files.attachments import attach_rows, detach_rows, made_relative, resolved
from engine.files.disk import folder_of, read_bytes, write_safely
from engine.files.endings import DESIGN_ENDINGS, check_ending
from engine.files.json_text import CORRECT_IT, from_text, to_text
from engine.files.migrations import migrated
from engine.files.seen_file import SeenFile
from engine.layers import Layer
from engine.layers.unknown import UnknownLayer
from engine.limits import (
    MAX_DESIGN_BYTES,
    MAX_GROUPS,
    MAX_MARKS,
    MAX_NODES,
    MAX_NOTES,
    MAX_OPENINGS,
    MAX_RUNS,
    MAX_WIRES,
)
from engine.malformed import refused
from engine.project import Group, Note, Project
from engine.project.differences import Experiment
from engine.project.findings import ErrorAnalysis
from engine.project.held_out import Opening
from engine.project.runs import Run, RunCurve, RunMark
from engine.settings import TrainingSettings

FORMAT = "backprop-studio"
VERSION = 2

Json = dict[str, Any]
RUN_FACTS = ("key", "started", "state", "iteration", "epoch", "number")
"""Plain values of a run, under their own names."""


def save_project(project: Project, path: str | Path) -> SeenFile:
    """Write a project; returns the file as it is now, to notice later changes by others.

    Raises FileError and leaves an older file as it was.
    """
    check_ending(path, DESIGN_ENDINGS)
    content = dumps(project, folder_of(path)).encode()
    write_safely(path, content)
    return SeenFile.written(path, content)


def load_project(path: str | Path) -> Project:
    """Read a project. Raises FileError that says what is wrong, and where."""
    name = Path(path).name
    try:
        text = read_bytes(path, MAX_DESIGN_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(
            f"'{name}' is not a text file (byte {error.start}).",
            hint="A design ends in .netdesign, a trained model in .safetensors.",
        ) from None
    return loads(text, name, folder_of(path))


def dumps(project: Project, folder: Path | None = None) -> str:
    """The text of a .netdesign file; equal projects give equal texts.

    folder: of the file, to which paths of data are made relative; without it only their names stay.
    """
    design, sections = project.design, to_json(project, folder)
    nodes = ",\n".join(f"    {to_text(node)}" for node in sections["design"]["nodes"])
    wires = ",\n".join(f"    {to_text(wire)}" for wire in sections["design"]["wires"])
    body = (
        f'{{"nodes": [\n{nodes}\n  ], "wires": [\n{wires}\n  ]}}'
        if design.nodes
        else ('{"nodes": [], "wires": []}')
    )
    runs = ",\n".join(f"    {to_text(run)}" for run in sections.get("runs", []))
    bodies = {"design": body, "runs": f"[\n{runs}\n  ]"}
    lines = [
        f"  {to_text(key)}: {bodies.get(key) or to_text(value)}"
        for key, value in sorted(sections.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def to_json(project: Project, folder: Path | None = None) -> Json:
    """A project as plain JSON values; folder: as for `dumps`."""
    if folder is not None:
        project = made_relative(project, folder)
    values = {
        "format": FORMAT,
        "version": VERSION,
        **_experiment(project),
        "view": _view(project),
        "notes": project.notes,
    }
    if project.runs:
        values["runs"] = [_run_json(run) for run in project.runs]
    if project.human_error is not None:
        values["human_error"] = project.human_error
    if project.analysis:
        values["analysis"] = project.analysis.to_json()
    if project.openings:
        values["openings"] = [opening.to_json() for opening in project.openings]
    detach_rows(values)
    return values


def _experiment(of: Experiment) -> Json:
    """What decides a run: design, training, data."""
    nodes = [{"name": name, **layer.to_json()} for name, layer in of.design.nodes.items()]
    return {
        "design": {"nodes": nodes, "wires": [list(wire) for wire in of.design.wires]},
        "training": of.training.to_json(),
        "data": of.data.to_json(),
    }


def _run_json(run: Run) -> Json:
    """A run; what is as in a new one is left out."""
    values = {name: getattr(run, name) for name in RUN_FACTS}
    values |= {"figures": dict(run.figures), **_experiment(run)}
    values["curves"] = {name: curve.packed for name, curve in run.curves.items()}
    if run.marks:
        values["marks"] = [list(mark) for mark in run.marks]
    if run.name:
        values["name"] = run.name
    if run.pinned:
        values["pinned"] = True
    return values


def _view(project: Project) -> Json:
    """How the canvas shows the design; what is as in an empty project is left out."""
    view: Json = {"positions": {name: list(xy) for name, xy in project.positions.items()}}
    if project.remarks:
        view["notes"] = [asdict(note) for note in project.remarks]
    if project.orientation != Project.orientation:
        view["orientation"] = project.orientation
    if project.groups:
        view["groups"] = [asdict(group) for group in project.groups]
    return view


def loads(text: str, name: str = "the file", folder: Path | None = None) -> Project:
    """A project from the text of a .netdesign file; `name` is used in messages.

    folder: of the file, from which paths of data are resolved; without it they stay relative.
    """
    return from_json(from_text(text, name), name, folder)


def from_json(values: Any, name: str = "the file", folder: Path | None = None) -> Project:
    """A project from plain JSON values, of this version or an older one; folder: as for `loads`."""
    version = _checked_version(values, name)
    with refused(f"'{name}' is not a valid design"):
        return _opened(migrated(values, version, VERSION), name, folder)


def _opened(values: Json, name: str, folder: Path | None) -> Project:
    try:
        attach_rows(values)
        project = _project(values)
        _check_data(project)
        return project if folder is None else resolved(project, folder)
    except EngineError as error:
        hint = error.hint or CORRECT_IT
        raise FileError(f"'{name}': {error.message}", error.node, hint) from error


def _checked_version(values: Any, name: str) -> int:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise FileError(
            f"'{name}' is not a design of Backprop Studio.",
            hint=f'Such a file begins with "format": "{FORMAT}".',
        )
    version = values.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FileError(f"'{name}' has no valid version number; got {version!r}.")
    if version > VERSION:
        raise FileError(
            f"'{name}' was saved by a newer program (file version {version}, known up to "
            f"{VERSION}).",
            hint="Update Backprop Studio to open it.",
        )
    return version


def _project(values: Json) -> Project:
    view = values.get("view", {})
    return Project(
        design=_design(values["design"]),
        training=TrainingSettings.from_json(values["training"]),
        data=DataPlan.from_json(values["data"]),
        positions={key: _place(key, at) for key, at in view.get("positions", {}).items()},
        notes=str(values.get("notes", "")),
        remarks=tuple(Note(**note) for note in _list(view.get("notes", []), "notes", MAX_NOTES)),
        groups=_groups(view),
        orientation=view.get("orientation", Project.orientation),
        runs=_runs(values.get("runs", [])),
        human_error=values.get("human_error", Project.human_error),
        analysis=ErrorAnalysis.from_json(values.get("analysis", {})),
        openings=tuple(map(Opening.from_json, _openings(values))),
    )


def _place(name: str, at: Any) -> tuple[float, float]:
    if not isinstance(at, list) or len(at) != 2:
        raise FileError(f"The position of '{name}' must be two numbers; got {at!r}.")
    return at[0], at[1]


def _groups(view: Json) -> tuple[Group, ...]:
    groups = _list(view.get("groups", []), "groups", MAX_GROUPS)
    return tuple(Group(**group) for group in groups)


def _openings(values: Json) -> list[Any]:
    return _list(values.get("openings", []), "openings", MAX_OPENINGS)


def _check_data(project: Project) -> None:
    """Raises EngineError where it cannot be said what the data, or those of a run, look like."""
    for plan in (project.data, *(run.data for run in project.runs)):
        plan.source.fit()


def _design(values: Json) -> Design:
    nodes: dict[str, Layer] = {}
    for node in _list(values["nodes"], "nodes", MAX_NODES):
        node_name = node["name"]
        if node_name in nodes:
            raise FileError(f"There are two layers named '{node_name}'.")
        nodes[node_name] = _layer(node)
    return Design(nodes, tuple(_wire(wire) for wire in _list(values["wires"], "wires", MAX_WIRES)))


def _runs(values: Any) -> tuple[Run, ...]:
    runs = tuple(_run(run) for run in _list(values, "runs", MAX_RUNS))
    if len({run.key for run in runs}) < len(runs):
        raise FileError("Two runs have the same key.")
    return runs


def _run(values: Json) -> Run:
    marks = _list(values.get("marks", []), "marks", MAX_MARKS)
    return Run(
        design=_design(values["design"]),
        training=TrainingSettings.from_json(values["training"]),
        data=DataPlan.from_json(values["data"]),
        figures={name: float(value) for name, value in values["figures"].items()},
        curves={name: RunCurve.read(packed) for name, packed in values["curves"].items()},
        marks=tuple(RunMark(i, str(kind), str(text)) for i, kind, text in marks),
        name=values.get("name", ""),
        pinned=values.get("pinned", False),
        **{name: values[name] for name in RUN_FACTS},
    )


def _layer(node: Mapping[str, Any]) -> Layer:
    fields = {key: value for key, value in node.items() if key != "name"}
    if not isinstance(fields.get("kind"), str):
        raise FileError(f"The layer '{node['name']}' has no kind.")
    if fields["kind"] not in Layer.registry:
        return UnknownLayer.of(fields)
    try:
        return Layer.parse(fields)
    except EngineError as error:
        message = f"in the layer '{node['name']}': {error.message}"
        raise FileError(message, node["name"], error.hint) from error


def _wire(wire: Any) -> Wire:
    if not isinstance(wire, list) or len(wire) != 4 or not all(isinstance(w, str) for w in wire):
        raise FileError(f"A wire must be [source, target, input, output]; got {wire!r}.")
    return Wire(*wire)


def _list(values: Any, what: str, most: int) -> list[Any]:
    """Raises FileError before anything is made of more than can be."""
    if not isinstance(values, list):
        raise FileError(f"The {what} must be a list; got {type(values).__name__}.")
    check_count(values, most, what)
    return values
