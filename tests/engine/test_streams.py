"""Random streams: all different within one seed, and in older files as they were."""

import itertools

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.errors import DataError
from engine.layers.augment import Augment
from engine.streams import PURPOSES, Draws, stream
from engine.training import Trainer


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_no_two_purposes_or_indices_of_a_seed_share_a_number(seed):
    streams = {
        (purpose, index): stream(seed, purpose, index).random(8)
        for purpose, index in itertools.product(PURPOSES, range(3))
    }
    values = np.concatenate(list(streams.values()))
    assert len(np.unique(values)) == len(values)


def test_the_initial_weights_of_circles_do_not_hold_the_noise_of_its_points():
    plan = DataPlan(source={"kind": "circles", "points": 300, "noise": 1.0}, normalize=False)
    drawn = stream(plan.seed, "points", scheme=plan.streams).standard_normal(20)
    settings = engine.TrainingSettings(initializer={"kind": "normal", "standard_deviation": 1.0})
    layers = [engine.Input(), engine.Dense(units=10), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    network = engine.Network(design, settings, dtype="float64", data=plan.build())
    assert not np.isin(network.parameters["h1.W"], drawn).any()


@pytest.mark.parametrize(
    ("purpose", "index", "entropy"),
    [
        ("initialization", 0, [7, 0, 0]),
        ("shuffle", 3, [7, 1, 3]),
        ("dropout", 0, [7, 2, 0]),
        ("sampling", 0, [7, 4, 0]),
        ("points", 0, [7, 0]),
        ("order", 0, [7, 1]),
        ("split", 0, [7, 2]),
        ("train_dev", 0, [7, 3]),
        ("mixing", 0, [7, 4]),
        ("folds", 0, [7, 5]),
    ],
)
def test_the_first_scheme_stays_what_it_was(purpose, index, entropy):
    expected = np.random.default_rng(entropy).random(5)
    assert np.array_equal(stream(7, purpose, index, scheme=1).random(5), expected)


@pytest.mark.parametrize("seed", [-1, 1.5, "x", True])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(DataError, match="A seed must be a whole number, 0 or more"):
        stream(seed, "split")


def pictures(keep_prob, augment=True):
    middle = [Augment()] if augment else []
    layers = [engine.Input(shape=(1, 8, 8)), *middle, engine.Flatten()]
    layers += [engine.Dense(units=4, keep_prob=keep_prob), engine.Output()]
    data = DataPlan(source="digits-8x8").build()
    return Trainer(engine.Network(engine.Design.sequential(layers), data=data), data)


def masks(trainer):
    trace = trainer.network.forward(
        trainer.batches.peek()[0], training=True, rng=Draws.of(trainer.network.seed)
    )
    return next(
        part.layer.kept(cache)
        for part, cache in zip(trainer.network.parts, trace.caches, strict=True)
        if part.layer.kind == "dropout"
    )


def test_augmentation_does_not_move_the_masks_of_dropout():
    assert np.array_equal(masks(pictures(0.5)), masks(pictures(0.5, augment=False)))


def test_dropout_does_not_move_the_pictures_of_augmentation():
    seen = []
    for keep_prob in (1.0, 0.5):
        trainer = pictures(keep_prob)
        for _ in range(2):
            X, _Y = trainer.batches.peek()
            trace = trainer.network.forward(X, training=True, rng=trainer.network.rng)
        seen.append(trace.values[2])
    assert np.array_equal(*seen)


def test_a_run_with_augmentation_and_dropout_goes_on_from_its_state_to_the_last_bit():
    straight, resumed = pictures(0.5), pictures(0.5)
    for _ in range(3):
        straight.step()
    resumed.restore(*straight.state())
    for _ in range(3):
        assert straight.step().cost == resumed.step().cost
    assert np.array_equal(straight.network.theta, resumed.network.theta)
