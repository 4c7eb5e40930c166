"""Metrics: what is counted is the engine's, each cell leads to its examples, runs are in order."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine import Design, Input, Output, TrainingSettings
from engine.data import DataPlan, Dataset, Splits
from engine.doctor import Goal, Limit, rank_runs
from engine.metrics import cells, confusion_matrix, per_class, sweep
from engine.probes.predictions import Judged
from engine.project import Project
from engine.project.runs import Run
from engine.targets import LabelTargets
from engine.words import percent
from studio.dashboard.metrics import MetricsPanel
from studio.model.document import Document
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer_at_rest
from tests.studio.hands import choose, sentences_in

PATIENCE_MS = 20_000


def data_project(source, task) -> Project:
    layers = [Input(), Output(task=task)]
    plan = DataPlan(source=source, train=0.6, dev=0.4, test=0.0)
    settings = TrainingSettings(batch_size=32, epochs=3)
    return Project(Design.sequential(layers, ["x", "y"]), settings, plan)


@pytest.fixture
def document(qtbot, project):
    return Document(project)


@pytest.fixture
def panel(qtbot, session, document, show):
    workbench = Workbench()
    yield show(MetricsPanel(document, workbench), 430, 330)
    session.close()
    workbench.close()


@pytest.fixture
def counted(qtbot, session, panel, run):
    """A function: train a project, and let the panel count."""

    def count(project):
        run(project)
        answer_at_rest(qtbot, session, panel)
        return panel

    return count


def predicted(session, part="dev"):
    def look(trainer):
        data = getattr(trainer.data, part)
        return trainer.network.predict(data.X), data.Y

    return session.call(look).result()


def texts(table):
    columns = range(table.columnCount())
    return [[table.item(row, c).text() for c in columns] for row in range(table.rowCount())]


def test_the_matrix_and_the_scores_are_the_engines(session, counted):
    panel = counted(data_project("iris", "multi_class"))
    matrix = confusion_matrix(*predicted(session), task="multi_class")
    assert np.array_equal(panel.matrix.matrix, matrix)
    rows = texts(panel.scores)
    for row, name, scores in zip(rows, panel.matrix.classes, per_class(matrix), strict=False):
        shares = [percent(s) for s in (scores.precision, scores.recall, scores.f1)]
        assert row == [name, *shares, str(scores.examples)]
    macro = np.mean([s.f1 for s in per_class(matrix)])
    assert rows[-1][3] == percent(float(macro))


def test_the_training_set_can_be_counted_instead(qtbot, session, counted):
    panel = counted(data_project("iris", "multi_class"))
    choose(panel.part, "Train")
    panel.part.activated.emit(1)
    answer_at_rest(qtbot, session, panel)
    matrix = confusion_matrix(*predicted(session, "train"), task="multi_class")
    assert np.array_equal(panel.matrix.matrix, matrix)


def test_a_click_on_a_cell_shows_its_examples(qtbot, session, counted):
    panel = counted(data_project("iris", "multi_class"))
    P, Y = predicted(session)
    found = cells(P, Y, task="multi_class")
    true, called = max(
        ((t, c) for t in range(3) for c in range(3)), key=lambda cell: panel.matrix.matrix[cell]
    )
    place = panel.matrix.rect_of(true, called).center()
    QTest.mouseClick(panel.matrix.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.examples.isVisible()
    expected = found.examples(true, called)
    assert sorted(panel.examples.numbers.tolist()) == expected.tolist()
    sure = [panel.judged.probability(n, called) for n in panel.examples.numbers.tolist()]
    assert sure == sorted(sure, reverse=True)
    first = texts(panel.examples.table)[0]
    assert first[0] == str(panel.examples.numbers[0] + 1)
    QTest.keyClick(panel.examples, Qt.Key.Key_Escape)
    assert panel.matrix.isVisible()


def test_the_features_of_an_example_are_in_the_units_of_the_data(session, counted, document):
    project = data_project("iris", "multi_class")
    panel = counted(project)
    raw = project.replace(data=project.data.replace(normalize=False)).build_data()
    shown = panel.judged.features(np.arange(5))
    assert shown == pytest.approx(raw.dev.X[:, :5], abs=1e-4)


def test_the_cells_are_reached_by_keys(qtbot, counted):
    panel = counted(data_project("iris", "multi_class"))
    panel.matrix.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(panel.matrix, key)
    assert panel.matrix.current == (2, 1)
    assert panel.matrix.accessibleDescription() == panel.matrix.words(2, 1)
    QTest.keyClick(panel.matrix, Qt.Key.Key_Return)
    assert panel.examples.isVisible()
    assert panel.words.text() == panel.matrix.words(2, 1)


def test_pictures_are_shown_as_pictures(session, counted):
    project = data_project("digits-8x8", "multi_class")
    panel = counted(project)
    panel.open_cell(3, 3)
    assert panel.examples.gallery.isVisible()
    assert panel.examples.gallery.count == len(panel.examples.numbers)


def test_matrix_and_curve_follow_the_threshold(qtbot, session, counted, project):
    panel = counted(project)
    P, Y = predicted(session)
    assert panel.threshold == 0.5
    assert panel.slider.isVisible()
    choose(panel.view, "Threshold")
    panel.view.activated.emit(1)
    drawn = sweep(P, Y).thinned(500)
    x, y = panel.curves.curves["recall"].getData()
    assert np.array_equal(x, drawn.threshold[1:][::-1])
    assert np.array_equal(y, drawn.recall[1:][::-1])
    x, y = panel.curves.roc_curve.getData()
    assert np.array_equal(x, drawn.false_positive_rate)
    panel.slider.setFocus()
    for _ in range(3):
        QTest.keyClick(panel.slider, Qt.Key.Key_PageUp)
    assert panel.threshold == 0.65
    assert np.array_equal(panel.matrix.matrix, confusion_matrix(P, Y, threshold=0.65))
    assert panel.curves.line.value() == 0.65
    recall = sweep(P, Y).at(0.65)["recall"]
    assert f"recall {percent(recall)}" in panel.curves.words.text()
    assert panel.curves.dot.getData()[1][0] == recall


def test_the_best_f1_is_found(session, counted, project):
    panel = counted(project)
    panel.best.click()
    P, Y = predicted(session)
    assert panel.curves.curves  # the words beside it are those of the threshold
    best = sweep(P, Y)
    assert best.at(panel.threshold)["f1"] == pytest.approx(best.f1.max(), abs=0.01)


def test_examples_follow_the_threshold(session, counted, project):
    panel = counted(project)
    panel.slider.setValue(400)
    P, Y = predicted(session)
    found = cells(P, Y, threshold=0.4, task="binary")
    for true in (0, 1):
        for called in (0, 1):
            panel.open_cell(true, called)
            expected = found.examples(true, called).tolist()
            assert sorted(panel.examples.numbers.tolist()) == expected[:200]


def test_one_label_of_many_is_counted_without_the_unknown_ones():
    P = np.array([[0.9, 0.2, 0.6, 0.4], [0.1, 0.8, 0.7, 0.3]], np.float32)
    Y = np.array([[1, 0, 0, np.nan], [0, 1, np.nan, 1]], np.float32)
    part = Dataset(np.zeros((2, 4), np.float32), Y, "multi_label", ("cat", "dog"))
    judged = Judged(P, LabelTargets(), Splits(part, part, None), part, label=1)
    assert judged.classes == ("not dog", "dog")
    assert judged.matrix(0.5).tolist() == [[1, 0], [1, 1]]
    assert judged.examples(1, 0, 0.5).tolist() == [3]
    assert judged.matrix(0.3).tolist() == [[1, 0], [0, 2]]


def test_a_regression_has_no_matrix_and_says_so(session, counted):
    panel = counted(data_project("curve", "regression"))
    assert any("no classes" in sentence for sentence in sentences_in(panel))
    assert not panel.slider.isVisible()


def make_run(project, key, **figures) -> Run:
    return Run(
        key=key, design=project.design, training=project.training, data=project.data,
        started="2026-11-21T10:00:00", state="finished", iteration=10, epoch=2, figures=figures,
    )  # fmt: skip


def test_runs_are_ranked_by_one_metric_under_limits(qtbot, session, panel, document, project):
    document.keep_run(make_run(project, "a" * 32, dev_score=0.9, f1=0.7, milliseconds=3.0))
    document.keep_run(make_run(project, "b" * 32, dev_score=0.8, f1=0.9, milliseconds=1.0))
    choose(panel.view, "Best run")
    panel.view.activated.emit(2)
    assert [row[1] for row in texts(panel.ranking.table)] == ["Run 1", "Run 2"]
    choose(panel.ranking.goal.optimizing, "F1")
    panel.ranking.goal.optimizing.activated.emit(0)
    assert [row[1] for row in texts(panel.ranking.table)] == ["Run 2", "Run 1"]
    choose(panel.ranking.goal.optimizing, "Accuracy")
    panel.ranking.goal.optimizing.activated.emit(0)
    QTest.mouseClick(panel.ranking.goal.add_button, Qt.MouseButton.LeftButton)
    limit = panel.ranking.goal.rows[0]
    choose(limit.measured, "Prediction time")
    limit.measured.activated.emit(0)
    limit.bound.setValue(2.0)
    goal = Goal(optimizing="accuracy", limits=(Limit(metric="milliseconds", bound=2.0),))
    assert panel.ranking.goal.goal == goal
    expected = [run.title for run, _ in rank_runs(document.project.runs, goal)]
    rows = texts(panel.ranking.table)
    assert [row[1] for row in rows] == expected == ["Run 2", "Run 1"]
    assert rows[1][-1] == "✗ not met: Prediction time at most 2 ms"
    QTest.mouseClick(limit.remove, Qt.MouseButton.LeftButton)
    assert [row[1] for row in texts(panel.ranking.table)] == ["Run 1", "Run 2"]


def test_a_limit_on_a_share_is_typed_in_percent(panel, document, project):
    goal = panel.ranking.goal
    goal.set_task("binary")
    goal.add_button.click()
    row = goal.rows[0]
    row.measured.setCurrentIndex(row.measured.findData("recall"))
    row.measured.activated.emit(0)
    row.bound.setValue(80)
    assert goal.goal.limits == (Limit(metric="recall", bound=0.8),)
    assert row.word.text() == "at least"


def test_a_run_that_comes_to_rest_is_known_by_all_metrics(qtbot, session, project):
    kept = []
    session.run_recorded.connect(lambda run, owner: kept.append(run))
    session.play(project)
    qtbot.waitUntil(lambda: session.state == "finished", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(kept), timeout=PATIENCE_MS)
    P, Y = predicted(session)
    scores = per_class(confusion_matrix(P, Y))
    figures = kept[-1].figures
    assert {"f1", "precision", "recall", "milliseconds", "weighted_error"} <= figures.keys()
    assert figures["zero_one_error"] == pytest.approx(1 - figures["dev_score"])
    assert 0 <= figures["recall"] <= max(score.recall for score in scores) + 1e-9
