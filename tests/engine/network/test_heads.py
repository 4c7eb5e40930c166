"""Networks with several outputs: a main and a side one, each with task, target and weight."""

import numpy as np
import pytest

import engine
from engine.data import (
    DataBlock,
    DataPlan,
    Dataset,
    Splits,
    TargetBlock,
    from_labels,
    one_hot,
    tables,
)
from engine.design import Design, check
from engine.errors import DataError, TrainingError
from engine.files import TrainedModel
from engine.gradient_check import Fault, Verdict, check_gradients
from engine.layers import Dense, Flatten, Input, Output
from engine.network import Network
from engine.probes.example_pictures import picture_shape, pixels_of
from engine.project import Project
from engine.settings import TrainingSettings
from engine.stopping import EarlyStopping
from engine.training import Trainer, fit
from engine.training.batches import Examples
from engine.training.steps import figures
from engine.walkthrough import OptimizerState, Walk

M = 12
KINDS = TargetBlock("kind", 3, "multi_class", ("a", "b", "c"))
SIZE = TargetBlock("size", 1, "regression")


def two_heads(weight=0.3, main=None, side=None):
    """x -> h1 -> h2 -> y, and a side output behind h1."""
    main = main or Output(task="multi_class", target="kind")
    side = side or Output(task="regression", target="size", weight=weight)
    chain = Design.sequential(
        [Input(features=4), Dense(units=5, activation="tanh"), Dense(units=4), main],
        ["x", "h1", "h2", "y"],
    )
    return chain.add("side", side).connect("h1", "side")


def data(m=60):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4, m))
    kinds = np.argmax(X[:3], axis=0)
    Y = np.concatenate([np.eye(3)[:, kinds], 50 + 10 * X[3:] + 5 * X[:1]])
    return Dataset(X, Y, "multi_class", target_blocks=(KINDS, SIZE), name="two", seed=1)


def sets(m=60) -> Splits:
    return data(m).split(0.5, 0.5, 0)


def network(dtype="float64", **changes):
    return Network(two_heads(**changes), data=sets(), dtype=dtype)


def test_the_first_output_of_the_design_is_the_first_head():
    net = network()
    assert [head.node for head in net.heads] == ["y", "side"]
    assert (net.head.node, net.task.kind, net.n_y) == ("y", "multi_class", 3)
    assert [head.units for head in net.heads] == [3, 1]


def test_predict_gives_an_array_for_one_head_and_a_dictionary_for_several():
    net, X = network(), sets().dev.X
    found = net.predict(X)
    assert list(found) == ["y", "side"]
    assert np.allclose(found["y"].sum(axis=0), 1)
    assert abs(found["side"].mean() - 50) < 30  # in the units of the data
    assert (net.predict_first(X) == found["y"]).all()
    alone = Network(two_heads().remove(["side"]), data=sets(), dtype="float64")
    assert isinstance(alone.predict(X), np.ndarray)


def test_j_is_the_weighted_sum_worked_by_hand():
    design = Design({"x": Input(features=1)})
    for name, weight in (("y", 1.0), ("side", 0.25)):
        task = engine.losses.Regression(scale_targets=False)
        design = design.add(name, Output(task=task, target=name, units=1, weight=weight))
        design = design.connect("x", name)
    net = Network(design, dtype="float64")
    net.parameters["y.W"][...], net.parameters["side.W"][...] = 2.0, 3.0
    X, Y = np.array([[1.0, 2.0]]), np.array([[0.0, 0.0], [1.0, 2.0]])
    # y: 1/2 (2^2 + 4^2) / 2 = 5; side: 1/2 (2^2 + 4^2) / 2 = 5
    assert net.cost(X, Y) == 5 + 0.25 * 5
    assert net.cost_and_gradient(X, Y) == 5 + 0.25 * 5
    assert net.gradients["y.W"] == (2 * 1 + 4 * 2) / 2
    assert net.gradients["side.W"] == 0.25 * (2 * 1 + 4 * 2) / 2
    assert net.cost(X, {"side": Y[1:], "y": Y[:1]}) == net.cost(X, Y)


def test_a_side_output_of_weight_zero_leaves_the_rest_as_without_it():
    with_side, alone = (
        network(weight=0.0),
        Network(two_heads().remove(["side"]), data=sets(), dtype="float64"),
    )
    for name, value in alone.parameters.items():
        value[...] = with_side.parameters[name]
    X, Y = sets().train.X, sets().train.Y
    assert with_side.cost_and_gradient(X, Y) == alone.cost_and_gradient(X, Y[:1])
    for name, value in alone.gradients.items():
        assert (value == with_side.gradients[name]).all()
    assert not with_side.gradients["side.W"].any()


def test_two_heads_may_learn_the_same_target():
    design = two_heads(main=Output(task="multi_class"), side=Output(task="multi_class", weight=0.5))
    net = Network(design, data=sets(), dtype="float64")
    found = net.evaluate_heads(sets().dev.X, net.loss_targets(sets().dev.Y))
    total = found["y"].cost + 0.5 * found["side"].cost
    assert net.cost(sets().dev.X, sets().dev.Y) == pytest.approx(total, rel=1e-14)


