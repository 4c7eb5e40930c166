"""What the panels plot is what the engine recorded, read back from the items on screen."""

import csv
import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.averages import exponentially_weighted_average
from engine.health.alarms import Alarm
from engine.probes.moment import Moment
from engine.probes.snapshot import Origin
from engine.training.history import History
from studio.dashboard.cost import CostPanel
from studio.dashboard.gradient_norms import GradientNormsPanel
from studio.dashboard.scores import ScoresPanel
from studio.look.theme import theme
from studio.plots.legend import LegendArea
from studio.running.session import State
from tests.studio.answers import Answers
from tests.studio.dashboard.zooming import zoom
from tests.studio.hands import answer_file_dialog, buttons_in, sentences_in

EVALUATION = {"epoch": 1, "train_cost": 1.0, "train_score": 0.5, "dev_cost": 1.1, "dev_score": 0.4}

NUMBERS = itertools.count()


class FakeSession:
    """A session whose history a test writes itself."""

    def __init__(self, history):
        self.history = history
        self.state = State.PAUSED
        self.run = f"by hand {next(NUMBERS)}"

    def moment(self):
        origin = Origin(self.run, len(self.history))
        return Moment(origin, self.history, self.state, epochs=1)


def history_of(costs, norms, evaluate_every=0):
    history = History([f"h{i}" for i in range(np.shape(norms)[1])])
    for iteration, (cost, row) in enumerate(zip(costs, norms, strict=True), start=1):
        history.record(cost, 0.01, row)
        if evaluate_every and iteration % evaluate_every == 0:
            history.evaluate(iteration=iteration, **EVALUATION)
    return history


def long_history(length, layers=3):
    rng = np.random.default_rng(0)
    history = History([f"h{i}" for i in range(layers)])
    history.cost.fill(rng.random(length) + 1)
    history.learning_rate.fill(np.full(length, 0.01))
    history.gradient_norm.fill(rng.random((length, layers)) + 0.1)
    return history


def refreshed(panel, session):
    panel.refresh(session.moment())
    while panel.behind:
        panel.refresh(session.moment())
    return panel


def test_the_cost_panel_plots_the_engines_costs(run, session, show, project):
    history = run(project)
    panel = refreshed(show(CostPanel()), session)
    x, y = panel.curves[0].getData()
    np.testing.assert_array_equal(x, np.arange(1, len(history) + 1))
    np.testing.assert_array_equal(y, history.cost.values)
    for curve, name in zip(panel.curves[1:], ("train_cost", "dev_cost"), strict=True):
        x, y = curve.getData()
        np.testing.assert_array_equal(x, history.evaluations["iteration"].values)
        np.testing.assert_array_equal(y, history.evaluations[name].values)


def test_the_legend_tells_the_cost_with_penalties_from_the_losses_without(
    run, session, show, project
):
    run(project)
    panel = refreshed(show(CostPanel()), session)
    assert [entry.text() for entry in panel.legend.entries] == ["batch J", "train loss", "dev loss"]


def test_the_scores_panel_plots_and_says_the_engines_scores(run, session, show, project):
    history = run(project)
    panel = refreshed(show(ScoresPanel()), session)
    for curve, entry, name in zip(
        panel.curves, panel.legend.entries, ("train_score", "dev_score"), strict=True
    ):
        x, y = curve.getData()
        np.testing.assert_array_equal(x, history.evaluations["epoch"].values)
        np.testing.assert_array_equal(y, history.evaluations[name].values)
        percent = float(entry.value.removesuffix(" %"))
        assert percent == pytest.approx(100 * history.latest[name], abs=5e-3)
    assert panel.plot.axis("left").labelText == "accuracy"


def test_the_norms_panel_plots_logarithms_of_the_engines_norms(run, session, show, project):
    history = run(project)
    panel = refreshed(show(GradientNormsPanel()), session)
    assert [curve.name_shown for curve in panel.curves] == ["h1", "h2", "y"]
    for column, curve in enumerate(panel.curves):
        x, y = curve.getData()
        np.testing.assert_array_equal(x, np.arange(1, len(history) + 1))
        np.testing.assert_array_equal(y, np.log10(history.gradient_norm.values[:, column]))


def test_zero_and_broken_norms_are_gaps(show):
    norms = np.array([[1.0, 0.0], [0.1, 0.0], [np.inf, 0.0], [0.01, np.nan]])
    panel = refreshed(show(GradientNormsPanel()), FakeSession(history_of([1.0] * 4, norms)))
    np.testing.assert_allclose(panel.curves[0].getData()[1], [0, -1, np.nan, -2], rtol=1e-6)
    assert np.isnan(panel.curves[1].getData()[1]).all()
    low, high = panel.plot.getPlotItem().getViewBox().viewRange()[1]
    assert low <= -2
    assert high >= 0
    panel.grab()  # painting curves of nothing but gaps must not fail


