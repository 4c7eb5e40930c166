"""Own data in a project's file: rows inside once, larger ones beside it, never an absolute path."""

import dataclasses
import json
import shutil

import numpy as np
import pytest

from engine.data import DataFileError, DataPlan, PaintedSource
from engine.data.sources import embedding
from engine.data.tables import open_table, preview
from engine.errors import FileError
from engine.files import TrainedModel, dumps, load, load_model, loads, save, save_model
from engine.project import Project
from engine.project.runs import Run


def rows(count, sign=1):
    return "a,b,y\n" + "".join(f"{sign * i},{'uv'[i % 2]},{i % 3 % 2}\n" for i in range(count))


def source_of(file):
    found = preview(file)
    return open_table(file, found.options, found.columns).source


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "work" / "data" / "table.csv"
    file.parent.mkdir(parents=True)
    file.write_text(rows(60))
    return file


@pytest.fixture
def large(monkeypatch):
    """Makes every table too large to be embedded."""
    monkeypatch.setattr(embedding, "MAX_TEXT", 10)


def test_embedded_rows_stand_in_the_file_once_for_the_project_and_its_runs(table, tmp_path):
    project = Project(data=DataPlan(source=source_of(table)))
    project = project.replace(runs=tuple(
        dataclasses.replace(make_run(project), key=key) for key in "ab"
    ))  # fmt: skip
    text = dumps(project)
    assert text.count(project.data.source.embedded) == 1
    assert loads(text) == project
    assert str(tmp_path) not in text
    values = json.loads(text)
    del values["embedded"]
    with pytest.raises(FileError, match="The rows of the data are missing"):
        loads(json.dumps(values))


def make_run(project):
    known = {field.name: field for field in dataclasses.fields(Run)}
    given = {"key": "k", "started": "2026-01-01T00:00:00", "state": "finished", "number": 1,
             "design": project.design, "training": project.training, "data": project.data,
             "iteration": 1, "epoch": 1, "figures": {}, "curves": {}}  # fmt: skip
    return Run(**{name: value for name, value in given.items() if name in known})


@pytest.mark.usefixtures("large")
def test_a_large_table_is_found_from_the_projects_folder_wherever_that_goes(table, tmp_path):
    project = Project(data=DataPlan(source=source_of(table)))
    assert project.data.source.path == str(table)
    file = tmp_path / "work" / "p.netdesign"
    save(project, file)
    text = file.read_text()
    assert '"path": "data/table.csv"' in text and str(tmp_path) not in text
    assert load(file) == project
    expected = project.data.build().train.X
    elsewhere = tmp_path / "other computer"
    shutil.move(tmp_path / "work", elsewhere)
    moved = load(elsewhere / "p.netdesign")
    assert moved.data.source.path == str(elsewhere / "data" / "table.csv")
    assert np.array_equal(moved.data.build().train.X, expected)


@pytest.mark.usefixtures("large")
def test_a_project_that_is_saved_elsewhere_still_finds_its_table(table, tmp_path):
    project = Project(data=DataPlan(source=source_of(table)))
    (tmp_path / "new").mkdir()
    save(project, tmp_path / "new" / "p.netdesign")
    assert '"../work/data/table.csv"' in (tmp_path / "new" / "p.netdesign").read_text()
    assert load(tmp_path / "new" / "p.netdesign") == project


@pytest.mark.usefixtures("large")
def test_without_a_folder_only_the_name_is_written(table, tmp_path):
    text = dumps(Project(data=DataPlan(source=source_of(table))))
    assert '"path": "table.csv"' in text and str(tmp_path) not in text


@pytest.mark.usefixtures("large")
def test_a_table_that_is_gone_or_changed_leads_to_a_question(table, tmp_path):
    file = tmp_path / "work" / "p.netdesign"
    save(Project(data=DataPlan(source=source_of(table))), file)
    source = load(file).data.source
    before = source.load().X
    table.write_text(rows(60, sign=-1))
    for use in (source.load, source.check_files):
        with pytest.raises(DataFileError, match=r"'table\.csv' has changed since") as caught:
            use()
        assert (caught.value.changed, caught.value.path) == (True, str(table))
    taken = source.renewed().source
    assert np.array_equal(taken.load().X[0], -before[0])
    table.rename(table.with_name("renamed.csv"))
    with pytest.raises(DataFileError, match=r"The table 'table\.csv' is gone") as caught:
        load(file).data.build()
    assert not caught.value.changed and "Locate it" in caught.value.hint
    with pytest.raises(DataFileError, match=r"'renamed\.csv' has changed"):
        source.moved_to(table.with_name("renamed.csv"))
    again = taken.moved_to(table.with_name("renamed.csv"))
    assert np.array_equal(again.load().X[0], -before[0])


@pytest.mark.usefixtures("large")
def test_a_table_is_read_once_while_it_stays_the_same(table, monkeypatch):
    source = source_of(table)
    with monkeypatch.context() as patch:
        patch.setattr("engine.data.tables.source.read_table", lambda *_: pytest.fail("read twice"))
        first, second = source.load(seed=1), source.load(seed=2)
        assert np.array_equal(first.X, second.X)
    table.write_text(rows(61))
    with pytest.raises(DataFileError, match="has changed"):
        source.load(seed=1)


@pytest.mark.parametrize("path", ["/etc/table.csv", "C:\\\\table.csv", "\\\\\\\\host\\\\t.csv"])
@pytest.mark.usefixtures("large")
def test_an_absolute_path_in_a_file_is_refused(table, tmp_path, path):
    file = table.parent / "p.netdesign"
    save(Project(data=DataPlan(source=source_of(table))), file)
    file.write_text(file.read_text().replace('"path": "table.csv"', f'"path": "{path}"'))
    with pytest.raises(FileError, match="is absolute"):
        load(file)


@pytest.mark.usefixtures("large")
def test_a_trained_model_finds_its_table_too(table, tmp_path):
    project = Project(data=DataPlan(source=source_of(table)))
    model = TrainedModel(project, {"theta": np.zeros(3)}, {"iteration": 0})
    save_model(model, table.parent / "m.safetensors")
    content = (table.parent / "m.safetensors").read_bytes()
    assert str(tmp_path).encode() not in content
    assert load_model(table.parent / "m.safetensors").project == project


def test_painted_points_are_in_the_file(tmp_path):
    source = PaintedSource(points=((0.5, -1.25, 0), (2.0, 3.0, 1)))
    project = Project(data=DataPlan(source=source))
    save(project, tmp_path / "p.netdesign")
    assert '"points": [0.5, -1.25, 0, 2.0, 3.0, 1]' in (tmp_path / "p.netdesign").read_text()
    assert load(tmp_path / "p.netdesign") == project
