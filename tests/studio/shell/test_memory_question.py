"""A run that takes more than a quarter of the memory starts after a question only."""

from __future__ import annotations

import tracemalloc

import pytest

import engine
from engine.files import save_project
from studio.model import edits
from studio.running.machine import machine_memory
from studio.running.session import State
from studio.shell.stage import StageError, open_stage
from tests.studio.answers import Answers
from tests.studio.conftest import small_project

SMALL_MACHINE = 1_000_000
SENTENCE = "of memory. This computer has 1.0 MB."


@pytest.fixture
def small_machine(monkeypatch):
    monkeypatch.setattr("studio.shell.memory_question.machine_memory", lambda: SMALL_MACHINE)


def widen(window, units):
    window.document.edit(edits.set_field(window.document.project, "h1", "units", units), "Widen")


@pytest.fixture
def answers(qapp):
    answers = Answers(qapp)
    yield answers
    qapp.removeEventFilter(answers)


@pytest.mark.usefixtures("small_machine")
@pytest.mark.parametrize("command", ["play", "step", "step_epoch", "rewind"])
def test_nothing_is_trained_where_somebody_cancels(qtbot, tmp_path, command):
    save_project(small_project(), tmp_path / "a.netdesign")
    with open_stage(tmp_path / "a.netdesign") as stage:
        stage.set("h1.units", 4_000)
        stage.wait(until="idle")
        with pytest.raises(StageError) as raised:
            stage.do(command)
        assert SENTENCE in str(raised.value)
        stage.wait(until="idle")
        assert stage.main.session.progress.iteration == 0


def test_a_very_large_design_is_opened_without_weights_and_says_what_they_would_take(
    qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr("studio.shell.memory_question.machine_memory", lambda: 8 * 10**9)
    project = small_project()
    wide = engine.Dense(units=12_000)
    layers = [engine.Input(), wide, wide, engine.Output(task="binary")]
    save_project(project.replace(design=engine.Design.sequential(layers)), tmp_path / "a.netdesign")
    tracemalloc.start()
    try:
        with open_stage(tmp_path / "a.netdesign") as stage:
            stage.wait(until="idle")
            assert stage.main.session.state is State.EMPTY
            with pytest.raises(StageError, match=r"about 3\.\d GB .* has 8\.0 GB"):
                stage.do("play")
            assert stage.main.session.state is State.EMPTY
        assert tracemalloc.get_traced_memory()[1] < 300_000_000  # theta alone would take 576 MB
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("small_machine")
def test_who_agreed_is_asked_again_only_about_more(qtbot, window, answers):
    answers.answer = "Train Anyway"
    widen(window, 4_000)
    qtbot.waitUntil(lambda: not window.session.stale)
    for _ in range(2):
        window.commands["step"].trigger()
    qtbot.waitUntil(lambda: window.session.progress.iteration == 2)
    assert len(answers.asked) == 1 and SENTENCE in answers.asked[0]
    widen(window, 8_000)
    window.commands["step"].trigger()
    assert len(answers.asked) == 2


def test_a_usual_run_asks_nothing(qtbot, window, answers):
    window.commands["step"].trigger()
    qtbot.waitUntil(lambda: window.session.state is State.PAUSED)
    assert answers.asked == []


def test_this_machine_tells_how_much_memory_it_has():
    assert 2**28 < machine_memory() < 2**50
