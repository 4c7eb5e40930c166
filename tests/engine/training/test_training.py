"""Training: batches, evaluations, changes in mid-run, divergence, and going on to the bit."""

import json
import math
import warnings

import numpy as np
import pytest

from engine.data import Dataset, Splits
from engine.design import Design
from engine.errors import DataError, FileError, NonFiniteError, TrainingError
from engine.layers import Dense, Input, Output
from engine.network import Network
from engine.optimizers import Adam, GradientDescent, Momentum
from engine.settings import TrainingSettings
from engine.training import Trainer, train


def splits(m=23, m_dev=7, n_x=2, seed=0, task="binary"):
    """Row 0 of X is the number of the example, so that batches can be told apart."""
    rng = np.random.default_rng(seed)

    def dataset(m):
        X = rng.normal(size=(n_x, m))
        X[0] = np.arange(m) / m
        Y = (X[:1] * X[1:2] > 0).astype(float) if task == "binary" else rng.normal(size=(2, m))
        return Dataset(X, Y, task)

    return Splits(dataset(m), dataset(m_dev), None)


def build(settings=None, dtype="float64", units=4, **fields):
    """x -> h1 -> h2 -> y; fields are those of h1."""
    layers = [
        Input(features=2),
        Dense(units=units, activation="tanh", **fields),
        Dense(units=units),
    ]
    design = Design.sequential([*layers, Output(task="binary")], ["x", "h1", "h2", "y"])
    return Network(design, settings, dtype=dtype)


def trainer(data=None, dtype="float64", **settings):
    settings = TrainingSettings(**{"batch_size": 5, "epochs": 3, **settings})
    return Trainer(build(settings, dtype), data or splits())


def batches_of(run):
    """The list of X that the network of this run will learn from."""
    seen, learn_from = [], run.network.learn_from

    def spy(X, Y, **kwargs):
        seen.append(X.copy())
        return learn_from(X, Y, **kwargs)

    run.network.learn_from = spy
    return seen


def finish(run):
    while not run.finished:
        run.step()
    return run


def test_every_example_is_seen_once_per_epoch_and_the_last_batch_is_shorter():
    run = trainer()
    seen = batches_of(run)
    finish(run)
    assert [X.shape[1] for X in seen] == [5, 5, 5, 5, 3] * 3
    for epoch in range(3):
        numbers = np.concatenate([X[0] for X in seen[5 * epoch : 5 * epoch + 5]]) * 23
        assert sorted(numbers.round().astype(int)) == list(range(23))
    assert run.steps_per_epoch == 5
    assert (run.iteration, run.epoch) == (15, 3)


def test_each_epoch_is_shuffled_anew_and_each_seed_its_own_way():
    orders = []
    for seed in (0, 0, 1):
        run = trainer(seed=seed)
        seen = batches_of(run)
        finish(run)
        orders.append(np.concatenate([X[0] for X in seen]))
    assert np.array_equal(orders[0], orders[1])
    assert not np.array_equal(orders[0], orders[2])
    assert not np.array_equal(orders[0][:23], orders[0][23:46])


def test_examples_keep_their_targets():
    data = splits(m=40)
    run = Trainer(build(TrainingSettings(batch_size=7, epochs=2)), data)
    learn_from, checked = run.network.learn_from, []

    def spy(X, Y, **kwargs):
        numbers = (X[0] * 40).round().astype(int)
        checked.append(np.array_equal(data.train.Y[:, numbers], Y))
        return learn_from(X, Y, **kwargs)

    run.network.learn_from = spy
    finish(run)
    assert checked == [True] * 12


@pytest.mark.parametrize("batch_size", [None, 23, 1000])
def test_a_full_batch_is_all_examples_in_their_order(batch_size):
    run = trainer(batch_size=batch_size)
    seen = batches_of(run)
    finish(run)
    assert len(seen) == 3
    assert all(np.array_equal(X, run.data.train.X) for X in seen)


def test_full_batch_gradient_descent_is_the_lectures_loop():
    data = splits()
    settings = TrainingSettings(
        optimizer=GradientDescent(learning_rate=0.3), batch_size=None, epochs=4, l2=0.1
    )
    by_hand, network = build(settings), build(settings)
    costs = []
    for _ in range(4):
        costs.append(by_hand.cost_and_gradient(data.train.X, data.train.Y))
        by_hand.theta[...] -= 0.3 * by_hand.gradient
    steps = list(train(network, data))
    assert [step.cost for step in steps] == pytest.approx(costs, rel=1e-14)
    assert np.allclose(network.theta, by_hand.theta, rtol=1e-14)


