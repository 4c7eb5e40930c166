"""Session: the run on its own thread, the same numbers as the engine, alive after any failure."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.files import TrainedModel
from engine.project import Project
from studio import edits
from studio.session import State
from tests.studio.conftest import small_project


def wait_for(qtbot, session, *states, timeout=10_000):
    qtbot.waitUntil(lambda: session.state in states, timeout=timeout)


def headless(project: Project) -> engine.Trainer:
    data = project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    while not trainer.finished:
        trainer.step()
    return trainer


def theta(session) -> np.ndarray:
    return session.call(lambda trainer: trainer.network.theta.copy()).result(timeout=5)


def test_a_run_in_the_window_gives_the_engines_numbers_to_the_last_bit(qtbot, session, project):
    session.play(project)
    wait_for(qtbot, session, State.FINISHED)
    expected = headless(project)
    assert np.array_equal(session.history.cost.values, expected.history.cost.values)
    assert np.array_equal(theta(session), expected.network.theta)
    assert session.history.latest == expected.history.latest


def test_pauses_and_single_steps_do_not_change_the_numbers(qtbot, session, project):
    for _ in range(5):
        session.step(project)
    wait_for(qtbot, session, State.PAUSED)
    qtbot.waitUntil(lambda: len(session.history) == 5)
    session.play(project)
    qtbot.waitUntil(lambda: len(session.history) > 30)
    session.pause()
    wait_for(qtbot, session, State.PAUSED, State.FINISHED)
    session.play(project)
    wait_for(qtbot, session, State.FINISHED)
    assert np.array_equal(session.history.cost.values, headless(project).history.cost.values)


def test_rewind_brings_back_the_very_initial_weights(qtbot, session, project):
    session.rewind(project)
    first = theta(session)
    session.step(project)
    assert not np.array_equal(theta(session), first)
    session.rewind(project)
    assert np.array_equal(theta(session), first)
    assert len(session.history) == 0
    wait_for(qtbot, session, State.READY)


def test_another_seed_gives_other_weights(qtbot, session, project):
    session.rewind(project)
    first = theta(session)
    session.rewind(edits.set_training(project, "seed", 7))
    assert not np.array_equal(theta(session), first)


def test_stop_ends_the_run_and_play_then_begins_anew(qtbot, session):
    project = small_project(epochs=100_000)
    session.play(project)
    qtbot.waitUntil(lambda: session.history is not None and len(session.history) > 50)
    session.stop()
    wait_for(qtbot, session, State.STOPPED)
    stopped = len(session.history)
    assert session.history.marks[-1].kind == "stop"
    qtbot.wait(50)
    assert len(session.history) == stopped
    session.step(project)
    wait_for(qtbot, session, State.PAUSED)
    assert len(session.history) == 1


def test_stop_and_pause_answer_soon(qtbot, session):
    project = small_project(epochs=100_000)
    session.play(project)
    wait_for(qtbot, session, State.RUNNING)
    with qtbot.waitSignal(session.state_changed, timeout=2_000):
        session.pause()
    assert session.state is State.PAUSED


def test_a_setting_changed_in_mid_run_holds_from_the_next_step_on(qtbot, session):
    project = small_project(epochs=100_000)
    session.play(project)
    qtbot.waitUntil(lambda: session.history is not None and len(session.history) > 20)
    slower = edits.set_training(
        project, "optimizer", project.training.optimizer.replace(learning_rate=0.0001)
    )
    session.adopt(slower)
    count = len(session.history)
    qtbot.waitUntil(lambda: len(session.history) > count + 20)
    assert session.history.learning_rate.values[-1] == pytest.approx(0.0001)
    assert session.history.marks[-1].kind == "change"
    assert not session.stale


def test_a_change_of_the_shape_leaves_the_run_as_it_was_and_says_so(qtbot, session, project):
    session.step(project)
    wider = edits.set_field(project, "h1", "units", 9)
    with qtbot.waitSignal(session.stale_changed, timeout=2_000) as told:
        session.adopt(wider)
    assert told.args == [True]
    with qtbot.waitSignal(session.stale_changed, timeout=2_000) as told:
        session.adopt(project)
    assert told.args == [False]


def test_play_after_a_change_of_the_shape_begins_the_changed_run(qtbot, session, project):
    session.step(project)
    wider = edits.set_field(project, "h1", "units", 9)
    session.play(wider)
    wait_for(qtbot, session, State.FINISHED)
    assert np.array_equal(session.history.cost.values, headless(wider).history.cost.values)


def test_more_epochs_let_a_finished_run_go_on(qtbot, session):
    session.play(small_project(epochs=3))
    wait_for(qtbot, session, State.FINISHED)
    session.play(small_project(epochs=6))
    wait_for(qtbot, session, State.RUNNING, State.FINISHED)
    wait_for(qtbot, session, State.FINISHED)
    qtbot.waitUntil(lambda: session.progress.epoch == 6)
    expected = headless(small_project(epochs=6)).history.cost.values
    assert np.array_equal(session.history.cost.values, expected)


def test_a_diverging_run_fails_with_layer_and_iteration_and_the_session_lives(qtbot, session):
    wild = small_project(optimizer=engine.GradientDescent(learning_rate=1000.0), epochs=1000)
    wild = edits.set_data(wild, DataPlan(source="curve"))  # squared error has no bound
    with qtbot.waitSignal(session.failed, timeout=10_000) as failure:
        session.play(wild)
    message, node = failure.args
    assert node in wild.design.nodes
    assert "at iteration" in message
    assert f"'{node}'" in message
    assert np.isfinite(theta(session)).all()
    session.play(small_project())
    wait_for(qtbot, session, State.FINISHED)


def test_an_unforeseen_exception_ends_the_run_and_not_the_window(qtbot, session, project):
    session.rewind(project)

    def sabotage(trainer):
        def fail():
            raise RuntimeError("broken on purpose")

        trainer.step = fail

    session.call(sabotage).result(timeout=5)
    with qtbot.waitSignal(session.failed, timeout=5_000) as failure:
        session.play(project)
    assert "broken on purpose" in failure.args[0]
    assert session.state is State.FAILED
    session.rewind(project)
    wait_for(qtbot, session, State.READY)


def test_data_that_cannot_be_split_are_refused_with_a_sentence(qtbot, session, project):
    tiny = project.replace(
        data=DataPlan(source={"kind": "circles", "points": 10}, train=0.98, dev=0.01, test=0.01)
    )
    with qtbot.waitSignal(session.failed, timeout=5_000) as failure:
        session.play(tiny)
    assert failure.args[0].endswith(".")


def test_an_opened_model_goes_on_to_the_last_bit(qtbot, session, project):
    for _ in range(17):
        session.step(project)
    model = session.call(lambda trainer: TrainedModel.of(project, trainer)).result(timeout=5)
    session.rewind(project)
    session.open_model(model)
    wait_for(qtbot, session, State.PAUSED)
    assert len(session.history) == 17
    session.play(project)
    wait_for(qtbot, session, State.FINISHED)
    assert np.array_equal(session.history.cost.values, headless(project).history.cost.values)


def test_work_that_fails_gives_its_error_to_the_caller(qtbot, session, project):
    session.rewind(project)
    with pytest.raises(ZeroDivisionError):
        session.call(lambda _trainer: 1 / 0).result(timeout=5)
    wait_for(qtbot, session, State.READY)


def test_closing_in_mid_run_ends_the_thread_first(qtbot):
    from studio.session import Session

    session = Session()
    session.play(small_project(epochs=100_000))
    qtbot.waitUntil(lambda: session.history is not None and len(session.history) > 10)
    started = time.perf_counter()
    session.close()
    assert time.perf_counter() - started < 5
    assert not any(thread.name == "training" for thread in threading.enumerate())
