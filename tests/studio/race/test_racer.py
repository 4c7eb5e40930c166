"""Racer: lock-step, the engine's own numbers, and a lane that breaks stops nobody else."""

import threading

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.experiments.races import RaceEntry
from studio.race.racer import Racer
from studio.running.session import State
from tests.studio.conftest import small_project


@pytest.fixture
def racer(qtbot):
    racer = Racer()
    yield racer
    racer.close()


def entries(*settings):
    return [RaceEntry(str(s), small_project(**s)) for s in settings]


def wait_for(qtbot, racer, *states):
    qtbot.waitUntil(lambda: racer.state in states)


def headless(project):
    data = project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    while not trainer.finished:
        trainer.step()
    return trainer


def test_each_lane_gives_the_numbers_that_it_gives_alone(qtbot, racer):
    variants = entries({"epochs": 5}, {"epochs": 5, "keep_prob": 0.5}, {"epochs": 9, "l2": 0.5})
    racer.prepare(variants)
    racer.play()
    wait_for(qtbot, racer, State.FINISHED)
    for entry, lane in zip(variants, racer.lanes, strict=True):
        expected = headless(entry.project)
        assert np.array_equal(lane.trainer.history.cost.values, expected.history.cost.values)
        assert np.array_equal(lane.trainer.network.theta, expected.network.theta)


def test_all_lanes_make_the_same_steps_and_begin_with_the_same_weights(qtbot, racer):
    racer.prepare(entries({}, {"optimizer": "momentum"}))
    weights = racer.call(lambda lanes: [lane.trainer.network.theta.copy() for lane in lanes])
    first, second = weights.result(timeout=30)
    assert np.array_equal(first, second)
    for count in (1, 2, 3):
        racer.step()
        made = racer.call(lambda lanes: [lane.trainer.iteration for lane in lanes])
        assert made.result(timeout=30) == [count, count]
    wait_for(qtbot, racer, State.PAUSED)
    racer.play()
    wait_for(qtbot, racer, State.RUNNING, State.FINISHED)
    racer.pause()
    made = racer.call(lambda lanes: {lane.trainer.iteration for lane in lanes})
    assert len(made.result(timeout=30)) == 1


def test_a_slow_race_obeys_at_once(qtbot, racer):
    racer.prepare(entries({"epochs": 100_000}, {"epochs": 100_000}))
    racer.limit_speed(0.001)  # the second round would come after a quarter of an hour
    racer.play()
    made = lambda: racer.call(lambda lanes: lanes[0].trainer.iteration).result(timeout=30)  # noqa: E731
    qtbot.waitUntil(lambda: made() == 1)
    racer.pause()
    wait_for(qtbot, racer, State.PAUSED)
    assert made() == 1
    racer.limit_speed(None)
    racer.play()
    qtbot.waitUntil(lambda: made() > 50)


def test_a_lane_that_breaks_says_why_and_the_others_finish(qtbot, racer):
    wild = engine.GradientDescent(learning_rate=1000.0)
    plan = DataPlan(source="curve")
    output = engine.Output(task="regression")
    variants = [
        RaceEntry(title, p.replace(data=plan, design=p.design.edit("y", task=output.task)))
        for title, p in entries({"epochs": 30}, {"epochs": 30, "optimizer": wild})
    ]
    racer.prepare(variants)
    racer.play()
    wait_for(qtbot, racer, State.FINISHED)
    tame, broken = racer.lanes
    assert tame.failure == "" and tame.trainer.epoch == 30
    assert "at iteration" in broken.failure


def test_what_cannot_run_is_refused_and_the_racer_lives(qtbot, racer):
    whole = small_project()
    broken = whole.replace(design=whole.design.remove(["h1"]))
    with qtbot.waitSignal(racer.failed) as told:
        racer.prepare([RaceEntry("a", whole), RaceEntry("b", broken)])
    assert told.args[0].endswith(".")
    racer.prepare(entries({"epochs": 1}, {"epochs": 1}))
    racer.play()
    wait_for(qtbot, racer, State.FINISHED)


def test_its_thread_lives_only_while_there_is_a_race(qtbot, racer):
    names = lambda: [t.name for t in threading.enumerate()]  # noqa: E731
    assert "race" not in names()
    for _ in range(2):
        racer.prepare(entries({"epochs": 100_000}, {"epochs": 100_000}))
        racer.play()
        wait_for(qtbot, racer, State.RUNNING)
        assert "race" in names()
        racer.close()
        assert "race" not in names()
        assert racer.state is State.EMPTY
