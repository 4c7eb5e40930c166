"""Migrations: what turns files of older versions into those of the next one, version by version.

To change the format: raise the version in netdesign.py or model.py, add the function that turns the
older dictionary into the newer one here, and put a file of the older version into tests/files.
A function meets files that people have edited: what does not look as it should is left as it is,
and the reader says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.layers.ports import numbered_port
from engine.project import Project

Json = dict[str, Any]


def migrated(values: Json, version: int, newest: int) -> Json:
    """The dictionary of a project of this version as one of the newest version."""
    for step in range(version, newest):
        values = PROJECTS[step](values)
    return values


def migrated_run(values: Json, project: Project, version: int, newest: int) -> Json:
    """The counters of a trained model of this version as those of the newest version."""
    for step in range(version, newest):
        values = RUNS[step](values, project)
    return values


def _streams_of_version_1(values: Json) -> Json:
    """Version 2 says how seeds become random numbers. What began in version 1 goes on as it did."""
    for experiment in _experiments(values):
        for section in ("training", "data"):
            if isinstance(experiment.get(section), dict):
                experiment[section] = {**experiment[section], "streams": 1}
    return values


def _targets_of_version_1(values: Json) -> Json:
    """Version 2 scales targets that are numbers. What began in version 1 takes them as they are."""
    for experiment in _experiments(values):
        design = experiment.get("design")
        nodes = design.get("nodes") if isinstance(design, dict) else None
        for node in nodes if isinstance(nodes, list) else ():
            task = node.get("task") if isinstance(node, dict) else None
            if isinstance(task, str):
                task = {"kind": task}
            if isinstance(task, dict) and task.get("kind") == "regression":
                node["task"] = {"scale_targets": False, **task}
    return values


def _ports_of_version_1(values: Json) -> Json:
    """Version 2 names the ports of a wire. Version 1 counted the inputs from 0 on."""
    for experiment in _experiments(values):
        design = experiment.get("design")
        wires = design.get("wires") if isinstance(design, dict) else None
        if isinstance(design, dict) and isinstance(wires, list):
            experiment["design"] = {**design, "wires": [named_wire(wire) for wire in wires]}
    return values


def named_wire(wire: Any) -> Any:
    """[source, target, input number] with the names of both ports; what is no such list stays."""
    if not isinstance(wire, list) or len(wire) != 3:
        return wire
    source, target, number = wire
    return [source, target, port_of_version_1(number), "out"]


def port_of_version_1(number: Any) -> Any:
    """The name of an input that was counted from 0 on; what is no such number stays."""
    return numbered_port(number + 1) if type(number) is int and number >= 0 else number


def _seeds_of_version_1(values: Json, project: Project) -> Json:
    """Version 2 says which seed drew the initial weights and the order of the epoch at work."""
    seed = project.training.seed
    return {"seed": seed, "shuffle_seed": seed, **values}


def _experiments(values: Json) -> Iterator[Json]:
    """What has a design, training settings and data: the project itself, and each of its runs."""
    yield values
    runs = values.get("runs")
    yield from (run for run in runs if isinstance(run, dict)) if isinstance(runs, list) else ()


PROJECTS: dict[int, Callable[[Json], Json]] = {
    1: lambda values: _ports_of_version_1(_targets_of_version_1(_streams_of_version_1(values)))
}
"""version -> what makes its projects those of the next version."""
RUNS: dict[int, Callable[[Json, Project], Json]] = {1: _seeds_of_version_1}
"""version -> what makes its models' counters those of the next version."""
