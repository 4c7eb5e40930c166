"""Live canvas: what the run shows on the nodes and wires of the canvas, refreshed by one timer."""

from studio.canvas import CanvasView
from studio.dashboard import Surroundings
from studio.live_canvas.heatmaps import NeuronPictures
from studio.live_canvas.live_measures import LiveMeasures

__all__ = ["LiveMeasures", "NeuronPictures", "make_live_views"]

LiveView = LiveMeasures | NeuronPictures


def make_live_views(canvas: CanvasView, surroundings: Surroundings) -> list[LiveView]:
    """The live views of one window's canvas. Each is refreshed by the dashboard, names its commands
    by `handlers`, and shows its state in them after `attach`."""
    return [LiveMeasures(canvas, surroundings.session), NeuronPictures(canvas, surroundings)]
