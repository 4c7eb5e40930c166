"""Runs: bounded curves that keep every peak, exact round trips, bounds that spare the pinned."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.data import DataPlan
from engine.errors import FileError
from engine.files import dumps, loads
from engine.limits import MAX_NAME_LENGTH
from engine.project import Project
from engine.project.recording import recorded, standing
from engine.project.runs import (
    MOST_BYTES,
    MOST_POINTS,
    MOST_RUNS,
    Run,
    RunCurve,
    RunMark,
    extremes,
    kept,
    rebased,
)
from engine.training.history import Mark


def small_project(**training) -> Project:
    layers = [engine.Input(), engine.Dense(units=4), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    plan = DataPlan(source={"kind": "circles", "points": 60})
    return Project(design, engine.TrainingSettings(**{"epochs": 30, **training}), plan)


@pytest.fixture(scope="module")
def trained():
    project = small_project(batch_size=12)
    data = project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    while not trainer.finished:
        trainer.step()
    return project, trainer


@pytest.fixture
def run(trained) -> Run:
    project, trainer = trained
    trainer.history.marks = [Mark(7, "pause", "paused")]
    return recorded(project, trainer.history, "a1", "2026-01-02T03:04:05", "finished")


@pytest.mark.parametrize("iteration", [-1, 2**60, 1e308, "3", True])
def test_a_mark_stands_at_an_iteration(run, iteration):
    with pytest.raises(FileError, match="mark of a run"):
        run.replace(marks=(RunMark(iteration, "pause", "paused"),))


def numbered(run: Run, *numbers: int, **changes) -> tuple[Run, ...]:
    return tuple(run.replace(key=f"k{n}", number=n, **changes) for n in numbers)


def keys(runs) -> list[str]:
    return [run.key for run in runs]


def test_a_recorded_run_holds_the_histories_own_numbers(trained, run):
    _, trainer = trained
    x, y = run.curves["cost"].points
    assert x.tolist() == list(range(1, len(trainer.history) + 1))
    assert np.array_equal(y, trainer.history.cost.values.astype("float32"))
    epochs, scores = run.curves["dev_score"].points
    expected = trainer.history.evaluations
    assert epochs.tolist() == expected["epoch"].values.tolist()
    assert np.array_equal(scores, expected["dev_score"].values.astype("float32"))
    assert run.figures["dev_cost"] == trainer.history.latest["dev_cost"]
    assert (run.iteration, run.epoch) == (trainer.iteration, trainer.epoch)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.integers(2, 40))
def test_decimation_keeps_order_bounds_the_points_and_loses_no_extreme(values, most):
    y = np.array(values)
    chosen = extremes(y, most)
    assert (np.diff(chosen) > 0).all()
    assert len(chosen) <= max(2, most)
    assert y[chosen].min() == y.min()
    assert y[chosen].max() == y.max()


def test_a_million_iterations_become_two_thousand_points_with_the_one_peak():
    y = np.ones(1_000_000)
    y[654_321] = 9.0
    x, packed = RunCurve.of(np.arange(1, len(y) + 1), y).points
    assert len(x) <= MOST_POINTS
    assert x[packed.argmax()] == 654_322


def test_a_cost_beyond_float32_becomes_infinite_and_can_be_saved(trained, run):
    curve = RunCurve.of(np.array([1, 2]), np.array([1.0, 1e300]))
    assert curve.points[1].tolist() == [1.0, np.inf]
    odd = run.replace(figures={"dev_cost": np.inf, "train_cost": 0.5})
    assert dict(odd.figures) == {"train_cost": 0.5}
    project = trained[0].replace(runs=(odd,))
    assert loads(dumps(project)) == project


def test_runs_come_back_from_a_file_as_they_were(trained, run):
    named = run.replace(number=3, name="wide", pinned=True)
    project = trained[0].replace(runs=(run.replace(key="a0", number=2), named))
    again = loads(dumps(project))
    assert again == project
    assert again.runs[1].marks == (RunMark(7, "pause", "paused"),)
    assert dumps(again) == dumps(project)


def test_a_project_without_runs_saves_no_key_and_old_files_have_none(trained):
    text = dumps(trained[0])
    assert '"runs"' not in text
    assert loads(text).runs == ()


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ('"number": 0', '"number": -1'),
        ('"number": 0', '"number": "x"'),
        ('"key": "a1"', '"key": 5'),
        ('"curves": {', '"curves": {"bad": "eJw", '),
        ('"curves": {', '"curves": {"bad": "!!", '),
        ('"curves": {', '"curves": {"bad": 3, '),
        ('"state": "finished", ', ""),
    ],
)
def test_a_damaged_run_is_refused_with_a_sentence(trained, run, whole, broken):
    text = dumps(trained[0].replace(runs=(run,)))
    assert whole in text
    with pytest.raises(FileError):
        loads(text.replace(whole, broken))


def test_a_curve_that_unpacks_to_gigabytes_is_refused():
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(bytes(10_000_000))).decode()
    with pytest.raises(FileError, match="length"):
        RunCurve.read(bomb)


def test_a_bad_name_is_refused(run):
    for name in ("two\nlines", " padded", "x" * (MAX_NAME_LENGTH + 1)):
        with pytest.raises(FileError, match="one line"):
            run.replace(name=name)


def test_the_oldest_run_that_is_not_pinned_goes_when_there_are_too_many(run):
    runs = numbered(run, *range(1, MOST_RUNS + 1))
    runs = (runs[0].replace(pinned=True), *runs[1:])
    after = kept(runs, run.replace(key="new", number=99))
    assert len(after) == MOST_RUNS
    assert keys(after)[:2] == ["k1", "k3"]
    assert keys(after)[-1] == "new"


def test_runs_together_stay_within_their_bytes(run):
    large = {"cost": RunCurve("A" * (MOST_BYTES // 4))}
    runs: tuple[Run, ...] = ()
    for n in range(8):
        runs = kept(runs, run.replace(key=f"k{n}", number=n, curves=large))
        assert sum(r.size for r in runs) <= MOST_BYTES
        assert runs[-1].key == f"k{n}"


def test_a_run_that_goes_on_keeps_its_place_name_number_and_pin(run):
    runs = numbered(run, 1, 2)
    runs = (runs[0].replace(name="mine", pinned=True), runs[1])
    after = kept(runs, run.replace(key="k1", iteration=999))
    assert keys(after) == ["k1", "k2"]
    first = after[0]
    assert (first.name, first.number, first.pinned, first.iteration) == ("mine", 1, True, 999)


def test_undoing_a_deletion_brings_the_run_back_and_keeps_what_came_meanwhile(run):
    one, two, three, four = numbered(run, 1, 2, 3, 4)
    before, after = (one, two, three), (one, three)
    assert rebased((one, three, four), after, before) == (one, two, three, four)
    assert rebased((one, two, three, four), before, after) == (one, three, four)


def test_undoing_a_new_name_leaves_what_the_run_did_meanwhile(run):
    (one,) = numbered(run, 1)
    named, longer = one.replace(name="best"), one.replace(name="best", iteration=77)
    (undone,) = rebased((longer,), (named,), (one,))
    assert (undone.name, undone.iteration) == ("", 77)


def test_an_edit_of_something_else_leaves_all_runs(run):
    one, two = numbered(run, 1, 2)
    assert rebased((one, two), (one,), (one,)) == (one, two)


def test_of_changes_at_one_iteration_only_the_last_stands():
    marks = [
        Mark(5, "change", "epochs 1 → 2"),
        Mark(5, "change", "epochs 1 → 3"),
        Mark(6, "change", "L2 λ 0 → 1"),
        Mark(6, "pause", "paused"),
        Mark(6, "change", "L2 λ 0 → 2"),
        Mark(9, "change", "L2 λ 0 → 2"),
        Mark(9, "change", ""),
    ]
    assert [mark.text for mark in standing(marks)] == [
        "epochs 1 → 3", "L2 λ 0 → 1", "paused", "L2 λ 0 → 2",
    ]  # fmt: skip
