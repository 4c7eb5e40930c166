"""Columns: exact and growing, in memory and in a file, whatever the disk does."""

import gc
import tempfile

import numpy as np
import pytest

import engine.training.column
import engine.training.overflow
from engine.training.column import FIRST_CAPACITY, Column

SMALL = 4_096
"""Bytes after which these tests' columns go on in a file, in pieces of as many."""
MANY = 9 * FIRST_CAPACITY + 5
widths = pytest.mark.parametrize("width", [0, 3])


@pytest.fixture(autouse=True)
def early_overflow(monkeypatch):
    monkeypatch.setattr(engine.training.column, "LARGEST_IN_MEMORY", SMALL)
    monkeypatch.setattr(engine.training.overflow, "PIECE_BYTES", SMALL)


def numbers(width, rows=MANY):
    values = np.arange(rows * max(1, width), dtype="float32")
    return values.reshape(rows, width) if width else values


def filled(width, rows=MANY):
    column = Column(width, "float32")
    for row in numbers(width, rows):
        column.append(row)
    return column


def in_file(column):
    return column._overflow is not None


@widths
def test_a_long_column_goes_on_in_a_file_and_keeps_every_row(width):
    column = filled(width)
    assert in_file(column)
    assert column.values.dtype == np.float32
    assert np.array_equal(column.values, numbers(width))


def test_a_short_column_needs_no_file():
    assert not in_file(filled(0, FIRST_CAPACITY))


@widths
def test_views_that_were_taken_earlier_stay_as_they_are_while_the_file_grows(width):
    column, views = Column(width, "float32"), []
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
    assert in_file(column) == (rows == MANY)
    for row in numbers(width):
        column.append(row)
    assert np.array_equal(column.values, np.concatenate([values, numbers(width)]))


@widths
@pytest.mark.parametrize("working", [0, 2, 5])
def test_a_full_disk_sends_the_column_back_to_memory_and_no_row_is_lost(
    width, working, monkeypatch
):
    files, write = [], engine.training.overflow.Overflow._write

    def limited(overflow, zeros):
        files.append(overflow)
        write(overflow, zeros[: len(zeros) if len(files) <= working else len(zeros) // 2])
        if len(files) > working:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(engine.training.overflow.Overflow, "_write", limited)
    column = filled(width)
    assert len(files) > working
    assert not in_file(column)
    assert np.array_equal(column.values, numbers(width))


def test_a_column_comes_back_to_the_file_once_the_disk_has_room_again(monkeypatch):
    with monkeypatch.context() as patch:

        def refuse(**_):
            raise OSError(24, "Too many open files")

        patch.setattr(tempfile, "TemporaryFile", refuse)
        column = filled(0)
        assert not in_file(column)
    for row in numbers(0, 2 * MANY):
        column.append(row)
    assert in_file(column)
    assert np.array_equal(column.values, np.concatenate([numbers(0), numbers(0, 2 * MANY)]))


def test_a_write_that_falls_short_is_a_full_disk():
    overflow = engine.training.overflow.Overflow((), np.dtype("float64"))
    file = overflow._file

    class Full:
        def write(self, zeros):
            return file.write(zeros[:10])

    overflow._file = Full()
    with pytest.raises(OSError, match="space"):
        overflow.extended(1)


def test_the_file_is_closed_when_the_column_goes():
    column = filled(0)
    file = column._overflow._file
    assert not file.closed
    del column
    gc.collect()
    assert file.closed
