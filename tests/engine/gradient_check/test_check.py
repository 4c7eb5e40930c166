"""The check itself: closed forms, the lectures' loop, penalties, dropout, batch norm, subsets."""

import numpy as np
import pytest

import engine
from engine.activations import ActivationFunction
from engine.gradient_check import CheckCancelledError, Verdict, relative_error
from engine.losses import ErrorFunction
from tests.engine.gradient_check.networks import chain, loop


def one_hot(labels):
    return np.eye(3)[:, labels]


def test_a_linear_model_has_the_gradient_of_its_closed_form():
    network = engine.Network(chain(engine.Output(task="regression", units=1), features=2), seed=0)
    X, Y = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]]), np.array([[1.0, 0.0, 2.0]])
    network.parameters["output.W"][...] = [[0.5, -1.0]]
    network.parameters["output.b"][...] = 0.25
    report = engine.check_gradients(network, X, Y)
    error = np.array([[0.5, -1.0]]) @ X + 0.25 - Y
    assert report.blocks[0].name == "output.W"
    assert report.numerical == pytest.approx([*(error @ X.T / 3)[0], error.mean()], rel=1e-7)
    assert report.exact == pytest.approx([*(error @ X.T / 3)[0], error.mean()], rel=1e-12)
    assert report.verdict == "great"


def test_a_healthy_network_passes_in_every_block_and_in_words(make, data):
    report = engine.check_gradients(make(), *data)
    assert report.relative_error < 1e-7
    assert report.verdict is Verdict.GREAT and report.passed
    assert [block.name for block in report.blocks] == [
        f"{node}.{name}" for node in ("h1", "h2", "h3", "y") for name in "Wb"
    ]
    assert all(block.relative_error < 1e-7 for block in report.blocks)
    assert report.blamed == ()
    assert report.sentence == "Every gradient agrees with the numerical one."
    assert report.parameters == report.checked == make().theta.size
    assert report.cost == pytest.approx(make().cost(*data))


def test_the_worst_components_carry_both_values_and_their_index(make, data):
    report = engine.check_gradients(make(), *data, fault="doubled_dw")
    block = next(block for block in report.blocks if not block.passed)
    worst = block.worst[0]
    start = next(b.start for b in make().slices if b.name == block.name)
    flat = start + np.ravel_multi_index(worst.index, (5, 6))
    assert worst.exact == report.exact[flat] and worst.numerical == report.numerical[flat]
    assert worst.exact == pytest.approx(2 * worst.numerical, rel=1e-6)
    assert worst.relative_error == pytest.approx(1 / 3, rel=1e-5)
    differences = [abs(component.difference) for component in block.worst]
    assert differences == sorted(differences, reverse=True)
    assert report.worst[0] == (block.name, worst)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"l2": 0.7},
        {"l1": 0.3},
        {"batch_norm": True},
        {"keep_prob": 0.8},
        {"keep_prob": 0.7, "batch_norm": True, "l2": 0.5, "l1": 0.1},
    ],
    ids=str,
)
@pytest.mark.parametrize("dropout", [False, True])
def test_the_batched_pass_equals_the_loop_of_two_passes_per_parameter(
    make, data, settings, dropout
):
    X, labels = data
    epsilon = 1e-4  # large, so that round-off does not blur the comparison
    report = engine.check_gradients(
        make("tanh", **settings), X, labels, epsilon, dropout=dropout, seed=5
    )
    slopes = loop(make("tanh", **settings), X, one_hot(labels), epsilon, 5 if dropout else None)
    assert report.numerical == pytest.approx(slopes, rel=1e-6, abs=1e-9)
    assert report.passed


