"""Histograms and the initialization lab: what is drawn are the engine's numbers."""

import copy

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest

import engine
from engine.experiments.initialization_lab import compare, title_of, used_by_all
from engine.files import load_project
from engine.initializers import COMPARED, Initializer
from engine.probes.ridges import Ridges
from engine.probes.spreads import BINS, KINDS, Histogram
from engine.words import short_number
from studio.dashboard.histograms import HistogramsPanel
from studio.dashboard.histograms.drawing import outline, place_of, ridge
from studio.dashboard.histograms.lab_view import sentence_of, short_name
from studio.model import edits
from studio.model.document import Document
from studio.running.snapshots import Workbench
from studio.shell.files_menu import example_files
from tests.studio.dashboard.asking import answer, prepare, questions_of, steps
from tests.studio.hands import choose


@pytest.fixture
def document(qtbot, make_project):
    return Document(make_project(keep_prob=0.8, l2=0.1))


@pytest.fixture
def panel(session, document, show):
    workbench = Workbench()
    yield show(HistogramsPanel(document, workbench), 430, 230)
    session.close()
    workbench.close()


@pytest.fixture
def prepared(qtbot, session, document, panel):
    prepare(qtbot, session, panel, document.project)
    return panel


def next_pass(session):
    """The network after the pass that its next step will make, and the pass."""

    def pass_on(trainer):
        network = trainer.network.copy("float32")
        network.rng = copy.deepcopy(trainer.network.rng)
        return network, network.learn_from(*trainer.batches.peek())

    return session.call(pass_on).result()


def expected_counts(values):
    other = values[values != 0]
    return np.histogram(other, BINS, (other.min(), other.max()))[0]


def test_before_the_first_step_the_histograms_are_those_of_the_first_batch(
    qtbot, session, document, prepared
):
    network, step = next_pass(session)
    hidden = step.trace.values[network.slots["h1"] - 1]  # before dropout
    shown = prepared.now.histograms
    assert list(shown) == ["x", "h1", "h2", "y"]
    assert np.array_equal(shown["h1"].counts, expected_counts(hidden))
    assert shown["h1"].mean == pytest.approx(hidden.mean(), abs=1e-6)
    assert shown["h1"].spread == pytest.approx(hidden.std(), rel=1e-5)
    predictions = network.task.predict(step.trace.values[-1])
    assert np.array_equal(shown["y"].counts, expected_counts(predictions))
    assert prepared.words.text() == "iteration 0"


def test_weights_gradients_and_pre_activations_are_chosen_and_follow_training(
    qtbot, session, document, prepared
):
    steps(qtbot, session, document.project, 3)
    answer(qtbot, session, prepared)
    qtbot.waitUntil(lambda: prepared.refresh(session.moment()) or prepared.measured.iteration == 3)
    network, step = next_pass(session)
    linear = next(part for part in network.parts if part.node == "h2")
    for choice, values in (
        ("Weights W", network.parameters["h2.W"]),
        ("Gradients dW", network.gradients["h2.W"]),
        ("Pre-activations Z", step.trace.values[linear.target]),
    ):
        choose(prepared.kind, choice)
        assert list(prepared.now.histograms) == ["h1", "h2", "y"]
        histogram = prepared.now.histograms["h2"]
        assert np.array_equal(histogram.counts, expected_counts(values)), choice
        assert (histogram.low, histogram.high) == (values.min(), values.max())


def test_the_words_tell_mean_and_spread(prepared):
    h = prepared.now.histograms["h1"]
    text = f"h1: {short_number(h.mean)} ± {short_number(h.spread)}"
    assert text in prepared.now.accessibleDescription()


def test_a_click_gives_all_layers_the_same_axis(qtbot, prepared):
    choose(prepared.kind, "Weights W")
    spans = set(prepared.now.spans.values())
    assert len(spans) > 1
    QTest.mouseClick(prepared.same_axis, Qt.MouseButton.LeftButton)
    (common,) = set(prepared.now.spans.values())
    assert common[0] <= min(h.low for h in prepared.now.histograms.values())
    assert common[1] >= max(h.high for h in prepared.now.histograms.values())


