"""Recovery: what a crash leaves behind is found, offered once, and gone after a clean close."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLockFile, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

import engine
from engine.data.sources import embedding
from engine.data.tables import open_table, preview
from engine.files import dumps, load_project, loads
from engine.project import Project
from engine.project.runs import Run
from studio.model import edits
from studio.model.document import Document
from studio.model.recovery import Recovery
from studio.shell.recovery_dialog import RecoveryDialog, offer
from tests.studio.conftest import small_project

ROOT = Path(__file__).parents[3]
NEVER_MS = 3_600_000
FRAME_S = 0.016
CRASHING = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
import engine
from engine.project import Project
from engine.project.runs import Run
from studio.model import edits
from studio.model.document import Document
from studio.model.recovery import Recovery

app = QApplication([])
layers = [engine.Input(), engine.Dense(), engine.Output()]
design = engine.Design.sequential(layers, ["x", "h", "y"])
document = Document(Project(design))
document.path = Path(sys.argv[2])
recovery = Recovery(document, interval_ms=50, folder=Path(sys.argv[1]))
recovery.saved.connect(lambda: print("saved", flush=True))
document.try_edit(lambda p: edits.set_field(p, "h", "units", 77), "Change units")
app.exec()
"""

LONG = 1_000_000
"""Epochs that nobody waits for."""
CRASHING_IN_TRAINING = f"""
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from studio.model.document import Document
from studio.model.recovery import Recovery
from studio.running.session import Session
from tests.studio.conftest import small_project

app = QApplication([])
document = Document(small_project(epochs={LONG}))
session = Session()
recovery_folder = Path(sys.argv[1])
recovery = Recovery(document, interval_ms=50, folder=recovery_folder, run=session)
has_run = lambda: any('"weights"' in p.read_text() for p in recovery_folder.glob("*.recovery"))
recovery.saved.connect(lambda: has_run() and print("saved", flush=True))
session.play(document.project)
app.exec()
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recovery"


@pytest.fixture
def recoveries(folder):
    """Makes recoveries that work by hand only and are closed in the end."""
    made = []

    def make(document, interval_ms=NEVER_MS, run=None):
        made.append(Recovery(document, interval_ms=interval_ms, folder=folder, run=run))
        return made[-1]

    yield make
    for recovery in made:
        recovery.close()


def change(document, units):
    reason = document.try_edit(lambda p: edits.set_field(p, "h1", "units", units), "Change units")
    assert reason == ""


def save_and_wait(qtbot, recovery):
    with qtbot.waitSignal(recovery.saved):
        recovery.save()


def crash(folder, original, script=CRASHING):
    """A process that edits or trains, keeps a recovery file, and is killed without a chance to say
    so."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder), str(original)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    with process:
        line = process.stdout.readline()
        process.kill()
    assert line == b"saved\n"


def names(folder):
    return sorted(path.suffix for path in folder.iterdir())


def test_after_a_kill_the_next_start_finds_the_unsaved_project(
    qtbot, recoveries, document, folder, tmp_path
):
    original = tmp_path / "mine.netdesign"
    crash(folder, original)
    recovery = recoveries(document)
    (orphan,) = recovery.orphans()
    assert orphan.original == original
    assert orphan.project.design.nodes["h"].units == 77
    assert abs((datetime.now() - orphan.saved_at).total_seconds()) < 60
    recovery.restore(orphan)
    assert document.project == orphan.project
    assert document.path == original
    assert document.modified
    assert not document.undo_stack.canUndo()
    recovery.close()
    assert list(folder.iterdir()) == []


def test_a_crash_after_recovering_loses_nothing(qtbot, recoveries, document, folder, tmp_path):
    crash(folder, tmp_path / "mine.netdesign")
    recovery = recoveries(document)
    (orphan,) = recovery.orphans()
    with qtbot.waitSignal(recovery.saved):
        recovery.restore(orphan)
    qtbot.waitUntil(lambda: not orphan.path.exists())
    (kept,) = folder.glob("*.recovery")
    assert "77" in json.loads(kept.read_text())["project"]


