"""The gradient check, from the button to the bars, on a real session."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

import engine
from engine import Dense, Design, Input
from engine.gradient_check import BlockReport, Fault, Verdict
from engine.probes.snapshot import Origin
from engine.project import Project
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.dashboard.gradient_check import work as module
from studio.dashboard.gradient_check.block_bars import (
    THRESHOLDS,
    BlockBars,
    power_of_ten,
    share_of_axis,
)
from studio.model.document import Document
from studio.running.session import State


@pytest.fixture
def open_panel(show, session):
    """A function: the panel of a project, shown."""
    panels = []

    def open_panel(project):
        panels.append(show(GradientCheckPanel(Document(project), session), 640, 520))
        return panels[-1]

    yield open_panel
    for panel in panels:
        panel.shut_down()


def block(name, error, verdict):
    node, parameter = name.split(".")
    return BlockReport(name, node, parameter, 1, 1, 0, error, verdict, 1.0, 1.0, None, ())


def check(panel, qtbot):
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert panel.is_checking
    qtbot.waitUntil(lambda: not panel.is_checking)


def test_the_check_is_that_of_the_engine(open_panel, run, session, project, qtbot):
    run(project)
    panel = open_panel(project)
    check(panel, qtbot)
    shown = panel.result.report
    trainer = session.call(lambda trainer: trainer).result()
    X, Y = (a[:, : module.EXAMPLES] for a in (trainer.train_set.X, trainer.train_set.Y))
    expected = engine.check_gradients(trainer.network, X, Y)
    assert shown.relative_error == expected.relative_error
    np.testing.assert_array_equal(shown.numerical, expected.numerical)
    assert [b.name for b in panel.bars.blocks] == ["h1.W", "h1.b", "h2.W", "h2.b", "y.W", "y.b"]


def test_the_verdict_is_in_words(open_panel, run, session, project, qtbot):
    run(project)
    panel = open_panel(project)
    assert panel.is_empty
    check(panel, qtbot)
    assert not panel.is_empty
    assert panel.verdict.text() == f"✓ {Verdict.GREAT.sentence}"
    assert panel.sentence.text() == panel.result.report.sentence
    assert f"at iteration {session.progress.iteration};" in panel.facts.text()
    assert "64 training examples" in panel.facts.text()
    assert "Checked all 91 parameters." in panel.facts.text()
    assert "Dropout" not in panel.facts.text()


def test_without_a_run_the_check_is_at_initialization(open_panel, session, project, qtbot):
    panel = open_panel(project)
    check(panel, qtbot)
    assert panel.result.iteration == 0
    assert session.state is State.READY


def test_dropout_is_said_to_be_off(open_panel, make_project, qtbot):
    panel = open_panel(make_project(keep_prob=0.8))
    check(panel, qtbot)
    assert "Dropout is off during the check." in panel.facts.text()
    assert panel.result.report.verdict in (Verdict.GREAT, Verdict.LOOK_CLOSER)


def test_training_goes_on_meanwhile_and_the_snapshot_does_not_move(
    open_panel, session, make_project, qtbot
):
    project = make_project(epochs=100_000)
    session.play(project)
    qtbot.waitUntil(lambda: session.progress.iteration > 10)
    panel = open_panel(project)
    check(panel, qtbot)
    assert session.state is State.RUNNING
    assert session.progress.iteration > panel.result.iteration
    assert panel.result.report.passed
    session.stop()
    qtbot.waitUntil(lambda: session.state is State.STOPPED)


def test_cancel_stops_the_check_and_keeps_the_window_alive(open_panel, project, qtbot, monkeypatch):
    calls = []

    def slow(*arguments, progress, cancel, **others):
        while True:
            calls.append(1)
            progress(len(calls) % 10, 10)

    panel = open_panel(project)
    monkeypatch.setattr(module, "check_gradients", slow)
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(calls) > 3)
    assert panel.cancel_button.isVisible()
    assert not panel.button.isVisible()
    QTest.mouseClick(panel.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.is_checking)
    assert panel.message.text() == "The check was canceled."
    assert panel.result is None
    assert panel.button.isVisible()


def test_a_design_that_cannot_run_is_named(open_panel, qtbot, session):
    broken = Project(Design().add("x", Input()).add("h", Dense()))
    panel = open_panel(broken)
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert not panel.is_checking
    problem = Document(broken).report.problems[0].message
    assert panel.message.text() == f"The design cannot run yet. {problem}"


def test_a_large_network_is_checked_in_a_sample_and_says_so(
    open_panel, project, qtbot, monkeypatch
):
    monkeypatch.setattr(module, "MOST_PARAMETERS", 50)
    monkeypatch.setattr(module, "SAMPLE", 10)
    panel = open_panel(project)
    check(panel, qtbot)
    assert panel.result.report.mode == "sample"
    assert "41 of 91 parameters, drawn at random." in panel.facts.text()


def test_the_worst_components_of_a_row_are_shown_with_both_values(open_panel, project, qtbot):
    panel = open_panel(project)
    check(panel, qtbot)
    panel.bars.setFocus()
    panel.bars.set_current(0)
    QTest.keyClick(panel.bars, Qt.Key.Key_Down)
    report = panel.result.report.blocks[1]
    assert panel.worst.rowCount() == len(report.worst)
    worst = report.worst[0]
    texts = [panel.worst.item(0, column).text() for column in range(4)]
    assert texts[0] == f"[{worst.index[0]}, 0]"
    assert panel.worst.horizontalHeaderItem(0).toolTip() == "h1.b"
    assert float(texts[1]) == pytest.approx(worst.exact, rel=1e-6)
    assert float(texts[2]) == pytest.approx(worst.numerical, rel=1e-6)


def test_a_bug_is_said_in_the_words_that_locate_it(open_panel, project, qtbot, session):
    panel = open_panel(project)
    check(panel, qtbot)
    trainer = session.call(lambda trainer: trainer).result()
    report = engine.check_gradients(
        trainer.network, trainer.train_set.X, trainer.train_set.Y, fault="sign_of_db"
    )
    panel.show_result(module.Result(report, Origin(iteration=0), False))
    assert panel.verdict.text() == f"✗ {Verdict.BUG.sentence}"
    assert panel.sentence.text() == report.sentence
    assert panel.bars.blocks[panel.bars.current].verdict is Verdict.BUG


@pytest.mark.parametrize(
    ("error", "share"),
    [(1e-10, 0), (0.0, 0), (1e-5, 0.5), (1.0, 1), (float("nan"), 1), (float("inf"), 1)],
)
def test_the_axis_of_the_bars_is_logarithmic(error, share):
    assert share_of_axis(error) == pytest.approx(share)


def test_the_thresholds_are_those_of_the_lectures():
    assert THRESHOLDS == (1e-7, 1e-5, 1e-3)
    assert [power_of_ten(value) for value in THRESHOLDS] == ["10⁻⁷", "10⁻⁵", "10⁻³"]


def test_bars_are_as_long_as_their_errors_in_the_color_of_their_verdicts(show):
    from studio.dashboard.gradient_check.block_bars import color_of

    blocks = [block("a.W", 1e-9, Verdict.GREAT), block("b.W", 1e-1, Verdict.BUG)]
    bars = show(BlockBars(), 500, 200)
    bars.show_blocks(blocks)
    image = bars.viewport().grab().toImage()
    ends = []
    for row, shown in enumerate(blocks):
        y = int(bars.bar_of(row).center().y())
        wanted = color_of(shown.verdict).lower()
        reached = [x for x in range(image.width()) if image.pixelColor(x, y).name() == wanted]
        assert reached[0] == pytest.approx(bars.bar_of(row).left(), abs=1)
        ends.append((reached[-1] - reached[0]) / share_of_axis(shown.relative_error))
    assert ends[0] == pytest.approx(ends[1], rel=0.05)
    assert bars.current == 1


def choose(combo, data):
    """Pick an entry by keyboard, as a person does."""
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.findData(data)):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentData() == data


@pytest.mark.parametrize("kind", ["forgot_mean", "sign_of_db", "doubled_dw", "transposed_w"])
def test_a_planted_bug_is_marked_found_and_never_trained_with(
    open_panel, run, session, make_project, qtbot, kind
):
    project = make_project(epochs=100_000)
    run(project, until=20)
    panel = open_panel(project)
    panel.options.show()
    before = session.call(lambda trainer: trainer.network.theta.copy()).result()
    choose(panel.options.bug, kind)
    fault = Fault.parse(kind)
    assert panel.planted.isVisible()
    assert fault.title in panel.planted.text()
    assert "never in training" in panel.planted.text()
    check(panel, qtbot)
    assert panel.result.report.fault == fault.title
    assert not panel.result.report.passed
    assert f"Planted bug: {fault.title}. Training is not affected." in panel.facts.text()
    after = session.call(lambda trainer: trainer.network.theta.copy()).result()
    np.testing.assert_array_equal(before, after)
    choose(panel.options.bug, "")
    assert not panel.planted.isVisible()
    check(panel, qtbot)
    assert panel.result.report.passed


def test_every_fault_of_the_engine_can_be_chosen(open_panel, project):
    bugs = open_panel(project).options.bug
    assert [bugs.itemData(i) for i in range(1, bugs.count())] == Fault.kinds()


def test_a_bug_that_does_not_fit_is_a_sentence(open_panel, project, qtbot):
    panel = open_panel(project)
    panel.options.show()
    choose(panel.options.bug, "no_keep_prob_scaling")
    check(panel, qtbot)
    assert "cannot be planted in this network" in panel.message.text()
    assert panel.result is None
    assert not panel.planted.isVisible()  # it is not planted


def test_an_older_result_does_not_ask_to_check_again_for_a_bug_that_does_not_fit(
    open_panel, project, qtbot
):
    panel = open_panel(project)
    check(panel, qtbot)
    panel.options.show()
    choose(panel.options.bug, "no_keep_prob_scaling")
    assert panel.stale_sentence() == "The planted bug has changed. Check again."
    check(panel, qtbot)
    assert panel.stale_sentence() == "This figure shows the last check that was possible."
    choose(panel.options.bug, "doubled_dw")
    assert panel.stale_sentence() == "The planted bug has changed. Check again."


def test_the_initial_weights_can_be_checked_in_mid_run(
    open_panel, run, session, make_project, qtbot
):
    project = make_project(epochs=100_000)
    run(project, until=50)
    panel = open_panel(project)
    panel.options.show()
    choose(panel.options.weights, True)
    check(panel, qtbot)
    assert panel.result.iteration == 0
    assert session.progress.iteration >= 50
    X, Y = session.call(
        lambda t: (t.train_set.X[:, : module.EXAMPLES], t.train_set.Y[:, : module.EXAMPLES])
    ).result()
    fresh = session.call(
        lambda t: engine.Network(t.network.design, t.settings, seed=t.settings.seed)
    ).result()
    expected = engine.check_gradients(fresh, X, Y)
    np.testing.assert_array_equal(panel.result.report.exact, expected.exact)


def test_the_error_against_epsilon_is_that_of_the_engine(open_panel, project, session, qtbot):
    panel = open_panel(project)
    panel.options.curve.setChecked(True)
    check(panel, qtbot)
    curve = panel.result.curve
    assert panel.curve.isVisibleTo(panel)
    for item, errors in zip(panel.curve.curves, (curve.one_sided, curve.two_sided), strict=True):
        x, y = item.getData()
        np.testing.assert_allclose(x, np.log10(curve.epsilons))
        np.testing.assert_allclose(y, np.log10(errors))
    one, two = curve.one_sided[2], curve.two_sided[2]  # at epsilon = 0.001
    assert two < 0.01 * one


def test_a_check_runs_by_itself_every_n_epochs(dashboard, session, make_project, qtbot):
    _, panels = dashboard
    panel = panels["GradientCheckPanel"]
    panel.options.every.setValue(3)
    iterations = []
    show_result = panel.show_result
    panel.show_result = lambda result: (iterations.append(result.iteration), show_result(result))
    session.play(make_project(epochs=100_000))
    qtbot.waitUntil(lambda: len(iterations) >= 3)
    session.stop()
    assert iterations == sorted(set(iterations))
    qtbot.waitUntil(lambda: not panel.is_checking)


def test_while_the_first_check_is_on_its_way_nobody_is_told_to_press_the_button(
    open_panel, run, project, qtbot
):
    run(project)
    panel = open_panel(project)
    assert "Press" in panel.shown()["message"]
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert panel.is_checking
    assert panel.is_empty
    assert "Press" not in panel.shown()["message"]
    qtbot.waitUntil(lambda: not panel.is_checking)
    assert not panel.is_empty


def test_a_check_does_not_widen_its_column(show, session, run, project, qtbot):
    run(project)
    panel = show(GradientCheckPanel(Document(project), session), 280, 300)
    check(panel, qtbot)
    assert panel.width() == 280
    area = panel.findChild(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    panel.shut_down()


def test_the_table_fits_into_a_panel_of_usual_width(show, session, run, project, qtbot):
    run(project)
    panel = show(GradientCheckPanel(Document(project), session), 430, 600)
    check(panel, qtbot)
    assert panel.worst.horizontalScrollBar().maximum() == 0
    panel.shut_down()


def test_both_axes_of_the_error_against_epsilon_are_labelled_in_powers_of_ten(
    open_panel, run, project, qtbot
):
    run(project)
    panel = open_panel(project)
    panel.options.curve.setChecked(True)
    check(panel, qtbot)
    for side in ("bottom", "left"):
        ticks = panel.curve.plot.ticks[side]
        assert len(ticks) >= 3
        assert all(text == power_of_ten(10.0**exponent) for exponent, text in ticks)
