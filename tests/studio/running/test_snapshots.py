"""Heavy views: computed from a copy, beside the training, at most four times a second."""

import itertools
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.probes.private_pass import forward_of, next_step, own_network
from engine.probes.snapshot import Snapshot
from studio.running import snapshots
from studio.running.session import State
from studio.running.snapshots import SnapshotFeed
from tests.studio.conftest import small_project


def trained(qtbot, session, steps=3):
    for _ in range(steps):
        session.step(small_project())
    qtbot.waitUntil(lambda: session.progress.iteration == steps)


def test_a_snapshot_is_a_copy_with_the_next_batch_and_its_dropout(qtbot, session):
    trained(qtbot, session)
    snapshot = session.call(Snapshot.of).result()
    theta, rng, batch = session.call(
        lambda t: (t.network.theta.copy(), t.network.rng.state(), t.batches.peek())
    ).result()
    assert np.array_equal(snapshot.network.theta, theta)
    assert snapshot.network.rng.state() == rng
    assert all(np.array_equal(a, b) for a, b in zip(snapshot.batch, batch, strict=True))
    snapshot.network.rng.dropout.random()
    assert session.call(lambda t: t.network.rng.state()).result() == rng


def test_nobody_can_write_into_a_snapshot_but_into_a_copy_of_it(qtbot, session):
    trained(qtbot, session)
    snapshot = session.snapshot().result()
    network = snapshot.network
    arrays = [network.theta, network.gradient, *network.parameters.values()]
    arrays += [a for part in network.parts for a in (*part.params.values(), *part.state.values())]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(ValueError, match=r"read-only|not acceptable"):  # NumPy says either
        network.learn_from(*snapshot.batch)
    own_network(snapshot).learn_from(*snapshot.batch)


def test_an_answer_is_computed_on_another_thread_and_told_on_the_windows(qtbot, session, workbench):
    trained(qtbot, session)
    names = []

    def compute(snapshot, question):
        names.append(threading.current_thread().name)
        return snapshot.network.predict(question)

    feed = SnapshotFeed(workbench, compute, workbench)
    X = np.zeros((2, 5), np.float32)
    told = []
    feed.ready.connect(lambda *_: told.append(threading.current_thread()))
    with qtbot.waitSignal(feed.ready) as signal:
        assert feed.ask(session.moment(), X)
    expected = session.call(lambda trainer: trainer.network.predict(X)).result()
    assert np.array_equal(signal.args[0], expected)
    assert signal.args[1] is X
    assert names[0].startswith("views")
    assert told == [threading.main_thread()]


def test_one_question_at_a_time(qtbot, session, workbench):
    trained(qtbot, session)
    go_on = threading.Event()
    feed = SnapshotFeed(workbench, lambda _snapshot, _question: go_on.wait(10), workbench)
    with qtbot.waitSignal(feed.ready):
        assert feed.ask(session.moment())
        assert not feed.ask(session.moment())
        go_on.set()


def test_views_share_a_copy_until_training_goes_on(qtbot, session, workbench):
    trained(qtbot, session)
    first = session.moment().snapshot()
    assert session.moment().snapshot() is first
    session.step(small_project())
    qtbot.waitUntil(lambda: session.moment().iteration == 4)
    snapshot = session.moment().snapshot()
    assert snapshot is not first
    assert snapshot.result().iteration == 4


def test_views_of_one_moment_share_a_copy_while_training_goes_on(qtbot, session, workbench):
    session.play(small_project(epochs=100_000))
    qtbot.waitUntil(lambda: session.moment().iteration > 10)
    moment = session.moment()
    snapshot = moment.snapshot()
    qtbot.waitUntil(lambda: session.moment().iteration > moment.iteration + 10)
    assert moment.snapshot() is snapshot
    assert session.moment().snapshot() is not snapshot
    session.pause()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    at_rest = session.moment().snapshot().result()
    assert at_rest.origin.key == session.moment().origin.key


def test_another_setting_at_the_same_iteration_is_another_snapshot(qtbot, session):
    trained(qtbot, session)
    before = session.moment().snapshot().result()
    session.adopt(small_project(l2=0.5))
    qtbot.waitUntil(lambda: session.moment().project.training.l2 == 0.5)
    after = session.moment().snapshot().result()
    assert before.iteration == after.iteration == 3
    assert before.origin.key != after.origin.key
    assert after.network.settings.l2 == 0.5 != before.network.settings.l2


def test_what_a_snapshot_has_computed_it_keeps(qtbot, session):
    trained(qtbot, session)
    snapshot = session.snapshot().result()
    assert next_step(snapshot) is next_step(snapshot)
    assert forward_of(snapshot, training=True) is forward_of(snapshot, training=True)
    assert forward_of(snapshot, training=True) is not forward_of(snapshot, training=False)
    other = session.snapshot().result()
    assert next_step(other) is not next_step(snapshot)
    assert next_step(other)[1].cost == next_step(snapshot)[1].cost


def test_a_failure_is_a_sentence_and_not_the_end(qtbot, session, workbench):
    trained(qtbot, session)
    answers = iter([ZeroDivisionError("by nothing")])

    def compute(_snapshot, _question):
        for error in answers:
            raise error
        return "well"

    feed = SnapshotFeed(workbench, compute, workbench)
    with qtbot.waitSignal(feed.failed) as failure:
        feed.ask(session.moment())
    assert "by nothing" in failure.args[0]
    qtbot.waitUntil(lambda: feed.ask(session.moment()))
    with qtbot.waitSignal(feed.ready) as signal:
        pass
    assert signal.args[0] == "well"


def test_without_a_run_the_question_fails_with_a_way_out(qtbot, session, workbench):
    feed = SnapshotFeed(workbench, lambda _snapshot, _question: None, workbench)
    with qtbot.waitSignal(feed.failed) as failure:
        feed.ask(session.moment())
    assert "Press Play" in failure.args[0]


def test_nothing_is_computed_after_closing(qtbot, session, workbench):
    trained(qtbot, session)
    asked = []
    feed = SnapshotFeed(workbench, lambda *_: asked.append(1), workbench)
    workbench.close()
    feed.ask(session.moment())
    session.call(lambda trainer: None).result()
    workbench.close()
    assert asked == []


def test_a_costly_view_asks_less_often_while_a_run_is_on(qtbot, session, workbench, monkeypatch):
    trained(qtbot, session)
    spent, now = itertools.count(0, 0.04), [100.0]  # seconds of a core: at 4 %, once a second
    clock = SimpleNamespace(thread_time=lambda: next(spent), monotonic=lambda: now[0])
    monkeypatch.setattr(snapshots, "time", clock)
    feed = SnapshotFeed(workbench, lambda _snapshot, _question: None, workbench)
    with qtbot.waitSignal(feed.ready):
        assert feed.ask(session.moment())
    now[0] += 0.5
    assert not feed.ask(replace(session.moment(), state=State.RUNNING))
    with qtbot.waitSignal(feed.ready):
        assert feed.ask(session.moment())
