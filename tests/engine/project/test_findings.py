"""Error analysis: findings on wrong examples live in the project, and corrections reach dev and
test however the data are split."""

import dataclasses
import json

import numpy as np
import pytest

from engine.data import DataPlan, Splits, from_labels
from engine.errors import DataError, FileError
from engine.files.netdesign import dumps, loads
from engine.project import Project
from engine.project.corrections import content_keys, corrected, example_keys
from engine.project.findings import (
    MAX_CATEGORIES,
    MAX_FINDINGS,
    MAX_NOTE_LENGTH,
    ErrorAnalysis,
    Finding,
)

KEY, OTHER = "0123456789abcdef", "fedcba9876543210"
START = ErrorAnalysis(("blurry", "dog"))


def test_an_example_is_tagged_noted_and_forgotten():
    found = START.tag(KEY, "dog").tag(KEY, "blurry").tag(KEY, "dog").note(KEY, "a pug")
    assert found.findings[KEY] == Finding(("blurry", "dog"), "a pug")
    assert found.tag(KEY, "dog", on=False).findings[KEY].tags == ("blurry",)
    assert found.forget(KEY) == START
    assert START.look_at(KEY).findings == {KEY: Finding()}
    assert START.findings == {}


def test_a_category_is_renamed_and_removed_with_its_tags():
    found = START.tag(KEY, "dog").tag(OTHER, "blurry")
    renamed = found.rename_category("dog", "wolf")
    assert renamed.categories == ("blurry", "wolf")
    assert renamed.findings[KEY].tags == ("wolf",)
    removed = found.without_category("dog")
    assert removed.categories == ("blurry",)
    assert removed.findings == {KEY: Finding(), OTHER: Finding(("blurry",))}


def test_taking_back_the_mark_of_a_wrong_label_takes_back_its_correction():
    found = START.correct_label(KEY, "cat")
    assert found.findings[KEY] == Finding(wrong_label=True, label="cat")
    assert found.labels == {KEY: "cat"}
    assert found.mark_label(KEY, wrong=False).labels == {}
    assert START.mark_label(KEY).labels == {}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: START.tag(KEY, "cow"), "no category 'cow'"),
        (lambda: START.with_category("dog"), "already a category"),
        (lambda: START.with_category(""), "1 to 60"),
        (lambda: START.with_category("x" * 61), "1 to 60"),
        (lambda: START.tag("xyz", "dog"), "16 hex digits"),
        (lambda: START.note(KEY, "x" * (MAX_NOTE_LENGTH + 1)), "at most 1,000"),
        (lambda: ErrorAnalysis(tuple(map(str, range(MAX_CATEGORIES + 1)))), "At most 50"),
        (lambda: ErrorAnalysis((), {KEY: Finding(("cow",))}), "no category 'cow'"),
        (
            lambda: ErrorAnalysis((), {f"{n:016x}": Finding() for n in range(MAX_FINDINGS + 1)}),
            "At most 10,000 examples",
        ),
        (lambda: Finding(wrong_label=1), "true or false"),
        (lambda: Finding((3,)), "must be texts"),
    ],
)
def test_what_is_out_of_bounds_is_refused(wrong, message):
    with pytest.raises(DataError, match=message):
        wrong()


def test_the_project_keeps_findings_and_human_error_in_its_file():
    found = START.tag(KEY, "dog").correct_label(OTHER, "cat").note(OTHER, "ä")
    project = Project(human_error=0.0125, analysis=found)
    assert loads(dumps(project)) == project
    assert json.loads(dumps(project))["analysis"]["examples"][KEY] == {"tags": ["dog"]}


def test_a_project_without_them_says_nothing_of_them():
    values = json.loads(dumps(Project()))
    assert "human_error" not in values
    assert "analysis" not in values


def test_an_unknown_human_error_a_known_0_and_several_are_kept_apart_in_files():
    for error, level in ((None, None), (0.0, 0.0), ((0.03, 0.01, 0.007), 0.007)):
        project = loads(dumps(Project(human_error=error)))
        assert (project.human_error, project.human_level) == (error, level)
    assert Project(human_error=[0.1]).human_error == 0.1
    assert Project(human_error=()).human_error is None


