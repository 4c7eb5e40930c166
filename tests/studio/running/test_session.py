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
from engine.project.differences import differences
from engine.project.recording import standing
from studio.model import edits
from studio.running import change_marks
from studio.running.session import State
from tests.studio.conftest import small_project


def wait_for(qtbot, session, *states, timeout=30_000):
    qtbot.waitUntil(lambda: session.state in states, timeout=timeout)


def headless(project: Project) -> engine.Trainer:
    data = project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    while not trainer.finished:
        trainer.step()
    return trainer


def theta(session) -> np.ndarray:
    return session.call(lambda trainer: trainer.network.theta.copy()).result(timeout=30)


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
    with qtbot.waitSignal(session.state_changed):
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


def seen_by(trainer):
    """What the next step will really use."""
    return {
        "learning rate": trainer.updater.learning_rate(trainer.epoch),
        "penalties": [type(p).__name__ for p in trainer.network.penalties],
        "keep_prob": [getattr(part.layer, "keep_prob", None) for part in trainer.network.parts],
        "batch": trainer.batches.peek()[0].shape[-1],
        "optimizers": {optimizer.kind for optimizer in trainer.updater.optimizers.values()},
    }


MID_RUN = {
    "learning rate": (
        lambda p: edits.set_training(
            p, "optimizer", p.training.optimizer.replace(learning_rate=0.5)
        ),
        "learning rate α 0.001 → 0.5",
        lambda seen: seen["learning rate"] == 0.5,
    ),
    "lambda": (
        lambda p: edits.set_training(p, "l2", 0.25),
        "L2 λ 0 → 0.25",
        lambda seen: len(seen["penalties"]) > 0,
    ),
    "keep_prob": (
        lambda p: edits.set_field(p, "h1", "keep_prob", 0.5),
        "keep probability of h1 inherited → 0.5",
        lambda seen: 0.5 in seen["keep_prob"],
    ),
    "batch size": (
        lambda p: edits.set_training(p, "batch_size", 10),
        "batch size 24 → 10",
        lambda seen: seen["batch"] == 10,
    ),
    "optimizer": (
        lambda p: edits.set_training(p, "optimizer", engine.Momentum(learning_rate=0.001)),
        "optimizer Adam → Momentum (learning rate α 0.001)",
        lambda seen: seen["optimizers"] == {"momentum"},
    ),
}


@pytest.mark.parametrize("name", list(MID_RUN))
def test_a_change_in_mid_run_is_used_by_the_next_step_and_named_on_the_curves(
    qtbot, session, project, name
):
    edit, text, is_used = MID_RUN[name]
    for _ in range(2):
        session.step(project)
    assert not is_used(session.call(seen_by).result(timeout=30))
    session.adopt(edit(project))
    assert is_used(session.call(seen_by).result(timeout=30))
    session.step(edit(project))
    session.call(id).result(timeout=30)
    (mark,) = standing(session.history.marks)
    assert (mark.iteration, mark.kind, mark.text) == (2, "change", text)
    assert not session.stale


@pytest.mark.parametrize("name", list(MID_RUN))
def test_a_run_changed_on_the_way_equals_the_engines_own(qtbot, session, project, name):
    edit, _, _ = MID_RUN[name]
    for _ in range(7):
        session.step(project)
    session.play(edit(project))
    wait_for(qtbot, session, State.FINISHED)
    data = project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    for _ in range(7):
        trainer.step()
    trainer.adopt(edit(project).training, edit(project).design)
    while not trainer.finished:
        trainer.step()
    assert np.array_equal(session.history.cost.values, trainer.history.cost.values)
    assert session.progress.iteration == session.progress.iterations == trainer.iteration


def test_ticks_of_a_spin_box_become_one_mark_and_taking_them_back_none(qtbot, session, project):
    session.step(project)
    for value in (0.1, 0.2, 0.3):
        session.adopt(edits.set_training(project, "l2", value))
    session.call(id).result(timeout=30)
    assert [mark.text for mark in standing(session.history.marks)] == ["L2 λ 0 → 0.3"]
    session.adopt(project)
    session.call(id).result(timeout=30)
    assert standing(session.history.marks) == []


