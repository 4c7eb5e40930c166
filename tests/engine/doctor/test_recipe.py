"""The recipe: what is offered for which trouble, and that every remedy gives a sound project."""

import dataclasses

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data import DataPlan
from engine.design import Design, Wire, check
from engine.doctor.diagnosis import diagnose
from engine.doctor.errors import ErrorRate, Errors
from engine.doctor.evidence import Evidence
from engine.doctor.recipe import RecipeCase, Remedy, recipe
from engine.errors import DesignError, EngineError
from engine.layers import Dense, Flatten, Input, Layer, Output
from engine.network import Network
from engine.optimizers import Adam, AdamW, GradientDescent, Momentum, RMSprop
from engine.project import Project
from engine.settings import TrainingSettings
from engine.training import Trainer
from tests.engine.random_designs import designs, grown

MOST_STEPS = 24
TROUBLES = {
    "bias": (0.15, 0.16),
    "variance": (0.01, 0.11),
    "both": (0.15, 0.30),
    "neither": (0.005, 0.01),
}
EVIDENCE = [Evidence(), Evidence(True, 3, True), Evidence(best_epoch=2)]


def found(trouble, m=20_000, **others):
    train, dev = TROUBLES[trouble]
    others = {name: ErrorRate(value, m) for name, value in others.items()}
    return diagnose(Errors(ErrorRate(train, 50_000), ErrorRate(dev, m), **others))


def project(*hidden, data="moons", task="binary", **settings):
    hidden = hidden or (Dense(units=20), Dense(units=40), Dense(units=10))
    names = ["x", *(f"h{i + 1}" for i in range(len(hidden))), "y"]
    design = Design.sequential([Input(), *hidden, Output(task=task)], names)
    return Project(design, TrainingSettings(**settings), DataPlan(source=data))


def texts(of, trouble, **facts):
    return {p.remedy: p.text for p in recipe(of, found(trouble), **facts)}


def test_variance_gets_more_data_and_regularization_in_the_lectures_order():
    long = project(epochs=100)
    assert texts(long, "variance") == {
        "more_data": "a training set of 360 examples instead of 180 (600 points in all)",
        "l2": "L2 λ 0.2 for all layers",
        "dropout": "keep_prob 0.8 on the two largest layers ('h1' and 'h2')",
        "early_stopping": "early stopping on the dev cost, with a patience of 10 epochs",
        "smaller_network": "10 units in 'h1', 20 units in 'h2', 5 units in 'h3': half as many",
    }


def test_bias_gets_a_bigger_network_and_better_training():
    weak = project(
        Dense(units=20, initializer="zeros"),
        optimizer=GradientDescent(learning_rate=1e-4),
        keep_prob=0.5,
        l2=1.0,
    )
    assert texts(weak.replace(data=weak.data.replace(normalize=False)), "bias") == {
        "normalize": "features with mean 0 and variance 1, based on the training set",
        "better_initializer": "He initialization in 'h1'",
        "usual_learning_rate": "learning rate 0.01",
        "less_regularization": "no L2 penalty and dropout",
        "bigger_network": "40 units in 'h1': twice as many",
        "better_optimizer": "Adam instead of gradient descent",
        "train_longer": "40 epochs instead of 20",
        "deeper_network": "one more layer 'dense' after 'h1', with the same settings",
    }


def test_with_both_troubles_the_larger_comes_first_and_bias_where_they_are_equal():
    cures = [p.cures for p in recipe(project(), found("both"))]
    assert cures == sorted(cures, key=["avoidable_bias", "variance"].index)
    assert {"avoidable_bias", "variance"} == set(cures)


def test_no_remedy_for_one_trouble_makes_the_other_worse():
    of = project(keep_prob=0.9, l2=0.1)
    assert "less_regularization" in texts(of, "bias")
    assert "smaller_network" in texts(of, "variance")
    assert not {"less_regularization", "smaller_network"} & set(texts(of, "both"))


def test_without_trouble_there_is_nothing_to_do():
    assert recipe(project(), found("neither")) == []


def test_with_50_dev_examples_a_larger_dev_set_comes_first_and_the_rest_is_unsure():
    scarce = diagnose(Errors(ErrorRate(0.01, 50_000), ErrorRate(0.04, 50)))
    offered = recipe(project(), scarce)
    assert offered[0].remedy == "larger_dev_set"
    assert offered[0].text == "a dev set of 120 examples instead of 60 (600 points in all)"
    after = offered[0].apply(project())
    assert after.data.sizes()[1] == after.build_data().dev.m == 120
    assert offered[0].sure
    assert [p.sure for p in offered[1:]] == [False] * (len(offered) - 1)
    assert "l2" in {p.remedy for p in offered}
    assert len({p.text for p in offered}) == len(offered)
    table = project(data="mnist-10k", task="multi_class")
    first = recipe(table, scarce)[0]
    assert first.text == "40 % of the examples for the dev set"
    assert first.apply(table).data.dev == 0.4


