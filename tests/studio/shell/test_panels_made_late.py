"""A panel is made when it is first seen, and is then no different from one made at the start."""

from engine.project.held_out import Opening
from studio.shell.stage import open_stage


def test_at_first_there_are_only_the_panels_in_front(open_window, project):
    window = open_window(project)
    made = [id for id in window.panels.classes if window.panels.find(id)]
    fronts = {panel.column: id for id, panel in reversed(window.panels.classes.items())}
    assert set(made) - {"doctor"} == set(fronts.values())


def test_a_panel_is_made_when_its_tab_comes_to_the_front(qtbot, window):
    assert window.panels.find("histograms") is None
    window.docks.dock("histograms").raise_()  # as a click on its tab does
    qtbot.waitUntil(lambda: window.panels.find("histograms") is not None)
    qtbot.waitUntil(lambda: not window.panels["histograms"].is_empty)
    assert window.docks.dock("histograms").widget() is window.panels["histograms"]


def test_a_restored_window_has_the_panels_that_were_in_front(open_window, project):
    first = open_window(project, keeps_layout=True)
    first.docks.show("gradient_norms")
    first.close()
    second = open_window(project, keeps_layout=True)
    assert second.panels.find("gradient_norms") is not None
    assert second.panels.find("flow") is None


def test_a_panel_made_late_knows_what_is_selected(qtbot, window):
    (wire,) = [wire for wire in window.canvas.canvas.wires if wire.target == "y"]
    window.canvas.canvas.selection.set(wires=[wire])
    window.docks.show("numbers")
    numbers = window.panels["numbers"]
    qtbot.waitUntil(lambda: numbers.walk is not None)
    assert numbers.layer.currentText() == wire.source


def test_the_doctor_knows_of_a_test_set_that_was_opened_before_it_was_seen(tmp_path):
    with open_stage() as stage:
        stage.do("step_epoch")
        stage.wait("paused")
        stage.main.document.keep_opening(Opening("2026-11-21T14:05:00", 200, 0.25, 0.7))
        doctor = stage.panel("doctor")
        doctor.show()
        stage.wait("idle")
        assert doctor.shown()["figures"]["test"] == 0.25