def test_the_gradient_check_covers_all_heads():
    net = Network(two_heads(), TrainingSettings(l2=0.1), data=sets(), dtype="float64")
    X, Y = data(M).X, data(M).Y
    assert check_gradients(net, X, Y).verdict is Verdict.GREAT
    found = check_gradients(net, X, Y, fault=next(iter(Fault.registry)))
    assert found.verdict is Verdict.BUG


@pytest.mark.parametrize(
    ("Y", "sentence"),
    [
        (np.zeros((3, M)), r"Y must have shape \(2, 12\).*an array for each of 'y', 'side'"),
        ({"y": np.zeros((3, M))}, "Y needs an array for each of 'y', 'side'; got 'y'|got y"),
        (
            {"y": np.eye(3)[:, np.zeros(M, int)], "side": np.zeros((2, M))},
            r"Y of 'side' must have shape \(1, 12\)",
        ),
    ],
)
def test_targets_that_do_not_fit_the_heads_are_refused(Y, sentence):
    with pytest.raises(DataError, match=sentence):
        network().cost(data(M).X, Y)


def test_the_history_names_the_heads():
    run = Trainer(network("float32"), sets(), TrainingSettings(epochs=80, batch_size=10))
    while not run.finished:
        run.step()
    latest = run.history.latest
    for part in ("train", "dev"):
        weighted = latest[f"y.{part}_cost"] + 0.3 * latest[f"side.{part}_cost"]
        assert latest[f"{part}_cost"] == pytest.approx(weighted)
        assert latest[f"{part}_score"] == latest[f"y.{part}_score"]
    assert latest["side.train_score"] > 0.5
    assert "side.dev_score" in run.history.summary()
    earlier = run.history.until(1).evaluations
    assert set(earlier) == set(run.history.evaluations)


def test_a_network_with_one_head_has_no_figures_by_its_name():
    alone = Network(two_heads().remove(["side"]), data=sets())
    history = fit(alone, sets(), TrainingSettings(epochs=1), progress=False)
    assert not any("." in name for name in history.evaluations)


@pytest.mark.parametrize("metric", ["dev_cost", "dev_score", "train_cost"])
def test_early_stopping_may_watch_one_head(metric):
    rule = EarlyStopping(metric=metric, output="side", patience=3)
    settings = TrainingSettings(epochs=60, batch_size=10, stopping=rule)
    run = Trainer(network("float32"), sets(), settings)
    while not run.finished:
        run.step()
    values = run.history.evaluated(f"side.{metric}")[1]
    best = values.max() if metric.endswith("score") else values.min()
    assert run.best.evaluation[f"side.{metric}"] == best


def test_early_stopping_refuses_an_output_that_is_not_there():
    settings = TrainingSettings(stopping=EarlyStopping(output="z"))
    with pytest.raises(TrainingError, match=r"watches the output 'z'.*outputs are 'y', 'side'"):
        Trainer(network(), sets(), settings)
    run = Trainer(network(), sets())
    with pytest.raises(TrainingError, match="watches the output 'z'"):
        run.adopt(settings)


def test_a_run_refuses_another_target_or_task_in_mid_run():
    run = Trainer(network(), sets())
    other = run.network.design.edit("side", target="kind", task="multi_class", units=None)
    with pytest.raises(TrainingError, match="is for the task 'Regression"):
        run.adopt(run.settings, other)
    renamed = run.network.design.rename("side", "extra")
    with pytest.raises(TrainingError, match="output 'side' of the run has another name or target"):
        run.adopt(run.settings, renamed)


def test_a_weight_that_changes_in_mid_run_counts_from_the_next_step():
    run = Trainer(network(), sets())
    run.step()
    run.adopt(run.settings, run.network.design.edit("side", weight=2.0))
    assert [head.weight for head in run.network.heads] == [1, 2]


def test_a_run_with_two_heads_goes_on_from_its_state_to_the_last_bit():
    settings = TrainingSettings(epochs=4, batch_size=10)
    whole, first = (Trainer(network("float32"), sets(), settings) for _ in range(2))
    for _ in range(6):
        first.step()
    second = Trainer(network("float32"), sets(), settings)
    second.restore(*first.state())
    for run in (whole, second):
        while not run.finished:
            run.step()
    assert (whole.network.theta == second.network.theta).all()
    ours, theirs = whole.history.to_arrays(), second.history.to_arrays()
    assert all(np.array_equal(ours[name], theirs[name], equal_nan=True) for name in ours)
    model = TrainedModel.of(Project(two_heads()), whole)
    assert "history.evaluation.side.dev_cost" in model.arrays


