"""zoom(plot, low, high): what a person does by dragging a plot or turning the wheel over it."""


def zoom(plot, low, high):
    """Look at this range of x, as after a drag: the plot stops following the run."""
    plot.setXRange(low, high, padding=0)
    view = plot.getPlotItem().getViewBox()
    view.sigRangeChangedManually.emit(view.mouseEnabled())
