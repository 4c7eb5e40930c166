"""items_of(plot): the curves, points and bars that were added to a plot."""

import pyqtgraph as pg


def items_of(plot):
    """In the order in which they are painted."""
    children = plot.getPlotItem().getViewBox().allChildren()
    return [each for each in children if isinstance(each, pg.ScatterPlotItem | pg.PlotCurveItem)]
