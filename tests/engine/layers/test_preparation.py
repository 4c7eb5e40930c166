"""The layers that prepare the examples: Normalize and Augment."""

import numpy as np
import pytest

from engine import Dense, Design, Input, Network, Output, Trainer, TrainingSettings, check_gradients
from engine.data import DataPlan
from engine.errors import DesignError
from engine.files import load, save
from engine.files.model import TrainedModel
from engine.layers import Flatten
from engine.layers.augment import Augment
from engine.layers.mode import EVALUATION, TRAINING, Mode
from engine.layers.normalize import Normalize
from engine.project import Project

NAMES = ["x", "prepare", "h1", "y"]


def design(layer, *more):
    chain = [Input(), layer, *more, Dense(units=8), Output(task="binary")]
    return Design.sequential(chain, NAMES)


@pytest.fixture(scope="module")
def raw():
    return DataPlan(source="moons", normalize=False).build()


def test_normalize_learns_from_the_training_set_alone(raw):
    network = Network(design(Normalize()), data=raw, dtype="float64")
    X = raw.train.X.astype(float)
    mean, scale = network.state["prepare.mean"], network.state["prepare.scale"]
    assert mean == pytest.approx(X.mean(axis=1, keepdims=True), rel=1e-5)
    assert scale == pytest.approx(X.std(axis=1, keepdims=True), rel=1e-5)


def test_normalize_equals_the_normalization_of_the_data(raw):
    inside = Network(design(Normalize()), data=raw, seed=3)
    chain = [Input(), Dense(units=8), Output(task="binary")]
    outside = Network(Design.sequential(chain, ["x", "h1", "y"]), data=raw, seed=3)
    assert np.array_equal(inside.theta, outside.theta)
    normalized = raw.normalize()
    for ours, theirs in ((raw.dev, normalized.dev), (raw.test, normalized.test)):
        assert inside.predict(ours.X) == pytest.approx(outside.predict(theirs.X), abs=1e-5)


def test_normalize_stands_still_while_training_and_in_a_saved_model(raw, tmp_path):
    settings = TrainingSettings(batch_size=16, epochs=2)
    network = Network(design(Normalize()), settings, data=raw)
    before = network.state["prepare.mean"].copy()
    trainer = Trainer(network, raw)
    while not trainer.finished:
        trainer.step()
    assert np.array_equal(network.state["prepare.mean"], before)
    project = Project(network.design, settings, DataPlan(source="moons", normalize=False))
    save(TrainedModel.of(project, trainer), tmp_path / "a.safetensors")
    again = load(tmp_path / "a.safetensors").trainer(raw)
    assert np.array_equal(again.network.state["prepare.mean"], before)
    assert np.array_equal(again.network.predict(raw.dev.X), network.predict(raw.dev.X))


def test_a_constant_feature_is_centered_and_nothing_more():
    X = np.stack([np.full(50, 7.0), np.linspace(0, 1, 50)])
    layer = Normalize()
    _, state = layer.initialize(np.random.default_rng(0), (2,))
    layer.measure(state, X)
    y, _ = layer.forward({}, state, X, mode=EVALUATION)
    assert np.array_equal(y[0], np.zeros(50))
    assert y[1].std() == pytest.approx(1)


def test_a_run_survives_a_change_of_settings_with_its_normalization(raw):
    network = Network(design(Normalize()), data=raw)
    before = network.state["prepare.mean"].copy()
    network.adopt(TrainingSettings(l2=0.1))
    assert np.array_equal(network.state["prepare.mean"], before)


@pytest.fixture
def pictures():
    return np.random.default_rng(0).random((2, 8, 6, 5))


def transformed(layer, x, seed=1):
    y, cache = layer.forward({}, {}, x, mode=Mode(True, np.random.default_rng(seed)))
    return y, cache


NOTHING = {"shift": 0, "rotate": 0, "zoom": 0}


@pytest.mark.parametrize(
    "layer", [Augment(strength=0, mirror=True, elastic=0.2, noise=1), Augment(**NOTHING)], ids=str
)
def test_without_strength_nothing_changes(layer, pictures):
    assert np.array_equal(transformed(layer, pictures)[0], pictures)


def test_only_training_pictures_are_changed(pictures):
    rng = np.random.default_rng(0)
    assert Augment().forward({}, {}, pictures, mode=Mode(rng=rng))[0] is pictures
    assert Augment().forward({}, {}, pictures, mode=TRAINING)[0] is pictures
    assert not np.array_equal(transformed(Augment(), pictures)[0], pictures)


