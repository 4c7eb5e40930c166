"""The pyramid against minima and maxima computed from the whole column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.plots import pyramid as module
from studio.plots.pyramid import Pyramid


def column(length, seed=0, width=0):
    shape = (length, width) if width else (length,)
    return np.random.default_rng(seed).normal(size=shape)


def expected(values, envelope, start):
    """Minima and maxima of the buckets of a window, straight from the column."""
    first = start // envelope.step
    buckets = [
        values[b * envelope.step : (b + 1) * envelope.step]
        for b in range(first, first + len(envelope.low))
    ]
    return np.array([b.min(axis=0) for b in buckets]), np.array([b.max(axis=0) for b in buckets])


def test_a_short_column_is_shown_value_by_value():
    values, pyramid = column(300), Pyramid()
    assert pyramid.update(values)
    envelope = pyramid.window(0, 300, 500)
    assert envelope.step == 1
    np.testing.assert_array_equal(envelope.low, values)
    np.testing.assert_array_equal(envelope.high, values)
    np.testing.assert_array_equal(envelope.centers, np.arange(300))


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.integers(0, 700), min_size=1, max_size=8),
    window=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    most=st.integers(4, 60),
    width=st.sampled_from([0, 3]),
)
def test_buckets_hold_the_extremes_however_the_column_arrives(pieces, window, most, width):
    values, pyramid = column(sum(pieces), width=width), Pyramid(width)
    for length in np.cumsum(pieces):
        pyramid.update(values[:length])
    start, stop = sorted(int(share * len(values)) for share in window)
    envelope = pyramid.window(start, stop, most)
    assert len(envelope.low) <= most + 2
    if len(envelope.low):
        low, high = expected(values, envelope, start)
        np.testing.assert_array_equal(envelope.low, low)
        np.testing.assert_array_equal(envelope.high, high)


def test_means_are_those_of_the_buckets_and_the_last_one_may_be_short():
    values, pyramid = column(1_003), Pyramid(means=True)
    pyramid.update(values)
    envelope = pyramid.window(0, 1_003, 100)
    assert envelope.step == 16
    means = [values[i : i + 16].mean() for i in range(0, 1_003, 16)]
    np.testing.assert_allclose(envelope.mean, means)


def test_what_cannot_be_drawn_leaves_a_gap():
    values = np.array([1.0, 0.0, np.nan, np.inf, -2.0, 3.0])
    pyramid = Pyramid(positive=True)
    pyramid.update(values)
    shown = pyramid.window(0, 6, 100).low
    np.testing.assert_array_equal(shown, [1.0, np.nan, np.nan, np.nan, np.nan, 3.0])
    assert pyramid.extremes() == (1.0, 3.0)


def test_a_bucket_of_zeros_is_a_gap_on_a_logarithmic_axis():
    values = np.concatenate([np.ones(64), np.zeros(64), np.full(64, 2.0)])
    pyramid = Pyramid(positive=True)
    pyramid.update(values)
    envelope = pyramid.window(0, 192, 4)
    assert envelope.step == 64
    np.testing.assert_array_equal(envelope.low, [1.0, np.nan, 2.0])


def test_a_column_without_anything_to_draw_has_no_extremes():
    pyramid = Pyramid(positive=True)
    pyramid.update(np.zeros(100))
    assert pyramid.extremes() is None


def test_a_long_history_arrives_over_several_updates(monkeypatch):
    monkeypatch.setattr(module, "MOST_PER_UPDATE", 400)
    values, pyramid = column(1_000), Pyramid()
    assert [pyramid.update(values) for _ in range(3)] == [False, False, True]
    assert pyramid.extremes() == (values.min(), values.max())


@pytest.mark.parametrize("length", [1_000, 1_000_000])
def test_a_window_never_has_many_more_buckets_than_pixels(length):
    pyramid = Pyramid()
    values = column(length)
    while not pyramid.update(values):
        pass
    assert len(pyramid.window(0, length, 500).low) <= 501
    assert len(pyramid.window(length // 3, length // 2, 500).low) <= 502


def test_memory_stays_a_small_share_of_the_column():
    values, pyramid = column(262_144), Pyramid()
    while not pyramid.update(values):
        pass
    assert 0 < pyramid.nbytes < 0.2 * values.nbytes
