"""Images: what is shown are the engine's predictions, and nothing moves unasked."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.data import DataPlan
from engine.probes.examples import ALL_CLASSES, ExamplesWish, look_at
from engine.probes.weight_pictures import codes, first_weights
from engine.project import Project
from studio.dashboard.images import ImagesPanel
from studio.look.inks import MINUS, PLUS
from studio.look.theme import theme
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer, prepare
from tests.studio.hands import choose


def digits(**training) -> Project:
    design = engine.Design.sequential(
        [engine.Input(), engine.Dense(units=12), engine.Output(task="multi_class")],
        ["x", "h1", "y"],
    )
    settings = engine.TrainingSettings(**{"batch_size": 64, "epochs": 1} | training)
    plan = DataPlan(source="mnist-10k", train=0.1, dev=0.05, test=0.85)
    return Project(design, settings, plan)


@pytest.fixture
def panel(qtbot, session, show):
    theme.apply(dark=False)
    workbench = Workbench()
    yield show(ImagesPanel(workbench), 430, 230)
    session.close()
    workbench.close()


@pytest.fixture
def prepared(qtbot, session, panel):
    prepare(qtbot, session, panel, digits())
    return panel


def network_and_data(session):
    return session.call(lambda trainer: (trainer.network.copy("float32"), trainer.data)).result()


def test_the_wrong_ones_come_first_and_the_most_confident_in_front(qtbot, session, prepared):
    network, data = network_and_data(session)
    P, labels = network.predict(data.dev.X), data.dev.labels
    wrong = np.argmax(P, axis=0) != labels
    numbers = prepared.examples.numbers
    assert len(numbers) == min(200, data.dev.m)
    right_from = np.flatnonzero(~wrong[numbers])[:1]
    first_right = right_from[0] if right_from.size else len(numbers)
    assert wrong[numbers[:first_right]].all()
    assert first_right == min(wrong.sum(), len(numbers))
    confidence = P.max(axis=0)[numbers]
    assert (np.diff(confidence[:first_right]) <= 0).all()
    assert (np.diff(confidence[first_right:]) >= 0).all()
    assert prepared.controls.summary.text() == f"{wrong.sum():,} of {data.dev.m:,} wrong"


def test_captions_and_numbers_are_those_of_the_engine(qtbot, session, prepared):
    network, data = network_and_data(session)
    P = network.predict(data.dev.X)
    assert np.allclose(prepared.examples.probabilities, P[:, prepared.examples.numbers], atol=1e-6)
    number = prepared.examples.numbers[0]
    true, predicted = data.dev.labels[number], int(np.argmax(P[:, number]))
    caption = prepared.gallery.tile(0).caption
    assert caption == f"✗ {true} → {predicted}, {P[predicted, number]:.0%}".replace("%", " %")


def test_a_picture_shows_the_pixels_from_before_the_normalization(qtbot, session, prepared):
    raw = digits().data.replace(normalize=False).build().dev
    number = prepared.examples.numbers[5]
    ink = raw.X[:, number].reshape(28, 28)
    image = prepared.gallery.picture(5)
    assert (image.width(), image.height()) == (28, 28)
    shown = np.array([[image.pixelIndex(x, y) for x in range(28)] for y in range(28)])
    assert np.abs(shown - 255 * ink).max() <= 1
    assert image.pixelColor(0, 0) == QColor(theme.colors.surface)


def test_a_click_shows_all_probabilities_and_escape_leads_back(qtbot, session, prepared):
    place = prepared.gallery.rect_of(1).center()
    qtbot.mouseClick(prepared.gallery.viewport(), Qt.MouseButton.LeftButton, pos=place)
    bars = prepared.detail.bars
    assert bars.isVisible()
    p = prepared.examples.probabilities[:, 1]
    assert bars.judgment.probabilities == tuple(p.tolist())
    assert [text.split(":")[0] for text in bars.texts()] == list("0123456789")
    assert all(f"{100 * p[i]:.1f} %" in text for i, text in enumerate(bars.texts()))
    assert "true" in bars.texts()[prepared.examples.labels[1]]
    prepared.activateWindow()
    qtbot.waitUntil(prepared.detail.hasFocus)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert bars.judgment.probabilities == tuple(prepared.examples.probabilities[:, 2].tolist())
    prepared.detail.back.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert prepared.gallery.isVisible()
    assert prepared.gallery.hasFocus()


def test_arrows_choose_and_enter_opens(qtbot, prepared):
    prepared.gallery.setFocus()
    QTest.keyClick(prepared.gallery, Qt.Key.Key_Right)
    assert prepared.gallery.current == 1
    assert prepared.gallery.accessibleDescription() == prepared.gallery.tile(1).spoken
    QTest.keyClick(prepared.gallery, Qt.Key.Key_Return)
    assert prepared.detail.isVisible()


def test_filters_by_class_by_mistake_and_by_set(qtbot, session, prepared):
    choose(prepared.controls.label, "True 7")
    QTest.mouseClick(prepared.controls.only_wrong, Qt.MouseButton.LeftButton)
    choose(prepared.controls.part, "Train")
    answer(qtbot, session, prepared)
    network, data = network_and_data(session)
    P, labels = network.predict(data.train.X), data.train.labels
    expected = set(np.flatnonzero((labels == 7) & (np.argmax(P, axis=0) != 7)))
    shown = set(prepared.examples.numbers.tolist())
    assert shown
    assert shown == expected


def test_while_training_the_order_stays_and_the_numbers_follow(qtbot, session, prepared):
    order = prepared.examples.numbers.copy()
    before = prepared.examples.probabilities.copy()
    session.play(digits(epochs=10_000))
    qtbot.waitUntil(lambda: session.progress.iteration > 30)

    def moved():
        prepared.refresh(session.moment())
        return not np.array_equal(prepared.examples.probabilities, before)

    qtbot.waitUntil(moved)
    assert np.array_equal(prepared.examples.numbers, order)
    prepared.controls.sort.click()
    qtbot.waitUntil(
        lambda: prepared.refresh(session.moment()) or set(prepared.examples.numbers) != set(order)
    )
    session.pause()
    qtbot.waitUntil(lambda: session.state == "paused")
    answer(qtbot, session, prepared)
    network, data = network_and_data(session)
    expected = look_at(network, data, ExamplesWish()).numbers
    qtbot.waitUntil(
        lambda: (
            prepared.refresh(session.moment())
            or np.array_equal(prepared.examples.numbers, expected)
        )
    )


def test_a_large_picture_stays_when_the_run_comes_to_rest(qtbot, session, prepared):
    order = prepared.examples.numbers.copy()
    prepared.open_detail(2)
    session.play(digits(epochs=10_000))
    qtbot.waitUntil(lambda: session.progress.iteration > 30)
    prepared.refresh(session.moment())
    session.pause()
    qtbot.waitUntil(lambda: session.state == "paused")
    answer(qtbot, session, prepared)
    assert np.array_equal(prepared.examples.numbers, order)
    assert f"Example {order[2] + 1:,}:" in prepared.detail.words.text()
    prepared.detail.back.click()
    assert prepared.behind
    network, data = network_and_data(session)
    expected = look_at(network, data, ExamplesWish()).numbers
    assert not np.array_equal(expected, order)
    qtbot.waitUntil(
        lambda: (
            prepared.refresh(session.moment())
            or np.array_equal(prepared.examples.numbers, expected)
        )
    )


def test_the_choice_of_a_class_stays_while_the_data_have_the_same_classes(qtbot, session, prepared):
    choose(prepared.controls.label, "True 7")
    answer(qtbot, session, prepared)
    session.rewind(digits().replace(data=DataPlan(source="digits-8x8")))
    qtbot.waitUntil(
        lambda: prepared.refresh(session.moment()) or prepared.gallery.picture(0).width() == 8
    )
    assert (prepared.examples.labels == 7).all()
    assert prepared.controls.wish.label == 7
    prepared.controls.list_classes(("cat", "dog"))
    assert prepared.controls.wish.label == ALL_CLASSES
    assert prepared.controls.label.itemText(2) == "True dog"


def test_weights_are_pictures_with_zero_in_the_middle(qtbot, session, prepared):
    choose(prepared.controls.view, "First-layer weights")
    answer(qtbot, session, prepared)
    network, _ = network_and_data(session)
    W = network.parameters["h1.W"]
    limit = prepared.controls.scale.limit
    assert limit >= np.abs(W).max()
    assert prepared.units.count == 12
    norm = np.linalg.norm(W[3].astype(float))
    assert prepared.units.tile(3).caption == f"4: ‖w‖ {norm:.2f}"
    image = prepared.units.picture(3)
    shown = np.array([[image.pixelIndex(x, y) for x in range(28)] for y in range(28)])
    assert np.abs((shown - 127) / 127 * limit - W[3].reshape(28, 28)).max() <= limit / 250
    zero = codes(np.zeros((1, 1)), limit)[0, 0]
    assert QColor(image.colorTable()[zero]) == QColor(theme.colors.surface)
    assert QColor(image.colorTable()[0]) == theme.colors.of_series(MINUS)
    assert QColor(image.colorTable()[254]) == theme.colors.of_series(PLUS)


def test_data_without_pictures_get_a_sentence(qtbot, session, panel, project):
    assert "once the design can run" in panel.shown()["message"]
    prepare(qtbot, session, panel, project)
    assert panel.is_empty
    choose(panel.controls.view, "First-layer weights")
    answer(qtbot, session, panel)
    assert panel.is_empty


def test_an_input_of_channels_height_and_width_makes_pictures_of_any_data():
    rng = np.random.default_rng(0)
    X = rng.random((12, 20), np.float32)
    labels = rng.integers(0, 2, 20)
    data = engine.data.from_labels(X, labels, ("left", "right"), shape=(1, 3, 4))
    splits = data.split(0.5, 0.5, 0.0)
    layers = [engine.Input(), engine.Flatten(), engine.Dense(units=4), engine.Output(task="binary")]
    names = ["x", "flat", "h1", "y"]
    network = engine.Network(engine.Design.sequential(layers, names), data=splits)
    weights = first_weights(network, splits)
    assert weights.node == "h1"
    assert np.array_equal(weights.values[2], network.parameters["h1.W"][2].reshape(3, 4))
    shown = look_at(network, splits, ExamplesWish("dev", ALL_CLASSES, False, (3, 1)))
    p = network.predict(splits.dev.X)[0, [3, 1]]
    assert shown.numbers.tolist() == [3, 1]
    assert np.allclose(shown.probabilities, [1 - p, p])
    assert shown.pixels.shape == (2, 3, 4, 1)


def test_an_answer_to_an_older_question_fills_no_empty_panel(qtbot, session, panel):
    session.rewind(digits())
    qtbot.waitUntil(lambda: session.state == "ready")
    panel.moment = session.moment()
    panel.feed.ready.emit(None, "an older question", panel.moment.origin)
    assert panel.is_empty and panel.shown()["empty"]