@pytest.mark.parametrize("kind", ActivationFunction.kinds())
def test_every_activation_passes_and_equals_the_loop(make, data, kind):
    X, labels = data
    report = engine.check_gradients(make(kind), X, labels)
    assert report.relative_error < 1e-7, report.sentence
    slopes = loop(make(kind), X, one_hot(labels), 1e-5)
    report = engine.check_gradients(make(kind), X, labels, 1e-5)
    assert report.numerical == pytest.approx(slopes, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("kind", ErrorFunction.kinds())
def test_every_regression_error_passes(kind):
    rng = np.random.default_rng(0)
    task = {"kind": "regression", "error": kind}
    design = chain(engine.Dense(units=4, activation="tanh"), engine.Output(task=task, units=2))
    network = engine.Network(design, seed=0)
    report = engine.check_gradients(network, rng.normal(size=(3, 20)), rng.normal(size=(2, 20)))
    assert report.verdict == "great", report.sentence


def test_missing_labels_of_a_multi_label_task_pass():
    rng = np.random.default_rng(0)
    design = chain(engine.Dense(units=4), engine.Output(task="multi_label", units=3))
    Y = rng.integers(0, 2, (3, 20)).astype(float)
    Y[1, :7] = np.nan
    report = engine.check_gradients(engine.Network(design, seed=0), rng.normal(size=(3, 20)), Y)
    assert report.verdict == "great", report.sentence


@pytest.mark.parametrize("merge", [engine.Add(), engine.Concatenate()])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_skip_connections_pass_and_equal_the_loop(data, merge, batch_norm):
    X, labels = data
    design = chain(engine.Dense(units=6, activation="tanh"), names=["x", "h1"])
    design = (
        design.add("h2", engine.Dense(units=6, activation="tanh", batch_norm=batch_norm))
        .add("h3", engine.Dense(units=6, activation="tanh"))
        .add("join", merge)
        .add("drop", engine.Dropout(keep_prob=0.7))
        .add("y", engine.Output(task="multi_class", units=3))
        .connect("h1", "h2")
        .connect("h2", "h3")
        .connect("h1", "join", "in")
        .connect("h3", "join", "in2")
        .connect("join", "drop")
        .connect("drop", "y")
    )
    network = engine.Network(design, seed=0, dtype="float64")
    report = engine.check_gradients(network, X, labels, dropout=True, seed=9)
    assert report.verdict == "great", report.sentence
    slopes = loop(network, X, one_hot(labels), 1e-4, 9)
    report = engine.check_gradients(network, X, labels, 1e-4, dropout=True, seed=9)
    assert report.numerical == pytest.approx(slopes, rel=1e-6, abs=1e-9)


def test_images_pass_through_batch_norm_and_flatten():
    rng = np.random.default_rng(0)
    design = engine.Design.sequential(
        [
            engine.Input(shape=(2, 3, 3)),
            engine.BatchNorm(),
            engine.Activation(function="tanh"),
            engine.Flatten(),
            engine.Output(task="binary"),
        ]
    )
    network = engine.Network(design, seed=0, dtype="float64")
    X, Y = rng.normal(size=(2, 3, 3, 15)), rng.integers(0, 2, 15)
    report = engine.check_gradients(network, X, Y)
    assert report.verdict == "great", report.sentence
    assert [b.name for b in report.blocks][:2] == ["batch_norm.gamma", "batch_norm.beta"]
    slopes = loop(network, X, Y[None], 1e-4)
    assert engine.check_gradients(network, X, Y, 1e-4).numerical == pytest.approx(
        slopes, rel=1e-6, abs=1e-9
    )


def test_small_chunks_give_the_same_report(make, data, monkeypatch):
    whole = engine.check_gradients(make(batch_norm=True), *data)
    monkeypatch.setattr("engine.gradient_check.perturb.CHUNK_VALUES", 1_500)
    pieces = engine.check_gradients(make(batch_norm=True), *data)
    assert pieces.numerical == pytest.approx(whole.numerical, rel=1e-6, abs=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("dropout", [False, True])
def test_the_network_stays_as_it_is(make, data, dtype, dropout):
    network = make(dtype=dtype, batch_norm=True, keep_prob=0.8)
    network.gradient[...] = 7
    theta, generator = network.theta.copy(), str(network.rng.state())
    state = {name: value.copy() for name, value in network.state.items()}
    report = engine.check_gradients(network, *data, dropout=dropout, fault="doubled_dw")
    assert not report.passed
    assert np.array_equal(network.theta, theta) and network.theta.dtype == dtype
    assert (network.gradient == 7).all()
    assert str(network.rng.state()) == generator
    for name, value in network.state.items():
        assert np.array_equal(value, state[name]) and value.dtype == dtype


def test_a_float32_network_is_checked_in_float64(make, data):
    report = engine.check_gradients(make(dtype="float32"), *data)
    assert report.relative_error < 1e-8
    assert report.exact.dtype == report.numerical.dtype == "float64"


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_it_passes_after_training(make, data, activation):
    X, labels = data
    network = make(activation, dtype="float32")
    settings = engine.TrainingSettings(optimizer=engine.Adam(learning_rate=0.05))
    updater = engine.Updater(network, settings)
    for _ in range(100):
        network.cost_and_gradient(X, labels)
        updater.step()
    report = engine.check_gradients(network, X, labels)
    assert report.cost < 0.1 and report.verdict == "great"


def test_a_bias_in_front_of_batch_norm_is_undecided_rather_than_blamed(data):
    design = chain(
        engine.Linear(units=5),
        engine.BatchNorm(),
        engine.Activation(function="tanh"),
        engine.Output(task="multi_class", units=3),
        names=["x", "lin", "bn", "act", "y"],
    )
    report = engine.check_gradients(engine.Network(design, seed=0), *data)
    verdicts = {block.name: block.verdict for block in report.blocks}
    assert verdicts.pop("lin.b") is Verdict.UNDECIDED
    assert set(verdicts.values()) == {Verdict.GREAT}
    assert report.passed and report.verdict == "great"
    assert "lin.b" in report.sentence


def test_a_sample_and_directions_agree_with_the_whole(make, data):
    network = make(l2=0.4, batch_norm=True)
    whole = engine.check_gradients(network, *data)
    part = engine.check_gradients(network, *data, sample=4)
    assert part.mode == "sample" and part.checked == sum(min(4, b.size) for b in part.blocks)
    chosen = ~np.isnan(part.numerical)
    assert part.numerical[chosen] == pytest.approx(whole.numerical[chosen], rel=1e-6, abs=1e-8)
    along = engine.check_gradients(network, *data, directions=3)
    assert along.mode == "directions" and along.checked == 3 * len(along.blocks)
    assert along.verdict == part.verdict == "great"
    assert np.isnan(along.numerical).all()


@pytest.mark.parametrize("choice", [{"sample": 6}, {"directions": 2}])
def test_a_subset_still_catches_a_bug(make, data, choice):
    report = engine.check_gradients(make(), *data, fault="doubled_dw", **choice)
    assert report.blamed == ("h3.W",) and report.verdict == "bug"
    assert next(b for b in report.blocks if not b.passed).factor == pytest.approx(2)


def test_progress_counts_to_the_end_and_cancel_stops(make, data):
    seen = []
    report = engine.check_gradients(make(), *data, progress=lambda *at: seen.append(at))
    assert seen[-1] == (report.parameters, report.parameters)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    calls = iter([False, False, True])
    with pytest.raises(CheckCancelledError, match="canceled"):
        engine.check_gradients(make(), *data, cancel=lambda: next(calls))


@pytest.mark.parametrize(
    "wrong", [{"epsilon": 0.0}, {"epsilon": 2.0}, {"epsilon": float("nan")}, {"sample": 0},
              {"directions": 0}, {"sample": 1, "directions": 1}],
    ids=str,
)  # fmt: skip
def test_wrong_arguments_are_refused_by_name(make, data, wrong):
    with pytest.raises(engine.SpecError, match=next(iter(wrong))):
        engine.check_gradients(make(), *data, **wrong)


def test_arrays_that_do_not_fit_are_refused(make, data):
    with pytest.raises(engine.DataError, match="transposed"):
        engine.check_gradients(make(), data[0].T, data[1])


def test_a_cost_that_is_not_finite_is_refused(make, data):
    network = make()
    network.theta[...] = 1e200
    with pytest.raises(engine.TrainingError, match="not finite"):
        engine.check_gradients(network, *data)


def test_the_relative_error_is_the_lectures_ratio():
    assert relative_error(np.array([3.0001]), np.array([3.0])) == pytest.approx(1e-4 / 6.0001)
    assert relative_error(np.array([0.6, 0.0]), np.array([0.0, 0.8])) == pytest.approx(1 / 1.4)
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
