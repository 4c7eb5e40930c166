"""Pipes, devices, sockets and folders under any ending are refused, and nobody waits for them."""

from __future__ import annotations

import io
import itertools

import pytest

from engine.__main__ import main
from engine.data import DataFileError, DataPlan
from engine.data.progress import ReadingCancelledError, stopped_by
from engine.data.sources.own import file_checksum
from engine.data.sources.picture_files import PictureError, content_of, look_into
from engine.data.tables import TableSource, blocks, open_table, preview
from engine.errors import DataError, FileError
from engine.files import SeenFile, load, save
from engine.files.seen_file import UNREADABLE
from engine.project import Project
from engine.regular_file import open_regular, pieces_of
from tests.special_files import KINDS, raised_by

COLUMNS = ({"name": "a"}, {"name": "y", "role": "target"})


def special(tmp_path, kind, suffix):
    path = tmp_path / f"it{suffix}"
    KINDS[kind](path)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [".netdesign", ".json", ".safetensors"])
def test_opening_it_says_what_it_is(tmp_path, kind, suffix):
    path = special(tmp_path, kind, suffix)
    refusal = raised_by(lambda: load(path))
    assert isinstance(refusal, FileError)
    assert str(refusal).startswith(f"'it{suffix}' cannot be read: it is {kind}, not a file.")
    assert raised_by(lambda: SeenFile.now(path)) is None
    assert SeenFile.now(path).checksum == UNREADABLE


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_line_says_what_it_is(tmp_path, kind, capfd):
    path = special(tmp_path, kind, ".netdesign")
    assert raised_by(lambda: main(["describe", str(path)])) is None
    assert f"error: 'it.netdesign' cannot be read: it is {kind}" in capfd.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_is_none_is_refused_however_it_is_asked_for(tmp_path, kind):
    path = special(tmp_path, kind, ".csv")
    source = TableSource(file=path.name, columns=COLUMNS, rows=9, sizes=(9,), path=str(path))
    plain = source.options, source.columns
    for call in (
        lambda: preview(path),
        lambda: open_table(path, *plain),
        lambda: file_checksum(path),
        source.check_files,
        source.load,
        source.renewed,
    ):
        refusal = raised_by(call)
        assert isinstance(refusal, FileError), refusal
        assert f"it is {kind}, not a file" in str(refusal)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_none_is_passed_over_or_refused(tmp_path, kind):
    folder = tmp_path / "pictures"
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
    path = special(folder / "cat", kind, ".png")
    assert isinstance(raised_by(lambda: content_of(path)), PictureError)
    assert isinstance(raised_by(lambda: look_into(folder)), DataError)


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_whose_data_are_none_opens_and_cannot_be_trained(tmp_path, kind):
    path = special(tmp_path, kind, ".csv")
    source = TableSource(file=path.name, columns=COLUMNS, rows=9, sizes=(9,), path=str(path))
    save(Project(data=DataPlan(source=source)), tmp_path / "a.netdesign")
    project = load(tmp_path / "a.netdesign")
    assert f"it is {kind}" in str(raised_by(project.build_data))


def test_what_a_path_names_is_asked_of_the_opened_file_too(tmp_path, monkeypatch):
    path = special(tmp_path, next(iter(KINDS)), ".csv")
    monkeypatch.setattr("engine.regular_file.check_kind", lambda _path: None)
    assert isinstance(raised_by(lambda: open_regular(path)), OSError)


def test_a_file_that_grows_while_it_is_read_comes_to_an_end(tmp_path):
    path = tmp_path / "growing.csv"
    path.write_bytes(b"1,2\n" * 10)

    def read_on():
        with open_regular(path) as file, path.open("ab") as more:
            for piece in pieces_of(file, 4):
                more.write(piece)
                more.flush()

    refusal = raised_by(read_on)
    assert isinstance(refusal, OSError) and "grows while it is read" in str(refusal)


def test_whoever_runs_a_thread_can_stop_the_readings_in_it(tmp_path, monkeypatch):
    """As a window does that is closed while its project is made ready."""
    path = tmp_path / "table.csv"
    path.write_text("a,y\n" + "1,2\n3,4\n" * 2_000)
    found = preview(path)
    monkeypatch.setattr("engine.data.sources.embedding.MAX_TEXT", 10)
    source = open_table(path, found.options, found.columns).source
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 100)
    asked = itertools.count()
    with stopped_by(lambda: next(asked) >= 5), pytest.raises(ReadingCancelledError):
        Project(data=DataPlan(source=source.replace(skip_bad=True))).build_data()
    assert next(asked) == 6
    assert Project(data=DataPlan(source=source)).build_data().train.m > 0


def test_a_path_that_is_gone_is_still_told_of_as_gone(tmp_path):
    source = TableSource(file="a", columns=COLUMNS, rows=9, sizes=(9,), path=str(tmp_path / "a"))
    assert isinstance(raised_by(source.load), DataFileError)


class Unread(io.BufferedReader):
    """A file that nobody may read."""

    def read(self, *_):
        raise AssertionError("it was read")

    readinto = readinto1 = read1 = read


@pytest.mark.parametrize("suffix", [".netdesign", ".safetensors"])
def test_a_file_far_too_large_is_refused_by_its_size_and_not_read(tmp_path, suffix, monkeypatch):
    path = tmp_path / f"it{suffix}"
    with path.open("wb") as file:
        file.truncate(2**40)  # takes no room on the disk
    for reader in ("disk", "seen_file"):
        opened = f"engine.files.{reader}.open_regular"
        monkeypatch.setattr(opened, lambda path: Unread(io.FileIO(path)))
    assert SeenFile.now(path).checksum == UNREADABLE
    with pytest.raises(FileError, match="MB, so it cannot be"):
        load(path)
