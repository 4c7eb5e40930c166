"""FileLock: the second window on a file says so, and a dead process holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.model.file_lock import FileLock

ROOT = Path(__file__).parents[3]
HOLDING = """
import sys, time
from pathlib import Path
from studio.model.file_lock import FileLock

lock = FileLock(Path(sys.argv[1]))
assert lock.take(Path(sys.argv[2])) == ""
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def design(tmp_path):
    path = tmp_path / "mine.netdesign"
    path.write_text("{}")
    return path


@pytest.fixture
def lock(tmp_path):
    """Makes locks of different windows, released in the end."""
    made = []

    def make(folder=tmp_path / "locks"):
        made.append(FileLock(folder))
        return made[-1]

    yield make
    for one in made:
        one.release()


@pytest.fixture
def other_process(tmp_path, design):
    """Another window, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path / "locks"), str(design)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_the_first_window_has_the_file(qtbot, lock, design, tmp_path):
    first = lock()
    assert first.take(design) == ""
    assert first.held
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [design.name]


def test_the_second_window_says_so_once(qtbot, lock, design):
    first, second = lock(), lock()
    first.take(design)
    assert second.take(design) == (
        f"This design is open in another window (process {os.getpid()}). "
        "Saving asks before it overwrites their changes."
    )
    assert second.take(design) == ""
    assert not second.held


def test_a_window_in_another_process_is_named(qtbot, lock, design, other_process):
    assert f"(process {other_process.pid})" in lock().take(design)


def test_the_lock_of_a_killed_process_is_taken_over(qtbot, lock, design, other_process):
    other_process.kill()
    other_process.wait()
    mine = lock()
    assert mine.take(design) == ""
    assert mine.held


def test_saving_under_another_name_leaves_the_file_to_others(qtbot, lock, design):
    first, second = lock(), lock()
    first.take(design)
    second.take(design)
    first.take(design.with_name("copy.netdesign"))
    assert second.take(design) == ""
    assert second.held and first.held


def test_closing_or_a_new_project_frees_the_file(qtbot, lock, design):
    for leave in (FileLock.release, lambda window: window.take(None)):
        first, second = lock(), lock()
        first.take(design)
        leave(first)
        assert second.take(design) == ""
        second.release()


def test_one_file_by_two_ways_is_one_file(qtbot, lock, design, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, second = lock(), lock()
    first.take(design)
    assert second.take(Path(design.name)) != ""
    link = tmp_path / "link.netdesign"
    link.symlink_to(design)
    assert lock().take(link) != ""


def test_where_no_lock_can_be_written_nothing_is_claimed_about_others(
    qtbot, lock, design, tmp_path
):
    (tmp_path / "file").write_text("not a folder")
    assert lock(tmp_path / "file").take(design) == ""
