"""Live canvas: what the run shows on the nodes and wires of the canvas, refreshed by one timer."""

from studio.canvas import CanvasView
from studio.dashboard import Surroundings
from studio.live_canvas.heatmaps import NeuronPictures
from studio.live_canvas.live_measures import LiveMeasures

__all__ = ["LiveMeasures", "NeuronPictures", "make_live_views"]


def make_live_views(
    canvas: CanvasView, surroundings: Surroundings
) -> tuple[LiveMeasures, NeuronPictures]:
    """The live views of one window's canvas. Each is refreshed by the dashboard, and shows its
    state in its commands after `attach`."""
    return LiveMeasures(canvas, surroundings.session), NeuronPictures(canvas, surroundings)
