"""Differences: found from the specs alone, named as people name them."""

import pytest

import engine
from engine.data import DataPlan
from engine.project import Project
from engine.project.differences import differences, in_words, lowered
from engine.spec import Family


@pytest.fixture
def project() -> Project:
    layers = [engine.Input(), engine.Dense(units=4), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    plan = DataPlan(source={"kind": "circles", "points": 60})
    return Project(design, engine.TrainingSettings(), plan)


def trained_with(project: Project, **changes) -> Project:
    return project.replace(training=project.training.replace(**changes))


def layer_with(project: Project, **changes) -> Project:
    return project.replace(design=project.design.edit("h1", **changes))


def test_equal_experiments_do_not_differ(project):
    assert differences(project, project.replace(notes="other")) == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"optimizer": engine.Adam(learning_rate=0.01)}, "learning rate α 0.001 → 0.01"),
        ({"optimizer": engine.Momentum()}, "optimizer Adam → Momentum"),
        ({"l2": 0.5}, "L2 λ 0 → 0.5"),
        ({"batch_size": None}, "batch size 64 → empty"),
        ({"batch_norm": True}, "batch norm no → yes"),
        ({"keep_prob": 0.5}, "keep probability 1 → 0.5"),
        ({"seed": 3}, "seed 0 → 3"),
    ],
)
def test_a_training_setting_is_named_with_both_values(project, changes, text):
    (found,) = differences(project, trained_with(project, **changes))
    assert found.text == text
    assert found.is_seed == ("seed" in changes)


def test_a_layers_setting_is_named_with_its_layer(project):
    before = layer_with(project, keep_prob=0.8)
    (found,) = differences(before, layer_with(project, keep_prob=0.5))
    assert found.text == "keep probability of h1 0.8 → 0.5"
    (found,) = differences(project, before)
    assert found.text == "keep probability of h1 inherited → 0.8"


def test_another_kind_tells_what_is_set_in_it_otherwise_than_by_default(project):
    slow = engine.Momentum(learning_rate=0.5)
    (found,) = differences(project, trained_with(project, optimizer=slow))
    assert found.after == "Momentum (learning rate α 0.5)"
    assert found.heading == "Optimizer"


def test_an_inner_setting_has_the_outer_one_in_its_heading(project):
    (found,) = differences(project, trained_with(project, optimizer=engine.Adam(beta1=0.5)))
    assert found.path == ("optimizer", "beta1")
    assert found.heading == "Optimizer: beta 1 β₁"


def test_added_and_removed_layers_count_once_without_their_wires(project):
    added = project.replace(design=project.design.add("h2", engine.Dense(units=3)))
    assert [d.text for d in differences(project, added)] == ["h2 added"]
    assert [d.text for d in differences(added, project)] == ["h2 removed"]


def test_other_wires_between_the_same_layers_are_told(project):
    wire = project.design.wires[0]
    cut = project.replace(design=project.design.disconnect([wire]))
    (found,) = differences(project, cut)
    assert found.before == f"{wire.source}–{wire.target}"
    assert found.after == "none"


def test_several_differences_follow_each_other_in_one_line(project):
    other = layer_with(trained_with(project, l2=0.1, seed=4), units=9)
    other = other.replace(data=other.data.replace(normalize=False))
    assert in_words(differences(project, other)) == (
        "L2 λ 0 → 0.1, seed 0 → 4, units of h1 4 → 9, normalize yes → no"
    )


FAMILIES = [n for n, v in engine.TrainingSettings() if isinstance(v, Family)]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_training_setting_that_is_a_family_is_found_whatever_its_kind(project, name):
    value = getattr(project.training, name)
    root = next(c for c in type(value).__mro__ if Family in c.__bases__)
    for kind in root.kinds():
        try:
            other = trained_with(project, **{name: kind})
        except engine.SpecError:
            continue  # a kind that cannot do without settings
        found = differences(project, other)
        assert bool(found) == (getattr(other.training, name) != value)


def test_titles_inside_a_sentence_keep_abbreviations():
    assert [lowered(t) for t in ("Keep probability", "L2 λ", "SGD")] == [
        "keep probability", "L2 λ", "SGD",
    ]  # fmt: skip