def test_bins_stand_where_their_values_are():
    values = np.concatenate([np.full(30, -1.0), np.full(10, 3.0), np.zeros(60)])
    histogram = Histogram.of(values)
    assert (histogram.low, histogram.high, histogram.zeros) == (-1.0, 3.0, 0.6)
    assert (histogram.mean, histogram.counts[0], histogram.counts[-1]) == (0.0, 30, 10)
    area, span = QRectF(100, 50, 400, 90), (-2.0, 4.0)
    for shape in (outline(histogram, span, area), ridge(histogram, span, area)):
        xs, ys = [p.x() for p in shape], [p.y() for p in shape]
        assert min(xs) == pytest.approx(place_of(-1.0, span, area))
        assert max(xs) == pytest.approx(place_of(3.0, span, area))
        assert (min(ys), max(ys)) == (pytest.approx(50), 140)
        assert sorted(set(np.round(ys, 6)))[1] == pytest.approx(140 - 90 / 3)


@pytest.mark.parametrize(
    ("values", "broken", "zeros"),
    [([0.0, 0.0], 0, 1), ([np.nan, 1.0], 0.5, 0), ([np.inf, np.inf], 1, 0), ([2.5], 0, 0)],
)
def test_odd_numbers_have_histograms_too(values, broken, zeros):
    histogram = Histogram.of(np.array(values, np.float32))
    assert (histogram.broken, histogram.zeros) == (broken, zeros)
    assert histogram.counts.sum() == len(values) * (1 - broken) * (1 - zeros)
    outline(histogram, (-1.0, 1.0), QRectF(0, 0, 10, 10))


def test_ridges_are_bounded_keep_the_first_and_lie_ever_further_apart():
    ridges = Ridges(most=8)
    for iteration in range(1000):
        ridges.add(iteration, {})
        assert len(ridges.kept) <= 8
    kept = [iteration for iteration, _ in ridges.kept]
    assert kept[0] == 0
    assert set(np.diff(kept)) == {ridges.interval}
    assert ridges.interval == 128
    assert kept[-1] > 1000 - 2 * 128


def test_over_time_the_ridges_are_those_of_the_steps(qtbot, session, document, prepared):
    first = dict(prepared.measured.spreads["W"])
    choose(prepared.kind, "Weights W")
    for count in (2, 3):
        steps(qtbot, session, document.project, count)
        wanted = session.progress.iteration
        qtbot.waitUntil(
            lambda n=wanted: prepared.refresh(session.moment()) or prepared.measured.iteration == n
        )
    choose(prepared.view, "Over time")
    ridges = prepared.over_time.ridges
    assert [iteration for iteration, _ in ridges] == [0, 2, 5]
    assert np.array_equal(ridges[0][1]["h1"].counts, first["h1"].counts)
    network, _ = next_pass(session)
    assert np.array_equal(ridges[-1][1]["h1"].counts, expected_counts(network.parameters["h1.W"]))
    assert prepared.over_time.isVisible()
    prepared.over_time.grab()


def test_another_run_begins_its_ridges_anew(qtbot, session, document, prepared):
    steps(qtbot, session, document.project, 2)
    answer(qtbot, session, prepared)
    prepare(qtbot, session, prepared, document.project)
    assert [iteration for iteration, _ in prepared.ridges.kept] == [0]


def test_the_lab_starts_with_each_initializer_from_the_same_seed(
    qtbot, session, document, prepared
):
    choose(prepared.view, "Initialization lab")
    answer_of_lab(qtbot, session, prepared)
    starts = prepared.lab.starts
    assert [start.initializer for start in starts] == list(COMPARED)
    project = document.project
    data = project.data.build()
    for start in starts:
        settings = project.training.replace(initializer=start.initializer)
        trainer = engine.Trainer(engine.Network(project.design, settings, data=data), data)
        step = trainer.network.learn_from(*trainer.batches.peek())
        assert start.cost == step.cost
        counts = Histogram.of(trainer.network.gradients["h2.W"]).counts
        assert np.array_equal(start.spreads["dW"]["h2"].counts, counts)
    assert len(prepared.lab.columns[0].rows()) == 6
    prepared.lab.grab()


