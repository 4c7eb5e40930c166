"""A new panel and a new command, each in one file, are found everywhere they should be."""

import importlib
import shutil
import sys

import pytest
from PySide6.QtWidgets import QDockWidget

from engine.files import save_project
from studio.shell.menu_entries import entries
from studio.shell.shortcut_sheet import groups
from studio.shell.stage import StageError, open_stage
from tests.additions import FILES
from tests.studio.conftest import small_project


@pytest.fixture
def stage(qtbot, tmp_path, monkeypatch):
    for package, file, name in (
        ("studio.dashboard", "panel.py", "added_pulse"),
        ("studio.shell.commands", "command.py", "added_cheer"),
    ):
        folder = tmp_path / package
        folder.mkdir()
        shutil.copy(FILES / file, folder / f"{name}.py")
        module = importlib.import_module(package)
        monkeypatch.setattr(module, "__path__", [*module.__path__, str(folder)])
    importlib.invalidate_caches()
    save_project(small_project(), tmp_path / "small.netdesign")
    with open_stage(tmp_path / "small.netdesign") as stage:
        yield stage
    for name in ("studio.dashboard.added_pulse", "studio.shell.commands.added_cheer"):
        del sys.modules[name]


def titles(window, menu):
    return [entry.title for entry in entries(window) if entry.menu == (menu,)]


def test_a_panel_in_one_file_stands_in_docks_view_menu_and_command_palette(stage):
    window = stage.main
    column = [id for id, panel in window.panels.classes.items() if panel.column == 1]
    assert column[1:4] == ["hidden_layer", "pulse", "images"]
    assert window.findChild(QDockWidget, "pulse").windowTitle() == "Pulse"
    assert "Pulse" in titles(window, "View")
    window.command_palette.open()
    assert "Pulse" in window.command_palette.popup.titles()
    window.command_palette.popup.close()


def test_a_panel_in_one_file_is_on_the_stage(stage):
    panel = stage.panel("pulse")
    panel.show()
    assert panel.widget.isVisible() and not panel.widget.visibleRegion().isEmpty()
    assert panel.shown()["message"] == "Press Play to see the pulse."
    panel.set("loud", True)
    stage.do("step_epoch")
    stage.wait("paused")
    stage.wait("idle")
    shown = panel.shown()
    assert (shown["batches"], shown["loud"], shown["iteration"]) == (3, True, 3)
    with pytest.raises(StageError, match="Did you mean “loud”"):
        panel.set("lout", True)


def test_a_command_in_one_file_stands_in_its_menu_sheet_and_command_palette(stage):
    window = stage.main
    train = titles(window, "Train")
    assert train.index("Cheer") == train.index("Stop") + 1
    assert any(s.text == "Cheer" for s in groups(window)["Train"])
    window.command_palette.open()
    assert "Cheer" in window.command_palette.popup.titles()
    window.command_palette.popup.close()
    assert not window.commands["cheer"].icon().isNull()


def test_a_command_in_one_file_is_on_the_stage_with_its_arguments(stage):
    stage.do("cheer")
    assert stage.main.statusBar().currentMessage() == "Well done, class!"
    stage.do("cheer", name="Ada")
    assert stage.main.statusBar().currentMessage() == "Well done, Ada!"
    with pytest.raises(StageError, match="it takes name"):
        stage.do("cheer", names="Ada")
