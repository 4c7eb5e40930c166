"""Smoothing: the windows that the slider offers are those of the lectures."""

import pytest

from studio.plots.smoothing import beta_of


def test_the_slider_names_the_lectures_windows():
    assert beta_of(10) == pytest.approx(0.9)
    assert beta_of(1) == 0
