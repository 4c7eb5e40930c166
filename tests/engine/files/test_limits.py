"""Sizes have limits. Whoever exceeds one is told in a sentence, before anything is made of it."""

from __future__ import annotations

import json

import pytest

import engine
from engine.files import dumps, load, loads
from engine.files.netdesign import to_json
from engine.limits import (
    MAX_COUNT,
    MAX_DESIGN_BYTES,
    MAX_GROUP_DEPTH,
    MAX_GROUPS,
    MAX_NODES,
    MAX_NOTES,
    MAX_NOTES_LENGTH,
    MAX_OPENINGS,
    MAX_PORT,
    MAX_RUNS,
    MAX_VALUES,
    MAX_WIRES,
)
from engine.project import Group, Note, Project
from engine.project.held_out import Opening


def project() -> Project:
    layers = [engine.Input(features=2), engine.Dense(units=2), engine.Output(task="binary")]
    return Project(engine.Design.sequential(layers, ["x", "h1", "y"]))


def with_design(nodes=None, wires=None):
    design = to_json(project())["design"]
    return {"design": {"nodes": nodes or design["nodes"], "wires": wires or design["wires"]}}


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


TOO_MUCH = {
    "layers": (lambda: with_design(nodes=[0] * (MAX_NODES + 1)), "10,001 nodes; at most 10,000"),
    "wires": (lambda: with_design(wires=[0] * (MAX_WIRES + 1)), "50,001 wires; at most 50,000"),
    "port": (
        lambda: with_design(wires=[["x", "h1", f"in{MAX_PORT + 1}", "out"]]),
        "Ports are numbered up to 1,000",
    ),
    "port of a length": (
        lambda: with_design(wires=[["x", "h1", "in", "o" * 10**6]]),
        "Ports are numbered up to 1,000",
    ),
    "groups": (lambda: {"view": {"groups": [0] * (MAX_GROUPS + 1)}}, "501 groups; at most 500"),
    "groups in groups": (
        lambda: {
            "view": {
                "groups": [
                    {"name": f"g{i}", "nodes": ["h1"], "parent": f"g{i + 1}"}
                    for i in range(MAX_GROUP_DEPTH + 2)
                ]
            }
        },
        "Groups can be nested at most 20 deep",
    ),
    "notes": (lambda: {"view": {"notes": [0] * (MAX_NOTES + 1)}}, "2,001 notes; at most 2,000"),
    "words": (lambda: {"notes": "x" * (MAX_NOTES_LENGTH + 1)}, "100,001 characters"),
    "runs": (lambda: {"runs": [{"data": {}}] * (MAX_RUNS + 1)}, "1,001 runs; at most 1,000"),
    "openings": (lambda: {"openings": [0] * (MAX_OPENINGS + 1)}, "1,001 openings"),
    "values": (lambda: {"odd": [0] * (MAX_VALUES + 1)}, "more than 5,000,000 values"),
    "an unknown layer": (
        lambda: with_design(nodes=[{"name": "h", "kind": "odd", "words": "x" * 100_001}]),
        "more than can be kept",
    ),
    "depth of an unknown layer": (
        lambda: with_design(nodes=[{"name": "h", "kind": "odd", "list": nested(40)}]),
        "more than can be kept",
    ),
    "kind of an unknown layer": (
        lambda: with_design(nodes=[{"name": "h", "kind": "o" * 61}]),
        "kind of a layer has at most 60",
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_a_file_with_more_than_can_be_is_refused_with_a_sentence(what):
    make, sentence = TOO_MUCH[what]
    text = json.dumps({**to_json(project()), **make()})
    with pytest.raises(engine.FileError) as refusal:
        loads(text, "my.netdesign")
    assert sentence in str(refusal.value)
    assert "my.netdesign" in str(refusal.value)


def test_a_file_of_too_many_bytes_is_not_read(tmp_path):
    path = tmp_path / "a.netdesign"
    with path.open("wb") as file:
        file.truncate(MAX_DESIGN_BYTES + 1)
    with pytest.raises(engine.FileError, match="larger than 100 MB"):
        load(path)


def test_what_a_person_builds_keeps_to_the_same_limits():
    many = {f"h{index}": engine.Dense(units=2) for index in range(MAX_NODES + 1)}
    with pytest.raises(engine.DesignError, match="10,001 layers"):
        engine.Design(many)
    with pytest.raises(engine.DesignError, match="numbered up to"):
        project().design.connect("x", "h1", f"in{MAX_PORT + 1}")
    chain = [Group(f"g{i}", ("h1",) if not i else (), f"g{i + 1}") for i in range(30)]
    for changes, sentence in (
        ({"groups": (*chain, Group("g30"))}, "Groups can be nested at most 20 deep"),
        ({"remarks": (Note("a", 0, 0),) * (MAX_NOTES + 1)}, "2,001 notes"),
        ({"notes": "x" * (MAX_NOTES_LENGTH + 1)}, "100,001 characters"),
        ({"openings": (Opening("2026-01-01", 1, 0.0, 0.0),) * (MAX_OPENINGS + 1)}, "1,001"),
    ):
        with pytest.raises(engine.DesignError, match=sentence):
            project().replace(**changes)


def test_what_keeps_just_within_the_limits_can_be_saved_and_opened():
    nodes = {"x": engine.Input(features=2)}
    nodes |= {f"h{index}": engine.Dense(units=2) for index in range(MAX_NODES - 1)}
    wires = tuple(engine.Wire("x", name) for name in list(nodes)[1:])
    groups = [Group(f"g{i}", (f"h{i}",), f"g{i + 1}") for i in range(MAX_GROUP_DEPTH - 1)]
    groups += [Group(f"g{MAX_GROUP_DEPTH - 1}", ("h99",))]
    full = Project(
        engine.Design(nodes, wires),
        notes="x" * MAX_NOTES_LENGTH,
        remarks=(Note("a", 0, 0),) * MAX_NOTES,
        groups=tuple(groups),
    )
    opened = loads(dumps(full))
    assert opened == full
    assert [group.parent for group in opened.groups] == [g.parent for g in groups]
    assert MAX_COUNT > 10**15


def test_blank_ends_are_filled_in_by_one_new_design(monkeypatch):
    """With one for each of them, 5,000 inputs took a minute."""
    design = engine.Design({f"x{index}": engine.Input() for index in range(50)})
    fit, made, check = Project().data.source.fit(), [], engine.Design.__post_init__

    def counted(self):
        made.append(self)
        check(self)

    monkeypatch.setattr(engine.Design, "__post_init__", counted)
    report = engine.check(design, fit=fit)
    assert len(report.shapes) == 50
    assert len(made) == 1