def test_steps_count_from_one_and_carry_cost_and_norms():
    run = trainer()
    steps = [run.step() for _ in range(6)]
    assert [(s.iteration, s.epoch) for s in steps] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 1),
        (6, 2),
    ]
    assert [s.cost for s in steps] == run.history.cost.values.tolist()
    assert list(steps[0].gradient_norms) == ["h1", "h2", "y"]
    last = steps[-1].gradient_norms
    for node in last:
        blocks = [b for b in run.network.slices if b.node == node]
        piece = run.network.gradient[blocks[0].start : blocks[-1].stop]
        assert last[node] == pytest.approx(float(np.linalg.norm(piece)), rel=1e-6)


def test_a_run_teaches_the_network():
    run = finish(trainer(epochs=60, optimizer=Adam(learning_rate=0.05)))
    first, last = run.history.evaluations["train_cost"].values[[0, -1]]
    assert last < 0.3 * first
    assert run.history.latest["train_score"] > 0.9


def test_the_same_run_gives_the_same_bits():
    def theta(dtype):
        run = trainer(dtype=dtype, keep_prob=0.7, batch_norm=True, batch_size=6, seed=5)
        return finish(run).network.theta

    for dtype in ("float32", "float64"):
        assert np.array_equal(theta(dtype), theta(dtype))


@pytest.mark.parametrize(
    ("batch_size", "epochs", "evaluated"),
    [
        (1, 3, [1, 2, 3]),  # 23 steps an epoch: every epoch
        (2, 5, [2, 4, 5]),  # 12 steps an epoch: every second, and the last
        (None, 45, [20, 40, 45]),  # 1 step an epoch: every twentieth, and the last
    ],
)
def test_short_epochs_are_evaluated_less_often_but_the_last_one_always(
    batch_size, epochs, evaluated
):
    run = finish(trainer(batch_size=batch_size, epochs=epochs))
    columns = {name: column.values for name, column in run.history.evaluations.items()}
    assert columns["epoch"].tolist() == evaluated
    assert columns["iteration"].tolist() == [e * run.steps_per_epoch for e in evaluated]
    assert columns["train_cost"][-1] == run.network.cost(run.data.train.X, run.data.train.Y)
    assert columns["dev_cost"][-1] == run.network.cost(run.data.dev.X, run.data.dev.Y)
    assert run.history.latest["dev_score"] == run.evaluate()["dev_score"]


def test_a_finished_run_refuses_a_step_until_it_gets_more_epochs():
    run = finish(trainer(epochs=1))
    with pytest.raises(
        TrainingError, match=r"^The run is finished\. Increase the number of epochs\.$"
    ):
        run.step()
    run.adopt(run.settings.replace(epochs=2))
    assert run.step().epoch == 2


def test_the_history_names_the_clipped_steps():
    run = finish(trainer(clip_norm=1e-3, epochs=1))
    assert run.history.clipped.values.tolist() == [1, 2, 3, 4, 5]
    assert run.history.gradient_norm.values.max() > 1e-3  # norms are those before clipping
    assert not len(finish(trainer(clip_value=1e9, epochs=1)).history.clipped)


def test_the_history_shows_the_scheduled_learning_rate():
    schedule = {"kind": "exponential", "base": 0.5}
    run = finish(trainer(schedule=schedule, optimizer=Adam(learning_rate=0.1)))
    rates = run.history.learning_rate.values
    assert rates[[0, 4, 5, 10]].tolist() == pytest.approx([0.1, 0.1, 0.05, 0.025])


def test_settings_given_to_the_trainer_are_adopted_by_the_network():
    network = build()
    theta = network.theta.copy()
    run = Trainer(network, splits(), TrainingSettings(l2=2.0, keep_prob=0.5))
    assert network.settings == run.settings
    assert network.penalties[0].l2 == 2.0
    assert np.array_equal(network.theta, theta)


