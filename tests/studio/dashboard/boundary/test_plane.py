"""A plane's places are inputs of the network, and its surface is what the network predicts."""

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.errors import DataError
from engine.probes.boundary import PlaneQuestion, picture_of
from engine.probes.plane import (
    COMPONENT,
    FEATURE,
    MOST_KEPT,
    PlaneAxis,
    PlaneChoice,
    default_choice,
    plane_of,
    surface,
    sweep,
    sweep_of,
)
from engine.probes.principal_components import components_of, principal_components
from tests.studio.dashboard.boundary.conftest import INKS, project_on, snapshot_of, table

FEATURES = PlaneChoice(PlaneAxis(FEATURE, 1), PlaneAxis(FEATURE, 3))
COMPONENTS = PlaneChoice(PlaneAxis(COMPONENT, 0), PlaneAxis(COMPONENT, 1))


def test_two_features_are_the_whole_space_in_the_units_of_the_data():
    data = DataPlan(source="moons").build()
    cut = plane_of(data)
    raw = data.normalization.undo(data.train.X)
    assert np.allclose(cut.coordinates(data.train.X), raw, atol=1e-5)
    assert np.allclose(cut.inputs(raw.astype(float)), data.train.X, atol=1e-5)
    left, right, bottom, top = cut.box
    assert left < raw[0].min() and right > raw[0].max()
    assert bottom < raw[1].min() and top > raw[1].max()
    assert cut.is_whole
    assert cut.names == data.train.feature_names


def test_data_that_are_not_normalized_keep_their_numbers():
    plan = DataPlan(source="moons", normalize=False)
    data = plan.build()
    assert np.allclose(plane_of(data).coordinates(data.train.X), data.train.X, atol=1e-6)


def test_cells_follow_each_other_from_the_upper_left_corner():
    cut = plane_of(DataPlan(source="moons").build(), cells=(4, 3))
    left, right, bottom, top = cut.box
    at = cut.centers()
    assert at.shape == (2, 12)
    assert at[:, 0] == pytest.approx([left + (right - left) / 8, top - (top - bottom) / 6])
    assert at[:, -1] == pytest.approx([right - (right - left) / 8, bottom + (top - bottom) / 6])
    for index in range(12):
        assert cut.cell_at(*at[:, index]) == divmod(index, 4)
    assert cut.cell_at(left - 1, bottom) is None


@pytest.mark.parametrize("choice", [FEATURES, COMPONENTS], ids=["features", "components"])
@pytest.mark.parametrize("rest", [None, 7])
def test_a_slice_keeps_what_it_does_not_cross(choice, rest):
    data = table("binary")
    cut = plane_of(data, choice._replace(rest=rest))
    X = data.train.X.astype(float)
    base = X.mean(axis=1, keepdims=True) if rest is None else X[:, [rest]]
    at = np.array([[0.5, -1.0], [2.0, 0.25]])
    inputs = cut.inputs(at)
    assert np.allclose(cut.coordinates(inputs), at)
    if choice is FEATURES:
        assert np.allclose(inputs[[0, 2, 4]], base[[0, 2, 4]], atol=1e-6)
        assert np.allclose(data.normalization.undo(inputs)[[1, 3]], at)
    else:
        crossed = components_of(data).directions[:, :2]
        off = inputs - base
        assert np.allclose(off - crossed @ (crossed.T @ off), 0, atol=1e-6)
        assert np.allclose(crossed.T @ (inputs - X.mean(axis=1, keepdims=True)), at, atol=1e-6)
    assert not cut.is_whole


def test_the_example_at_which_the_rest_stands_lies_on_the_slice():
    data = table("binary")
    for choice in (FEATURES, COMPONENTS):
        cut = plane_of(data, choice._replace(rest=7))
        example = data.train.X[:, [7]]
        assert np.allclose(cut.inputs(cut.coordinates(example)), example, atol=1e-5)