def test_changes_at_different_places_of_the_run_are_marks_of_their_own(
    session, project, monkeypatch
):
    monkeypatch.setattr(change_marks, "MERGE_S", -1.0)  # no two changes come in quick succession
    session.step(project)
    session.adopt(edits.set_training(project, "l2", 0.1))
    session.step(edits.set_training(project, "l2", 0.1))
    session.adopt(edits.set_training(project, "l2", 0.2))
    session.call(id).result(timeout=30)
    texts = [mark.text for mark in standing(session.history.marks)]
    assert texts == ["L2 λ 0 → 0.1", "L2 λ 0.1 → 0.2"]


def test_an_initializer_that_changes_before_the_first_step_draws_the_weights_anew(
    qtbot, session, project
):
    session.rewind(project)
    assert theta(session).any()
    zeros = edits.set_training(project, "initializer", "zeros")
    session.adopt(zeros)
    session.step(zeros)
    wait_for(qtbot, session, State.PAUSED)
    data = zeros.data.build()
    expected = engine.Trainer(engine.Network(zeros.design, zeros.training, data=data), data)
    expected.step()
    assert np.array_equal(theta(session), expected.network.theta)
    assert session.deferred == ()


def test_an_initializer_that_changes_in_mid_run_waits_for_rewind_and_says_so(
    qtbot, session, project
):
    session.step(project)
    wait_for(qtbot, session, State.PAUSED)
    for changed in (
        edits.set_training(project, "initializer", "zeros"),
        edits.set_field(project, "h1", "initializer", "xavier"),
    ):
        with qtbot.waitSignal(session.deferred_changed) as told:
            session.adopt(changed)
        (difference,) = told.args[0]
        assert difference.titles == ("Initializer",)
        with qtbot.waitSignal(session.run_recorded) as recorded:
            session.step(changed)
        assert not session.stale and standing(session.history.marks) == []
        run = recorded.args[0]
        assert (run.training, run.design) == (project.training, project.design)
    with qtbot.waitSignal(session.deferred_changed) as told:
        session.adopt(project)
    assert told.args[0] == ()


def test_a_step_by_epoch_trains_to_the_next_end_of_an_epoch_and_holds(qtbot, session, project):
    session.step(project)
    for epochs in (1, 2, 3):
        session.step_epoch(project)
        qtbot.waitUntil(lambda epochs=epochs: session.progress.epoch == epochs)
        wait_for(qtbot, session, State.PAUSED)
        assert session.call(lambda t: t.iteration).result(timeout=30) == 3 * epochs
    assert standing(session.history.marks) == []
    session.play(project)
    wait_for(qtbot, session, State.FINISHED)
    assert np.array_equal(session.history.cost.values, headless(project).history.cost.values)


def test_the_last_step_by_epoch_finishes_the_run(qtbot, session):
    session.step_epoch(small_project(epochs=1))
    wait_for(qtbot, session, State.FINISHED)


def test_pause_interrupts_a_step_by_epoch_and_a_second_one_ends_the_same_epoch(
    qtbot, session, project
):
    session.limit_speed(1)
    session.step_epoch(project)
    wait_for(qtbot, session, State.RUNNING)
    session.pause()
    wait_for(qtbot, session, State.PAUSED)
    assert session.progress.iteration < 3
    session.limit_speed(None)
    session.step_epoch(project)
    qtbot.waitUntil(lambda: session.progress.epoch == 1)
    wait_for(qtbot, session, State.PAUSED)
    assert session.progress.iteration == 3


def test_a_slow_run_waits_for_the_next_step_on_the_queue_so_that_commands_act_at_once(
    qtbot, session
):
    session.limit_speed(0.001)  # the second step would come after a quarter of an hour
    session.play(small_project(epochs=100_000))
    qtbot.waitUntil(lambda: session.progress.iteration == 1)
    assert session.call(lambda t: t.iteration).result(timeout=30) == 1
    session.pause()
    wait_for(qtbot, session, State.PAUSED)
    assert session.progress.iteration == 1
    session.play(small_project(epochs=100_000))  # the first step after Play is due at once
    qtbot.waitUntil(lambda: session.progress.iteration == 2)
    session.limit_speed(None)
    qtbot.waitUntil(lambda: session.progress.iteration > 100)


def test_the_speed_limit_changes_no_number(qtbot, session):
    project = small_project(epochs=10)
    session.limit_speed(1_000)
    session.play(project)
    wait_for(qtbot, session, State.FINISHED)
    assert np.array_equal(theta(session), headless(project).network.theta)