def test_changes_in_mid_epoch_lose_and_repeat_no_example():
    run = trainer(epochs=1)
    seen = batches_of(run)
    run.step()
    run.adopt(run.settings.replace(batch_size=9, optimizer=Momentum()))
    finish(run)
    numbers = np.concatenate([X[0] for X in seen]) * 23
    assert [X.shape[1] for X in seen] == [5, 9, 9]
    assert sorted(numbers.round().astype(int)) == list(range(23))


def test_a_seed_changed_in_mid_epoch_holds_from_the_next_epoch_and_resumes_to_the_last_bit():
    run = trainer()
    seen = batches_of(run)
    run.step()
    run.step()
    other = run.settings.replace(seed=9)
    run.adopt(other)
    resumed = Trainer(build(other), run.data)
    resumed.restore(*run.state())
    assert resumed.network.seed == run.network.seed == 0
    finish(run)
    finish(resumed)
    assert np.array_equal(run.network.theta, resumed.network.theta)
    examples = np.concatenate([X[0] for X in seen])[:23] * 23
    assert sorted(examples.round().astype(int)) == list(range(23))
    plain = trainer()
    finish(plain)
    assert not np.array_equal(plain.network.theta, run.network.theta)


def test_a_layer_frozen_in_mid_run_keeps_its_weights_to_the_bit():
    run = trainer()
    run.step()
    run.adopt(run.settings, run.network.design.edit("h1", trainable=False))
    frozen = run.network.parameters["h1.W"].copy()
    before = run.network.parameters["y.W"].copy()
    finish(run)
    assert np.array_equal(run.network.parameters["h1.W"], frozen)
    assert not np.array_equal(run.network.parameters["y.W"], before)


def test_a_change_that_needs_other_parameters_leaves_the_run_as_it_was():
    run = trainer()
    run.step()
    with pytest.raises(TrainingError, match="Rewind to start"):
        run.adopt(run.settings.replace(epochs=9), run.network.design.edit("h1", units=7))
    assert run.settings.epochs == 3
    finish(run)


# Divergence.


def diverging(batch_size=5, batch_norm=False, **settings):
    descent = GradientDescent(learning_rate=1000.0)
    data = splits(task="regression")
    layers = [Input(features=2), Dense(units=4, activation="linear", batch_norm=batch_norm)]
    layers += [Dense(units=4, activation="linear"), Output(task="regression", units=2)]
    settings = TrainingSettings(
        optimizer=descent, batch_size=batch_size, **{"epochs": 50, **settings}
    )
    design = Design.sequential(layers, ["x", "h1", "h2", "y"])
    return Trainer(Network(design, settings), data)


@pytest.mark.parametrize("batch_size", [5, None])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_divergence_names_layer_and_iteration_and_keeps_the_last_good_weights(
    batch_size, batch_norm
):
    run = diverging(batch_size, batch_norm)
    costs = []
    with warnings.catch_warnings(), pytest.raises(NonFiniteError) as caught:
        warnings.simplefilter("error")
        while not run.finished:
            costs.append(run.step().cost)
    error = caught.value
    assert error.iteration == len(costs) + 1 == run.iteration + 1
    assert error.node in ("h1", "h2", "y")
    assert str(error).endswith(
        f" became infinite or NaN at iteration {error.iteration}, first in '{error.node}'. "
        "The last good weights are kept. Try a smaller learning rate or initialization."
    )
    assert np.isfinite(run.network.theta).all()
    assert all(np.isfinite(value).all() for value in run.network.state.values())
    assert len(run.history) == len(costs)
    assert np.isfinite(run.history.cost.values).all()
    assert np.isfinite(run.network.predict(run.data.train.X)).all()


def test_weights_set_by_hand_before_the_first_step_are_kept_when_it_fails():
    run = trainer()
    run.network.theta[...] = 1e200
    with pytest.raises(NonFiniteError) as caught:
        run.step()
    assert caught.value.iteration == 1
    assert (run.network.theta == 1e200).all()


@pytest.mark.parametrize("batch_size", [5, None])
def test_after_a_failure_the_same_batch_is_met_again(batch_size):
    run = trainer(batch_size=batch_size, epochs=1)
    seen = batches_of(run)
    theta = run.network.theta.copy()
    run.network.theta[...] = np.nan
    for _ in range(2):
        with pytest.raises(NonFiniteError):
            run.step()
    run.network.theta[...] = theta
    finish(run)
    assert np.array_equal(seen[0], seen[1])
    assert np.array_equal(seen[0], seen[2])
    assert len(seen) == 2 + run.steps_per_epoch


