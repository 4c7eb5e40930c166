"""From a table of your own to a better network: with real widgets, from the file to the remedy."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import engine
from engine.data import TableSource
from engine.project import Project, same_run
from studio.dashboard.doctor import DoctorPanel
from studio.dashboard.inputs import PreparationPanel
from studio.running.session import State
from tests.studio.hands import answer_file_dialog, choose

LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 30_000
ROWS, NOISE_FEATURES, FLIPPED = 1_000, 18, 0.2


def write_table(path):
    """Two features decide, eighteen say nothing, and a fifth of the labels is wrong: whoever fits
    all of them learns by heart. A running number is no feature."""
    rng = np.random.default_rng(0)
    X = rng.normal(5, 3, (ROWS, 2 + NOISE_FEATURES))
    is_sick = (X[:, 0] + X[:, 1] > 10) ^ (rng.random(ROWS) < FLIPPED)
    lines = [",".join(["patient", *(f"x{i + 1}" for i in range(X.shape[1])), "finding"])]
    for number, (row, sick) in enumerate(zip(X, is_sick, strict=True)):
        values = [f"{value:.3f}" for value in row]
        lines.append(",".join([str(number), *values, "sick" if sick else "healthy"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def large_network() -> Project:
    design = engine.Design.sequential(
        [engine.Input(), engine.Dense(units=64), engine.Output(task="binary")], ["x", "h1", "y"]
    )
    settings = engine.TrainingSettings(epochs=150, batch_size=64, optimizer="adam")
    return Project(design, settings)


def panel_of(window, kind):
    return window.docks.widget(kind.id)


def open_table(qtbot, window, path):
    """By the menu: the running number is ignored, the last column is the target."""
    answer_file_dialog(path)
    window.commands["open_table"].trigger()
    qtbot.waitUntil(lambda: window.data_views.importing is not None)
    dialog = window.data_views.importing
    qtbot.waitUntil(lambda: dialog.preview is not None and not dialog.looking)
    header = dialog.table.horizontalHeader()
    at = header.viewport().rect().center()
    at.setX(header.sectionViewportPosition(0) + 5)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)
    assert dialog.which.text() == "“patient”"
    choose(dialog.columns.rows["role"].editor.combo, "Ignore")
    assert [column.role for column in dialog.preview.columns[:2]] == ["ignore", "feature"]
    assert dialog.preview.columns[-1].role == "target"
    QTest.mouseClick(dialog.go, LEFT)
    source = lambda: window.document.project.data.source  # noqa: E731
    qtbot.waitUntil(lambda: isinstance(source(), TableSource), timeout=PATIENCE_MS)


def divide(window, preset):
    window.docks.show("data")
    actions = window.data_panel.presets.choices.actions()
    next(action for action in actions if action.text().startswith(preset)).trigger()


def is_prepared(window):
    """Whether the first weights of the open design are drawn, and Play can be pressed."""
    prepared = window.session.project_in_training
    ready = window.session.state is State.READY and window.commands["play"].isEnabled()
    return ready and prepared is not None and same_run(prepared, window.document.project)


def trained(qtbot, window, begin):
    """Train to the end; the doctor's errors of that run."""
    session = window.session
    begin()
    qtbot.waitUntil(
        lambda: session.state is State.FINISHED and session.progress.iteration > 0,
        timeout=PATIENCE_MS,
    )
    doctor = panel_of(window, DoctorPanel)
    window.docks.show(DoctorPanel.id)
    qtbot.waitUntil(lambda: doctor.is_up_to_date, timeout=PATIENCE_MS)
    return doctor.answer.diagnosis.errors


def test_from_a_table_to_the_verdict_and_from_its_first_remedy_to_a_lower_dev_error(
    qtbot, open_window, tmp_path
):
    window = open_window(large_network())
    document, session = window.document, window.session
    open_table(qtbot, window, write_table(tmp_path / "patients.csv"))
    divide(window, "60/20/20")
    assert window.data_panel.counts.text() == "600 train / 200 dev / 200 test examples"
    window.docks.show(PreparationPanel.id)
    QTest.mouseClick(panel_of(window, PreparationPanel).normalize, LEFT)
    assert any(layer.learns_from_data for layer in document.project.design.nodes.values())
    assert document.report.ok
    qtbot.waitUntil(lambda: is_prepared(window), timeout=PATIENCE_MS)

    first = trained(qtbot, window, window.commands["play"].trigger)
    assert first.train.m == 600
    assert first.dev.m == 200
    doctor = panel_of(window, DoctorPanel)
    doctor.human.setFocus()
    doctor.human.selectAll()
    QTest.keyClicks(doctor.human, "20")
    QTest.keyClick(doctor.human, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: doctor.is_up_to_date, timeout=PATIENCE_MS)
    assert "High variance" in doctor.diagnosis.verdict.text()

    edits = document.undo_stack.count()
    remedy = doctor.diagnosis.recipe.entries[0]
    assert remedy.prescription.cures == "variance"
    doctor.diagnosis.ensureWidgetVisible(remedy.button)
    QTest.mouseClick(remedy.button, LEFT)
    assert document.undo_stack.count() == edits + 1
    history = session.history
    again = doctor.diagnosis.again
    qtbot.waitUntil(again.isVisible, timeout=PATIENCE_MS)
    QTest.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: session.history is not history, timeout=PATIENCE_MS)
    second = trained(qtbot, window, lambda: None)
    assert second.dev.m == first.dev.m
    assert second.dev.value < first.dev.value
    assert second.dev.value - second.train.value < first.dev.value - first.train.value