def test_each_orphan_is_offered_to_one_window_and_again_when_that_window_left_it(
    qtbot, recoveries, document, folder, tmp_path
):
    crash(folder, tmp_path / "mine.netdesign")
    first, second = recoveries(document), recoveries(Document())
    assert len(first.orphans()) == 1
    assert len(first.orphans()) == 1
    assert second.orphans() == []
    first.close()
    assert len(second.orphans()) == 1


def test_a_discarded_orphan_is_gone(qtbot, recoveries, document, folder, tmp_path):
    crash(folder, tmp_path / "mine.netdesign")
    recovery = recoveries(document)
    recovery.discard(recovery.orphans()[0])
    assert recovery.orphans() == []
    assert list(folder.iterdir()) == []


def test_the_file_of_a_living_window_is_no_orphan(qtbot, recoveries, document):
    living, other = recoveries(document), recoveries(Document())
    change(document, 5)
    save_and_wait(qtbot, living)
    assert other.orphans() == []


def test_the_timer_saves_what_changed_and_only_that(qtbot, recoveries, document, folder):
    recovery = recoveries(document, interval_ms=20)
    qtbot.wait(100)
    assert not folder.exists()
    with qtbot.waitSignal(recovery.saved):
        change(document, 5)
    (path,) = folder.glob(f"{os.getpid()}-*.recovery")
    written = path.stat().st_mtime_ns
    qtbot.wait(100)
    assert path.stat().st_mtime_ns == written
    with qtbot.waitSignal(recovery.saved):
        change(document, 6)
    assert path.stat().st_mtime_ns != written


def test_nothing_is_kept_while_nothing_is_unsaved(qtbot, recoveries, document, folder, tmp_path):
    recovery = recoveries(document)
    recovery.save()
    change(document, 5)
    save_and_wait(qtbot, recovery)
    assert names(folder) == [".lock", ".recovery"]
    document.save(tmp_path / "a.netdesign")
    qtbot.waitUntil(lambda: list(folder.iterdir()) == [])
    assert recovery.saved_at is None
    change(document, 6)
    save_and_wait(qtbot, recovery)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: list(folder.iterdir()) == [])


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format": "backprop-studio recovery"}',
        b"null",
    ],
)
def test_a_damaged_recovery_file_is_put_aside(qtbot, recoveries, document, folder, content):
    folder.mkdir()
    (folder / "1-a.recovery").write_bytes(content)
    recovery = recoveries(document)
    assert recovery.orphans() == []
    assert names(folder) == [".damaged"]
    assert (folder / "1-a.damaged").read_bytes() == content


def test_a_recovery_file_cut_short_at_any_place_is_never_an_exception(
    qtbot, recoveries, document, folder
):
    recovery = recoveries(document)
    change(document, 5)
    save_and_wait(qtbot, recovery)
    (path,) = folder.glob("*.recovery")
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        (folder / f"1-{length}.recovery").write_bytes(whole[:length])
    assert recovery.orphans() == []


