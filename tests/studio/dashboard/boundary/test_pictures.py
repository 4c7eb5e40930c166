"""The pixels, lines and points of a picture are the network's own numbers."""

import numpy as np
import pytest

from engine.probes.boundary import BANDS, PlaneQuestion, Unit, largest, picture_of
from engine.probes.coloring import STEPS, STRENGTH, Scale, class_pixels, ramp, scale_pixels
from engine.probes.contour import zero_line
from engine.probes.points import MOST_POINTS, UNKNOWN, judged
from engine.targets import LabelTargets
from tests.studio.dashboard.boundary.conftest import INKS, project_on, snapshot_of, table


def channels(color):
    return np.array([color >> 16 & 255, color >> 8 & 255, color & 255])


def test_the_ramp_runs_from_one_end_over_the_ground_to_the_other():
    colors = ramp(INKS)
    assert colors.shape == (STEPS,)
    for color, end in ((colors[0], INKS.low), (colors[-1], INKS.high)):
        expected = (1 - STRENGTH) * channels(INKS.middle) + STRENGTH * channels(end)
        assert np.allclose(channels(int(color)), expected, atol=1)
    assert np.allclose(channels(int(colors[STEPS // 2])), channels(INKS.middle), atol=1)


def test_bands_are_few_equal_steps():
    share = Scale(-1, 1, 2).share(np.array([-5.0, -0.1, 0.0, 0.2, 1.0]))
    assert share.tolist() == [0, 0, 1, 1, 1]
    assert len(np.unique(Scale(0, 1, BANDS).share(np.linspace(0, 1, 500)))) == BANDS


def test_what_is_not_a_number_has_a_color_of_its_own():
    pixels = scale_pixels(np.array([[np.nan, np.inf, 0.5]]), Scale(0, 1), INKS)
    assert pixels[0, 0] == pixels[0, 1] == 0xFF000000 | INKS.unknown
    assert pixels[0, 2] != pixels[0, 0]
    chances = np.array([[[0.5, np.nan]], [[0.5, np.nan]]])
    assert class_pixels(chances, INKS, False)[0, 1] == 0xFF000000 | INKS.unknown
    assert class_pixels(chances, INKS, True)[0, 1] == 0xFF000000 | INKS.unknown


@pytest.mark.parametrize("discrete", [False, True])
def test_binary_pixels_are_the_probability_at_the_middle_of_each_cell(discrete):
    snapshot = snapshot_of(project_on("moons", "binary"), steps=10)
    picture = picture_of(snapshot, PlaneQuestion(INKS, discrete=discrete, cells=40))
    chance = snapshot.network.predict(picture.plane.inputs(picture.plane.centers()))
    share = (chance >= 0.5).astype(float) if discrete else chance
    expected = ramp(INKS)[np.rint(share * (STEPS - 1)).astype(int)].reshape(40, 40)
    assert np.array_equal(picture.pixels, expected)


def test_class_pixels_mix_the_colors_by_probability():
    source = {"kind": "blobs", "classes": 3}
    snapshot = snapshot_of(project_on(source, "multi_class"), steps=10)
    picture = picture_of(snapshot, PlaneQuestion(INKS, cells=24))
    chances = snapshot.network.predict(picture.plane.inputs(picture.plane.centers()))
    colors = np.array([channels(INKS.classes[k]) for k in range(3)])
    expected = (1 - STRENGTH) * channels(INKS.middle) + STRENGTH * chances.T @ colors
    found = np.stack([channels(int(pixel)) for pixel in picture.pixels.ravel()])
    assert np.abs(found - expected).max() <= 1
    discrete = picture_of(snapshot, PlaneQuestion(INKS, cells=24, discrete=True)).pixels.ravel()
    best = chances.argmax(axis=0)
    assert len(np.unique(discrete)) == len(np.unique(best))
    for k in np.unique(best):
        mixed = (1 - STRENGTH) * channels(INKS.middle) + STRENGTH * colors[k]
        assert np.abs(channels(int(discrete[best == k][0])) - mixed).max() <= 1


def test_a_label_and_a_number_can_be_chosen():
    labels = snapshot_of(project_on("moons", "multi_label"), table("multi_label", outputs=3))
    for output in range(3):
        picture = picture_of(labels, PlaneQuestion(INKS, output=output, cells=24))
        inputs = picture.plane.inputs(picture.plane.centers())
        expected = labels.network.predict(inputs)[output].reshape(24, 24)
        assert np.allclose(picture.values, expected, atol=1e-6)
        assert picture.scale == Scale(0, 1)
    numbers = snapshot_of(project_on("moons", "regression"), table("regression", outputs=2))
    picture = picture_of(numbers, PlaneQuestion(INKS, output=1))
    targets = numbers.data.train.Y[1]
    assert picture.scale == Scale(float(targets.min()), float(targets.max()))
    assert not len(picture.lines)


def test_a_unit_is_shown_alike_to_both_sides_of_zero():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=3)
    picture = picture_of(snapshot, PlaneQuestion(INKS, unit=Unit("h2", 1), cells=24))
    inputs = picture.plane.inputs(picture.plane.centers())
    trace = snapshot.network.forward(inputs.astype("f4"))
    expected = trace.values[snapshot.network.slots["h2"]][1].reshape(24, 24)
    assert np.allclose(picture.values, expected, atol=1e-6)
    assert picture.scale == Scale(-largest(expected), largest(expected))
    gone = picture_of(snapshot, PlaneQuestion(INKS, unit=Unit("h2", 99)))
    assert gone.unit is None and gone.scale == Scale(0, 1)


def test_the_line_lies_where_the_prediction_turns():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=30)
    picture = picture_of(snapshot, PlaneQuestion(INKS, cells=160))
    ends = picture.lines.reshape(-1, 2).T
    assert ends.shape[1] > 100
    chance = snapshot.network.predict(picture.plane.inputs(ends))
    assert np.abs(chance - 0.5).max() < 0.02


def test_the_line_between_classes_has_equal_chances_on_both_sides():
    source = {"kind": "blobs", "classes": 3}
    snapshot = snapshot_of(project_on(source, "multi_class"), steps=20)
    picture = picture_of(snapshot, PlaneQuestion(INKS, cells=160))
    ends = picture.lines.reshape(-1, 2).T
    chances = np.sort(snapshot.network.predict(picture.plane.inputs(ends)), axis=0)
    assert ends.shape[1] > 100
    assert np.median(chances[-1] - chances[-2]) < 0.02


def test_a_circle_is_found_where_it_is():
    y, x = np.mgrid[-10:11, -12:13].astype(float)
    pieces = zero_line(np.hypot(x, y) - 7.3)
    radius = np.hypot(pieces[..., 0] - 12, pieces[..., 1] - 10)
    assert np.abs(radius - 7.3).max() < 0.05
    lengths = np.hypot(*(pieces[:, 0] - pieces[:, 1]).T)
    assert lengths.sum() == pytest.approx(2 * np.pi * 7.3, rel=0.01)
    assert not len(zero_line(np.ones((5, 5))))


def test_a_saddle_is_two_pieces():
    assert zero_line(np.array([[1.0, -1.0], [-1.0, 1.0]])).shape == (2, 2, 2)


def test_points_stand_at_their_own_numbers_with_their_class_and_verdict():
    snapshot = snapshot_of(project_on("moons", "binary"), steps=2)
    picture = picture_of(snapshot, PlaneQuestion(INKS, sets=("train", "test"), test_is_open=True))
    assert [points.name for points in picture.points] == ["train", "test"]
    data = snapshot.data
    for points, examples in zip(picture.points, (data.train, data.test), strict=True):
        shown = min(MOST_POINTS, examples.m)
        raw = data.normalization.undo(examples.X)[:, :shown]
        assert np.allclose(points.at, raw, atol=1e-5)
        assert np.array_equal(points.classes, examples.labels[:shown])
        chance = snapshot.network.predict(examples.X)[0, :shown]
        assert np.array_equal(points.wrong, (chance >= 0.5) != examples.labels[:shown])
        assert points.total == examples.m


def test_a_missing_label_is_neither_right_nor_wrong():
    Y = np.array([[1.0, 0.0, np.nan]])
    classes, _, wrong = judged(LabelTargets(), np.array([[0.2, 0.2, 0.9]]), Y, 0)
    assert classes.tolist() == [1, 0, UNKNOWN]
    assert wrong.tolist() == [True, False, False]