@pytest.mark.parametrize(
    "damage",
    [
        {"human_error": 1.5},
        {"human_error": "much"},
        {"human_error": True},
        {"analysis": []},
        {"analysis": {"examples": {"no key": {}}}},
        {"analysis": {"examples": {KEY: {"colour": "red"}}}},
        {"analysis": {"examples": {KEY: {"tags": ["unknown"]}}}},
        {"analysis": {"categories": [1]}},
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence(damage):
    with pytest.raises(FileError):
        loads(json.dumps({**json.loads(dumps(Project())), **damage}))


@pytest.mark.parametrize("error", [-0.1, 1.0, float("nan"), "0", (0.1, 2.0), (0.1, "0")])
def test_a_human_error_that_is_no_share_is_refused(error):
    with pytest.raises(DataError, match="human-level error"):
        Project(human_error=error)


def test_a_key_depends_on_the_features_alone():
    X = np.array([[1.0, 2.0, 1.0, 0.0], [3.0, 4.0, 3.0, 5.0]])
    keys = content_keys(X)
    assert keys[0] == keys[2]
    assert len(set(keys)) == 3
    assert content_keys(X.astype(np.float32)[:, ::-1]) == keys[::-1]
    assert content_keys(np.array([[-0.0], [5.0]])) == [keys[3]]
    assert all(len(key) == 16 for key in keys)


def test_a_missing_value_is_missing_whatever_the_split_puts_in_its_place():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, 60)).astype(np.float32)
    X[0, ::3] = np.nan
    data = dataclasses.replace(
        from_labels(np.zeros((2, 60)), np.arange(60) % 2, "ab"), X=X, gaps=True
    )
    keys = [set(), set()]
    for seed in (0, 1):
        raw = data.split(0.4, 0.3, 0.3, seed=seed)
        assert raw.filling is not None
        for part in (raw.train, raw.dev, raw.test):
            keys[seed] |= set(example_keys(raw, part))
    assert keys[0] == keys[1] == set(content_keys(X))
    assert len(keys[0]) == 60


def test_normalized_examples_have_no_keys():
    data = DataPlan(source="moons").build()
    with pytest.raises(DataError, match="before normalization"):
        example_keys(data, data.dev)


def flipped(plan):
    """A project in which the labels of five dev examples are corrected to the other class."""
    project = Project(data=plan)
    raw = project.raw_data().dev
    analysis = ErrorAnalysis()
    for index, key in enumerate(content_keys(raw.X)[:5]):
        other = int(raw.labels[index] == 0)
        analysis = analysis.correct_label(key, raw.classes[other])
    return project.replace(analysis=analysis)


def by_key(data):
    parts = [part for part in (data.train, data.dev, data.test) if part is not None]
    return [dict(zip(content_keys(part.X), part.Y.T.tolist(), strict=True)) for part in parts]


@pytest.mark.parametrize("source", ["moons", {"kind": "blobs", "points": 200}])
def test_a_correction_survives_another_split_and_holds_in_dev_and_test_alike(source):
    project = flipped(DataPlan(source=source, train=0.4, dev=0.3, test=0.3))
    corrected_keys = set(project.analysis.labels)
    places = set()
    whole = project.data.source.load(project.data.seed)
    for split_seed in range(8):
        raw = whole.split(0.4, 0.3, 0.3, seed=split_seed)
        after = corrected(raw, project.analysis.labels)
        for name, old, new in zip(
            ("train", "dev", "test"), by_key(raw), by_key(after), strict=True
        ):
            changed = {key for key in old if old[key] != new[key]}
            assert changed == (corrected_keys & set(old) if name != "train" else set())
            places |= {name} if changed else set()
    assert places == {"dev", "test"}


@pytest.mark.parametrize("normalize", [True, False])
def test_the_projects_data_carry_the_corrections_and_are_otherwise_the_same(normalize):
    project = flipped(DataPlan(source="moons", normalize=normalize))
    plain, built = project.data.build(), project.build_data()
    np.testing.assert_array_equal(plain.dev.X, built.dev.X)
    np.testing.assert_array_equal(plain.train.Y, built.train.Y)
    assert (plain.dev.Y != built.dev.Y).sum() == 5
    assert (plain.dev.Y != built.dev.Y)[:, :5].all()
    assert (built.normalization is not None) == normalize


def test_corrections_that_do_not_fit_are_passed_over():
    rng = np.random.default_rng(0)
    data = from_labels(rng.normal(size=(2, 30)), np.arange(30) % 3, ("a", "b", "c"))
    data = data.split(0.6, 0.2, 0.2)
    keys = content_keys(data.dev.X)
    assert corrected(data, {keys[0]: "gone", OTHER: "a"}).dev is data.dev
    assert corrected(data, {}) is data
    after = corrected(dataclasses.replace(data, test=None), {keys[0]: "c"})
    assert after.test is None
    assert after.dev.Y[:, 0].tolist() == [2]
    assert isinstance(after, Splits)
