"""Dashboard: live views of the run, one panel per file, refreshed by one timer."""

from studio.dashboard.batch_norm import BatchNormPanel
from studio.dashboard.boundary import BoundaryPanel
from studio.dashboard.cost import CostPanel
from studio.dashboard.dashboard import Dashboard
from studio.dashboard.dropout import DropoutPanel
from studio.dashboard.flow import FlowPanel
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.dashboard.gradient_norms import GradientNormsPanel
from studio.dashboard.histograms import HistogramsPanel
from studio.dashboard.images import ImagesPanel
from studio.dashboard.numbers import NumbersPanel
from studio.dashboard.panel import Panel, Surroundings
from studio.dashboard.preparation import PreparationPanel
from studio.dashboard.run_status import RunStatus
from studio.dashboard.runs import RunsPanel
from studio.dashboard.scores import ScoresPanel

__all__ = ["PANELS", "Dashboard", "Panel", "RunStatus", "Surroundings", "make_panels"]

PANELS: tuple[type[Panel], ...] = (
    CostPanel,
    RunsPanel,
    BoundaryPanel,
    ScoresPanel,
    NumbersPanel,
    PreparationPanel,
    ImagesPanel,
    HistogramsPanel,
    BatchNormPanel,
    DropoutPanel,
    FlowPanel,
    GradientNormsPanel,
    GradientCheckPanel,
)
"""All panels. Each says in which column of docks it stands; the first of a column is in front."""


def make_panels(surroundings: Surroundings) -> list[Panel]:
    """The panels of one window."""
    return [panel.make(surroundings) for panel in PANELS]
