"""Heavy views: computed from a copy, beside the training, at most four times a second."""

import threading

import numpy as np

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
        lambda t: (t.network.theta.copy(), t.network.rng.bit_generator.state, t.batches.peek())
    ).result()
    assert np.array_equal(snapshot.network.theta, theta)
    assert snapshot.network.rng.bit_generator.state == rng
    assert all(np.array_equal(a, b) for a, b in zip(snapshot.batch, batch, strict=True))
    snapshot.network.theta[:] = 0
    snapshot.network.rng.random()
    assert np.array_equal(session.call(lambda t: t.network.theta.copy()).result(), theta)
    assert session.call(lambda t: t.network.rng.bit_generator.state).result() == rng


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
        assert feed.ask(session, X)
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
        assert feed.ask(session)
        assert not feed.ask(session)
        go_on.set()


def test_views_share_a_copy_until_training_goes_on(qtbot, session, workbench):
    trained(qtbot, session)
    first = workbench.snapshot(session)
    assert workbench.snapshot(session) is first
    session.step(small_project())
    qtbot.waitUntil(lambda: session.progress.iteration == 4)
    qtbot.waitUntil(lambda: workbench.snapshot(session) is not first)
    assert workbench.snapshot(session).result().iteration == 4


def test_a_failure_is_a_sentence_and_not_the_end(qtbot, session, workbench):
    trained(qtbot, session)
    answers = iter([ZeroDivisionError("by nothing")])

    def compute(_snapshot, _question):
        for error in answers:
            raise error
        return "well"

    feed = SnapshotFeed(workbench, compute, workbench)
    with qtbot.waitSignal(feed.failed) as failure:
        feed.ask(session)
    assert "by nothing" in failure.args[0]
    qtbot.waitUntil(lambda: feed.ask(session))
    with qtbot.waitSignal(feed.ready) as signal:
        pass
    assert signal.args[0] == "well"


def test_without_a_run_the_question_fails_with_a_way_out(qtbot, session, workbench):
    feed = SnapshotFeed(workbench, lambda _snapshot, _question: None, workbench)
    with qtbot.waitSignal(feed.failed) as failure:
        feed.ask(session)
    assert "Press Play" in failure.args[0]


def test_nothing_is_computed_after_closing(qtbot, session, workbench):
    trained(qtbot, session)
    asked = []
    feed = SnapshotFeed(workbench, lambda *_: asked.append(1), workbench)
    workbench.close()
    feed.ask(session)
    session.call(lambda trainer: None).result()
    workbench.close()
    assert asked == []


def test_a_costly_view_asks_less_often_while_a_run_is_on(qtbot, session, workbench, monkeypatch):
    trained(qtbot, session)
    feed = SnapshotFeed(workbench, lambda _snapshot, _question: None, workbench)
    with qtbot.waitSignal(feed.ready):
        assert feed.ask(session)
    feed._seconds = 0.04  # of a core: at a share of 4 %, once a second
    now = feed._asked_at
    monkeypatch.setattr(snapshots.time, "monotonic", lambda: now + 0.5)
    session.state = State.RUNNING
    assert not feed.ask(session)
    session.state = State.PAUSED
    with qtbot.waitSignal(feed.ready):
        assert feed.ask(session)
