"""Files that never answer: the window says so or offers to stop, and can always be closed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QProgressDialog, QPushButton

from engine.data import DataPlan
from engine.data.progress import ReadingCancelledError
from engine.data.tables import TableSource
from engine.files import save
from studio.running.jobs import Jobs
from studio.running.run_state import State
from studio.shell.patient_reading import PatientReading
from tests.special_files import HANG_S, KINDS

TWO_CLASSES = {"type": "category", "categories": ("no", "yes")}
COLUMNS = ({"name": "a"}, {"name": "y", "role": "target", **TWO_CLASSES})


@pytest.fixture
def share(monkeypatch):
    """A share that does not answer until the end of the test. Its event: it was asked."""
    asked, ended = threading.Event(), threading.Event()

    def wait(*_):
        asked.set()
        ended.wait(HANG_S)
        raise OSError("gone")

    monkeypatch.setattr("engine.data.tables.source.check_there", wait)
    yield asked
    ended.set()


@pytest.fixture
def told(monkeypatch):
    """The texts of boxes, which nobody has to close."""
    texts = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: texts.append(box.text()))
    return texts


def away(project, tmp_path):
    """The project with a table on that share."""
    source = TableSource(file="a", columns=COLUMNS, rows=9, sizes=(9,), path=str(tmp_path / "a"))
    return project.replace(data=DataPlan(source=source))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [".netdesign", ".safetensors"])
def test_the_window_says_what_a_special_file_is(window, tmp_path, told, kind, suffix):
    before = window.document.project
    KINDS[kind](tmp_path / f"it{suffix}")
    assert not window.files.open_path(tmp_path / f"it{suffix}")
    assert f"it is {kind}, not a file" in told[0]
    assert window.document.project is before


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"a device"})
)  # its link leads out of the folder
def test_a_project_with_special_data_opens_and_says_why_it_cannot_train(
    qtbot, window, project, tmp_path, kind
):
    (tmp_path / "home").mkdir()
    KINDS[kind](tmp_path / "home" / "a")
    save(away(project, tmp_path / "home"), tmp_path / "home" / "b.netdesign")
    assert window.files.open_path(tmp_path / "home" / "b.netdesign")
    qtbot.waitUntil(lambda: window.session.state is State.FAILED)
    qtbot.waitUntil(lambda: not window.data_views.missing.busy)


def test_opening_a_file_that_does_not_answer_can_be_cancelled(window, monkeypatch, tmp_path, told):
    ended = threading.Event()
    monkeypatch.setattr("studio.shell.files_menu.load", lambda _path: ended.wait(HANG_S))
    before, seen = window.document.project, []

    def cancel():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QProgressDialog) and not seen:
            seen.append(dialog.labelText())
            dialog.findChild(QPushButton).click()

    looking = QTimer(window, interval=10)
    looking.timeout.connect(cancel)
    looking.start()
    assert not window.files.open_path(tmp_path / "far.netdesign")
    assert seen == ["Opening “far.netdesign”…"] and told == []
    assert window.document.project is before
    ended.set()


def test_what_takes_longer_than_a_moment_still_comes(qtbot, window):
    began = Future()
    QTimer.singleShot(0, window, lambda: began.set_result(7))
    assert PatientReading(window).result(lambda: began.result(HANG_S), "Reading…") == 7
    with pytest.raises(ZeroDivisionError):
        PatientReading(window).result(lambda: 1 / 0, "Reading…")


def test_a_window_that_is_preparing_can_be_closed(qtbot, open_window, project, tmp_path, share):
    window = open_window(away(project, tmp_path))
    window.run_control.prepare()
    assert share.wait(HANG_S)
    window.document.forget_changes()
    closing = time.monotonic()
    assert window.close()
    assert time.monotonic() - closing < HANG_S / 2
    assert not window.isVisible()


def test_a_job_that_waits_for_a_share_ends_as_cancelled_when_its_window_closes(qtbot, share):
    jobs, told = Jobs(), []
    source = TableSource(file="a", columns=COLUMNS, rows=9, sizes=(9,), path="/far/a")
    job = jobs.start(lambda _job: source.load())
    job.cancelled.connect(lambda: told.append("cancelled"))
    job.failed.connect(told.append)
    job.ended.connect(lambda: told.append("ended"))
    assert share.wait(HANG_S)
    jobs.close()
    assert told == ["cancelled", "ended"] and not jobs.busy


def test_a_job_that_reads_stops_where_it_is_cancelled(qtbot):
    from engine.data.progress import Watch

    jobs, begun, raised = Jobs(), threading.Event(), []

    def read(_job):
        begun.set()
        while True:
            try:
                Watch().check()
            except ReadingCancelledError as error:
                raised.append(error)
                raise

    job = jobs.start(read)
    assert begun.wait(HANG_S)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert len(raised) == 1
