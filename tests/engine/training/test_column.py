"""Columns: exact and growing, in memory and in a file, whatever the disk does."""

import gc
import math
import mmap
import tempfile

import numpy as np
import pytest

import engine.training.column
from engine.training.column import FIRST_CAPACITY, GrowingColumn

SMALL = 4_096
"""Bytes after which these tests' columns go on in a file, in pieces of as many."""
MANY = 9 * FIRST_CAPACITY + 5
widths = pytest.mark.parametrize("width", [0, 3])


@pytest.fixture(autouse=True)
def early_overflow(monkeypatch):
    monkeypatch.setattr(engine.training.column, "LARGEST_IN_MEMORY", SMALL)
    monkeypatch.setattr(engine.training.column, "PIECE_BYTES", SMALL)


def numbers(width, rows=MANY):
    values = np.arange(rows * max(1, width), dtype="float32")
    return values.reshape(rows, width) if width else values


def filled(width, rows=MANY):
    column = GrowingColumn(width, "float32")
    for row in numbers(width, rows):
        column.append(row)
    return column


def lies_in_file(column):
    """Whether its rows are mapped to memory from a file."""
    rows = column.values
    while isinstance(rows, np.ndarray) and rows.base is not None:
        rows = rows.base
    return isinstance(getattr(rows, "obj", rows), mmap.mmap)


@widths
def test_a_long_column_goes_on_in_a_file_and_keeps_every_row(width):
    column = filled(width)
    assert lies_in_file(column)
    assert column.values.dtype == np.float32
    assert np.array_equal(column.values, numbers(width))


def test_a_short_column_needs_no_file():
    assert not lies_in_file(filled(0, FIRST_CAPACITY))


@widths
def test_views_that_were_taken_earlier_stay_as_they_are_while_the_file_grows(width):
    column, views = GrowingColumn(width, "float32"), []
    for row in numbers(width):
        column.append(row)
        if len(column) % 1_000 == 0:
            views.append(column.values)
    for view in views:
        assert np.array_equal(view, numbers(width)[: len(view)])


@widths
@pytest.mark.parametrize("rows", [0, 10, MANY])
def test_a_filled_column_holds_the_given_values_and_grows_on(width, rows):
    column = filled(width)
    values = -numbers(width, rows)
    column.fill(values)
    assert np.array_equal(column.values, values)
    assert lies_in_file(column) == (rows == MANY)
    for row in numbers(width):
        column.append(row)
    assert np.array_equal(column.values, np.concatenate([values, numbers(width)]))


class Disk:
    """Stands for the disk of temporary files: it takes so many writes, then half of one at most.

    files: those that were opened. writes: how many were tried.
    """

    def __init__(self, room):
        self.room, self.writes, self.files = room, 0, []
        self._open = tempfile.TemporaryFile

    def open(self, **options):
        self.files.append(File(self, self._open(**options)))
        return self.files[-1]


class File:
    def __init__(self, disk, file):
        self.disk, self.file = disk, file

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, zeros):
        self.disk.writes += 1
        return self.file.write(zeros if self.disk.writes <= self.disk.room else zeros[::2])


@pytest.fixture
def disk(monkeypatch):
    disk = Disk(room=math.inf)
    monkeypatch.setattr(tempfile, "TemporaryFile", disk.open)
    return disk


@widths
@pytest.mark.parametrize("working", [0, 2, 5])
def test_a_full_disk_sends_the_column_back_to_memory_and_no_row_is_lost(width, working, disk):
    disk.room = working
    column = filled(width)
    assert disk.writes > working
    assert not lies_in_file(column)
    assert np.array_equal(column.values, numbers(width))


def test_a_column_comes_back_to_the_file_once_the_disk_has_room_again(monkeypatch):
    with monkeypatch.context() as patch:

        def refuse(**_):
            raise OSError(24, "Too many open files")

        patch.setattr(tempfile, "TemporaryFile", refuse)
        column = filled(0)
        assert not lies_in_file(column)
    for row in numbers(0, 2 * MANY):
        column.append(row)
    assert lies_in_file(column)
    assert np.array_equal(column.values, np.concatenate([numbers(0), numbers(0, 2 * MANY)]))


def test_a_write_that_falls_short_is_a_full_disk(disk):
    disk.room = 0
    overflow = engine.training.column.Overflow((), np.dtype("float64"))
    with pytest.raises(OSError, match="space"):
        overflow.extended(1)


def test_the_file_is_closed_when_the_column_goes(disk):
    column = filled(0)
    (file,) = disk.files
    assert not file.closed
    del column
    gc.collect()
    assert file.closed
