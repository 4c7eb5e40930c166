"""Painted points: adding, erasing, bounds, files."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import DataPlan, DataSource, PaintedSource
from engine.errors import DataError, SpecError

TWO = PaintedSource(points=((0.0, 0.0, 0), (1.0, 2.0, 1), (-3.0, 0.5, 1)))
POINTS = st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.integers(0, 9)))


def test_painted_points_are_the_examples_in_their_order():
    data = TWO.load()
    assert data.X.tolist() == [[0, 1, -3], [0, 2, 0.5]]
    assert data.labels.tolist() == [0, 1, 1]
    assert (data.fit, data.task) == (TWO.fit(), "binary")
    assert TWO.class_sizes() == (1, 2)
    assert TWO.bounds() == (-3, 1, 0, 2)


def test_a_new_class_makes_a_multi_class_task():
    three = TWO.with_points([(5, 5, 3)])
    assert (three.fit().outputs, three.fit().task) == (4, "multi_class")
    assert three.load().fit == three.fit()
    assert three.class_sizes() == (1, 2, 1)
    assert three.points[:3] == TWO.points and len(TWO.points) == 3


def test_the_brush_spreads_points_evenly_within_its_radius():
    sprayed = TWO.sprayed(10, -10, 2, 2.0, 2000, np.random.default_rng(0))
    places = np.array([(a - 10, b + 10) for a, b, label in sprayed.points if label == 2])
    distance = np.hypot(*places.T)
    assert len(places) == 2000 and distance.max() < 2.001
    assert (distance < 1).mean() == pytest.approx(0.25, abs=0.03)  # a quarter of the area
    assert np.abs(places.mean(axis=0)).max() < 0.1
    edge = PaintedSource().sprayed(100, 100, 0, 5, 50, np.random.default_rng(0))
    assert max(edge.bounds()) == 100


def test_the_eraser_takes_what_is_within_its_radius_and_no_more():
    assert TWO.erased(1, 1, 1.0).points == (TWO.points[0], TWO.points[2])
    assert TWO.erased(0, 0, 5, label=1).points == (TWO.points[0],)
    assert TWO.erased(50, 50, 1) is TWO
    assert PaintedSource().erased(0, 0, 1).points == ()
    assert PaintedSource().bounds() is None


@given(POINTS)
def test_painted_points_survive_a_file(points):
    source = PaintedSource(points=tuple(points))
    text = json.dumps(source.to_json())
    assert DataSource.parse(json.loads(text)) == source
    assert PaintedSource(points=source.points) == source


@given(POINTS, st.floats(-100, 100), st.floats(-100, 100), st.floats(0.1, 50))
def test_erasing_leaves_exactly_the_points_outside_of_the_brush(points, x1, x2, radius):
    source = PaintedSource(points=tuple(points))
    left = source.erased(x1, x2, radius).points
    assert left == tuple(p for p in source.points if np.hypot(p[0] - x1, p[1] - x2) > radius)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (((0.0, 0.0, 10),), "A painted class must be from 0 to 9."),
        (((0.0, 101.0, 1),), "A painted point must lie within ±100; got (0.0, 101.0)."),
        (((0.0, float("nan"), 1),), "Painted points"),
        ([1.0, 2.0], "Each painted point must have three numbers: x1, x2, and class."),
        (((0.0, 0.0, 0),) * 10_001, "There can be at most 10,000 painted points."),
    ],
)
def test_points_that_cannot_be_painted_are_refused(points, sentence):
    with pytest.raises(SpecError) as caught:
        PaintedSource(points=points)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("source", [PaintedSource(), PaintedSource(points=((0.0, 0.0, 1),) * 30)])
def test_points_of_fewer_than_two_classes_wait_for_more(source):
    with pytest.raises(DataError, match="Paint points of at least two classes"):
        DataPlan(source=source).source.load()
    assert source.fit().shape == (2,)


def test_a_plan_counts_and_builds_painted_points():
    plan = DataPlan(source=TWO.sprayed(0, 0, 0, 1, 47, np.random.default_rng(1)))
    splits = plan.build()
    assert plan.sizes() == (splits.train.m, splits.dev.m, splits.test.m) == (30, 10, 10)
    with pytest.raises(DataError, match="The train set would be empty"):
        DataPlan(source=PaintedSource()).sizes()
