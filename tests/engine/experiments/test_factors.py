"""Factors: everything that the specs have can be varied, and nothing else is touched."""

import pytest

import engine
from engine.data import DataPlan
from engine.experiments.factors import (
    FEWEST_LANES,
    PROPOSED,
    differs_besides,
    equal_variants,
    factors_of,
    proposals,
)
from engine.project import Project
from engine.project.differences import differences


def small_project(**training) -> Project:
    """2-8-1 on 120 circles."""
    design = engine.Design.sequential(
        [engine.Input(), engine.Dense(units=8), engine.Output(task="binary")], ["x", "h1", "y"]
    )
    settings = engine.TrainingSettings(**{"batch_size": 24, "epochs": 40, **training})
    return Project(design, settings, DataPlan(source={"kind": "circles", "points": 120}))


@pytest.fixture
def project() -> Project:
    return small_project()


def factor(project, *path, node=""):
    return next(f for f in factors_of(project, node) if f.path == path)


def test_every_training_setting_can_be_varied_but_the_seed(project):
    names = {f.path[0] for f in factors_of(project, "")}
    assert names == set(engine.TrainingSettings.model_fields) - {"seed", "streams"}
    assert ("optimizer", "learning_rate") in {f.path for f in factors_of(project, "")}


@pytest.mark.parametrize("node", ["", "x", "h1", "y"])
def test_a_variant_differs_in_its_factor_and_in_nothing_else(project, node):
    for f in factors_of(project, node):
        values = proposals(f, project)
        assert FEWEST_LANES <= len(values) <= PROPOSED
        assert values[0] == f.value(project)
        for value in values:
            variant = f.applied(project, value)
            assert f.value(variant) == value
            found = differences(project, variant)
            assert all((d.node, d.path[: len(f.path)]) == (node, f.path) for d in found)
            assert bool(found) == (value != values[0])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("optimizer", "learning_rate"), [0.001, 0.0001, 0.01]),
        (("keep_prob",), [1.0, 0.8, 0.5]),
        (("l2",), [0.0, 0.1, 1.0]),
        (("batch_size",), [24, 12, 48]),
        (("batch_norm",), [False, True]),
    ],
)
def test_the_proposals_are_what_a_teacher_would_try(project, path, expected):
    assert proposals(factor(project, *path), project) == pytest.approx(expected)


def test_other_kinds_are_proposed_for_a_family(project):
    kinds = [value.kind for value in proposals(factor(project, "optimizer"), project)]
    assert kinds[0] == "adam"
    assert len(set(kinds)) == PROPOSED


def test_a_factor_that_another_edit_took_away_is_known_to_be_gone(project):
    beta = factor(project, "optimizer", "beta1")
    other = project.replace(training=project.training.replace(optimizer="gradient_descent"))
    assert beta.exists_in(project) and not beta.exists_in(other)
    units = factor(project, "units", node="h1")
    assert not units.exists_in(project.replace(design=project.design.remove(["h1"])))


def test_a_value_is_named_with_its_setting(project):
    assert factor(project, "l2").words(0.5) == "L2 λ 0.5"
    assert factor(project, "keep_prob", node="h1").words(None) == "keep probability inherited"


def test_a_setting_of_the_whole_network_reaches_layers_with_values_of_their_own(project):
    design = project.design.edit("h1", keep_prob=0.9, optimizer=engine.Momentum())
    own = project.replace(design=design)
    keep = factor(own, "keep_prob")
    variants = [keep.applied(own, value) for value in (1.0, 0.8, 0.5)]
    kept = [
        engine.Network(each.design, each.training, data=each.data.build()).specs["h1"].keep_prob
        for each in variants
    ]
    assert kept == [1.0, 0.8, 0.5]
    rate = factor(own, "optimizer", "learning_rate").applied(own, 0.5)
    assert rate.design.nodes["h1"].optimizer == engine.Momentum(learning_rate=0.5)
    assert rate.training.optimizer.learning_rate == 0.5


def test_equal_variants_are_found_whatever_their_settings_say(project):
    own = project.replace(design=project.design.edit("h1", keep_prob=1.0, l2=0.0))
    assert equal_variants([project, project]) == (0, 1)
    assert equal_variants([project, own]) == (0, 1)  # one inherits 1 and 0, the other says so
    for layer in [n for n in own.design.nodes if n not in ("x", "y")]:
        own = own.replace(design=own.design.edit(layer, keep_prob=1.0))
    overridden = [own.replace(training=own.training.replace(keep_prob=p)) for p in (1.0, 0.5)]
    assert equal_variants(overridden) == (0, 1)
    batch = factor(project, "batch_size")
    assert equal_variants([batch.applied(project, size) for size in (12, 24)]) is None


def test_methods_that_are_not_adaptive_race_at_one_learning_rate(project):
    training = project.training.replace(optimizer=engine.GradientDescent(learning_rate=0.3))
    project = project.replace(training=training)
    what = factor(project, "optimizer")
    values = proposals(what, project, 10)
    rates = {(v.kind, getattr(v, "nesterov", False)): v.learning_rate for v in values}
    assert rates["gradient_descent", False] == 0.3
    assert rates["momentum", False] == rates["momentum", True] == 0.3
    assert rates["rmsprop", False] == engine.RMSprop().learning_rate
    assert all(v.form == "average" for v in values if v.kind == "momentum")


def test_every_difference_inside_an_optimizer_stands_in_the_titles(project):
    values = [engine.GradientDescent(learning_rate=0.3), engine.RMSprop(), engine.Adam()]
    titles = factor(project, "optimizer").titles(values)
    assert titles[0].endswith("(learning rate α 0.3)")
    assert "learning rate α 0.001" in titles[1] and "learning rate α 0.001" in titles[2]
    assert differs_besides(values) == ["learning rate α"]
    same = [engine.GradientDescent(learning_rate=0.3), engine.Momentum(learning_rate=0.3)]
    assert differs_besides(same) == []
