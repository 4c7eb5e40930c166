"""Normalization and augmentation as they are seen: read back from the plots and pictures."""

import numpy as np
import pyqtgraph as pg
import pytest

from engine import Dense, Design, Input, Network, Output
from engine.data import DataPlan
from engine.data.splitting.splits import Normalization
from engine.layers import Flatten
from engine.layers.augment import Augment
from engine.layers.normalize import Normalize
from engine.probes.landscape import landscape
from engine.project import Project
from studio.dashboard.inputs import PreparationPanel
from studio.dashboard.inputs.panel import PreparationView
from studio.model import edits
from studio.model.document import Document
from studio.running.session import State
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer
from tests.studio.plots.items import items_of


def wine(*layers, normalize=False):
    chain = [Input(), *layers, Dense(units=5), Output(task="multi_class")]
    return Project(Design.sequential(chain), data=DataPlan(source="wine", normalize=normalize))


def digits(normalize, **augment):
    chain = [
        Input(shape=(1, 8, 8)),
        Augment(**augment),
        Flatten(),
        Dense(units=5),
        Output(task="multi_class"),
    ]
    plan = DataPlan(source="digits-8x8", normalize=normalize)
    return Project(Design.sequential(chain), data=plan)


@pytest.fixture
def open_panel(qtbot, session, show):
    """A function: document or project, view -> the panel with its first answer."""
    workbench = Workbench()

    def open_one(opened, view=PreparationView.SCATTER):
        document = opened if isinstance(opened, Document) else Document(opened)
        project = document.project
        panel = show(PreparationPanel(document, workbench), 900, 400)
        panel.view.setCurrentIndex(panel.view.findData(view))
        panel.view.activated.emit(panel.view.currentIndex())
        session.rewind(project)
        qtbot.waitUntil(lambda: session.state is State.READY)
        answer(qtbot, session, panel)
        return panel

    yield open_one
    session.close()
    workbench.close()


def test_training_on_costs_nothing_here(qtbot, session, open_panel):
    panel = open_panel(wine())
    session.step(wine())
    qtbot.waitUntil(lambda: session.progress.iteration == 1)
    computed = []
    panel.feed.ready.connect(lambda *_: computed.append(1))
    panel.refresh(session.moment())
    session.call(lambda trainer: None).result()
    assert not panel.behind
    assert not panel.feed.busy
    assert computed == []


def points_of(panel, side):
    items = items_of(panel.pair.plots[side])
    found = [np.stack(item.getData()) for item in items if isinstance(item, pg.ScatterPlotItem)]
    return np.concatenate(found, axis=1)


def as_rows(points):
    return sorted(map(tuple, np.round(np.asarray(points.T, float), 3).tolist()))


def test_the_points_are_the_raw_and_the_normalized_features(qtbot, session, open_panel):
    panel = open_panel(wine())
    X = session.call(lambda trainer: trainer.data.train.X).result()
    assert as_rows(points_of(panel, 0)) == as_rows(X[:2])
    assert as_rows(points_of(panel, 1)) == as_rows(Normalization.of(X).apply(X)[:2])
    assert "would" in panel.pair.words[1].text()
    assert panel.normalize.isVisible()


def test_ten_classes_have_ten_markers(session, open_panel):
    panel = open_panel(digits(normalize=False))
    items = items_of(panel.pair.plots[0])
    assert len({item.opts["symbol"] for item in items}) == len(items) == 10


@pytest.mark.parametrize("how", [[Normalize()], []], ids=["by a layer", "ahead of the design"])
def test_what_the_network_learns_from_is_told(session, open_panel, how):
    panel = open_panel(wine(*how, normalize=not how))
    raw = wine().data.build().train.X
    assert as_rows(points_of(panel, 1)) == as_rows(Normalization.of(raw).apply(raw)[:2])
    assert "would" not in panel.pair.words[1].text()
    assert not panel.normalize.isVisible()