def test_a_panel_says_what_will_appear(session, show):
    panel = show(CostPanel())
    panel.refresh(session.moment())
    assert panel.is_empty
    assert panel.shown()["message"] == "Press Play to see the cost J fall."


def test_the_axes_are_labelled(show):
    labels = {}
    for make in (CostPanel, ScoresPanel, GradientNormsPanel):
        plot = show(make()).plot
        labels[make] = [plot.axis(side).labelText for side in ("bottom", "left")]
    assert labels[CostPanel] == ["iteration", "cost J"]
    assert labels[GradientNormsPanel] == ["iteration", "gradient norm"]
    assert labels[ScoresPanel][0] == "epoch"


def test_a_rewound_run_begins_new_curves(run, session, show, make_project, qtbot):
    project = make_project(epochs=100_000)
    run(project, until=50)
    panel = refreshed(show(CostPanel()), session)
    session.rewind(project)
    qtbot.waitUntil(lambda: session.state is State.READY)
    panel.refresh(session.moment())
    assert panel.is_empty
    history = run(project, until=3)
    refreshed(panel, session)
    np.testing.assert_array_equal(panel.curves[0].getData()[1], history.cost.values)


def test_a_long_run_is_drawn_with_few_points_that_keep_the_extremes(show):
    history = long_history(1_000_000)
    history.cost.values[123_456] = 9.0
    panel = refreshed(show(CostPanel()), FakeSession(history))
    x, y = panel.curves[0].getData()
    assert len(y) <= 2 * panel.plot.columns() + 2
    assert y.max() == 9.0
    assert y.min() == history.cost.values.min()
    assert abs(x[np.argmax(y)] - 123_457) <= 2_048


def test_zooming_into_a_long_run_shows_every_value(show):
    history = long_history(1_000_000)
    panel = refreshed(show(CostPanel()), FakeSession(history))
    zoom(panel.plot, 500_000, 500_100)
    panel.redraw()
    x, y = panel.curves[0].getData()
    first, last = int(x[0]), int(x[-1])
    assert first <= 500_000
    assert last >= 500_100
    np.testing.assert_array_equal(y, history.cost.values[first - 1 : last])


def test_double_click_and_home_bring_the_whole_run_back(run, session, show, project, qtbot):
    run(project)
    plot = refreshed(show(CostPanel()), session).plot
    whole = plot.visible_x()
    plot.setFocus()
    for bring_back in (lambda: QTest.keyClick(plot, Qt.Key.Key_Home), lambda: double_click(plot)):
        QTest.keyClick(plot, Qt.Key.Key_Plus)
        assert plot.visible_x() != whole
        assert not plot.following
        assert "Reset view" in buttons_in(plot)
        bring_back()
        assert plot.following
        assert plot.visible_x() == whole
        assert "Reset view" not in buttons_in(plot)


def double_click(plot):
    middle = plot.viewport().rect().center()
    QTest.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def test_ranges_hold_still_while_a_run_goes_on(show):
    rng = np.random.default_rng(0)
    history = long_history(400)
    session, panel = FakeSession(history), show(CostPanel())
    ranges = set()
    for _ in range(100):
        history.record(1 + rng.random(), 0.01, np.ones(3))
        panel.refresh(session.moment())
        ranges.add(str(panel.plot.getPlotItem().getViewBox().viewRange()))
    assert len(ranges) == 1


