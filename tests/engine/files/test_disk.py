"""Writing and reading whole files: links, pipes, and what can be known before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import engine
from engine.files import TrainedModel, load, save, write_safely
from engine.files.disk import check_writable
from engine.project import Project


def test_a_symbolic_link_stays_and_the_file_behind_it_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.txt", tmp_path / "a.txt"
    real.write_text("old")
    link.symlink_to(real)
    write_safely(link, b"new")
    assert link.is_symlink() and real.read_text() == "new"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.txt", "a.txt", "real"]


def test_a_link_to_a_file_that_does_not_exist_yet_creates_it(tmp_path):
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "b.txt")
    write_safely(link, b"new")
    assert link.is_symlink() and (tmp_path / "b.txt").read_bytes() == b"new"


def test_hard_links_go_on_sharing_one_file(tmp_path):
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("a much longer text than what comes")
    os.link(first, second)
    write_safely(first, b"new")
    assert second.read_bytes() == b"new" and first.stat().st_nlink == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_a_hard_link_that_cannot_be_written_to_the_end_has_its_old_content(tmp_path, monkeypatch):
    first = tmp_path / "a.txt"
    first.write_text("old")
    os.link(first, tmp_path / "b.txt")
    sound, calls = os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) == 2:  # the temporary file came first
            raise OSError(28, "No space left on device")
        sound(handle)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(engine.FileError, match="no space left"):
        write_safely(first, b"new and longer")
    assert first.read_text() == "old"


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    pipe = tmp_path / "a.netdesign"
    os.mkfifo(pipe)
    with pytest.raises(engine.FileError, match="cannot be read: it is a pipe"):
        load(pipe)
    with pytest.raises(engine.FileError, match="cannot be saved: it is a pipe"):
        save(Project(), pipe)
    with pytest.raises(engine.FileError, match="it is a pipe"):
        engine.data.tables.preview(pipe)
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["a" * 250 + ".txt", "ü" * 120 + ".txt"])
def test_a_name_near_the_limit_can_be_saved(tmp_path, name):
    write_safely(tmp_path / name, b"x")
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_previous_file_is_spoken_of_only_where_there_is_one(tmp_path):
    path = tmp_path / "a.txt"
    path.touch(0o444)
    with pytest.raises(engine.FileError, match="The previous file is unchanged"):
        write_safely(path, b"x")
    with pytest.raises(engine.FileError) as refusal:
        write_safely(tmp_path / "no" / "a.txt", b"x")
    assert refusal.value.hint == "Try another folder."


@pytest.mark.parametrize("name", ["no/a.txt", "a" * 300, "folder", ""])
def test_what_cannot_be_written_is_known_before(tmp_path, name):
    (tmp_path / "folder").mkdir()
    path = tmp_path / name if name else Path()
    with pytest.raises(engine.FileError):
        check_writable(path)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_only_names_that_load_opens_can_be_saved(tmp_path):
    design = engine.Design.sequential([engine.Input(features=2), engine.Output(task="binary")])
    model = TrainedModel(Project(design), {}, {})
    for thing, name in ((design, "a.safetensors"), (design, "a"), (model, "a.netdesign")):
        with pytest.raises(engine.FileError, match="must end in"):
            save(thing, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_model_is_not_written_through_a_link_into_a_design(tmp_path):
    save(Project(), tmp_path / "a.netdesign")
    before = (tmp_path / "a.netdesign").read_bytes()
    (tmp_path / "m.safetensors").symlink_to("a.netdesign")
    with pytest.raises(engine.FileError, match="is a link to"):
        save(TrainedModel(Project(), {}, {}), tmp_path / "m.safetensors")
    assert (tmp_path / "a.netdesign").read_bytes() == before


@pytest.mark.parametrize("name", ["a\0b.netdesign", "a\ud800.netdesign", "a\0b.safetensors"])
def test_a_name_that_no_file_can_have_gets_a_sentence(tmp_path, name):
    for act in (lambda path: save(Project(), path), load, check_writable):
        with pytest.raises(engine.FileError):
            act(tmp_path / name)


def test_a_read_only_file_is_not_replaced_by_any_writer(tmp_path):
    design = engine.Design.sequential([engine.Input(features=2), engine.Output(task="binary")])
    things = {"a.netdesign": Project(), "b.safetensors": TrainedModel(Project(design), {}, {})}
    for name, thing in things.items():
        path = tmp_path / name
        path.write_bytes(b"template")
        path.chmod(0o444)
        with pytest.raises(engine.FileError, match="it is read-only"):
            save(thing, path)
        with pytest.raises(engine.FileError, match="it is read-only"):
            check_writable(path)
        assert path.read_bytes() == b"template"


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be opened there")
def test_the_folder_is_synced_after_the_new_name(tmp_path, monkeypatch):
    synced, sound = [], os.fsync

    def fsync(handle):
        is_folder = os.fstat(handle).st_ino == tmp_path.stat().st_ino
        synced.append((is_folder, (tmp_path / "a.txt").exists()))
        sound(handle)

    monkeypatch.setattr("os.fsync", fsync)
    write_safely(tmp_path / "a.txt", b"x")
    assert synced == [(False, False), (True, True)]


def test_a_private_file_is_nobody_elses(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"open to all")
    path.chmod(0o644)
    write_safely(path, b"x", private=True)
    assert path.stat().st_mode & 0o777 == 0o600
