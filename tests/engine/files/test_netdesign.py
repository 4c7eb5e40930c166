""".netdesign: what is saved is what is opened, and damage gets a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.data import DataPlan
from engine.files import dumps, load, load_project, loads, save
from engine.files.netdesign import VERSION, to_json
from engine.layers.unknown import UnknownLayer
from engine.limits import MAX_MESSAGE
from engine.project import Note, Project

FILES = Path(__file__).resolve().parents[2] / "files"


@pytest.fixture
def project() -> Project:
    design = engine.Design.sequential(
        [
            engine.Input(features=2),
            engine.Dense(
                units=3, optimizer="momentum", initializer={"kind": "he", "multiplier": 2}
            ),
            engine.Output(task="binary"),
        ],
        ["x", "versteckt ü", "y"],
    )
    places = {"x": (0.0, -8.5), "y": (400.0, 0.0)}
    return Project(design, engine.TrainingSettings(l2=0.5), DataPlan(source="moons"), places, "Hi!")


def test_saving_and_opening_is_the_identity(project, tmp_path):
    path = tmp_path / "a.netdesign"
    save(project, path)
    assert load(path) == project
    assert dumps(load(path)) == path.read_text(encoding="utf-8")


def test_a_bare_design_is_saved_with_default_settings(project, tmp_path):
    save(project.design, tmp_path / "a.netdesign")
    assert load(tmp_path / "a.netdesign") == Project(design=project.design)


def test_each_node_stands_on_a_line_of_its_own(project):
    lines = [line for line in dumps(project).splitlines() if '"kind": "dense"' in line]
    assert len(lines) == 1
    assert json.loads(lines[0].rstrip(","))["name"] == "versteckt ü"


def test_the_file_names_no_path_and_no_module(project):
    text = dumps(project)
    assert "/" not in text.replace('"/', "")
    assert "engine." not in text


@pytest.mark.parametrize("path", sorted(FILES.glob("version-*.netdesign")), ids=lambda p: p.stem)
def test_files_of_every_version_open(path):
    project = load_project(path)
    assert engine.check(project.design, project.training, project.data.source.fit()).ok
    assert loads(dumps(project)) == project


def test_there_is_a_saved_file_of_every_version():
    assert {p.stem for p in FILES.glob("version-*.netdesign")} >= {
        f"version-{version}" for version in range(1, VERSION + 1)
    }


def test_an_unknown_kind_is_kept_and_saved_back_unchanged(project):
    values = to_json(project)
    strange = {"name": "w", "kind": "wavelet", "levels": [1, {"a": None}], "units": "many"}
    values["design"]["nodes"].append(strange)
    opened = loads(json.dumps(values))
    assert isinstance(opened.design.nodes["w"], UnknownLayer)
    assert to_json(opened)["design"]["nodes"][-1] == strange
    problems = engine.check(opened.design).problems
    assert any("does not know the kind 'wavelet'" in problem.message for problem in problems)


def broken(project, **changes):
    return json.dumps({**to_json(project), **changes})


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def with_node(project, **fields):
    values = to_json(project)
    values["design"]["nodes"][1].update(fields)
    return json.dumps(values)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda p: "", "damaged at line 1"),
        (lambda p: dumps(p)[:200], "damaged at line 4"),
        (lambda p: "[]", "not a design of Backprop Studio"),
        (lambda p: '{"format": "other"}', "not a design of Backprop Studio"),
        (lambda p: "[" * 100_000, "is damaged"),
        (lambda p: broken(p, version=VERSION + 1), "saved by a newer program"),
        (lambda p: broken(p, version="1"), "no valid version number"),
        (lambda p: broken(p, version=True), "no valid version number"),
        (lambda p: broken(p, version=0), "no valid version number"),
        (lambda p: broken(p, training=None), "is not a valid design"),
        (lambda p: broken(p, training={"epochs": -1}), "Training: epochs must be"),
        (lambda p: broken(p, training={"epoch": 3}), "Did you mean 'epochs'"),
        (lambda p: broken(p, data={"source": "mnist"}), "There is no data source 'mnist'"),
        (lambda p: broken(p, design={"nodes": 3, "wires": []}), "nodes must be a list"),
        (lambda p: broken(p, design={"nodes": []}), "'wires' is missing"),
        (
            lambda p: broken(p, view={"positions": {"x": [1]}}),
            "position of 'x' must be two numbers; got [1]",
        ),
        (lambda p: broken(p, view={"positions": [1]}), "a value in it is of the wrong kind"),
        (lambda p: broken(p, view={"notes": [{"a": 1}]}), "a value in it is of the wrong kind"),
        (lambda p: broken(p, view={"positions": {"x": [1e300, 0]}}), "two numbers within"),
        (lambda p: broken(p, view={"positions": {"x": ["a", "b"]}}), "design"),
        (lambda p: with_node(p, units=0), "in the layer 'versteckt ü': Dense: units"),
        (lambda p: with_node(p, units=10**30), "units"),
        (lambda p: with_node(p, units=10**400), "a whole number of more than 40 digits"),
        (lambda p: dumps(p).replace("-8.5", "1e999"), "line 15, column 37: the number 1e999"),
        (lambda p: with_node(p, keep_prob=nested(500)), "nested more than 64 deep"),
        (lambda p: broken(p, notes=nested(500)), "nested more than 64 deep"),
        (lambda p: broken(p, view={"positions": {"x": [10**30, 0]}}), "two numbers within"),
        (lambda p: with_node(p, kind=5), "has no kind"),
        (lambda p: with_node(p, name="x"), "two layers named 'x'"),
        (lambda p: with_node(p, name="a.b"), "must not contain a dot"),
        (lambda p: with_node(p, activation="rely"), "Did you mean 'relu'"),
        (lambda p: dumps(p).replace('["x", ', '["ghost", '), "no layer named 'ghost'"),
        (lambda p: dumps(p).replace('"in", "out"]', "0]"), "A wire must be"),
        (lambda p: dumps(p).replace('"l2": 0.5', '"l2": NaN'), "NaN is not a number"),
    ],
)
def test_a_spoilt_file_is_refused_with_a_sentence(project, spoil, sentence):
    with pytest.raises(engine.FileError) as refusal:
        loads(spoil(project), "my.netdesign")
    assert sentence in str(refusal.value)
    assert "my.netdesign" in str(refusal.value)
    assert str(refusal.value).endswith((".", "?", "}", "'"))


def test_a_byte_order_mark_before_the_text_is_passed_over(project, tmp_path):
    path = tmp_path / "a.netdesign"
    path.write_text(dumps(project), encoding="utf-8-sig")
    assert load(path) == project


@pytest.mark.parametrize("place", [10**400, float("inf"), float("nan"), "0", None, True])
def test_places_that_are_no_numbers_are_refused_however_a_project_is_made(project, place):
    with pytest.raises(engine.DesignError, match="two numbers within"):
        project.replace(positions={"x": (place, 0.0)})
    for numbers in ((place, 0.0, 100.0), (0.0, 0.0, place)):
        with pytest.raises(engine.DesignError, match="note"):
            Note("a text", *numbers)


def test_a_long_or_unreadable_error_message_is_made_fit_for_a_dialog(project):
    values = {**to_json(project), "data": {"source": ["no source"] * 5_000}}
    with pytest.raises(engine.FileError) as refusal:
        loads(json.dumps(values), "half \udcff.netdesign")
    assert len(str(refusal.value)) < 2 * MAX_MESSAGE
    assert "half \\udcff.netdesign" in refusal.value.message


def test_missing_foreign_and_binary_files_are_refused_with_a_sentence(tmp_path):
    with pytest.raises(engine.FileError, match="There is no file"):
        load(tmp_path / "nowhere.netdesign")
    with pytest.raises(engine.FileError, match="neither a design"):
        load(tmp_path / "picture.png")
    (tmp_path / "b.netdesign").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(engine.FileError, match="not a text file"):
        load(tmp_path / "b.netdesign")
    (tmp_path / "c.netdesign").mkdir()
    with pytest.raises(engine.FileError, match="cannot be read"):
        load(tmp_path / "c.netdesign")


@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_mangled_text_escapes_as_another_error(data):
    text = dumps(load_project(FILES / "version-1.netdesign"))
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 40)))
    filling = data.draw(st.text(max_size=8) | st.sampled_from(["null", "{}", "[]", "-1", '""']))
    try:
        loads(text[:start] + filling + text[stop:])
    except engine.FileError as error:
        assert str(error)


def test_a_failed_save_leaves_the_old_file(project, tmp_path, monkeypatch):
    path = tmp_path / "a.netdesign"
    save(project, path)
    old = path.read_bytes()

    def fail(_source, _target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(engine.FileError, match="permission denied"):
        save(Project(), path)
    assert path.read_bytes() == old
    assert [p.name for p in tmp_path.iterdir()] == ["a.netdesign"]


def test_saving_into_a_missing_folder_is_a_sentence(project, tmp_path):
    with pytest.raises(engine.FileError, match="cannot be saved"):
        save(project, tmp_path / "no" / "a.netdesign")


@pytest.mark.parametrize("columns", [[], [{"name": "a"}, {"name": "a"}], [{"name": "a"}]])
def test_data_that_cannot_be_examined_are_refused_when_the_file_is_opened(project, columns):
    values = to_json(project)
    values["data"]["source"] = {"kind": "table", "file": "a.csv", "columns": columns, "rows": 1}
    with pytest.raises(engine.FileError, match="column"):
        loads(json.dumps(values))