def test_the_logarithmic_axis_shows_powers_of_ten(run, session, show, project):
    history = run(project)
    panel = refreshed(show(CostPanel()), session)
    panel.options_button.click()
    QTest.mouseClick(panel.options.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    np.testing.assert_allclose(panel.curves[0].getData()[1], np.log10(history.cost.values))
    low, high = panel.plot.getPlotItem().getViewBox().viewRange()[1]
    assert low <= np.log10(history.cost.values.min())
    assert high >= np.log10(history.cost.values.max())


def test_the_slider_smooths_as_the_lectures_do(run, session, show, project):
    history = run(project)
    panel = refreshed(show(CostPanel()), session)
    assert not panel.smooth[0].isVisible()
    panel.options.slider.setValue(3)
    assert panel.smooth[0].isVisible()
    expected = exponentially_weighted_average(history.cost.values, 0.9)
    np.testing.assert_allclose(panel.smooth[0].getData()[1], expected)
    np.testing.assert_array_equal(panel.curves[0].getData()[1], history.cost.values)


def test_the_legend_hides_and_shows_a_curve(run, session, show, project):
    run(project)
    panel = refreshed(show(GradientNormsPanel()), session)
    entry = panel.legend.entries[1]
    QTest.keyClick(entry, Qt.Key.Key_Space)
    assert not panel.curves[1].isVisible()
    assert not panel.smooth[1].isVisible()
    QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert panel.curves[1].isVisible()
    assert panel.smooth[1].isVisible()


def test_the_pointer_reads_out_the_exact_numbers(run, session, show, project, qtbot):
    history = run(project)
    panel = refreshed(show(CostPanel()), session)
    view = panel.plot.getPlotItem().getViewBox()
    at = panel.plot.mapFromScene(view.mapViewToScene(QPointF(7.2, 0.1)))
    QTest.mouseMove(panel.plot.viewport(), at)
    qtbot.waitUntil(panel.read_out.label.isVisible)
    text = panel.read_out.label.text()
    assert "iteration 7\n" in text
    assert f"batch J {history.cost.values[6]:.6g}" in text


def test_the_read_out_moves_by_keyboard(run, session, show, project):
    history = run(project)
    panel = refreshed(show(ScoresPanel()), session)
    epochs = history.evaluations["epoch"].values.tolist()
    QTest.keyClick(panel.plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    first = epochs.index(panel.read_out.x)
    QTest.keyClick(panel.plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel.read_out.x == epochs[first + 1]
    assert panel.read_out.label.text().startswith(f"epoch {epochs[first + 1]:.0f}\n")


def test_events_become_marks(run, session, show, make_project):
    run(make_project(epochs=100_000), until=5)
    panel = refreshed(show(CostPanel()), session)
    marks = [(mark.kind, mark.iteration) for mark in panel.marks.lines]
    assert marks == [("pause", session.progress.iteration)]


def test_an_alarm_is_a_mark_and_the_read_out_tells_it_in_whole(show):
    history = long_history(400)
    history.alarms.append(Alarm(300, "vanishing", "h1", "'h1': the gradient vanishes"))
    panel = refreshed(show(GradientNormsPanel()), FakeSession(history))
    assert [(mark.kind, mark.iteration) for mark in panel.marks.lines] == [("alarm", 300)]
    panel.read_out.show_at(300.0)
    assert panel.read_out.label.text().endswith("\n▲ 'h1': the gradient vanishes")
    panel.read_out.show_at(100.0)
    assert "vanishes" not in panel.read_out.label.text()
    image = panel.plot.grab().toImage()
    red = theme.colors.problem.lower()
    found = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(20, 200)}
    assert red in found


def test_clipped_steps_are_ticks_one_per_pixel_at_most(show):
    history = long_history(50_000)
    for iteration in range(1, 50_001):
        history.clipped.append(iteration)
    panel = refreshed(show(CostPanel()), FakeSession(history))
    assert panel.marks.lines == []
    assert 100 < len(panel.marks.ticks) <= panel.plot.columns()


def test_csv_holds_every_number_to_the_last_digit(run, session, show, project, tmp_path, qtbot):
    history = run(project)
    panel = refreshed(show(CostPanel()), session)
    path = tmp_path / "cost.csv"
    panel.export(path)
    qtbot.waitUntil(lambda: "Saved" in panel.message.text())
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["mini-batch cost"]) for row in rows] == history.cost.values.tolist()
    evaluated = {int(row["iteration"]): float(row["dev loss"]) for row in rows if row["dev loss"]}
    at = history.evaluations["iteration"].values.astype(int).tolist()
    assert evaluated == dict(zip(at, history.evaluations["dev_cost"].values.tolist(), strict=True))
    panel.shut_down()


def test_norms_keep_their_last_digit_in_csv(run, session, show, project, tmp_path, qtbot):
    history = run(project)
    panel = refreshed(show(GradientNormsPanel()), session)
    path = tmp_path / "norms.csv"
    panel.export(path)
    qtbot.waitUntil(lambda: "Saved" in panel.message.text())
    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype="float32")
    np.testing.assert_array_equal(rows[:, 1:], history.gradient_norm.values)


def test_an_export_is_readable_as_other_files_are_and_runs_no_name(
    run, session, show, project, tmp_path, qtbot
):
    design = project.design.rename("h1", "=1+1")
    run(project.replace(design=design))
    panel = refreshed(show(GradientNormsPanel()), session)
    path, other = tmp_path / "norms.csv", tmp_path / "other"
    other.touch()
    panel.export(path)
    qtbot.waitUntil(lambda: "Saved" in panel.message.text())
    assert path.stat().st_mode == other.stat().st_mode
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert "'=1+1" in header and "=1+1" not in header


def test_pictures_are_saved(run, session, show, project, tmp_path):
    run(project)
    panel = refreshed(show(CostPanel()), session)
    panel.export(tmp_path / "cost.png")
    image = QImage(str(tmp_path / "cost.png"))
    assert image.width() == 3 * panel.plot.width()
    assert len({image.pixel(x, y) for x in range(0, 1_500, 7) for y in range(0, 600, 7)}) > 3
    panel.export(tmp_path / "cost.svg")
    assert (tmp_path / "cost.svg").read_text(encoding="utf-8").count("<polyline") >= 3


