"""Data outside of a project's folder are read after a question that shows their path, once."""

from __future__ import annotations

import shutil

import pytest

from engine.data.tables import open_table, preview
from engine.files import load_project, save_project
from studio.data_window.import_dialog import with_source
from tests.studio.answers import Answers
from tests.studio.conftest import small_project

QUESTION = "uses data from outside its folder"


@pytest.fixture
def answers(qapp):
    answers = Answers(qapp)
    yield answers
    qapp.removeEventFilter(answers)


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Too large to be embedded."""
    monkeypatch.setattr("engine.data.sources.embedding.MAX_TEXT", 10)
    path = tmp_path / "private" / "table.csv"
    path.parent.mkdir()
    path.write_text("x,y,kind\n" + "1.5,2,a\n2.5,1,b\n" * 30, encoding="utf-8")
    return path


def project_on(table):
    found = preview(table)
    source = open_table(table, found.options, found.columns).source
    assert source.path == str(table)
    return with_source(small_project(), source)


@pytest.fixture
def foreign(tmp_path, table):
    """A project of somebody else that reads a file of this computer."""
    path = tmp_path / "foreign" / "p.netdesign"
    path.parent.mkdir()
    save_project(project_on(table), path)
    return path


def test_a_project_that_reads_another_folder_is_opened_after_a_question_only(
    window, answers, foreign, table
):
    before = window.document.project
    assert not window.files.open_path(foreign)
    assert QUESTION in answers.asked[0] and str(table) in answers.asked[0]
    assert window.document.project is before
    answers.answer = "Open and Use Them"
    assert window.files.open_path(foreign)
    assert window.document.project.data.source.path == str(table)
    asked = len(answers.asked)
    window.files.new()
    assert window.files.open_path(foreign)
    assert len(answers.asked) == asked  # who agreed is not asked again


def test_the_data_of_a_run_are_asked_about_too(window, answers, foreign, tmp_path):
    from engine.project.runs import Run

    project = load_project(foreign)
    run = Run("k", project.design, project.training, project.data, "", "finished", 1, 1)
    path = tmp_path / "foreign" / "run.netdesign"
    save_project(small_project().replace(runs=(run,)), path)
    assert not window.files.open_path(path)
    assert QUESTION in answers.asked[0]


def test_a_link_that_leads_out_of_the_folder_is_asked_about(window, answers, foreign, table):
    inside = foreign.with_name("table.csv")
    shutil.copy(table, inside)
    save_project(project_on(inside), foreign)
    assert window.files.open_path(foreign)
    window.files.new()
    inside.unlink()
    inside.symlink_to(table)
    assert not window.files.open_path(foreign)
    assert QUESTION in answers.asked[-1]


def test_what_was_saved_here_is_opened_without_a_question(window, answers, table, tmp_path):
    path = tmp_path / "own" / "mine.netdesign"
    path.parent.mkdir()
    window.document.edit(project_on(table), "Open a table")
    assert window.files.save_as(path)
    window.files.new()
    assert window.files.open_path(path)
    assert window.document.path == path
    assert answers.asked == []
