"""Each generator against its formula: without noise the points lie exactly where it says."""

import numpy as np
import pytest

from engine.data import Xor, load

CLASSIFIED = ["blobs", "circles", "moons", "spirals", "xor", "flower"]


def cloud(data, label):
    return data.X[:, data.labels == label].astype(np.float64)


def sorted_points(points):
    """Points (2, m) in an order that does not depend on how they were drawn."""
    rounded = np.round(points.astype(np.float64), 5) + 0.0  # no negative zero
    return rounded[:, np.lexsort(rounded)]


@pytest.mark.parametrize("kind", CLASSIFIED)
def test_noise_spreads_the_points(kind):
    exact, slightly, strongly = (load(kind, noise=noise, points=1000).X for noise in (0, 0.05, 0.5))
    assert 0 < np.abs(slightly - exact).mean() < np.abs(strongly - exact).mean()


def test_blobs_have_centers_on_a_polygon_and_the_standard_deviation_asked_for():
    data = load("blobs", points=30_000, classes=5, noise=0.7)
    centers = np.stack([cloud(data, label).mean(axis=1) for label in range(5)])
    np.testing.assert_allclose(np.linalg.norm(centers, axis=1), 3, atol=0.05)
    sides = np.linalg.norm(centers - np.roll(centers, 1, axis=0), axis=1)
    np.testing.assert_allclose(sides, 6 * np.sin(np.pi / 5), atol=0.05)
    assert cloud(data, 2).std(axis=1) == pytest.approx([0.7, 0.7], abs=0.02)


@pytest.mark.parametrize("kind", ["blobs", "spirals"])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_two_classes_are_binary_and_more_are_multi_class(kind, classes):
    data = load(kind, classes=classes)
    assert data.task == ("binary" if classes == 2 else "multi_class")
    assert len(data.classes) == classes


def test_circles_without_noise_are_two_exact_rings():
    data = load("circles", noise=0.0, inner_radius=0.4)
    assert data.classes == ("outer ring", "inner ring")
    for label, radius in enumerate((1.0, 0.4)):
        np.testing.assert_allclose(np.linalg.norm(cloud(data, label), axis=0), radius, rtol=1e-6)


def test_moons_without_noise_are_two_exact_arcs():
    data = load("moons", noise=0.0)
    upper, lower = cloud(data, 0), cloud(data, 1)
    np.testing.assert_allclose(np.linalg.norm(upper, axis=0), 1, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(lower - [[1], [0.5]], axis=0), 1, rtol=1e-6)
    assert upper[1].min() > -1e-6
    assert lower[1].max() < 0.5 + 1e-6


def test_spirals_without_noise_wind_by_their_radius():
    data = load("spirals", noise=0.0, classes=4, turns=0.5)
    for label in range(4):
        x, y = cloud(data, label)
        radius = np.hypot(x, y)
        angle = 2 * np.pi * (label / 4 + 0.5 * radius)
        np.testing.assert_allclose(x, radius * np.cos(angle), atol=1e-6)
        np.testing.assert_allclose(y, radius * np.sin(angle), atol=1e-6)
        assert (radius.min(), radius.max()) == pytest.approx((0, 1))


def test_xor_without_noise_is_labeled_by_the_signs():
    data = load("xor", noise=0.0, points=1000)
    assert (data.labels == (data.X[0] * data.X[1] < 0)).all()
    assert np.abs(data.X).max() <= 1
    quadrants = 2 * (data.X[0] > 0) + (data.X[1] > 0)
    assert np.bincount(quadrants).min() > 200


def test_xor_noise_moves_points_across_the_axes():
    data = Xor(noise=0.3, points=1000).load()
    wrong = (data.labels != (data.X[0] * data.X[1] < 0)).mean()
    assert 0.1 < wrong < 0.5


def test_the_flower_without_noise_follows_the_assignments_formula():
    data = load("flower", noise=0.0)
    assert (data.m, data.classes) == (400, ("red", "blue"))
    for label in (0, 1):
        t = np.linspace(label * 3.12, (label + 1) * 3.12, 200)
        r = 4 * np.sin(4 * t)
        expected = np.stack([r * np.sin(t), r * np.cos(t)])
        found, wanted = sorted_points(cloud(data, label)), sorted_points(expected)
        np.testing.assert_allclose(np.sort(found, axis=1), np.sort(wanted, axis=1), atol=2e-5)


def test_the_curve_without_noise_is_the_sine():
    data = load("curve", noise=0.0, waves=3)
    assert (data.task, data.n_x, data.n_y, data.feature_names) == ("regression", 1, 1, ("x",))
    np.testing.assert_allclose(data.Y, np.sin(3 * data.X.astype(np.float64)), atol=2e-6)
    assert np.abs(data.X).max() <= np.float32(np.pi)


def test_the_curves_noise_has_the_standard_deviation_asked_for():
    data = load("curve", noise=0.5, points=20_000)
    assert (data.Y - np.sin(data.X)).std() == pytest.approx(0.5, abs=0.01)


def test_noise_of_a_source_does_not_change_the_order_of_its_labels():
    assert np.array_equal(load("moons", noise=0.0).labels, load("moons", noise=0.5).labels)


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["circles", "moons"])
def test_rings_and_moons_agree_with_scikit_learn(kind):
    datasets = pytest.importorskip("sklearn.datasets")
    make = {"circles": datasets.make_circles, "moons": datasets.make_moons}[kind]
    X, labels = make(n_samples=300, noise=None, shuffle=False)
    data = load(kind, noise=0.0)
    for label in (0, 1):
        found, wanted = cloud(data, label), X[labels == label].T
        distance = np.linalg.norm(found[:, :, None] - wanted[:, None, :], axis=0)
        assert distance.min(axis=0).max() < 1e-6
        assert distance.min(axis=1).max() < 1e-6


@pytest.mark.parametrize("kind", ["circles", "moons", "spirals", "flower"])
def test_without_noise_the_seed_still_decides_the_order(kind):
    first, second = (load(kind, seed=seed, noise=0.0) for seed in (0, 1))
    assert not np.array_equal(first.X, second.X)
    np.testing.assert_array_equal(sorted_points(first.X), sorted_points(second.X))