def test_the_seed_decides_and_every_example_has_its_own_draw():
    x = np.repeat(np.random.default_rng(0).random((1, 9, 9, 1)), 4, axis=3)
    layer = Augment(rotate=90)
    first, again, other = (transformed(layer, x, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first[..., 0], first[..., 1])


def test_mirror_reverses_columns_of_some_pictures(pictures):
    layer = Augment(mirror=True, **NOTHING)
    x = np.repeat(pictures, 20, axis=3)
    y, _ = transformed(layer, x)
    mirrored = [np.allclose(y[..., k], x[:, :, ::-1, k]) for k in range(x.shape[3])]
    kept = [np.allclose(y[..., k], x[..., k]) for k in range(x.shape[3])]
    assert all(a != b for a, b in zip(mirrored, kept, strict=True))
    assert 25 < sum(mirrored) < 75


def test_shift_moves_by_at_most_its_share():
    """A bright pixel in the middle stays within half the side times the share."""
    x = np.zeros((1, 21, 21, 40))
    x[0, 10, 10] = 1
    y, _ = transformed(Augment(shift=0.2, rotate=0, zoom=0), x)
    weight = y[0] / y[0].sum(axis=(0, 1))
    rows = (weight * np.arange(21)[:, None, None]).sum(axis=(0, 1)) - 10
    assert np.abs(rows).max() <= 0.2 * 21 + 1e-9
    assert np.abs(rows).max() > 2


def test_half_a_turn_is_found_again_by_half_a_turn():
    x = np.random.default_rng(0).random((1, 7, 7, 1))

    class Fixed:
        """A generator whose every draw is the largest possible."""

        def uniform(self, low, high, size):
            return np.full(size, high if high > low else low)

        def random(self, size):
            return np.ones(size)

    y, _ = Augment(rotate=180, shift=0, zoom=0).forward({}, {}, x, mode=Mode(True, Fixed()))
    assert np.allclose(y[0, :, :, 0], x[0, ::-1, ::-1, 0])


def test_zoom_and_crop_enlarge():
    x = np.zeros((1, 20, 20, 50))
    x[0, 8:12, 8:12] = 1
    area = transformed(Augment(crop=0.6, shift=0, rotate=0, zoom=0), x)[0].sum(axis=(0, 1, 2))
    assert area.max() > 25
    sizes = transformed(Augment(zoom=0.5, shift=0, rotate=0), x)[0].sum(axis=(0, 1, 2))
    assert sizes.min() < 14
    assert sizes.max() > 18


def test_noise_and_elastic_distortion_have_their_size(pictures):
    x = np.zeros((1, 20, 20, 100))
    y, _ = transformed(Augment(noise=0.5, strength=2, **NOTHING), x)
    assert y.std() == pytest.approx(1.0, rel=0.05)
    ramp = np.broadcast_to(np.arange(40.0)[:, None, None], (1, 40, 40, 50)).copy()
    bent, _ = transformed(Augment(elastic=0.05, **NOTHING), ramp)
    moved = (bent - ramp)[0, 10:30, 10:30]
    assert 0.5 < moved.std() < 3.0
    assert np.abs(np.diff(moved, axis=0)).max() < 1.0  # smooth


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 5), (2, 5, 1)])
def test_tiny_pictures_survive(shape):
    x = np.random.default_rng(0).random((*shape, 3))
    y, cache = transformed(Augment(elastic=0.1, mirror=True, crop=0.5), x)
    assert y.shape == x.shape
    assert np.isfinite(y).all()
    (dx,) = Augment().backward({}, {}, cache, np.ones_like(y))
    assert dx.sum() == pytest.approx(y.size)


def test_a_vector_is_refused_with_a_way_out():
    with pytest.raises(DesignError, match="Give the Input a picture's shape"):
        Augment().output_shape((784,))


def test_the_gradient_check_passes_with_the_pictures_held(pictures):
    chain = [
        Input(shape=(2, 8, 6)),
        Augment(),
        Flatten(),
        Dense(units=4, activation="tanh"),
        Output(task="binary"),
    ]
    network = Network(Design.sequential(chain), seed=0, dtype="float64")
    Y = np.array([[0.0, 1.0, 1.0, 0.0, 1.0]])
    report = check_gradients(network, pictures.reshape(96, 5), Y, dropout=True)
    assert report.relative_error < 1e-6