@pytest.mark.parametrize("shape", [(5, 40), (30, 12)], ids=["many examples", "many features"])
def test_components_are_the_singular_vectors_of_the_centered_inputs(shape):
    X = np.random.default_rng(1).standard_normal(shape).astype("f4")
    mean, directions, shares = principal_components(X)
    centered = X - X.mean(axis=1, keepdims=True)
    vectors, singular, _ = np.linalg.svd(centered.astype(float), full_matrices=False)
    count = len(shares)
    assert np.allclose(mean, X.mean(axis=1), atol=1e-6)
    assert np.allclose(np.abs((vectors[:, :count] * directions).sum(axis=0)), 1, atol=1e-4)
    assert np.allclose(shares, (singular**2 / (singular**2).sum())[:count], atol=1e-5)
    assert (directions[np.abs(directions).argmax(axis=0), range(count)] > 0).all()


def test_components_are_computed_once_for_each_data_set():
    data = table("binary")
    assert components_of(data) is components_of(data)
    assert components_of(table("binary")) is not components_of(data)


def test_a_plane_is_found_once_for_each_choice_and_forgotten_after_many_others():
    data = table("binary")
    first = plane_of(data, FEATURES, (10, 10))
    again = plane_of(data, FEATURES, (20, 30))
    assert (first.cells, again.cells) == ((10, 10), (20, 30))
    assert again.directions is first.directions
    for rest in range(MOST_KEPT):
        plane_of(data, FEATURES._replace(rest=rest))
    assert plane_of(data, FEATURES).directions is not first.directions


def test_pictures_are_cut_along_their_components():
    assert default_choice(table("binary")) == PlaneChoice(
        PlaneAxis(FEATURE, 0), PlaneAxis(FEATURE, 1)
    )
    digits = DataPlan(source="digits-8x8").build()
    assert default_choice(digits) == COMPONENTS
    assert "% of the variance" in plane_of(digits).names[0]


def test_the_surface_is_what_the_network_predicts_at_the_middles_of_the_cells():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=5)
    cut = plane_of(snapshot.data, cells=(50, 40))
    expected = snapshot.network.predict(cut.inputs(cut.centers()))
    found = surface(snapshot.network, cut)
    assert found.shape == (1, 40, 50)
    assert np.allclose(found.reshape(1, -1), expected, atol=1e-6)


def test_one_pass_gives_the_activations_of_all_layers():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=5)
    network = snapshot.network
    cut = plane_of(snapshot.data, cells=(20, 20))
    swept = sweep(network, cut)
    X = cut.inputs(cut.centers())
    h1 = np.tanh(network.parameters["h1.W"] @ X + network.parameters["h1.b"])
    h2 = np.tanh(network.parameters["h2.W"] @ h1 + network.parameters["h2.b"])
    assert np.allclose(swept.units["h1"].reshape(6, -1), h1, atol=1e-5)
    assert np.allclose(swept.units["h2"].reshape(4, -1), h2, atol=1e-5)
    assert np.allclose(swept.units["x"].reshape(2, -1), X, atol=1e-6)


def test_views_that_ask_for_the_same_plane_share_one_pass(monkeypatch):
    snapshot = snapshot_of(project_on("moons", "binary"))
    passes = []
    forward = engine.Network.forward
    monkeypatch.setattr(
        engine.Network, "forward", lambda *a, **k: passes.append(1) or forward(*a, **k)
    )
    cells = (20, 20)
    first = sweep_of(snapshot, plane_of(snapshot.data, cells=cells))
    assert sweep_of(snapshot, plane_of(snapshot.data, cells=cells)) is first
    assert len(passes) == 1
    sweep_of(snapshot, plane_of(snapshot.data, cells=(30, 30)))
    assert len(passes) == 2


def test_a_network_that_was_trained_on_is_swept_anew():
    snapshot = snapshot_of(project_on("moons", "binary"))
    network, plane = snapshot.network.copy("float32"), plane_of(snapshot.data, cells=(20, 20))
    before = surface(network, plane)
    network.theta[...] *= -2
    after = surface(network, plane)
    expected = network.predict(plane.inputs(plane.centers())).reshape(after.shape)
    assert not np.allclose(before, after) and np.allclose(after, expected, atol=1e-6)


def test_one_feature_makes_no_plane_and_the_sentence_says_so():
    snapshot = snapshot_of(project_on("curve", "regression"))
    with pytest.raises(DataError, match="one feature only") as error:
        picture_of(snapshot, PlaneQuestion(INKS))
    assert "two features" in error.value.hint