def test_a_folder_that_cannot_be_written_is_told_once(qtbot, document, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    recovery = Recovery(document, interval_ms=NEVER_MS, folder=tmp_path / "file")
    told = []
    recovery.failed.connect(told.append)
    change(document, 5)
    with qtbot.waitSignal(recovery.failed):
        recovery.save()
    change(document, 6)
    recovery.save()
    recovery.close()
    qtbot.wait(20)
    assert len(told) == 1
    assert told[0].startswith("Recovery copies cannot be saved.")


def poison(**changes):
    """A recovery file that is right but for these values."""
    values = {
        "format": "backprop-studio recovery",
        "original": None,
        "checksum": "",
        "saved_at": "2026-01-02T03:04:05",
        "project": dumps(Project()),
    }
    return json.dumps({**values, **changes}).encode()


def with_position(x):
    """The text of a design whose only layer stands at this place."""
    layers = {"x": engine.Input()}
    text = dumps(Project(engine.Design(layers), positions={"x": (12345.0, 0.0)}))
    assert "12345.0" in text
    return text.replace("12345.0", x)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"1" * 5_000,
        poison(saved_at="0001-01-01T00:00:00"),
        poison(saved_at=7),
        poison(original="a\0b"),
        poison(original=["x"]),
        poison(project=with_position("1" + "0" * 400)),
        poison(project=with_position("1e999")),
        poison(project=None),
        poison(places=3),
        poison(places=[{}, {}]),
        poison(places=[{"source": 5}]),
        poison(places=[{"nothing": "x"}]),
        poison(run={}),
        poison(run={"key": "k", "weights": "w", "places": {}}),
        poison(run=[]),
    ],
)
def test_no_poisonous_file_hides_another_one(qtbot, recoveries, document, folder, content):
    folder.mkdir()
    (folder / "1-a.recovery").write_bytes(content)
    (folder / "2-b.recovery").write_bytes(poison(saved_at="2026-01-02T03:04:05+02:00"))
    (folder / "3-c.recovery").write_bytes(poison())
    assert len(recoveries(document).orphans()) == 2
    assert (folder / "1-a.damaged").read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_neither_a_pipe_nor_a_folder_of_that_name_is_waited_for(
    qtbot, recoveries, document, folder
):
    (folder / "1-a.recovery").mkdir(parents=True)
    os.mkfifo(folder / "2-b.recovery")
    (folder / "3-c.recovery").write_bytes(poison())
    assert len(recoveries(document).orphans()) == 1


def test_nobody_else_may_read_what_was_kept(qtbot, recoveries, document, folder, session, project):
    session.step(project)
    qtbot.waitUntil(lambda: session.position[1] == 1)
    recovery = recoveries(document, run=session)
    change(document, 5)
    recovery.save()
    qtbot.waitUntil(lambda: len(list(folder.glob("*.safetensors"))) == 1)
    assert folder.stat().st_mode & 0o077 == 0
    for path in (*folder.glob("*.recovery"), *folder.glob("*.safetensors")):
        assert path.stat().st_mode & 0o777 == 0o600


def test_data_on_another_drive_hinder_no_recovery(
    qtbot, recoveries, document, folder, tmp_path, monkeypatch
):
    source = large_table(tmp_path, monkeypatch)
    plan = document.project.data.replace(source=source)
    assert document.try_edit(lambda p: edits.set_data(p, plan), "Open a table") == ""
    monkeypatch.setattr(os.path, "relpath", no_path_between_drives)
    save_and_wait(qtbot, recoveries(document))
    monkeypatch.setattr("studio.model.recovery_folder.lock_of", other_lock)
    (orphan,) = recoveries(Document(Project())).orphans()
    assert orphan.project.data.source.path == source.path


def no_path_between_drives(path, start):
    raise ValueError("path is on mount 'D:', start on mount 'C:'")


def test_weights_and_parts_that_died_while_they_were_written_are_swept_away(
    qtbot, recoveries, document, folder
):
    folder.mkdir()
    kept = (folder / "1-a-0123abcd.safetensors", folder / "1-a.recovery", folder / ".b.new.part")
    swept = (folder / "2-b-0123abcd.safetensors", folder / ".b.old.part")
    for path in (*kept, *swept):
        path.write_bytes(poison())
    os.utime(swept[1], (0, 0))
    recoveries(document).close()
    assert sorted(folder.iterdir()) == sorted(kept)


def test_a_run_that_a_kill_ended_goes_on_with_its_curves_to_the_same_last_bit(
    qtbot, recoveries, document, folder, session, project, tmp_path
):
    crash(folder, tmp_path / "mine.netdesign", CRASHING_IN_TRAINING)
    recovery = recoveries(document, run=session)
    (orphan,) = recovery.orphans()
    record = orphan.run.record
    assert record.iteration > 0
    assert orphan.project.runs == (record,)
    assert recovery.restore(orphan) == ""
    qtbot.waitUntil(lambda: session.position == (record.key, record.iteration))
    qtbot.waitUntil(lambda: not orphan.path.exists())
    qtbot.waitUntil(lambda: len(list(folder.glob("*.safetensors"))) == 1)
    assert len(list(folder.glob("*.recovery"))) == 1
    whole = small_project(epochs=LONG)
    data = whole.data.build()
    trainer = engine.Trainer(engine.Network(whole.design, whole.training, data=data), data)
    for _ in range(record.iteration + 1):
        trainer.step()
    session.step(document.project)
    after = session.call(lambda t: (t.network.theta.copy(), t.history.cost.values.copy()))
    theta, costs = after.result(timeout=30)
    assert np.array_equal(theta, trainer.network.theta)
    assert np.array_equal(costs[: len(trainer.history)], trainer.history.cost.values)
    session.record().result(timeout=30)
    session.close()
    recovery.close()
    assert all(path.suffix == ".part" for path in folder.iterdir())  # of the killed process