def answer_of_lab(qtbot, session, panel):
    qtbot.waitUntil(
        lambda: panel.refresh(session.moment()) or panel.lab_is_up_to_date, timeout=30_000
    )


def test_using_an_initializer_is_one_step_that_can_be_undone(qtbot, session, document, prepared):
    document.try_edit(
        lambda p: p.replace(design=p.design.edit("h1", initializer="zeros")), "Change h1"
    )
    before = document.project
    choose(prepared.view, "Initialization lab")
    answer_of_lab(qtbot, session, prepared)
    assert all(button.isEnabled() for button in prepared.lab.buttons)  # h1 has one of its own
    prepared.lab.ensureWidgetVisible(prepared.lab.buttons[3])
    QTest.mouseClick(prepared.lab.buttons[3], Qt.MouseButton.LeftButton)
    chosen = prepared.lab.starts[3].initializer
    assert document.project.training.initializer == chosen
    assert document.project.design.nodes["h1"].initializer is None
    assert used_by_all(document.project) == chosen
    assert document.undo_stack.undoText() == f"Initialize with {title_of(chosen)}"
    qtbot.waitUntil(lambda: not prepared.lab_is_up_to_date)
    answer_of_lab(qtbot, session, prepared)
    assert [button.isEnabled() for button in prepared.lab.buttons].index(False) == 3
    document.undo_stack.undo()
    assert document.project == before


def test_moving_a_node_does_not_start_the_design_anew(
    qtbot, session, document, prepared, monkeypatch
):
    choose(prepared.view, "Initialization lab")
    answer_of_lab(qtbot, session, prepared)
    asked = questions_of(prepared, monkeypatch)
    document.try_edit(lambda project: edits.move(project, {"h1": (50.0, 60.0)}), "Move h1")
    prepared.refresh(session.moment())
    assert asked == []
    document.try_edit(lambda project: edits.set_training(project, "seed", 7), "Change seed")
    assert len(asked) == 1


def test_a_design_that_cannot_run_says_why_in_the_lab(qtbot, session, document, prepared):
    document.try_edit(lambda p: p.replace(design=p.design.remove(["h2"])), "Remove h2")
    choose(prepared.view, "Initialization lab")
    qtbot.waitUntil(lambda: prepared.refresh(session.moment()) or bool(prepared.message.text()))
    assert document.report.problems[0].message in prepared.message.text()


FINDINGS = {
    "1 Digits": [{"symmetric", "still"}, {"growing", "exploding", "costly"}, {"fading"}, {}, {}],
    "5 Vanishing gradients in a deep tanh network": [
        {"symmetric", "still"}, {"saturated", "vanishing"}, {"fading"}, {}, {},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FINDINGS)
def test_the_lab_names_what_vanishes_and_what_explodes(name):
    file = next(file for file in example_files() if file.stem == name)
    project = load_project(file)
    starts = compare(project, project.data.build())
    for start, expected in zip(starts, FINDINGS[name], strict=True):
        kinds = {finding.kind for finding in start.findings}
        assert kinds >= set(expected), title_of(start.initializer)
        assert bool(kinds) == bool(expected), title_of(start.initializer)
        for finding in start.findings:
            assert short_name(finding)
            assert "{" not in sentence_of(finding)


def test_an_initializer_of_ones_own_is_compared_too(make_project):
    own = Initializer.parse({"kind": "uniform", "limit": 0.3})
    project = make_project(initializer=own)
    starts = compare(project, project.data.build())
    assert starts[0].initializer == own
    assert title_of(own) == "Uniform, limit 0.3"
    assert len({title_of(start.initializer) for start in starts}) == len(COMPARED) + 1


def test_values_that_differ_by_rounding_alone_fill_one_bin():
    values = np.float32(1) + np.float32(2**-23) * np.arange(3, dtype=np.float32)
    counts = Histogram.of(values).counts
    assert counts.sum() == 3 and np.count_nonzero(counts) == 1


def test_every_kind_is_measured(prepared):
    assert set(prepared.measured.spreads) == set(KINDS)
    assert {prepared.kind.itemData(i) for i in range(prepared.kind.count())} == set(KINDS)
