"""Every control of a panel or a window has a name for scripts, and says what it takes."""

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QScrollBar,
    QWidget,
)

from engine.files import save_project
from engine.project.sets import fingerprint
from studio.dashboard import panel_classes
from studio.forms import Form
from studio.shell.stage import StageError, open_stage
from studio.widgets.option import OPTION
from tests.studio.dashboard.test_shown import points

KINDS = (QAbstractSlider, QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QRadioButton)
WINDOWS = ("race", "painting", "explorer", "test_set")


@pytest.fixture
def stage(qtbot, tmp_path):
    save_project(points(epochs=2), tmp_path / "points.netdesign")
    with open_stage(tmp_path / "points.netdesign") as stage:
        stage.do("play")
        stage.wait(until="finished")
        yield stage


def nameless(view):
    """The controls of a view that no script could set; the fields of forms are set by `set`."""
    return [
        control
        for control in view.findChildren(QWidget)
        if isinstance(control, KINDS)
        and not isinstance(control, QScrollBar)
        and not control.isHidden()
        and not any(isinstance(above, Form) or named(above) for above in chain(control))
    ]


def named(widget):
    return bool(widget.property(OPTION))


def chain(widget):
    while widget is not None:
        yield widget
        widget = widget.parentWidget()


@pytest.mark.parametrize("id", [panel.id for panel in panel_classes()])
def test_every_control_of_a_panel_has_a_name(stage, id):
    panel = stage.panel(id)
    panel.show()
    stage.wait(until="idle")
    assert nameless(panel.widget) == []


@pytest.mark.parametrize("id", WINDOWS)
def test_every_control_of_a_window_has_a_name(stage, id):
    assert nameless(stage.window(id).widget) == []


def test_a_view_takes_what_it_says_it_takes(stage):
    for id in ("boundary", "cost", "metrics", "hidden_layer", "numbers", "doctor"):
        panel = stage.panel(id)
        panel.show()
        stage.wait(until="idle")
        for name, choices in panel.options().items():
            for value in choices[0] if len(choices) == 1 else ():
                if panel.options()[name] == choices:  # what was set before may disable others
                    panel.set(name, value)


def test_a_stroke_is_painted_and_undone(stage):
    painting = stage.window("painting")
    painting.set("stroke", [(0.0, 0.0), (3.0, 3.0)])
    painting.set("left", "1")
    painting.set("stroke", [(-3.0, 0.0)])
    shown = painting.shown()
    assert set(shown["labels"].tolist()) == {0, 1} and shown["points"].shape[0] == 2
    painting.set("eraser", True)
    painting.set("stroke", [(-3.0, 0.0)])
    assert set(painting.shown()["labels"].tolist()) == {0}
    stage.do("undo")
    assert set(painting.shown()["labels"].tolist()) == {0, 1}
    with pytest.raises(StageError, match="must be a list of places"):
        painting.set("stroke", [(1.0,)])
    with pytest.raises(StageError, match="must be a list of places"):
        painting.set("stroke", [(float("nan"), 0.0)])


def test_a_sweep_is_begun_cancelled_and_finished(stage):
    doctor = stage.panel("doctor")
    doctor.show()
    doctor.set("view", "sweep")
    doctor.set("sweep", True)
    doctor.set("cancel_sweep", True)
    stage.wait(until="idle", seconds=60)
    doctor.set("sweep", True)
    stage.wait(until="idle", seconds=60)
    before, shown = stage.main.document.project, doctor.shown()
    assert shown["run"] == "" and not shown["empty"]  # its networks are those of no run
    assert shown["data"]["fingerprint"] == fingerprint(before)
    doctor.set("use_best", True)
    assert stage.main.document.undo_stack.canUndo() or stage.main.document.project == before


@pytest.mark.parametrize(("view", "study"), [("sweep", "sweep"), ("curve", "learning_curve")])
def test_a_study_of_data_that_cannot_be_divided_says_why(stage, view, study):
    doctor = stage.panel("doctor")
    doctor.show()
    doctor.set("view", view)
    stage.set("data.extra", "mnist-10k")
    doctor.set(study, True)
    widget = doctor.widget.sweep if study == "sweep" else doctor.widget.curve
    assert "do not fit together" in widget.state.text() and not widget.is_busy


def test_nothing_is_set_in_a_window_that_was_closed(stage):
    race = stage.window("race")
    race.set("where", "h1")
    race.widget.close()
    stage.select("h1")
    stage.do("delete")
    with pytest.raises(StageError, match="not open"):
        race.options()
    with pytest.raises(StageError, match="not open"):
        race.set("vary", "units")
    assert stage.window("race").widget.isVisible()
    assert "h1" not in race.options()["where"][0]


def test_nothing_is_asked_of_an_import_that_is_done(stage, tmp_path):
    (tmp_path / "table.csv").write_text("a,kind\n1,x\n2,y\n3,x\n", encoding="utf-8")
    stage.do("open_table", path=tmp_path / "table.csv")
    dialog = stage.window("data_import")
    stage.wait(until="idle")
    dialog.set("read", True)
    stage.wait(until="idle")
    for ask in (dialog.options, dialog.shown):
        with pytest.raises(StageError, match="not open"):
            ask()


def test_kept_runs_are_selected_by_their_numbers(stage):
    runs = stage.panel("runs")
    runs.show()
    assert runs.options()["runs"] == (([1], [1]),)
    runs.set("runs", [1])
    assert runs.shown()["run"] == stage.main.document.project.runs[0].key
    with pytest.raises(StageError, match="must be some of"):
        runs.set("runs", [9])


def test_layers_are_selected_by_their_names(stage):
    stage.select("h1", "y")
    assert stage.panel("canvas").shown()["selected"] == ["h1", "y"]
    with pytest.raises(StageError, match="Did you mean “h1”"):
        stage.select("h11")


def test_what_cannot_be_set_now_takes_nothing(stage):
    window = stage.window("painting")
    for button in window.widget.findChildren(QAbstractButton):
        button.setEnabled(False)
    assert window.options()["clear"] == ((),)