def test_a_run_goes_on_under_its_old_key_after_a_crash(
    qtbot, recoveries, document, folder, session, tmp_path
):
    crash(folder, tmp_path / "mine.netdesign", CRASHING_IN_TRAINING)
    session.run_recorded.connect(lambda run, _owner: document.keep_run(run))
    recovery = recoveries(document, run=session)
    (orphan,) = recovery.orphans()
    recovery.restore(orphan)
    session.step(document.project)
    session.stop()
    qtbot.waitUntil(lambda: document.project.runs[0].iteration > orphan.run.record.iteration)
    (run,) = document.project.runs
    assert (run.key, run.started) == (orphan.run.record.key, orphan.run.record.started)


def test_weights_that_cannot_be_read_cost_neither_the_project_nor_the_window(
    qtbot, recoveries, document, folder, session, tmp_path
):
    crash(folder, tmp_path / "mine.netdesign", CRASHING_IN_TRAINING)
    recovery = recoveries(document, run=session)
    (orphan,) = recovery.orphans()
    weights = orphan.run.weights
    weights.write_bytes(b"damaged")
    with qtbot.waitSignals([session.failed, recovery.saved]):
        assert recovery.restore(orphan) == ""
    assert document.project.runs == (orphan.run.record,)
    session.close()
    recovery.close()
    assert weights in folder.iterdir() and orphan.path.exists()  # nothing was thrown away


def test_a_run_is_kept_while_it_goes_on_and_its_weights_are_written_once(
    qtbot, recoveries, document, folder, session, project
):
    recovery = recoveries(document, interval_ms=20, run=session)
    qtbot.wait(60)
    assert not folder.exists()  # nothing was trained, and nothing changed
    session.step(project)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.safetensors"))) == 1)
    (first,) = folder.glob("*.safetensors")
    with qtbot.waitSignal(recovery.saved):
        change(document, 5)
    assert list(folder.glob("*.safetensors")) == [first]
    session.step(project)
    qtbot.waitUntil(lambda: list(folder.glob("*.safetensors")) not in ([], [first]))
    qtbot.waitUntil(lambda: not first.exists())
    document.reset(Project())
    qtbot.waitUntil(lambda: not list(folder.glob("*.safetensors")))


@pytest.mark.alone
def test_300_nodes_cost_the_window_less_than_a_frame(qtbot, recoveries, folder):
    layers = [engine.Input(features=2), *[engine.Dense(units=8)] * 298, engine.Output()]
    design = engine.Design.sequential(layers, [f"n{i}" for i in range(300)])
    places = {name: (160.0 * i, 0.0) for i, name in enumerate(design.nodes)}
    document = Document(Project(design, positions=places))
    recovery = recoveries(document)
    spent = []
    for units in range(9, 14):
        document.try_edit(lambda p, n=units: edits.set_field(p, "n5", "units", n), "Change units")
        with qtbot.waitSignal(recovery.saved):
            begun = time.perf_counter()
            recovery.save()
            spent.append(time.perf_counter() - begun)
    assert min(spent) < FRAME_S
    (path,) = folder.glob("*.recovery")
    kept = json.loads(path.read_text())["project"]
    again = path.with_suffix(".netdesign")
    again.write_text(kept)
    assert load_project(again) == document.project


