"""The texts along an axis do not run into each other, however narrow the plot is."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QFontMetricsF

from studio.plots.plot import Plot
from studio.plots.value_axis import next_step


def gaps(plot, end):
    """The pixels that are free between neighboring texts of the x axis."""
    axis, area = plot.axis("bottom"), plot.getPlotItem().getViewBox().width()
    spacing, values = axis.tickValues(0, end, area)[0]
    metrics = QFontMetricsF(axis.style["tickFont"])
    widths = [metrics.horizontalAdvance(text) for text in axis.tickStrings(values, 1.0, spacing)]
    assert widths
    return [spacing / end * area - (left + right) / 2 for left, right in pairwise(widths)]


def test_no_text_below_a_plot_touches_another(qtbot):
    plot = Plot("iteration", "loss")
    qtbot.addWidget(plot)
    plot.show()
    touching = []
    for width in (110, 160, 300, 900):
        plot.resize(width, 160)
        for end in (40, 1_880, 24_000, 1_234_567):
            plot.follow((0, end), (0, 1))
            touching += [(width, end) for gap in gaps(plot, end) if gap <= 0]
    assert touching == []


@pytest.mark.parametrize(
    ("spacing", "wider"), [(1, 2), (2, 5), (5, 10), (500, 1000), (0.2, 0.5), (0.001, 0.002)]
)
def test_steps_are_round_numbers(spacing, wider):
    assert next_step(spacing) == pytest.approx(wider)