def test_few_training_examples_ask_for_more_of_them():
    scarce = diagnose(Errors(ErrorRate(0.0, 45), ErrorRate(0.02, 1_000)))
    assert {gap.scarce for gap in scarce.gaps} == {"train"}
    of = project(data="wine", task="multi_class")
    few = of.replace(data=of.data.replace(train=0.2, dev=0.6, test=0.2))
    first = recipe(few, scarce)[0]
    assert (first.text, first.cures) == ("60 % of the examples for training", "doubt")
    assert recipe(of, scarce)[-1].by_hand


def test_while_one_trouble_is_sure_nothing_is_guessed_about_the_other():
    unclear = diagnose(Errors(ErrorRate(0.15, 50_000), ErrorRate(0.20, 100)))
    assert (unclear.verdict, unclear.variance.state) == ("bias", "unclear")
    assert {p.cures for p in recipe(project(), unclear)} == {"avoidable_bias", "doubt"}


def test_many_layers_are_counted_not_named():
    of = project(*[Dense(units=8, initializer="zeros")] * 5)
    offered = texts(of, "bias")
    assert offered["better_initializer"] == "He initialization in 5 layers"
    assert offered["bigger_network"] == "twice as many units in 5 hidden layers"


def test_mismatch_and_dev_overfitting_have_remedies_of_their_own():
    mismatch = recipe(project(), found("variance", train_dev=0.01))
    assert [(p.remedy, p.by_hand) for p in mismatch] == [("liker_training_data", True)]
    overfitted = recipe(project(), found("neither", test=0.1))
    assert [p.remedy for p in overfitted] == ["larger_dev_set", "l2", "dropout"]


def test_overfitting_to_the_dev_set_asks_for_more_regularization_even_beside_bias():
    """Dev 2.1 %, test 7.0 %: course 3, week 1; the network is fitted to the dev set."""
    dev, test = ErrorRate(0.021, 20_000), ErrorRate(0.07, 20_000)
    both = diagnose(Errors(ErrorRate(0.02, 50_000), dev, test=test))
    assert both.verdict == "bias and overfitting to the dev set"
    remedies = {p.remedy for p in recipe(project(l2=0.1), both)}
    assert {"l2", "dropout", "larger_dev_set", "bigger_network"} <= remedies
    assert "less_regularization" not in remedies


def test_what_only_people_can_do_stands_behind_what_the_program_can_apply():
    table = project(data="wine", task="multi_class", epochs=100)
    for trouble in TROUBLES:
        by_hand = [p.by_hand for p in recipe(table, found(trouble))]
        assert by_hand == sorted(by_hand)
    offered = recipe(table, found("variance"))
    assert (offered[0].remedy, offered[-1].remedy) == ("l2", "more_data")


def test_more_data_is_not_offered_beside_a_flat_learning_curve():
    flat, falling = Evidence(more_data_helps=False), Evidence(more_data_helps=True)
    assert "more_data" not in texts(project(), "variance", evidence=flat)
    first = recipe(project(), found("variance"), falling)[0]
    assert first.remedy == "more_data"
    assert first.reason.startswith("The learning curve is still falling.")


def test_what_the_history_shows_moves_to_the_front():
    assert next(iter(texts(project(), "bias"))) == "bigger_network"
    assert next(iter(texts(project(), "bias", evidence=Evidence(True)))) == "train_longer"
    rising = list(texts(project(epochs=100), "variance", evidence=Evidence(best_epoch=12)))
    assert rising[:2] == ["more_data", "early_stopping"]
    reasons = [p.reason for p in recipe(project(), found("variance"), Evidence(best_epoch=12))]
    assert any("lowest after epoch 12" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("optimizer", "offered"),
    [
        (Adam(learning_rate=0.1), True),
        (Adam(learning_rate=0.01), False),
        (Adam(learning_rate=1e-6), True),
        (GradientDescent(learning_rate=1.0), False),
        (GradientDescent(learning_rate=1e-4), True),
    ],
)
def test_a_learning_rate_is_suspect_where_it_is_far_from_usual(optimizer, offered):
    assert ("usual_learning_rate" in texts(project(optimizer=optimizer), "bias")) == offered


