"""The data of a project are built once for each version, whoever asks, and old ones are let go."""

import threading

import numpy as np
import pytest

import engine.project.sets
from engine.data import DataPlan
from engine.errors import FileError
from engine.project import Project, Sets
from engine.project.corrections import example_keys
from engine.project.findings import ErrorAnalysis
from engine.project.sets import BuiltSets, fingerprint


def project(seed=0, **plan) -> Project:
    return Project(data=DataPlan(source={"kind": "circles", "points": 60}, seed=seed, **plan))


def test_equal_data_are_built_once_whatever_else_the_projects_differ_in():
    sets = Sets()
    first = sets.of(project())
    assert sets.of(project().replace(human_error=0.1)) is first
    assert sets.of(project(seed=1)) is not first


def test_the_sets_are_those_that_the_project_builds_itself():
    of = project()
    raw = of.raw_data()
    label = raw.dev.classes[1 - int(raw.dev.labels[0])]
    key = example_keys(raw, raw.dev)[0]
    corrected = of.replace(analysis=ErrorAnalysis().correct_label(key, label))
    for one in (of, corrected, project(normalize=False)):
        built, expected = Sets().of(one), one.build_data()
        for name in ("train", "dev", "test"):
            mine, theirs = getattr(built.data, name), getattr(expected, name)
            assert np.array_equal(mine.X, theirs.X) and np.array_equal(mine.Y, theirs.Y)
        assert built.raw.normalization is None


def test_threads_that_ask_at_the_same_time_share_one_build(monkeypatch):
    built, all_asked = [], threading.Barrier(4)

    def build(of):
        built.append(of)
        return BuiltSets(of)

    monkeypatch.setattr(engine.project.sets, "BuiltSets", build)
    sets, found = Sets(), []

    def ask():
        all_asked.wait()
        found.append(sets.of(project()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1 and len({id(one) for one in found}) == 1


def test_the_newest_two_versions_are_kept():
    sets = Sets()
    first, second = sets.of(project(0)), sets.of(project(1))
    assert sets.of(project(0)) is first  # the newest now
    sets.of(project(2))
    assert sets.of(project(0)) is first
    assert sets.of(project(1)) is not second


def test_large_data_are_not_kept_beside_newer_ones(monkeypatch):
    sets = Sets()
    first = sets.of(project(0))
    monkeypatch.setattr(engine.project.sets, "MOST_BYTES", first.bytes)
    second = sets.of(project(1))
    assert sets.of(project(1)) is second
    assert sets.of(project(0)) is not first


def test_what_failed_is_tried_again(tmp_path, monkeypatch):
    calls = []

    def build(of):
        calls.append(of)
        if len(calls) == 1:
            raise FileError("The file is gone.")
        return BuiltSets(of)

    monkeypatch.setattr(engine.project.sets, "BuiltSets", build)
    sets = Sets()
    with pytest.raises(FileError):
        sets.of(project())
    assert sets.of(project()).raw.train.m == 36


def test_the_fingerprint_tells_data_apart_and_nothing_else():
    of = project()
    label = of.replace(analysis=ErrorAnalysis().correct_label("0" * 16, "a"))
    others = [project(seed=1), project(normalize=False), label]
    assert fingerprint(of.replace(human_error=0.2)) == fingerprint(of) == Sets().of(of).fingerprint
    assert len({fingerprint(one) for one in (of, *others)}) == 4
