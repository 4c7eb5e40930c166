"""Every reader against thousands of structural mutations of rich files: each is opened or refused
with a sentence, and whatever opens is saved and opened again as it is.

With --mutations 10000, or any other number, there are so many for each kind of file.
"""

from __future__ import annotations

import json

import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from engine.data import DataPlan
from engine.data.tables import open_table, preview
from engine.errors import EngineError, FileError
from engine.files import TrainedModel, dumps, load, loads, save
from engine.files.json_text import from_text
from engine.files.netdesign import to_json
from engine.project import Project
from tests.engine.files.mutations import as_text, mutated, mutated_bytes
from tests.engine.files.rich import TABLE, rich_model, rich_project

pytestmark = pytest.mark.oracle

randoms = st.randoms(use_true_random=False)


def many(request, share, run):
    """Call run(random) for this share of the mutations that are asked for."""
    count = max(1, round(share * request.config.getoption("--mutations")))
    checks = list(HealthCheck)
    hypothesis = settings(
        max_examples=count, deadline=None, database=None, derandomize=True,
        suppress_health_check=checks,
    )  # fmt: skip
    hypothesis(given(randoms)(run))()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def rich(home):
    return to_json(rich_project(home), home)


def keeps(project, home):
    """Saves and opens it again."""
    saved = dumps(project, home)
    again = loads(saved, folder=home)
    assert again == project
    assert dumps(again, home) == saved


def test_designs_by_their_structure(request, rich, home):
    def run(random):
        try:
            project = loads(as_text(mutated(rich, random.randrange)), "a", home)
        except FileError:
            return
        keeps(project, home)
        engine.check(project.design, project.training, project.data.source.fit())

    many(request, 1.0, run)


def test_designs_by_their_bytes(request, rich, home):
    content = json.dumps(rich, indent=1).encode()

    def run(random):
        path = home / "a.netdesign"
        path.write_bytes(mutated_bytes(content, random.randrange))
        try:
            project = load(path)
        except FileError:
            return
        keeps(project, home)

    many(request, 0.3, run)


def encodable(name):
    """A name that the format can hold: half a character is written out."""
    return name.encode("utf-8", "backslashreplace").decode()


def test_models_by_their_structure_and_bytes(request, home):
    model = rich_model()
    values = {"project": to_json(model.project), "run": dict(model.values)}
    arrays = dict(model.arrays)
    path = home / "m.safetensors"

    def run(random):
        changed = mutated(values, random.randrange)
        metadata = {"format": "backprop-studio model", "version": "2"}
        metadata |= {encodable(name): as_text(value) for name, value in changed.items()}
        content = safetensors.numpy.save(arrays, metadata)
        if random.randrange(3) == 0:
            content = mutated_bytes(content, random.randrange)
        path.write_bytes(content)
        try:
            opened = load(path)
            save(opened, home / "again.safetensors")
            again = load(home / "again.safetensors")
        except FileError:
            return
        assert isinstance(again, TrainedModel) and again.project == opened.project
        assert from_text(json.dumps(dict(again.values)), "") == dict(opened.values)
        try:
            opened.trainer()
        except EngineError as error:
            assert str(error)

    many(request, 0.2, run)


def test_tables_by_their_bytes(request, home):
    content, path = TABLE.encode(), home / "t.csv"

    def run(random):
        path.write_bytes(mutated_bytes(content, random.randrange))
        try:
            found = preview(path)
            source = open_table(path, found.options, found.columns, skip_bad=True).source
        except EngineError as error:
            assert str(error)
            return
        keeps(Project(data=DataPlan(source=source)), home)

    many(request, 0.1, run)