def test_a_run_is_recorded_whenever_it_comes_to_rest_with_one_key(qtbot, session, project):
    runs = []
    session.run_recorded.connect(lambda run, _owner: runs.append(run))
    session.step_epoch(project)
    qtbot.waitUntil(lambda: len(runs) == 1)
    session.play(project)
    qtbot.waitUntil(lambda: len(runs) == 2)
    assert [run.state for run in runs] == ["paused", "finished"]
    assert runs[0].key == runs[1].key
    assert differences(runs[1], project) == []
    costs = session.history.cost.values.astype("float32")
    assert np.array_equal(runs[1].curves["cost"].points[1], costs)
    session.rewind(project)
    session.step(project)
    session.rewind(project)
    qtbot.waitUntil(lambda: len(runs) == 3)
    assert (runs[2].iteration, runs[2].state) == (1, "paused")
    assert runs[2].key != runs[1].key


def test_settings_that_no_step_used_are_not_in_the_record(qtbot, session, project):
    runs = []
    session.run_recorded.connect(lambda run, _owner: runs.append(run))
    session.step(project)
    changed = edits.set_training(project, "l2", 0.5)
    session.adopt(changed)
    session.rewind(changed)
    qtbot.waitUntil(lambda: len(runs) == 1)
    assert runs[0].training == project.training


def test_a_run_belongs_to_the_project_that_was_open_when_it_began(qtbot, session, project):
    owners = []
    session.run_recorded.connect(lambda _run, owner: owners.append(owner))
    session.step(project)
    session.change_owner(1)
    session.rewind(project)
    session.step(project)
    session.rewind(project)
    qtbot.waitUntil(lambda: len(owners) == 2)
    assert owners == [0, 1]


def test_a_change_of_the_shape_leaves_the_run_as_it_was_and_says_so(qtbot, session, project):
    session.step(project)
    wider = edits.set_field(project, "h1", "units", 9)
    with qtbot.waitSignal(session.stale_changed) as told:
        session.adopt(wider)
    assert told.args == [True]
    with qtbot.waitSignal(session.stale_changed) as told:
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
    with qtbot.waitSignal(session.failed) as failure:
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

    session.call(sabotage).result(timeout=30)
    with qtbot.waitSignal(session.failed) as failure:
        session.play(project)
    assert "broken on purpose" in failure.args[0]
    assert session.state is State.FAILED
    session.rewind(project)
    wait_for(qtbot, session, State.READY)


def test_data_that_cannot_be_split_are_refused_with_a_sentence(qtbot, session, project):
    tiny = project.replace(
        data=DataPlan(source={"kind": "circles", "points": 10}, train=0.98, dev=0.01, test=0.01)
    )
    with qtbot.waitSignal(session.failed) as failure:
        session.play(tiny)
    assert failure.args[0].endswith(".")


def test_an_opened_model_goes_on_to_the_last_bit(qtbot, session, project):
    for _ in range(17):
        session.step(project)
    model = session.call(lambda trainer: TrainedModel.of(project, trainer)).result(timeout=30)
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
        session.call(lambda _trainer: 1 / 0).result(timeout=30)
    wait_for(qtbot, session, State.READY)


def test_closing_in_mid_run_ends_the_thread_first(qtbot):
    from studio.running.session import Session

    session = Session()
    session.play(small_project(epochs=100_000))
    qtbot.waitUntil(lambda: session.history is not None and len(session.history) > 10)
    started = time.perf_counter()
    session.close()
    assert time.perf_counter() - started < 5
    assert not any(thread.name == "training" for thread in threading.enumerate())


@pytest.mark.parametrize("gesture", ["step", "step_epoch", "pause", "stop"])
def test_scores_are_there_wherever_a_run_comes_to_rest(qtbot, session, project, gesture):
    if gesture in ("step", "step_epoch"):
        getattr(session, gesture)(project)
    else:
        session.limit_speed(200.0)
        session.play(project)
        qtbot.waitUntil(lambda: session.history is not None and len(session.history) > 3)
        getattr(session, gesture)()
    wait_for(qtbot, session, State.PAUSED, State.STOPPED)
    latest = session.history.latest
    assert latest["iteration"] == len(session.history)
    found = session.call(lambda trainer: trainer.evaluate()).result(timeout=5)
    assert {name: latest[name] for name in found} == found
