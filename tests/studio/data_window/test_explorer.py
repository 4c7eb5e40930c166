"""The Data window: what it shows is what the engine has, and nothing of the test set but counts."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from engine.data import Dataset
from engine.data.sources.curve import Curve
from engine.project.held_out import Opening
from engine.project.sets import fingerprint
from engine.words import number
from studio.data_window.explorer import Explorer
from studio.data_window.explorer.rows_model import RowsModel
from studio.data_window.explorer.scatter import MOST_POINTS
from studio.model import edits
from tests.studio.hands import choose


@pytest.fixture
def explorer(qtbot, document):
    explorer = Explorer(document)
    qtbot.addWidget(explorer, before_close_func=Explorer.shut_down)
    explorer.resize(900, 640)
    with qtbot.waitActive(explorer):
        explorer.show()
        explorer.activateWindow()
    qtbot.waitUntil(lambda: not explorer.loading)
    return explorer


def set_source(explorer, document, qtbot, source):
    plan = document.project.data.replace(source=source)
    document.edit(edits.set_data(document.project, plan), "Change")
    qtbot.waitUntil(lambda: not explorer.loading)


def front(explorer, view):
    """Click the view's tab."""
    bar = explorer.views.tabBar()
    at = bar.tabRect(explorer.views.indexOf(view)).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)


def test_the_rows_are_the_examples_of_the_chosen_set(explorer, document, qtbot):
    sets = document.project.raw_data()
    for title, data in (("Training set", sets.train), ("Dev set", sets.dev)):
        choose(explorer.choice, title)
        model = explorer.views.rows
        assert model.rowCount() == data.m
        for row in (0, data.m - 1):
            assert model.index(row, 0).data() == data.classes[data.labels[row]]
            assert model.index(row, 2).data() == number(data.X[1, row], 6)


def test_one_feature_is_told_in_the_singular(explorer, document, qtbot):
    set_source(explorer, document, qtbot, Curve(points=60))
    assert f"{explorer.sets['Training set'].m} examples, 1 feature. " in explorer.status.text()


def test_the_test_set_is_sealed(explorer):
    titles = [explorer.choice.itemText(index) for index in range(explorer.choice.count())]
    assert titles == ["Training set", "Dev set"]
    assert all(data.m in (72, 24) for data in explorer.sets.values())
    assert "sealed" in explorer.status.text()


def test_a_million_rows_cost_no_more_than_those_in_sight(qtbot):
    rng = np.random.default_rng(0)
    X, y = rng.random((2, 1_000_000), np.float32), rng.integers(0, 2, (1, 1_000_000))
    data, model = Dataset(X, y, "binary"), RowsModel()
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    asked = []
    model.data = lambda index, role: asked.append(index.row()) or RowsModel.data(model, index, role)
    model.show_examples(data)
    view.show()
    view.scrollToBottom()
    view.grab()
    assert model.rowCount() == 1_000_000
    assert max(asked) == 999_999
    assert len(set(asked)) < 200


def test_the_scatter_shows_the_chosen_features_in_their_places(explorer, document, qtbot):
    set_source(explorer, document, qtbot, "iris")
    front(explorer, explorer.views.scatter)
    choose(explorer.views.scatter.across, "petal length (cm)")
    choose(explorer.views.scatter.up, "sepal width (cm)")
    train, plot = document.project.raw_data().train, explorer.views.scatter.plot
    assert plot.places == pytest.approx(train.X[[2, 1]])
    assert list(plot.labels) == list(train.labels)
    left, right = np.argmin(train.X[2]), np.argmax(train.X[2])
    assert plot.at(left).x() < plot.at(right).x()
    top = np.argmax(train.X[1])
    assert plot.at(top).y() == pytest.approx(plot.frame().top() + 8)
    assert "all 90 examples" in explorer.views.scatter.note.text()


def test_many_points_are_sampled_and_that_is_said(explorer, document, qtbot):
    set_source(explorer, document, qtbot, {"kind": "moons", "points": 20_000})
    front(explorer, explorer.views.scatter)
    assert explorer.views.scatter.plot.places.shape == (2, MOST_POINTS)
    assert f"{MOST_POINTS:,} of 12,000 examples." in explorer.views.scatter.note.text()


def test_the_histogram_counts_each_class(explorer, document, qtbot):
    set_source(explorer, document, qtbot, "iris")
    front(explorer, explorer.views.histograms)
    choose(explorer.views.histograms.feature, "petal width (cm)")
    train, spread = document.project.raw_data().train, explorer.views.histograms.area.spread
    assert spread.names == list(train.classes)
    for label in range(3):
        expected = np.histogram(train.X[3][train.labels == label], spread.edges)[0]
        assert list(spread.counts[label]) == list(expected)
    assert spread.counts.sum() == train.m


def test_the_pictures_are_the_examples(explorer, document, qtbot):
    assert not explorer.views.isTabVisible(explorer.views.indexOf(explorer.views.pictures))
    set_source(explorer, document, qtbot, "digits-8x8")
    front(explorer, explorer.views.pictures)
    train = document.project.raw_data().train
    assert explorer.views.pictures.count == 200
    assert explorer.views.pictures.tile(0).caption == train.classes[train.labels[0]]


def test_the_counts_are_those_of_every_set(explorer, document, qtbot):
    set_source(explorer, document, qtbot, "wine")
    front(explorer, explorer.views.counts)
    sets, table = document.project.raw_data(), explorer.views.counts.table
    assert table.columnCount() == 3  # class, train, dev: the test set is sealed
    of_these = fingerprint(document.project)
    document.keep_opening(Opening("2026-01-01T00:00:00", sets.test.m, 0.1, 0.3, of_these))
    qtbot.waitUntil(lambda: table.columnCount() == 4, timeout=10_000)
    assert "was opened" in explorer.status.text() and "sealed" not in explorer.status.text()
    for column, data in enumerate((sets.train, sets.dev, sets.test), start=1):
        for label, count in enumerate(np.bincount(data.labels)):
            assert table.item(label, column).text().startswith(f"{count} ")


@pytest.mark.parametrize("kind", ["curve", "discs", "mnist-10k", "breast-cancer"])
def test_every_task_can_be_looked_at(explorer, document, qtbot, kind):
    set_source(explorer, document, qtbot, kind)
    for index in range(explorer.views.count()):
        if explorer.views.isTabVisible(index):
            explorer.views.setCurrentIndex(index)
            assert not explorer.views.currentWidget().grab().isNull()


def test_data_that_cannot_be_divided_are_told(explorer, document, qtbot):
    plan = document.project.data.replace(
        source={"kind": "circles", "points": 10}, train=0.98, dev=0.01, test=0.01
    )
    document.edit(edits.set_data(document.project, plan), "Change")
    qtbot.waitUntil(lambda: not explorer.loading)
    assert "dev set would be empty" in explorer.problem.text.text()


def test_the_panel_and_a_command_open_it(window, qtbot):
    window.docks.show("data")
    QTest.mouseClick(window.data_panel.look, Qt.MouseButton.LeftButton)
    explorer = window.data_views.explorer
    qtbot.waitUntil(lambda: explorer.isVisible() and not explorer.loading)
    explorer.close()
    window.commands["explore_data"].trigger()
    assert explorer.isVisible()