def test_broken_weights_are_found_after_the_last_step_too():
    run = diverging(batch_size=None)
    with pytest.raises(NonFiniteError) as caught:
        finish(run)
    epochs = caught.value.iteration - 1  # the step whose weights broke the next one
    run = diverging(batch_size=None, epochs=epochs)
    with pytest.raises(NonFiniteError) as caught:
        finish(run)
    assert caught.value.iteration == epochs == run.iteration
    assert run.finished
    assert np.isfinite(run.network.theta).all()
    assert all(math.isfinite(value) for value in run.evaluate().values())


# Going on from a saved state.


def saved(run):
    """The state as a file gives it back: arrays copied, values through JSON."""
    arrays, values = run.state()
    return {name: v.copy() for name, v in arrays.items()}, json.loads(json.dumps(values))


RUNS = {
    "plain": {},
    "dropout and batch norm": {"keep_prob": 0.6, "batch_norm": True, "batch_size": 6},
    "full batch": {"batch_size": None},
    "scheduled momentum": {"optimizer": Momentum(), "schedule": {"kind": "root_iteration"}},
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("settings", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("done", [0, 1, 3, 7])
def test_a_restored_run_goes_on_to_the_bit(settings, done, dtype):
    settings = {"epochs": 9, **settings}
    whole = trainer(dtype=dtype, **settings)
    for _ in range(done):
        whole.step()
    state = saved(whole)
    resumed = trainer(dtype=dtype, **settings)
    resumed.restore(*state)
    assert (resumed.iteration, resumed.epoch) == (whole.iteration, whole.epoch)
    finish(whole)
    finish(resumed)
    assert np.array_equal(whole.network.theta, resumed.network.theta)
    ours, theirs = saved(whole), saved(resumed)
    assert ours[1] == theirs[1]
    assert ours[0].keys() == theirs[0].keys()
    assert all(np.array_equal(ours[0][name], theirs[0][name], equal_nan=True) for name in ours[0])


def test_a_state_is_a_snapshot_that_the_run_leaves_alone():
    run = trainer(clip_norm=1e-3)
    run.step()
    arrays, values = run.state()
    kept = ({name: v.copy() for name, v in arrays.items()}, json.dumps(values))
    finish(run)
    assert json.dumps(values) == kept[1]
    assert all(np.array_equal(arrays[name], kept[0][name], equal_nan=True) for name in arrays)


def test_a_run_can_be_rewound_by_its_own_state():
    run = trainer(keep_prob=0.7)
    for _ in range(4):
        run.step()
    state = run.state()
    first = [run.step().cost for _ in range(5)]
    run.restore(*state)
    assert [run.step().cost for _ in range(5)] == first
    assert len(run.history) == run.iteration == 9


def test_a_failure_right_after_a_restoration_keeps_the_restored_weights():
    run = trainer()
    for _ in range(3):
        run.step()
    arrays, values = saved(run)
    arrays["theta"][...] = 1e200
    resumed = trainer()
    resumed.restore(arrays, values)
    with pytest.raises(NonFiniteError):
        resumed.step()
    assert (resumed.network.theta == 1e200).all()


def broken_states():
    """A sound state with one thing wrong, by what is wrong."""
    run = trainer(batch_norm=True, stopping="early", epochs=8)
    for _ in range(22):  # the first evaluation is after 20
        run.step()
    arrays, values = saved(run)

    def without(name):
        return {key: value for key, value in arrays.items() if key != name}, values

    return {
        "no theta": without("theta"),
        "theta too short": ({**arrays, "theta": arrays["theta"][:-1]}, values),
        "a theta that could be stretched": ({**arrays, "theta": arrays["theta"][:1]}, values),
        "no running mean": without("state.h1.mean"),
        "no slot": without("slot.v"),
        "a slot that could be stretched": ({**arrays, "slot.s": arrays["slot.s"][:1]}, values),
        "no best weights": without("best.theta"),
        "best weights too short": ({**arrays, "best.theta": arrays["best.theta"][:3]}, values),
        "no best running mean": without("best.state.h1.mean"),
        "norms of other layers": (
            {**arrays, "history.gradient_norm": arrays["history.gradient_norm"][:, :-1]},
            values,
        ),
        "no position": (arrays, {k: v for k, v in values.items() if k != "position"}),
        "a position behind the end": (arrays, {**values, "position": 23}),
        "a position before the start": (arrays, {**values, "position": -1}),
        "counts that are words": (arrays, {**values, "updates": {"h1": "many"}}),
        "counts of other layers": (arrays, {**values, "updates": {"h9": 1}}),
        "an evaluation that is none": (arrays, {**values, "best": [1.0]}),
        "an endless iteration": (arrays, {**values, "iteration": math.inf}),
        "another generator": (arrays, {**values, "dropout": {"bit_generator": "MT19937"}}),
        "counters of other alarms": (arrays, {**values, "watch": [[0]] * 9}),
    }


BROKEN = broken_states()


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(wrong):
    run, twin = (trainer(batch_norm=True, stopping="early", epochs=8) for _ in range(2))
    for _ in range(3):
        run.step()
        twin.step()
    theta = run.network.theta
    with pytest.raises(TrainingError, match="This training state does not fit the network"):
        run.restore(*BROKEN[wrong])
    assert run.network.theta is theta
    assert np.array_equal(run.updater.previous, twin.updater.previous)
    finish(run)
    finish(twin)
    (arrays, values), (expected, expected_values) = saved(run), saved(twin)
    assert values == expected_values
    assert all(np.array_equal(arrays[k], expected[k], equal_nan=True) for k in expected)


def test_an_incomplete_history_is_refused_and_changes_nothing():
    run = trainer()
    run.step()
    before = saved(run)
    arrays, values = saved(finish(trainer()))
    with pytest.raises(FileError, match="incomplete"):
        run.restore({**arrays, "history.cost": arrays["history.cost"][1:]}, values)
    arrays, values = saved(run)
    assert values == before[1]
    assert all(np.array_equal(arrays[k], before[0][k], equal_nan=True) for k in arrays)


def test_a_state_without_a_best_evaluation_takes_the_present_one_away():
    run = trainer(stopping="early")
    start = saved(run)
    finish(run)
    assert run.best is not None
    run.restore(*start)
    assert run.best is None
    assert saved(run)[1] == start[1]


# Data that do not fit.


def test_data_of_another_size_or_task_are_refused():
    with pytest.raises(DataError) as caught:
        Trainer(build(), splits(n_x=3))
    assert str(caught.value) == (
        "The training set has 3 features and 1 targets; the network takes 2 and gives 1."
    )
    good = splits()
    with pytest.raises(DataError, match=r"^The dev set has 3 features and 1 targets"):
        Trainer(build(), Splits(good.train, splits(n_x=3).dev, None))
    other = Dataset(good.train.X, good.train.Y, "regression")
    with pytest.raises(DataError, match=r"^The data are for the task 'regression', not 'binary'\."):
        Trainer(build(), Splits(other, other, None))


def test_data_too_large_for_the_dtype_are_refused():
    good = splits()
    huge = Dataset(good.train.X * 1e300, good.train.Y, "binary")
    with pytest.raises(DataError, match=r"^The dev set holds values too large for float32\."):
        Trainer(build(dtype="float32"), Splits(good.train, huge, None))
    Trainer(build(), Splits(good.train, huge, None))


def test_batch_norm_refuses_a_single_example_left_over_and_names_the_layer():
    with pytest.raises(TrainingError) as caught:
        trainer(splits(m=11), batch_norm=True)
    assert caught.value.node == "h1"
    assert "Choose a batch size that leaves no single example at the end." in str(caught.value)


def test_a_batch_size_that_leaves_one_over_is_refused_in_mid_run_and_nothing_changes():
    run = trainer(splits(m=12), batch_norm=True, batch_size=4)
    run.step()
    before = run.settings
    with pytest.raises(TrainingError, match="the smallest one of 12 examples has 1"):
        run.adopt(before.replace(batch_size=11))
    assert run.settings is before
    assert run.batch_size == 4


def test_a_batch_size_that_leaves_one_over_in_the_epoch_at_work_is_refused_until_it_is_done():
    run = trainer(splits(m=12), batch_norm=True, batch_size=4)
    run.step()  # 8 examples are left: one batch of 7 and a single one
    wanted = run.settings.replace(batch_size=7)
    with pytest.raises(TrainingError, match="examples has 1"):
        run.adopt(wanted)
    run.step()
    run.step()
    run.adopt(wanted)  # 12 examples: 7 and 5
    while not run.finished:
        run.step()
