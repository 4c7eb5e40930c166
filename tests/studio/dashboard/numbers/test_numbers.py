"""The table shows the arrays of the very next step; the stepper walks through it and back."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine import Wire
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Snapshot
from engine.walkthrough import Phase, Walk
from studio.dashboard.numbers import NumbersPanel
from studio.model.document import Document
from studio.running.session import State
from studio.running.snapshots import Workbench


@pytest.fixture
def panel(qtbot, session, project, show):
    workbench = Workbench()
    panel = show(NumbersPanel(Document(project), session, workbench), 480, 300)
    yield panel
    session.close()
    workbench.close()


def steps(qtbot, session, project, count):
    for _ in range(count):
        session.step(project)
    qtbot.waitUntil(lambda: session.progress.iteration >= count)
    qtbot.waitUntil(lambda: session.state is State.PAUSED)


def filled(qtbot, panel, session):
    """Refresh as the dashboard's timer does, until the panel shows the run as it is now."""

    def is_up_to_date():
        panel.refresh(session.moment())
        walk = panel.walk
        return walk is not None and walk.updater.iteration == session.progress.iteration + 1

    qtbot.waitUntil(is_up_to_date)
    return panel.walk


def choose(panel, layer, title):
    index = panel.layer.findText(layer)
    panel.layer.setCurrentIndex(index)
    panel.layer.activated.emit(index)
    index = next(
        i for i in range(panel.quantity.count()) if panel.quantity.itemText(i).startswith(title)
    )
    panel.quantity.setCurrentIndex(index)
    panel.quantity.activated.emit(index)


def shown(panel):
    model = panel.model
    text = [
        [model.index(row, column).data().replace("−", "-") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    return np.array(text, float)


def test_the_empty_panel_says_what_to_do(panel, session):
    panel.refresh(session.moment())
    assert panel.is_empty


@pytest.mark.parametrize("title", ["Z[1]", "dA[1]", "W[1]", "dW[1]", "v_dW[1]", "new b[1]"])
def test_the_table_shows_the_engines_numbers(qtbot, panel, session, project, title):
    project = project.replace(training=project.training.replace(optimizer="adam"))
    steps(qtbot, session, project, 3)
    filled(qtbot, panel, session)
    choose(panel, "h1", title)
    snapshot = session.call(Snapshot.of).result()
    walk = Walk(own_network(snapshot), *snapshot.batch, snapshot.optimizer, snapshot.epoch)
    (expected,) = [q.array for q in walk.of_node("h1") if q.title == title]
    assert shown(panel) == pytest.approx(expected, rel=1e-3, abs=1e-30)


def test_the_last_numbers_of_a_step_are_the_first_of_the_next(qtbot, panel, session, project):
    steps(qtbot, session, project, 2)
    filled(qtbot, panel, session)
    choose(panel, "h2", "new W[2]")
    after = shown(panel)
    session.step(project)
    qtbot.waitUntil(lambda: session.progress.iteration == 3)
    filled(qtbot, panel, session)
    choose(panel, "h2", "W[2]")
    assert np.array_equal(shown(panel), after)


def test_one_example_alone(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    walk = filled(qtbot, panel, session)
    choose(panel, "h1", "A[1]")
    panel.example.setValue(3)
    (quantity,) = [q for q in walk.of_node("h1") if q.title == "A[1]"]
    assert shown(panel)[:, 0] == pytest.approx(quantity.array[:, 2], rel=1e-3, abs=1e-30)
    assert "(3)" in panel.explanation.text()


def test_a_click_on_a_number_explains_it(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    filled(qtbot, panel, session)
    choose(panel, "h1", "Z[1]")
    cell = panel.model.index(4, 1)
    rectangle = panel.table.visualRect(cell)
    panel.table.scrollTo(cell)
    rectangle = panel.table.visualRect(cell)
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=rectangle.center())
    text = panel.explanation.text()
    assert "<i>z</i><sub>5</sub><sup>[1](2)</sup>" in text
    assert cell.data() in text


def test_the_stepper_walks_to_the_update_and_back(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    filled(qtbot, panel, session)
    at = []
    panel.at_work.connect(at.append)
    phases = []
    stepper = panel.stepper
    stepper.forth.click()
    for _ in range(len(stepper.walk.steps) - 1):
        phases.append(stepper.step.phase)
        stepper.forth.click()
    assert stepper.step.phase is Phase.UPDATE
    assert list(dict.fromkeys(phases)) == [Phase.FORWARD, Phase.LOSS, Phase.BACKWARD, Phase.UPDATE]
    assert panel.layer.currentText() == stepper.step.node
    assert panel.quantity.currentData() == stepper.step.makes[0]
    there = at[-2]
    stepper.back.click()
    assert stepper.step is there
    stepper.live.click()
    assert at[-1] is None
    assert not stepper.holds
    assert not panel.where.isVisible()


def test_the_stepper_holds_its_batch_while_training_goes_on(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    walk = filled(qtbot, panel, session)
    panel.stepper.forth.click()
    session.step(project)
    qtbot.waitUntil(lambda: session.progress.iteration == 2)
    panel.refresh(session.moment())
    assert panel.walk is walk
    assert not panel.behind


def test_after_the_update_the_next_press_trains_on_the_batch(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    filled(qtbot, panel, session)
    panel.stepper.last.click()
    after = panel.walk.network.theta.copy()
    panel.stepper.forth.click()
    qtbot.waitUntil(lambda: session.progress.iteration == 2)

    def is_next():
        panel.refresh(session.moment())
        return panel.stepper.holds and panel.stepper.position == 0

    qtbot.waitUntil(is_next)
    assert np.array_equal(panel.walk.before("h1.W").ravel(), after[: panel.walk.block("h1.W").stop])
    assert session.call(lambda trainer: trainer.iteration).result() == 2


def test_a_new_run_ends_the_walk(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    filled(qtbot, panel, session)
    panel.stepper.forth.click()
    session.rewind(project)
    qtbot.waitUntil(lambda: session.state is State.READY)
    panel.refresh(session.moment())
    assert not panel.stepper.holds


def test_the_selection_on_the_canvas_chooses_the_layer(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    filled(qtbot, panel, session)
    panel.show_nodes(["h2"])
    assert panel.layer.currentText() == "h2"
    panel.show_nodes(["nobody"])
    panel.show_nodes(["h1", "h2"])
    assert panel.layer.currentText() == "h2"


def test_a_wire_shows_what_flows_through_it(qtbot, panel, session, project):
    steps(qtbot, session, project, 1)
    walk = filled(qtbot, panel, session)
    panel.show_wires([Wire("h1", "h2")])
    assert panel.layer.currentText() == "h1"
    (A1,) = [quantity for quantity in walk.of_node("h1") if quantity.title == "A[1]"]
    assert panel.quantity.currentData() == A1.key
    panel.show_wires([])
    panel.show_wires([Wire("gone", "h2")])
    assert panel.quantity.currentData() == A1.key