@pytest.fixture
def room(qtbot):
    """A window for dialogs."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


def offered(recovery, room, may_lose_changes=lambda: True):
    """The sentence that is told and the dialog behind its button."""
    told = []
    offer(recovery, lambda *what: told.append(what), may_lose_changes, room)
    ((sentence, _button, act),) = told
    act()
    return sentence, room.findChild(RecoveryDialog)


def test_nothing_is_told_when_nothing_was_left(qtbot, recoveries, document, room):
    offer(recoveries(document), pytest.fail, lambda: True, room)


def test_the_offer_opens_what_was_left_by_enter(
    qtbot, recoveries, document, folder, tmp_path, room
):
    crash(folder, tmp_path / "mine.netdesign")
    sentence, dialog = offered(recoveries(document), room)
    assert sentence.startswith("Unsaved changes to “mine” were found.")
    assert dialog.list.item(0).text().startswith("mine, saved ")
    with qtbot.waitSignal(document.opened):
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert document.project.design.nodes["h"].units == 77


def test_an_open_project_with_changes_is_asked_about_first(
    qtbot, recoveries, document, folder, tmp_path, room
):
    crash(folder, tmp_path / "mine.netdesign")
    recovery, before = recoveries(document), document.project
    _, dialog = offered(recovery, room, lambda: False)
    QTest.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert document.project is before and dialog.isVisible()
    assert len(recovery.orphans()) == 1


def test_discarding_all_closes_the_dialog_and_later_keeps_all(
    qtbot, recoveries, document, folder, tmp_path, room
):
    crash(folder, tmp_path / "mine.netdesign")
    crash(folder, tmp_path / "yours.netdesign")
    recovery = recoveries(document)
    sentence, dialog = offered(recovery, room)
    assert "2 designs" in sentence
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: room.findChild(RecoveryDialog) is None)
    assert len(recovery.orphans()) == 2
    _, dialog = offered(recovery, room)
    for _ in range(2):
        QTest.mouseClick(dialog.discard_button, Qt.MouseButton.LeftButton)
    assert not list(folder.glob("*"))
    qtbot.waitUntil(lambda: room.findChild(RecoveryDialog) is None)


def large_table(folder, monkeypatch):
    """A table that is not embedded in the project."""
    table = folder / "points.csv"
    table.write_text("x,y,kind\n" + "1.5,2,a\n2.5,1,b\n" * 20, encoding="utf-8")
    guessed = preview(table)
    monkeypatch.setattr(embedding, "MAX_TEXT", 10)
    source = open_table(table, guessed.options, guessed.columns).source
    assert Path(source.path) == table
    return source


def other_lock(path):
    """As if the process that holds the lock were gone."""
    return QLockFile(str(path) + ".other")


def test_data_in_a_file_of_their_own_are_found_again_after_a_crash(
    qtbot, recoveries, document, folder, tmp_path, monkeypatch
):
    source = large_table(tmp_path, monkeypatch)
    table = Path(source.path)
    plan = document.project.data.replace(source=source)
    assert document.try_edit(lambda p: edits.set_data(p, plan), "Open a table") == ""
    save_and_wait(qtbot, recoveries(document))
    (kept,) = folder.glob("*.recovery")
    assert str(tmp_path) not in json.loads(kept.read_text())["project"]
    monkeypatch.setattr("studio.model.recovery_folder.lock_of", other_lock)
    (orphan,) = recoveries(Document(Project())).orphans()
    assert Path(orphan.project.data.source.path) == table
    orphan.project.data.source.check_files()


def test_a_run_of_a_saved_file_survives_a_crash_without_any_edit(
    qtbot, recoveries, document, folder, tmp_path
):
    document.save(tmp_path / "a.netdesign")
    recovery = recoveries(document)
    project = document.project
    run = Run("k", project.design, project.training, project.data, "", "finished", 9, 3)
    document.keep_run(run)
    with qtbot.waitSignal(recovery.saved):
        recovery.save()
    (kept,) = folder.glob("*.recovery")
    (found,) = loads(json.loads(kept.read_text())["project"]).runs
    assert (found.key, found.number) == ("k", 1)