def test_the_walk_explains_each_head_from_its_own_loss():
    run = Trainer(network(), sets(), TrainingSettings(batch_size=10))
    X, Y = run.batches.peek()
    walk = Walk(run.network.copy(), X, Y, OptimizerState.of(run.updater), 0)
    losses = [step for step in walk.steps if step.phase == "loss"]
    assert [step.node for step in losses] == ["y", "side"]
    prediction = walk.quantities["side/prediction"]
    target = walk.quantities["side/target"]
    slot = run.network.heads[1].slot
    derivative = walk.quantities[f"side/{slot}/d"].array
    assert derivative == pytest.approx(0.3 * (prediction.array - target.array))
    told = engine.walkthrough.explain(walk, f"side/{slot}/d", (0, 1))
    assert "times the weight 0.3 of this output" in " ".join(told)


def test_the_doctor_judges_the_first_head():
    run = Trainer(network(), sets())
    errors = engine.doctor.measure(run.network, sets())
    wrong = run.network.predict_first(sets().dev.X).argmax(axis=0) != sets().dev.labels
    assert errors.dev.value == pytest.approx(wrong.mean())
    assert errors.task == "multi_class"


def test_a_design_with_two_outputs_and_no_data_is_sound():
    main, side = Output(task="multi_class", units=3), Output(task="binary", target="size")
    assert check(two_heads(main=main, side=side)).ok
    blocks = (DataBlock("x", (4,)),)
    both = Dataset(
        np.zeros((4, 3)),
        np.ones((2, 3)),
        "binary",
        blocks=blocks,
        target_blocks=(TargetBlock("y", 1, "binary", ("n", "y")), SIZE),
    )
    sound = two_heads(main=Output(task="binary"))
    assert check(sound, fit=both.fit).ok


def test_a_vocabulary_of_ten_thousand_classes_costs_the_memory_of_one_number_an_example():
    labels = np.random.default_rng(0).integers(0, 10_000, 500)
    names = [f"word {number}" for number in range(10_000)]
    words = from_labels(np.ones((2, 500), "f4"), labels, names)
    assert words.Y.shape == (1, 500)
    net = Network(Design.sequential([Input(), Output()]), data=words)
    examples = Examples(net, words, "training")
    assert (examples.Y.shape, net.n_y) == ((1, 500), 10_000)
    assert net.cost(words.X, labels) == pytest.approx(net.cost(words.X, words.Y))


def test_labels_and_one_hot_columns_give_the_same_cost_and_gradient_to_the_last_bit():
    chain = Design.sequential([Input(features=4), Dense(units=5), Output(units=3)])
    net, X = Network(chain, dtype="float64"), data(M).X
    labels = data(M).labels
    found = []
    for Y in (labels, labels[np.newaxis], one_hot(labels, 3)):
        found.append((net.cost_and_gradient(X, Y), net.gradient.copy()))
    assert all(cost == found[0][0] for cost, _ in found)
    assert all((gradient == found[0][1]).all() for _, gradient in found)


def test_a_table_with_a_number_and_a_class_trains_a_main_and_a_side_output(tmp_path):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 80))
    rows = [
        f"{x:.3f},{y:.3f},{x + y:.3f},{'up' if x > y else 'down'}"
        for x, y in zip(a, b, strict=True)
    ]
    file = tmp_path / "two.csv"
    file.write_text("\n".join(["a,b,total,way", *rows]))
    found = tables.preview(file)
    roles = {"total": "target", "way": "target"}
    columns = [c.replace(role=roles.get(c.name, "feature")) for c in found.columns]
    source = tables.open_table(file, found.options, tuple(columns)).source
    chain = Design.sequential([Input(), Dense(units=8), Output(task="regression")], ["x", "h", "y"])
    side = Output(task="binary", target="way", weight=0.5)
    design = chain.add("side", side).connect("h", "side")
    adam = engine.Adam(learning_rate=0.02)
    settings = TrainingSettings(epochs=40, batch_size=10, optimizer=adam)
    project = Project(design, settings, DataPlan(source=source))
    saved = tmp_path / "two.netdesign"
    engine.save(project, saved)
    opened = engine.load(saved)
    assert opened.design == design
    sets = opened.build_data()
    run = Trainer(Network(opened.design, opened.training, data=sets), sets)
    while not run.finished:
        run.step()
    assert run.history.latest["train_score"] > 0.8  # R² of the total
    assert run.history.latest["side.train_score"] > 0.8  # accuracy of the way
    assert "; side: loss " in figures(run, run.history.latest)


def test_pictures_of_an_example_of_several_blocks_are_those_of_the_first():
    blocks = (DataBlock("picture", (1, 2, 2)), DataBlock("size", (1,)))
    X = np.arange(15.0).reshape(5, 3)
    both = Dataset(X, [[0, 1, 0]], "binary", blocks=blocks).split(0.7, 0.3, 0)
    chain = Design.sequential([Input(), Flatten(), Output(task="binary")])
    net = Network(chain, data=both)
    assert picture_shape(net, both.train) == (1, 2, 2)
    assert pixels_of(both, both.train, np.arange(2), (1, 2, 2)).shape == (2, 2, 2, 1)
