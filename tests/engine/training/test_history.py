"""History: columns that grow, and that another thread may read in the meantime."""

import threading

import numpy as np
import pytest

import engine.training.column
from engine.errors import FileError
from engine.health.alarms import MEASURES
from engine.training.column import FIRST_CAPACITY, GrowingColumn
from engine.training.history import PER_EVALUATION, History, Mark

MANY = 3 * FIRST_CAPACITY + 1


def filled(rows=5, nodes=("a", "b")):
    history = History(nodes)
    for t in range(rows):
        history.record(1 / (t + 1), 0.1, np.array([t, 2 * t]))
    history.evaluate(**{name: float(index) for index, name in enumerate(PER_EVALUATION)})
    history.marks.append(Mark(3, "pause", "paused"))
    return history


def test_a_column_keeps_every_number_while_it_grows():
    column = GrowingColumn()
    assert column.values.shape == (0,)
    for number in range(MANY):
        column.append(number)
    assert len(column) == MANY
    assert np.array_equal(column.values, np.arange(MANY))


def test_a_column_of_rows_keeps_every_row():
    column = GrowingColumn(3, "float32")
    for number in range(MANY):
        column.append([number, -number, 1])
    assert column.values.shape == (MANY, 3)
    assert column.values.dtype == np.float32
    assert np.array_equal(column.values[:, 1], -np.arange(MANY))


def test_a_view_that_was_taken_earlier_does_not_change():
    column = GrowingColumn()
    column.append(1.0)
    view = column.values
    for number in range(MANY):
        column.append(number)
    assert view.tolist() == [1.0]


@pytest.mark.parametrize("largest_in_memory", [4_096, 2**20])
def test_a_reader_in_another_thread_never_sees_half_a_row(largest_in_memory, monkeypatch):
    monkeypatch.setattr(engine.training.column, "LARGEST_IN_MEMORY", largest_in_memory)
    monkeypatch.setattr(engine.training.column, "PIECE_BYTES", largest_in_memory)
    column, done, faults = GrowingColumn(4), threading.Event(), []
    lengths = []

    def read():
        while not done.is_set():
            values = column.values
            lengths.append(len(values))
            expected = np.repeat(np.arange(len(values))[:, None], 4, axis=1)
            if not np.array_equal(values, expected):
                faults.append(len(values))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20_000):
        column.append([number] * 4)
    done.set()
    reader.join()
    assert not faults
    assert lengths == sorted(lengths)
    assert len(lengths) > 1


def test_iterations_count_once_they_are_recorded_in_full():
    history = filled(5)
    assert len(history) == 5
    assert history.cost.values.tolist() == [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    assert history.gradient_norm.values.shape == (5, 2)
    history.cost.append(7.0)
    assert len(history) == 5


def test_the_latest_evaluation_is_told_by_name():
    assert History(["a"]).latest == {}
    assert filled().latest == {name: float(index) for index, name in enumerate(PER_EVALUATION)}


def test_a_history_survives_its_arrays():
    history, copy = filled(5), History(("a", "b"))
    copy.fill(history.to_arrays(), [list(mark) for mark in history.marks])
    for name, values in history.to_arrays().items():
        assert np.array_equal(copy.to_arrays()[name], values)
    assert copy.marks == history.marks
    copy.record(9.0, 0.1, np.array([1, 2]))
    assert copy.cost.values.tolist() == [*history.cost.values, 9.0]


def test_an_incomplete_history_is_refused():
    arrays = filled().to_arrays()
    for damaged in (
        {name: v for name, v in arrays.items() if name != "cost"},
        {name: v for name, v in arrays.items() if name != "evaluation.epoch"},
        {**arrays, "cost": arrays["cost"][:-1]},
        {**arrays, "evaluation.epoch": arrays["evaluation.epoch"][:0]},
    ):
        with pytest.raises(FileError, match=r"The history in this file is incomplete\."):
            History(("a", "b")).fill(damaged, [])


def test_a_history_until_an_iteration_is_what_it_was_then():
    history = History(["h1", "y"])
    states = []
    for iteration in range(1, 3_000):
        history.record(1 / iteration, 0.1, [iteration, 2.0], clipped=iteration % 7 == 0)
        if iteration % 100 == 1:
            history.probe(iteration, np.full((len(MEASURES), 2), float(iteration)))
        if iteration % 50 == 0:
            history.evaluate(**dict.fromkeys(PER_EVALUATION, 0.5) | {"iteration": iteration})
            history.marks.append(Mark(iteration, "pause", "paused"))
        if iteration in (1, 49, 50, 777, 2_999):
            states.append((iteration, history.to_arrays(), list(history.marks)))
    for iteration, arrays, marks in states:
        then = history.until(iteration)
        assert len(then) == iteration and then.marks == marks
        for name, values in then.to_arrays().items():
            assert np.array_equal(values, arrays[name])


def test_a_history_that_goes_on_from_an_older_one_leaves_that_alone():
    history = History(["y"])
    for cost in (1.0, 2.0, 3.0):
        history.record(cost, 0.1, [1.0])
    other = history.until(2)
    other.record(9.0, 0.1, [1.0])
    assert other.cost.values.tolist() == [1.0, 2.0, 9.0]
    assert history.cost.values.tolist() == [1.0, 2.0, 3.0]