def test_a_choice_of_features_is_answered(qtbot, session, open_panel):
    panel = open_panel(wine())
    panel.second.setCurrentIndex(5)
    panel.second.activated.emit(5)
    answer(qtbot, session, panel)
    X = session.call(lambda trainer: trainer.data.train.X).result()
    assert as_rows(points_of(panel, 0)) == as_rows(X[[0, 5]])
    label = panel.pair.plots[0].axis("left").labelText
    assert label == session.call(lambda t: t.data.train.feature_names).result()[5]


def test_the_way_down_is_that_of_the_landscape(session, open_panel):
    panel = open_panel(wine(), PreparationView.BOWLS)
    train = session.call(lambda trainer: trainer.data.train).result()
    first_class = np.where(train.labels == 0, 1, -1)
    expected = landscape(train.X[:2], first_class)
    items = items_of(panel.pair.plots[0])
    (way,) = [item for item in items if type(item) is pg.PlotCurveItem]
    assert np.stack(way.getData(), axis=1) == pytest.approx(expected.path)
    assert f"{expected.steps:,} steps" in panel.pair.words[0].text()
    assert panel.pair.shown[1].steps < expected.steps


def test_the_button_puts_a_layer_behind_the_input(open_panel):
    document = Document(wine())
    panel = open_panel(document)
    panel.normalize.click()
    project = document.project
    (name,) = [n for n, layer in project.design.nodes.items() if layer.learns_from_data]
    assert project.design.inputs_of(name)[0].source == "input"
    assert document.report.ok
    document.undo_stack.undo()
    assert document.project.design == wine().design


def test_normalization_goes_behind_augmentation_and_ends_that_of_the_data():
    project = edits.normalize_inputs(digits(normalize=True))
    order = [project.design.nodes[name].kind for name in project.design.order()]
    assert order == ["input", "augment", "normalize", "flatten", "dense", "output"]
    assert not project.data.normalize
    assert Network(project.design, data=project.data.build())


def pixels(image):
    """(height, width, channels) of an image; of one of ink on paper how much ink there is."""
    depth = image.depth() // 8
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * depth].reshape(image.height(), image.width(), depth)


def test_the_first_row_shows_the_training_pictures_as_they_were(session, open_panel):
    panel = open_panel(digits(normalize=False), PreparationView.PICTURES)
    X = session.call(lambda trainer: trainer.data.train.X[:, :6]).result()
    scaled = (X - X.min()) / (X.max() - X.min()) * 255
    for column, image in enumerate(panel.rows.images[0]):
        expected = scaled[:, column].reshape(8, 8)
        assert np.abs(pixels(image)[:, :, 0] - expected).max() <= 0.51
    assert not np.array_equal(pixels(panel.rows.images[1][0]), pixels(panel.rows.images[0][0]))


def test_without_strength_all_rows_are_alike(open_panel):
    panel = open_panel(digits(normalize=False, strength=0), PreparationView.PICTURES)
    for row in panel.rows.images[1:]:
        for first, image in zip(panel.rows.images[0], row, strict=True):
            assert np.array_equal(pixels(first), pixels(image))


def test_drawing_again_changes_the_pictures(qtbot, session, open_panel):
    panel = open_panel(digits(normalize=False), PreparationView.PICTURES)
    before = pixels(panel.rows.images[1][0]).copy()
    panel.again.click()
    answer(qtbot, session, panel)
    assert not np.array_equal(pixels(panel.rows.images[1][0]), before)


def test_shadows_are_told_with_a_way_out(open_panel):
    panel = open_panel(digits(normalize=True), PreparationView.PICTURES)
    assert "shadows" in panel.message.text()
    assert panel.normalize.isVisible()


def test_without_augmentation_the_panel_says_how_to_get_it(open_panel):
    panel = open_panel(wine(), PreparationView.PICTURES)
    assert "Augment" in panel.message.text()
