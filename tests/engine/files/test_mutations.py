"""Structural mutations of rich files: each is opened or refused with a sentence, and what is opened
can be saved and opened again. Many more of them run with --oracles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FileError
from engine.files import dumps, loads
from engine.files.netdesign import to_json
from tests.engine.files.mutations import as_text, mutated
from tests.engine.files.rich import rich_project


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def rich(home):
    return rich_project(home)


def test_a_rich_project_is_saved_and_opened_as_it_is(rich, home):
    assert loads(dumps(rich, home), folder=home) == rich


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_mutation_of_a_design_leads_to_a_traceback(rich, home, random):
    text = as_text(mutated(to_json(rich, home), random.randrange))
    try:
        project = loads(text, "my.netdesign", home)
    except FileError as error:
        assert "my.netdesign" in str(error)
        return
    saved = dumps(project, home)
    assert loads(saved, folder=home) == project
    assert dumps(loads(saved, folder=home), home) == saved
