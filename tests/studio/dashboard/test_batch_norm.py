"""The batch-norm inspector: its numbers are those of the engine's pass, in both modes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.words import short_number
from studio.dashboard.batch_norm import BatchNormPanel
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer, prepare, steps
from tests.studio.hands import choose


@pytest.fixture
def project(make_project):
    return make_project(batch_norm=True, keep_prob=0.7)


@pytest.fixture
def panel(session, show):
    workbench = Workbench()
    yield show(BatchNormPanel(workbench), 430, 230)
    session.close()
    workbench.close()


@pytest.fixture
def prepared(qtbot, session, project, panel):
    prepare(qtbot, session, panel, project)
    steps(qtbot, session, project, 4)
    qtbot.waitUntil(lambda: panel.refresh(session.moment()) or panel.inspection.iteration == 4)
    return panel


def first_z(session):
    """Z of the first layer for the next batch, and the network: no mask comes before it."""

    def compute(trainer):
        network = trainer.network.copy("float64")
        X, _ = trainer.batches.peek()
        return network.parameters["h1.W"] @ X.astype("float64"), network

    return session.call(compute).result()


def columns_of(panel):
    """The table's texts, by title."""
    model = panel.table.model()
    titles = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    return {
        title: [model.data(model.index(row, column)) for row in range(model.rowCount())]
        for column, title in enumerate(titles)
    }


def texts(values):
    return [short_number(float(value)) for value in values]


def test_in_training_the_batch_itself_normalizes(qtbot, session, prepared):
    z, network = first_z(session)
    shown = prepared.inspection
    assert np.allclose(shown.before.mean, z.mean(axis=1), atol=1e-5)
    assert np.allclose(shown.before.variance, z.var(axis=1), rtol=1e-4)
    assert np.allclose(shown.normalized.mean, 0, atol=1e-5)
    expected = z.var(axis=1) / (z.var(axis=1) + 1e-5)
    assert np.allclose(shown.normalized.variance, expected, rtol=1e-4)
    gamma, beta = network.parameters["h1.gamma"].ravel(), network.parameters["h1.beta"].ravel()
    assert np.allclose(shown.after.mean, beta, atol=1e-5)
    assert np.allclose(shown.after.variance, gamma**2 * expected, rtol=1e-3)
    assert np.ptp(shown.before.variance) > 0.01


def test_the_table_shows_these_numbers_and_marks_what_normalizes(qtbot, session, prepared):
    columns, shown = columns_of(prepared), prepared.inspection
    assert columns["● μ Z"] == texts(shown.before.mean)
    assert columns["● σ² Z"] == texts(shown.before.variance)
    state = session.call(lambda t: {k: v.ravel().copy() for k, v in t.network.state.items()})
    assert columns["running μ"] == texts(state.result()["h1.mean"])
    assert columns["running σ²"] == texts(state.result()["h1.variance"])
    theta = session.call(lambda t: t.network.parameters["h1.gamma"].ravel().copy()).result()
    assert columns["γ"] == texts(theta)
    assert "β" in columns
    assert prepared.words.text() == "● this batch of 16"


def test_in_evaluation_the_running_values_normalize(qtbot, session, prepared):
    choose(prepared.mode, "Evaluation")
    answer(qtbot, session, prepared)
    z, network = first_z(session)
    mean, variance = network.state["h1.mean"], network.state["h1.variance"]
    z_norm = (z - mean) / np.sqrt(variance + 1e-5)
    shown = prepared.inspection
    assert np.allclose(shown.normalized.mean, z_norm.mean(axis=1), atol=1e-4)
    assert np.allclose(shown.normalized.variance, z_norm.var(axis=1), rtol=1e-3)
    assert np.abs(shown.normalized.mean).max() > 1e-3
    assert {"μ Z", "● running μ", "● running σ²"} <= set(columns_of(prepared))
    assert prepared.words.text() == "● running values"


def test_looking_leaves_the_running_values_and_the_masks_alone(qtbot, session, prepared):
    def fingerprint():
        return session.call(
            lambda t: (
                {k: v.copy() for k, v in t.network.state.items()},
                t.network.rng.state(),
            )
        ).result()

    before = fingerprint()
    prepared.ask_again()
    answer(qtbot, session, prepared)
    after = fingerprint()
    assert all(np.array_equal(before[0][name], after[0][name]) for name in before[0])
    assert before[1] == after[1]
    running = prepared.inspection.running["mean"]
    assert np.array_equal(running, after[0]["h1.mean"].ravel())


def test_another_layer_is_chosen_by_its_name(qtbot, session, prepared):
    assert [prepared.layer.itemText(i) for i in range(prepared.layer.count())] == ["h1", "h2"]
    choose(prepared.layer, "h2")
    answer(qtbot, session, prepared)
    assert prepared.inspection.chosen == 1
    assert len(prepared.inspection.before.mean) == 5
    assert prepared.table.model().rowCount() == 5
    assert prepared.layer.currentText() == "h2"


def test_a_bar_reaches_from_one_deviation_below_the_mean_to_one_above(qtbot, session, prepared):
    prepared.resize(430, 900)  # no bar is drawn lower than two pixels
    shown, bands = prepared.inspection, prepared.bands
    low, high = bands.spans[0]
    area = bands.area_of(0)
    for unit in (0, 7):
        bar = bands.bar_of(0, unit)
        expected = 2 * shown.before.spread[unit] / (high - low)
        assert bar.height() / area.height() == pytest.approx(expected, rel=1e-6)
        middle = (area.bottom() - bar.center().y()) / area.height()
        assert low + middle * (high - low) == pytest.approx(shown.before.mean[unit], abs=1e-6)
    assert bands.bar_of(0, 7).x() > bands.bar_of(0, 0).x()
    prepared.grab()


def test_without_batch_norm_there_is_a_sentence(qtbot, session, panel, make_project):
    prepare(qtbot, session, panel, make_project())
    assert panel.is_empty
    assert not panel.controls.isVisible()
