"""Jobs tell progress and result on the window's thread, and end when they are told to."""

import threading
from concurrent.futures import Future

import pytest

from engine import TrainingError
from studio.running.jobs import Jobs


@pytest.fixture
def jobs(qtbot):
    jobs = Jobs()
    yield jobs
    jobs.close()


def test_the_result_arrives_on_the_thread_of_the_window(jobs, qtbot):
    seen = []
    job = jobs.start(lambda job: (threading.current_thread(), 42))
    job.succeeded.connect(lambda result: seen.append((threading.current_thread(), result)))
    qtbot.waitUntil(lambda: not jobs.busy)
    (arrived_on, (worked_on, result)) = seen[0]
    assert arrived_on is threading.main_thread()
    assert worked_on is not threading.main_thread()
    assert result == 42


def test_progress_arrives_before_the_result(jobs, qtbot):
    told = []

    def work(job):
        for done in range(5):
            job.report(done + 1, 5)

    job = jobs.start(work)
    job.progressed.connect(lambda done, total: told.append((done, total)))
    job.succeeded.connect(lambda _: told.append("result"))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told[-2:] == [(5, 5), "result"]


def test_a_cancelled_job_has_no_result(jobs, qtbot):
    told = []

    def work(job):
        while True:
            job.report(0, 1)

    job = jobs.start(work)
    job.cancelled.connect(lambda: told.append("cancelled"))
    job.succeeded.connect(lambda _: told.append("succeeded"))
    job.failed.connect(told.append)
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == ["cancelled"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            TrainingError("There is no run yet.", hint="Press Play."),
            "There is no run yet. Press Play.",
        ),
        (MemoryError(), "There is not enough memory for this."),
        (ValueError("odd"), "This failed because of an internal error: ValueError: odd."),
    ],
)
def test_a_failure_is_a_sentence(jobs, qtbot, error, sentence):
    told = []

    def work(job):
        raise error

    job = jobs.start(work)
    job.failed.connect(told.append)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == [sentence]


def test_waiting_for_a_future_ends_with_its_result_or_error(jobs, qtbot):
    good, bad, told = Future(), Future(), []
    first = jobs.start(lambda job: job.result_of(good))
    first.succeeded.connect(told.append)
    second = jobs.start(lambda job: job.result_of(bad))
    second.failed.connect(told.append)
    good.set_result(7)
    bad.set_exception(TrainingError("No."))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert set(told) == {7, "No."}


def test_waiting_for_a_future_that_never_comes_can_be_cancelled(jobs, qtbot):
    never, told = Future(), []
    job = jobs.start(lambda job: job.result_of(never))
    job.cancelled.connect(lambda: told.append("cancelled"))
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == ["cancelled"]
    assert not never.cancelled()  # it belongs to the session, which may still fulfil it


def test_closing_ends_every_thread(qtbot):
    jobs = Jobs()
    for _ in range(3):
        jobs.start(lambda job: job.result_of(Future()))
    jobs.close()
    jobs.close()
    assert not any(thread.name == "job" for thread in threading.enumerate())


def test_the_terminal_has_the_details_of_an_internal_error(jobs, qtbot, capsys):
    def work(job):
        raise ValueError("odd")

    jobs.start(work)
    qtbot.waitUntil(lambda: not jobs.busy)
    told = capsys.readouterr().err
    assert "Traceback" in told and "ValueError: odd" in told
