"""Dashboard: live views of the run, one panel per file, refreshed by one timer."""

from typing import NamedTuple

from studio.dashboard.batch_norm import BatchNormPanel
from studio.dashboard.boundary import BoundaryPanel
from studio.dashboard.cost import CostPanel
from studio.dashboard.dashboard import Dashboard
from studio.dashboard.doctor import DoctorPanel
from studio.dashboard.dropout import DropoutPanel
from studio.dashboard.errors import ErrorAnalysisPanel
from studio.dashboard.flow import FlowPanel
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.dashboard.gradient_norms import GradientNormsPanel
from studio.dashboard.hidden_layer import WarpedPanel
from studio.dashboard.histograms import HistogramsPanel
from studio.dashboard.images import ImagesPanel
from studio.dashboard.inputs import PreparationPanel
from studio.dashboard.metrics import MetricsPanel
from studio.dashboard.numbers import NumbersPanel
from studio.dashboard.panel import Panel, Surroundings
from studio.dashboard.runs import RunsPanel
from studio.dashboard.scores import ScoresPanel

__all__ = ["PANELS", "Dashboard", "Panel", "Placed", "Surroundings", "make_panels"]


class Placed(NamedTuple):
    """A panel, its column below the canvas, and the word on its tab."""

    panel: type[Panel]
    column: int
    tab: str


PANELS: tuple[Placed, ...] = (
    Placed(CostPanel, 0, "Cost J"),
    Placed(ScoresPanel, 0, "Scores"),
    Placed(RunsPanel, 0, "Runs"),
    Placed(DoctorPanel, 0, "Doctor"),
    Placed(MetricsPanel, 0, "Metrics"),
    Placed(ErrorAnalysisPanel, 0, "Errors"),
    Placed(BoundaryPanel, 1, "Boundary"),
    Placed(WarpedPanel, 1, "Warped"),
    Placed(ImagesPanel, 1, "Images"),
    Placed(NumbersPanel, 1, "Numbers"),
    Placed(PreparationPanel, 1, "Inputs"),
    Placed(FlowPanel, 2, "Flow"),
    Placed(GradientNormsPanel, 2, "Norms"),
    Placed(GradientCheckPanel, 2, "Check"),
    Placed(HistogramsPanel, 2, "Histograms"),
    Placed(BatchNormPanel, 2, "Batch norm"),
    Placed(DropoutPanel, 2, "Dropout"),
)
"""All panels. Those of a column are tabs, the first of them in front."""


def make_panels(surroundings: Surroundings) -> list[Panel]:
    """The panels of one window."""
    panels = []
    for placed in PANELS:
        panel = placed.panel.make(surroundings)
        panel.column, panel.tab = placed.column, panel.tr(placed.tab)
        panels.append(panel)
    return panels
