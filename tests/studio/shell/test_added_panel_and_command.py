"""A new panel and a new command, each in one file, are found everywhere they should be."""

import importlib
import sys

import pytest
from PySide6.QtWidgets import QDockWidget

from engine.files import save_project
from studio.shell.menu_entries import entries
from studio.shell.shortcut_sheet import groups
from studio.shell.stage import StageError, open_stage
from tests.studio.conftest import small_project

PANEL = """
from PySide6.QtWidgets import QLabel, QVBoxLayout

from studio.panels.panel import Panel
from studio.widgets.option import name_option
from PySide6.QtWidgets import QCheckBox


class PulsePanel(Panel):
    id, tab, column, order = "pulse", "Pulse", 1, 2.5

    def __init__(self):
        super().__init__("Pulse", "How often the run beats.", "Press Play.")
        self.loud = QCheckBox("Loud", self)
        name_option("loud", self.loud)
        self.header.addWidget(self.loud)

    def refresh(self, moment):
        self.show_empty(False)

    def shown(self):
        return {"loud": self.loud.isChecked()}
"""
COMMAND = """
from studio.shell.command import Command


def _cheer(window, name="class"):
    window.statusBar().showMessage(f"Well done, {name}!")


COMMANDS = (
    Command(
        id="cheer",
        text="&Cheer",
        menu="train",
        keys=("Ctrl+Alt+H",),
        icon="good",
        tip="Say a kind word.",
        do=_cheer,
        after="stop",
    ),
)
"""


@pytest.fixture
def stage(qtbot, tmp_path, monkeypatch):
    for package, name, text in (
        ("studio.dashboard", "added_pulse", PANEL),
        ("studio.shell.commands", "added_cheer", COMMAND),
    ):
        folder = tmp_path / package
        folder.mkdir()
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
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
    assert panel.shown() == {"loud": False}
    panel.set("loud", True)
    assert panel.shown() == {"loud": True}
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
