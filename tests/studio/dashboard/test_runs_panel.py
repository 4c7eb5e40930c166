"""RunsPanel: what is plotted and tabulated is what the engine recorded; edits are undoable."""

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit

import engine
from engine.project.recording import recorded
from studio.dashboard.cost import CostPanel
from studio.dashboard.runs import RunsPanel
from studio.dashboard.runs.comparison import settings_that_differ
from studio.dashboard.runs.run_model import SHAPE_ROLE
from studio.model import edits
from studio.model.document import Document
from studio.plots.curve import PlotCurve
from studio.plots.run_figures import caution, score_text, style_of_run

COST, SCORE, DIFFERENCES = range(3)


def train(project, steps=None):
    data = project.data.build()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    while not trainer.finished and (steps is None or trainer.iteration < steps):
        trainer.step()
    return trainer


@pytest.fixture
def document(qtbot, project):
    return Document(project)


@pytest.fixture
def keep(document):
    """A function: trains a project and gives its run to the document; returns the trainer."""

    def keep_one(project, key, steps=None):
        trainer = train(project, steps)
        run = recorded(project, trainer.history, key, "2026-01-02T03:04:05", "finished")
        document.keep_run(run)
        return trainer

    return keep_one


@pytest.fixture
def panel(qtbot, document):
    panel = RunsPanel(document)
    qtbot.addWidget(panel)
    panel.resize(430, 230)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def keys(panel):
    return [run.key for run in panel.list.chosen]


def press(qtbot, panel, key):
    panel.activateWindow()
    panel.list.setFocus()
    qtbot.waitUntil(lambda: panel.isActiveWindow() and panel.list.hasFocus())
    qtbot.keyClick(panel.list, key)


def plotted(panel):
    """(key of the run, set) -> x and y, read back from the items of the plot."""
    view = panel.overlay.getPlotItem().getViewBox()
    items = [item for item in view.childGroup.childItems() if isinstance(item, PlotCurve)]
    assert items == panel.overlay.curves
    pairs = zip(panel.overlay.lines, items, strict=True)
    return {(line.key, line.name): item.getData() for line, item in pairs}


def test_it_tells_what_to_do_until_there_is_a_run(panel, keep, project):
    assert panel.is_empty
    keep(project, "a", 3)
    assert not panel.is_empty
    assert keys(panel) == ["a"]


def test_the_curves_on_the_plot_are_those_of_the_selected_runs(panel, keep, project, make_project):
    trainers = [keep(project, "a"), keep(make_project(l2=0.5), "b")]
    panel.list.choose(["a", "b"])
    drawn = plotted(panel)
    assert set(drawn) == {(k, n) for k in "ab" for n in ("train", "dev")}
    for key, trainer in zip("ab", trainers, strict=True):
        evaluations = trainer.history.evaluations
        for name in ("train", "dev"):
            x, y = drawn[key, name]
            assert x.tolist() == evaluations["iteration"].values.tolist()
            assert np.array_equal(y, evaluations[f"{name}_cost"].values.astype("float32"))
    panel.tabs.setCurrentIndex(SCORE)
    x, y = plotted(panel)["b", "dev"]
    evaluations = trainers[1].history.evaluations
    assert x.tolist() == evaluations["epoch"].values.tolist()
    assert np.array_equal(y, evaluations["dev_score"].values.astype("float32"))
    low, high = panel.overlay.getPlotItem().getViewBox().viewRange()[0]
    assert low <= 0 < x[-1] <= high


def test_before_its_first_evaluation_a_run_shows_the_costs_of_its_batches(panel, keep, project):
    trainer = keep(project, "a", 4)
    (points,) = plotted(panel).values()
    assert np.array_equal(points[1], trainer.history.cost.values.astype("float32"))
    panel.tabs.setCurrentIndex(SCORE)
    assert plotted(panel) == {}


def test_each_run_has_its_own_color_and_symbol(keep, document, project):
    for number in range(14):
        keep(project, str(number), 1)
    looks = {(style_of_run(run).color, style_of_run(run).symbol) for run in document.project.runs}
    assert len(looks) == 14


def test_the_small_picture_falls_as_the_cost_does(panel, keep, make_project):
    trainer = keep(make_project(epochs=12), "a")
    shape = panel.list.rows.index(0).data(SHAPE_ROLE)
    costs = trainer.history.evaluations["train_cost"].values
    assert shape.size() == len(costs)
    expected = (costs.max() - costs) / (costs.max() - costs.min())
    assert [shape.at(i).y() for i in range(shape.size())] == pytest.approx(expected, abs=1e-5)


def test_a_new_run_joins_the_selected_ones_and_a_fifth_lets_the_oldest_go(panel, keep, project):
    for key in "abcd":
        keep(project, key, 2)
    assert keys(panel) == ["a", "b", "c", "d"]
    keep(project, "e", 2)
    assert keys(panel) == ["b", "c", "d", "e"]


def test_a_fair_comparison_has_no_banner_and_an_unfair_one_says_why(
    panel, keep, project, make_project
):
    keep(project, "a", 2)
    keep(make_project(l2=0.5), "b", 2)
    assert panel.message.isHidden()
    keep(make_project(l2=0.5, seed=7), "c", 2)
    assert panel.message.isVisible()
    assert "L2 λ and seed" in panel.message.text()
    panel.list.choose(["b", "c"])
    assert panel.message.text() == (
        "▲ Only their seeds differ: differences in the curves are due to chance."
    )
    panel.list.choose(["a"])
    assert panel.message.isHidden()


