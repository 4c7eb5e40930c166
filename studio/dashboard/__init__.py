"""Dashboard: live views of the run, one panel per file, refreshed by one timer."""

from studio.dashboard.cost import CostPanel
from studio.dashboard.dashboard import Dashboard
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.dashboard.gradient_norms import GradientNormsPanel
from studio.dashboard.panel import Panel
from studio.dashboard.run_status import RunStatus
from studio.dashboard.scores import ScoresPanel
from studio.document import Document
from studio.session import Session

__all__ = ["Dashboard", "Panel", "RunStatus", "make_panels"]


def make_panels(document: Document, session: Session) -> list[Panel]:
    """All panels, in the order of the docks."""
    return [
        CostPanel(),
        ScoresPanel(),
        GradientNormsPanel(),
        GradientCheckPanel(document, session),
    ]
