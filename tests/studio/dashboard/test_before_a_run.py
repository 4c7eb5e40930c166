"""Panels before there is anything to see: sensible axes, and no names of what is gone."""

import numpy as np
import pytest

from engine.training.history import History
from studio.dashboard.gradient_norms import GradientNormsPanel
from studio.dashboard.scores import ScoresPanel
from studio.running.session import State


def stepped(session, project, qtbot):
    session.step(project)
    qtbot.waitUntil(lambda: session.state is State.PAUSED)


@pytest.mark.parametrize(("epochs", "end"), [(3, 3.0), (40, 20.0)])
def test_the_axis_of_scores_begins_at_zero_before_the_first_epoch(
    show, session, make_project, qtbot, epochs, end
):
    panel = show(ScoresPanel(), 430, 230)
    stepped(session, make_project(epochs=epochs), qtbot)
    panel.refresh(session.moment())
    assert session.history.latest["epoch"] < 1  # one step has a score of its own
    low, high = panel.plot.visible_x()
    assert low == 0.0
    assert end <= high <= 1.1 * end


def test_the_legend_forgets_the_layers_of_a_project_that_is_closed(
    show, session, project, run, qtbot
):
    panel = show(GradientNormsPanel())
    run(project)
    panel.refresh(session.moment())
    assert [entry.text() for entry in panel.legend.entries] == ["h1", "h2", "y"]
    session.clear()
    qtbot.waitUntil(lambda: session.history is None)
    panel.refresh(session.moment())
    assert panel.is_empty
    assert panel.legend.entries == []


def test_the_legend_names_the_layers_of_the_next_project(show, session, project, run, qtbot):
    panel = show(GradientNormsPanel())
    run(project)
    panel.refresh(session.moment())
    session.clear()
    qtbot.waitUntil(lambda: session.history is None)
    panel.refresh(session.moment())
    run(project)
    panel.refresh(session.moment())
    assert [entry.text() for entry in panel.legend.entries] == ["h1", "h2", "y"]
    norms = session.history.gradient_norm.values
    assert isinstance(session.history, History)
    assert np.isfinite(norms).all()