def test_a_run_that_stopped_early_is_not_told_to_train_longer():
    of = project(stopping={"kind": "early"})
    assert "train_longer" in texts(of, "bias")
    assert "train_longer" not in texts(of, "bias", evidence=Evidence(stopped_early=True))


@pytest.mark.parametrize("trouble", ["bias", "variance"])
def test_applied_over_and_over_each_step_is_another_one_and_only_depth_has_no_end(trouble):
    of = project(epochs=100, optimizer=GradientDescent(learning_rate=1.0))
    remedies = [p.remedy for p in recipe(of, found(trouble)) if not p.by_hand]
    assert len(remedies) > 4
    for remedy in remedies:
        steps = applied_over_and_over(remedy, of, trouble)
        assert len(set(steps)) == len(steps), remedy
        assert (len(steps) == MOST_STEPS) == (remedy == "deeper_network"), remedy


def applied_over_and_over(remedy, of, trouble):
    """What each step of a remedy says, until it is offered no more; MOST_STEPS at most."""
    steps = []
    while len(steps) < MOST_STEPS:
        offered = {p.remedy: p for p in recipe(of, found(trouble))}
        if remedy not in offered or offered[remedy].by_hand:
            break
        steps.append(offered[remedy].text)
        of = offered[remedy].apply(of)
    return steps


def test_dropout_grows_stronger_step_by_step_and_then_is_offered_no_more():
    of, seen = project(), []
    while "dropout" in (offered := {p.remedy: p for p in recipe(of, found("variance"))}):
        seen.append(offered["dropout"].text.split(" on ")[0])
        of = offered["dropout"].apply(of)
    assert seen == ["keep_prob 0.8", "keep_prob 0.65", "keep_prob 0.5"]
    assert [of.design.nodes[name].keep_prob for name in ("h1", "h2", "h3")] == [0.5, 0.5, None]


def test_more_data_is_by_hand_where_the_source_has_no_more():
    of = project(data="mnist-10k", task="multi_class")
    offered = {p.remedy: p for p in recipe(of, found("variance"))}
    assert offered["more_data"].by_hand
    assert list(offered)[-1] == "more_data"
    with pytest.raises(DesignError, match="no longer applies"):
        offered["more_data"].apply(of)
    few = of.replace(data=of.data.replace(train=0.2, dev=0.4, test=0.4))
    assert texts(few, "variance")["more_data"] == "60 % of the examples for training"


@pytest.mark.parametrize("shape", [None, (64,), (1, 8, 8)])
def test_pictures_are_augmented_whether_the_network_takes_them_flat_or_not(shape):
    front = [Input(shape=shape), *([Flatten()] if shape == (1, 8, 8) else []), Dense(units=10)]
    design = Design.sequential([*front, Output(task="multi_class")])
    of = Project(design, data=DataPlan(source="digits-8x8"))
    data = of.build_data()
    seen = Evidence(picture=data.train.image_shape)
    (found_one,) = (p for p in recipe(of, found("variance"), seen) if p.remedy == "augmentation")
    after = found_one.apply(of)
    Trainer(Network(after.design, after.training, data=data), data).step()
    chain = [type(after.design.nodes[name]).__name__ for name in after.design.order()]
    assert chain == ["Input", "Augment", "Flatten", "Dense", "Output"]
    assert "augmentation" not in texts(after, "variance", evidence=seen)
    assert "augmentation" not in texts(of, "variance")


def test_a_second_source_asks_for_a_train_dev_set_first():
    of = project()
    mixed = of.replace(data=of.data.replace(extra={"kind": "moons", "noise": 0.5}))
    first = recipe(mixed, found("variance"))[0]
    assert first.text == "10 % of the training set held back as a train-dev set"
    held_back = first.apply(mixed)
    assert held_back.build_data().train_dev is not None
    assert "train_dev_set" not in texts(held_back, "variance")
    assert "train_dev_set" not in texts(of, "variance")


def test_inputs_that_a_layer_normalizes_are_normalized():
    of = project()
    raw = of.replace(data=of.data.replace(normalize=False))
    assert "normalize" in texts(raw, "bias")
    design = raw.design.add("n", Layer.parse("normalize")).connect("x", "n")
    design = design.disconnect([Wire("x", "h1")]).connect("n", "h1")
    assert "normalize" not in texts(raw.replace(design=design), "bias")


def test_points_that_a_person_painted_cannot_be_drawn_anew():
    painted = tuple((float(i % 2), float(i % 7), i % 2) for i in range(300))
    of = project(data={"kind": "painted", "points": painted})
    assert texts(of, "variance")["more_data"].startswith("collect")