def test_many_differences_are_counted_not_listed(keep, document, project, make_project):
    keep(project, "a", 1)
    keep(make_project(l2=0.5, keep_prob=0.5, batch_norm=True, batch_size=20, epochs=7), "b", 1)
    assert caution(document.project.runs) == (
        "These runs differ in batch size, epochs, L2 λ, 1 more and batch norm, so the curves do "
        "not show which of these matters."
    )


def cells(table):
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_the_table_holds_only_what_differs_and_what_came_of_it(panel, keep, project, make_project):
    keep(project, "a")
    keep(make_project(l2=0.5), "b")
    panel.tabs.setCurrentIndex(DIFFERENCES)
    rows = cells(panel.table)
    assert rows[0] == ["L2 λ", "0", "0.5"]
    runs = panel.list.chosen
    assert rows[-1] == ["dev score", *(score_text(run, "dev_score") for run in runs)]
    assert [row[0] for row in rows[1:]] == [
        "epochs done", "train loss", "dev loss", "train score", "dev score",
    ]  # fmt: skip


def test_a_run_alone_is_compared_with_the_open_design_as_it_changes(panel, keep, project, document):
    keep(project, "a", 2)
    panel.tabs.setCurrentIndex(DIFFERENCES)
    assert cells(panel.table)[0][0] == "epochs done"
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 3), "Units")
    assert cells(panel.table)[0] == ["h1: Units", "10", "3"]


def test_settings_inside_a_kind_are_not_told_of_another_kind(project, make_project):
    others = [
        make_project(optimizer=engine.Momentum()),
        make_project(optimizer=engine.Adam(beta1=0.5)),
    ]
    lines = {line.title: line.cells for line in settings_that_differ([project, *others])}
    assert lines == {
        "Optimizer": ("Adam", "Momentum", "Adam"),
        "Optimizer: beta 1 β₁": ("0.9", "–", "0.5"),
    }


def test_delete_pin_and_rename_by_key_are_one_undoable_edit_each(
    qtbot, panel, keep, project, document
):
    keep(project, "a", 2)
    keep(project, "b", 2)
    panel.list.choose(["a"])
    press(qtbot, panel, Qt.Key.Key_P)
    assert document.project.runs[0].pinned
    assert document.undo_stack.undoText() == "Pin Run 1"
    press(qtbot, panel, Qt.Key.Key_F2)
    editor = panel.list.findChild(QLineEdit)
    qtbot.keyClicks(editor, "wide net")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.project.runs[0].name == "wide net")
    assert keys(panel) == ["a"]
    press(qtbot, panel, Qt.Key.Key_Delete)
    assert [run.key for run in document.project.runs] == ["b"]
    assert document.undo_stack.count() == 3
    for _ in range(3):
        document.undo_stack.undo()
    first = document.project.runs[0]
    assert (first.key, first.name, first.pinned) == ("a", "", False)


def test_the_design_of_a_run_comes_back_in_one_undoable_edit(qtbot, panel, keep, project, document):
    keep(project, "a", 2)
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 3), "Units")
    assert panel.restore.isEnabled()
    panel.restore.trigger()
    assert document.project.design == project.design
    assert document.undo_stack.undoText() == "Restore the design of Run 1"
    document.undo_stack.undo()
    assert document.project.design.nodes["h1"].units == 3


def test_only_what_makes_sense_for_the_selection_is_enabled(panel, keep, project):
    keep(project, "a", 1)
    keep(project, "b", 1)
    enabled = lambda: [a.isEnabled() for a in panel.menu.actions()]  # noqa: E731
    assert enabled() == [False, False, True, True]
    panel.list.choose(["b"])
    assert enabled() == [True, True, True, True]
    panel.list.selectionModel().clear()
    panel.list.selectionModel().select(
        panel.list.rows.index(0), QItemSelectionModel.SelectionFlag.Deselect
    )
    assert enabled() == [False, False, False, False]


def test_a_hidden_panel_does_nothing_until_it_is_shown(qtbot, panel, keep, project):
    panel.hide()
    keep(project, "a", 2)
    assert panel.list.rows.rowCount() == 0
    panel.show()
    assert keys(panel) == ["a"]
    assert len(plotted(panel)) == 1


def test_the_read_out_names_run_set_and_value(panel, keep, project):
    trainer = keep(project, "a")
    last = len(trainer.history)
    panel.overlay.read_out.show_at(last)
    text = panel.overlay.read_out.label.text()
    value = np.float32(trainer.history.latest["dev_cost"])
    assert f"iteration {last}" in text
    assert f"Run 1, dev {value:.5g}" in text


def test_a_change_in_mid_run_is_a_labelled_line_on_the_costs(
    qtbot, session, run, project, make_project
):
    panel = CostPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    panel.show()
    run(make_project(epochs=100), until=20)
    for value in (0.1, 0.2):
        session.adopt(make_project(epochs=100, l2=value))
    at = session.call(lambda trainer: trainer.iteration).result(timeout=30)
    panel.refresh(session.moment())
    told = [(mark.iteration, mark.text) for mark in panel.marks.lines]
    assert told == [(at, "paused"), (at, "L2 λ 0 → 0.2")]
    panel.read_out.show_at(at)
    assert "L2 λ 0 → 0.2" in panel.read_out.label.text().split("\n")
    session.adopt(make_project(epochs=100))
    session.call(id).result(timeout=30)
    panel.refresh(session.moment())
    assert [mark.text for mark in panel.marks.lines] == ["paused"]