def test_an_export_writes_only_the_name_that_was_chosen(
    qtbot, run, session, show, project, tmp_path
):
    run(project)
    panel = refreshed(show(CostPanel()), session)
    kept, design = tmp_path / "cost.png", tmp_path / "cost.netdesign"
    for path in (kept, design):
        path.write_bytes(b"somebody's work")
    answer_file_dialog(design)
    overwrite = Answers(QApplication.instance())
    overwrite.answer = "Yes"
    panel.options.export_wanted.emit("PNG")
    QApplication.instance().removeEventFilter(overwrite)
    assert "must end in" in panel.message.text()
    assert kept.read_bytes() == design.read_bytes() == b"somebody's work"


def test_a_folder_that_is_not_there_is_said_in_the_panel(
    run, session, show, project, tmp_path, monkeypatch
):
    path = tmp_path / "missing" / "cost.png"
    monkeypatch.setattr("studio.panels.curves_panel.ask_file_name", lambda *_: path)
    run(project)
    panel = refreshed(show(CostPanel()), session)
    panel.options.export_wanted.emit("PNG")
    assert "cost.png' cannot be saved" in panel.message.text()
    assert panel.message.isVisible()


def test_the_theme_changes_the_curves_colors(run, session, show, project):
    run(project)
    panel = refreshed(show(CostPanel()), session)
    light = panel.curves[1].opts["pen"].color().name()
    theme.apply(dark=True)
    try:
        dark = panel.curves[1].opts["pen"].color().name()
        assert dark == theme.colors.of_series(0).name()
        assert dark != light
        assert panel.plot.backgroundBrush().color().name().upper() == theme.colors.surface
    finally:
        theme.apply(dark=False)


def test_curves_differ_by_more_than_their_color():
    from studio.plots.curve import style_of

    looks = [style_of(i, 20)._replace(color=0, offset=0) for i in range(20)]
    assert len(set(looks)) == 20


def test_the_plot_with_the_keyboard_focus_has_a_frame(run, session, show, project, qtbot):
    run(project)
    panel = refreshed(show(CostPanel()), session)
    corner = lambda: panel.plot.viewport().grab().toImage().pixelColor(0, 0).name()  # noqa: E731
    panel.options_button.setFocus()
    assert corner() != theme.colors.accent.lower()
    panel.plot.setFocus()
    qtbot.waitUntil(panel.plot.hasFocus)
    assert corner() == theme.colors.accent.lower()


def test_help_is_one_click_away(show):
    panel = show(CostPanel())
    button = next(b for b in panel.findChildren(type(panel.options_button)) if b.text() == "?")
    assert panel.help not in sentences_in(panel)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.help in sentences_in(panel)


def test_a_short_legend_stands_in_the_header_and_a_long_one_beside_the_plot(show, qtbot):
    panel = show(GradientNormsPanel(), 800, 400)
    area = panel.findChild(LegendArea)
    refreshed(panel, FakeSession(long_history(50, layers=3)))
    assert not area.isVisible()
    refreshed(panel, FakeSession(long_history(50, layers=12)))
    assert area.isVisible()
    assert area.x() > panel.plot.x() + panel.plot.width() - 10
    assert [entry.text() for entry in panel.legend.entries] == [f"h{i}" for i in range(12)]
    panel.resize(300, 400)
    qtbot.waitUntil(lambda: area.y() < panel.plot.y())
    qtbot.waitUntil(lambda: panel.plot.width() > 250)


def test_the_legend_wraps_in_a_narrow_panel_and_shows_whole_names(show):
    panel = show(CostPanel(), 180, 300)
    refreshed(panel, FakeSession(long_history(50)))
    rows = {entry.y() for entry in panel.legend.entries}
    assert len(rows) > 1
    for entry in panel.legend.entries:
        assert entry.width() >= entry.sizeHint().width()


def test_another_label_of_an_axis_stands_in_its_middle(show):
    plot = show(CostPanel()).plot
    for label in ("n", "a much longer label for iterations"):
        plot.set_label("bottom", label)
        axis = plot.axis("bottom")
        words = axis.label.mapRectToItem(axis, axis.label.boundingRect())
        assert abs(words.center().x() - axis.boundingRect().center().x()) <= 3


@pytest.mark.parametrize("width", [240, 320, 420, 700])
def test_the_legend_of_the_scores_shows_whole_names_beside_the_figures(
    run, session, show, project, width
):
    run(project)
    panel = refreshed(show(ScoresPanel(), width, 240), session)
    QApplication.processEvents()
    for entry in panel.legend.entries:
        assert entry.name_shown == entry.text()
        assert panel.legend.rect().contains(entry.geometry())