def test_batch_norm_is_not_offered_where_a_batch_would_have_one_example():
    of = project(batch_size=64, data={"kind": "moons", "points": 215})
    assert of.data.sizes()[0] % 64 == 1
    assert "batch_norm" not in texts(of, "bias")
    assert "batch_norm" in texts(project(), "bias")


def test_a_deeper_network_without_hidden_layer_gets_its_first_one():
    logistic = Design.sequential([Input(), Output(task="binary")], ["x", "y"])
    of = Project(logistic, data=DataPlan(source="moons"))
    (deeper,) = (p for p in recipe(of, found("bias")) if p.remedy == "deeper_network")
    assert deeper.text == "a hidden layer 'dense' of 16 units before 'y'"
    assert deeper.apply(of).design.order() == ["x", "dense", "y"]


def test_a_design_that_cannot_run_gets_no_recipe():
    assert recipe(Project(), found("bias")) == []


def test_a_remedy_that_fits_no_longer_says_so():
    of = project(optimizer=GradientDescent())
    (better,) = (p for p in recipe(of, found("bias")) if p.remedy == "better_optimizer")
    with pytest.raises(DesignError, match="'Better optimizer' no longer applies"):
        better.apply(better.apply(of))


@pytest.mark.parametrize("remedy", Remedy.registry.values(), ids=Remedy.registry)
def test_every_remedy_says_what_it_cures_and_stands_in_a_lecture(remedy):
    gaps = {"avoidable_bias", "variance", "data_mismatch", "dev_overfitting", "doubt"}
    assert remedy.cures
    assert set(remedy.cures) <= gaps
    assert remedy.title[0].isupper()
    assert "Source: " in remedy.__doc__
    case = RecipeCase(project(), found("both"), Evidence())
    assert isinstance(remedy().rank(case), int)
    assert remedy().reason(case).endswith(".")


OPTIMIZERS = [Adam(), AdamW(), GradientDescent(), Momentum(), RMSprop(learning_rate=1.0)]
training_settings = st.builds(
    TrainingSettings,
    optimizer=st.sampled_from(OPTIMIZERS),
    batch_size=st.sampled_from([None, 1, 7, 64]),
    epochs=st.sampled_from([1, 20, 10_000_000]),
    l2=st.sampled_from([0.0, 0.5, 1e6]),
    keep_prob=st.sampled_from([1.0, 0.8, 0.3]),
    batch_norm=st.booleans(),
    initializer=st.sampled_from(["he", "zeros", "normal", "orthogonal"]),
    stopping=st.sampled_from(["last_epoch", "early"]),
)
plans = st.builds(
    DataPlan,
    source=st.sampled_from([{"kind": "blobs", "points": 215}, "moons", "curve"]),
    normalize=st.booleans(),
)


@given(designs, training_settings, plans, st.sampled_from(list(TROUBLES)), st.integers(0, 2))
def test_a_recipe_never_fails_whatever_the_design(design, settings, plan, trouble, seen):
    passes_the_check(Project(design, settings, plan), trouble, EVIDENCE[seen])


@given(grown(), training_settings, plans, st.sampled_from(["bias", "both"]), st.integers(0, 2))
def test_every_offered_remedy_gives_a_sound_project(design, settings, plan, trouble, seen):
    output = Output(task=plan.source.fit().task)
    of = Project(design.replace("x", Input()).replace("y", output), settings, plan)
    assume(RecipeCase(of, found(trouble)).runs)
    assert passes_the_check(of, trouble, EVIDENCE[seen])


def passes_the_check(of, trouble, evidence):
    """How many remedies were offered; each is applied and checked."""
    offered = recipe(of, found(trouble, m=60), evidence)
    for prescription in offered:
        assert prescription.text
        assert prescription.reason.endswith(".")
        if prescription.by_hand:
            continue
        after = prescription.apply(of)
        assert after != of
        assert check(after.design, after.training, after.data.source.fit()).ok
        same = {"design": of.design, "training": of.training, "data": of.data}
        assert dataclasses.replace(after, **same) == of
    return len(offered)


@pytest.mark.parametrize("trouble", ["bias", "variance"])
def test_every_offered_remedy_gives_a_project_that_trains(trouble):
    of = project(batch_size=32, epochs=20, optimizer=GradientDescent())
    for prescription in recipe(of, found(trouble)):
        after = prescription.apply(of)
        data = after.data.build()
        Trainer(Network(after.design, after.training, data=data), data).step()


def test_the_project_survives_a_remedy_that_fails(monkeypatch):
    def fails(self, case):
        raise EngineError("No.")

    monkeypatch.setattr(Remedy.registry["l2"], "step", fails)
    assert "l2" not in texts(project(), "variance")
    assert "dropout" in texts(project(), "variance")
