"""Views that compute from snapshots cost nothing while nobody sees them."""

import pytest

from studio.dashboard import Dashboard, Surroundings, panel_classes
from studio.model.document import Document
from studio.panels.snapshot_panel import SnapshotPanel
from tests.studio.dashboard.asking import questions_of

HEAVY = [panel for panel in panel_classes() if issubclass(panel, SnapshotPanel)]


@pytest.mark.parametrize("make", HEAVY)
def test_a_hidden_view_asks_nothing(qtbot, session, project, show, workbench, monkeypatch, make):
    panel = show(make.make(Surroundings(Document(project), session, workbench)), 430, 230)
    asked = questions_of(panel, monkeypatch)
    panel.hide()
    dashboard = Dashboard(session, [panel])
    session.step(project)
    qtbot.waitUntil(lambda: session.state == "paused")
    dashboard.tick()
    assert asked == []
    panel.show()
    dashboard.tick()
    assert len(asked) == 1
    dashboard.close()
