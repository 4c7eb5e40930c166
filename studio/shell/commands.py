"""Commands: every action of the window in one table, for menus, toolbar and shortcut sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from studio.look.icons import icon
from studio.look.theme import theme

Handler = Callable[[], object]
"""What a command does; what it returns is not looked at."""


class Command(NamedTuple):
    """One action. name: its key in code. menu: "menu", or "menu/submenu". on_canvas: its keys work
    only while the canvas has the focus, because they mean something else in a text field."""

    name: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    separator: bool = False
    on_canvas: bool = False
    checkable: bool = False


COMMANDS = (
    Command("new", "&New", "&File", ("Ctrl+N",), "new", "Begin with an empty canvas."),
    Command("open", "&Open…", "&File", ("Ctrl+O",), "open", "Open a design or a trained model."),
    Command("save", "&Save", "&File", ("Ctrl+S",), "save", "Save the design.", True),
    Command("save_as", "Save &As…", "&File", ("Ctrl+Shift+S",), "", "Save under another name."),
    Command(
        "save_model",
        "Save Trained &Model…",
        "&File",
        ("Ctrl+M",),
        "",
        "Save weights, history and the state of the run, to go on later.",
    ),
    Command("quit", "&Quit", "&File", ("Ctrl+Q",), "", "Close the window.", True),
    Command("cut", "Cu&t", "&Edit", ("Ctrl+X",), "", "Cut the selection.", True, on_canvas=True),
    Command("copy", "&Copy", "&Edit", ("Ctrl+C",), "", "Copy the selection.", on_canvas=True),
    Command("paste", "&Paste", "&Edit", ("Ctrl+V",), "", "Paste layers.", on_canvas=True),
    Command(
        "duplicate",
        "D&uplicate",
        "&Edit",
        ("Ctrl+D",),
        "",
        "Copy the selection beside itself.",
        on_canvas=True,
    ),
    Command(
        "delete",
        "&Delete",
        "&Edit",
        ("Del", "Backspace"),
        "delete",
        "Delete what is selected; an unambiguous gap is closed.",
        on_canvas=True,
    ),
    Command(
        "select_all", "Select &All", "&Edit", ("Ctrl+A",), "", "Select all layers.", on_canvas=True
    ),
    Command(
        "quick_add",
        "Add &Layer…",
        "&Edit",
        (),
        "",
        "Search for a layer and put it onto the canvas (Space).",
        separator=True,
        on_canvas=True,
    ),
    Command("note", "Add &Note", "&Edit", (), "", "Write a note on the canvas (N)."),
    Command(
        "group",
        "&Group",
        "&Edit",
        ("Ctrl+G",),
        "",
        "Fold the selected layers into a named block.",
        separator=True,
        on_canvas=True,
    ),
    Command(
        "ungroup",
        "U&ngroup",
        "&Edit",
        ("Ctrl+Shift+G",),
        "",
        "Dissolve the block into its layers.",
        on_canvas=True,
    ),
    Command(
        "toggle_group",
        "E&xpand or Collapse",
        "&Edit",
        ("G",),
        "",
        "Show the layers of a block, or the block alone.",
        on_canvas=True,
    ),
    Command(
        "keep_group",
        "&Keep in Palette",
        "&Edit",
        (),
        "",
        "Have this block in the palette, for all your projects.",
    ),
    Command("align_left", "&Left Edges", "&Edit/Ali&gn", (), "", "Align the left edges."),
    Command("align_center", "&Centers", "&Edit/Ali&gn", (), "", "Align the centers."),
    Command("align_right", "&Right Edges", "&Edit/Ali&gn", (), "", "Align the right edges."),
    Command("align_top", "&Top Edges", "&Edit/Ali&gn", (), "", "Align the top edges.", True),
    Command("align_middle", "&Middles", "&Edit/Ali&gn", (), "", "Align the middles."),
    Command("align_bottom", "&Bottom Edges", "&Edit/Ali&gn", (), "", "Align the bottom edges."),
    Command(
        "distribute_across",
        "Distribute &Horizontally",
        "&Edit/Ali&gn",
        (),
        "",
        "Equal gaps from left to right.",
        separator=True,
    ),
    Command(
        "distribute_down",
        "Distribute &Vertically",
        "&Edit/Ali&gn",
        (),
        "",
        "Equal gaps from top to bottom.",
    ),
    Command(
        "snap",
        "&Snap to Grid",
        "&Edit",
        (),
        "",
        "Nodes keep to the grid while they are dragged; Alt inverts it.",
        checkable=True,
    ),
    Command("fit", "&Fit", "&View", ("F",), "fit", "Show the whole design.", on_canvas=True),
    Command("zoom_in", "Zoom &In", "&View", ("Ctrl++", "Ctrl+="), "", "Enlarge the canvas."),
    Command("zoom_out", "Zoom &Out", "&View", ("Ctrl+-",), "", "Show more of the canvas."),
    Command("zoom_reset", "&Actual Size", "&View", ("Ctrl+0",), "", "Zoom to 100 %."),
    Command(
        "zoom_selection",
        "Zoom to &Selection",
        "&View",
        ("Shift+F",),
        "",
        "Show what is selected as large as possible.",
        on_canvas=True,
    ),
    Command("arrange", "&Tidy", "&View", ("Ctrl+L",), "tidy", "Arrange all layers in order.", True),
    Command(
        "flow_right",
        "Data Flow &Right",
        "&View",
        (),
        "",
        "Arrange the layers from left to right; the project remembers.",
    ),
    Command(
        "flow_down",
        "Data Flow &Down",
        "&View",
        (),
        "",
        "Arrange the layers from top to bottom; the project remembers.",
    ),
    Command(
        "enlarge",
        "&Enlarge Panel",
        "&View",
        ("F11",),
        "",
        "Give the whole window to the panel with the focus, or take it back.",
    ),
    Command(
        "analyze",
        "A&nalyze",
        "&View",
        ("Ctrl+Shift+A",),
        "",
        "Shapes, parameters, memory and multiply-adds of every layer, with advice.",
    ),
    Command(
        "live_off",
        "&Off",
        "&View/Live &Measures",
        (),
        "",
        "Show no live numbers on the canvas.",
        checkable=True,
    ),
    Command(
        "live_norm",
        "&Gradient Norm",
        "&View/Live &Measures",
        (),
        "",
        "Layers tell the length of their gradient while they train; wires are as thick.",
        checkable=True,
    ),
    Command(
        "live_ratio",
        "&Update Ratio",
        "&View/Live &Measures",
        (),
        "",
        "Layers tell by which part of themselves their weights change in a step.",
        checkable=True,
    ),
    Command(
        "neuron_pictures",
        "&Neuron Pictures",
        "&View",
        (),
        "",
        "Show at every layer what its units compute over the plane, and the weights between them.",
        checkable=True,
    ),
    Command(
        "data_gallery",
        "Data &Gallery…",
        "&Data",
        ("Ctrl+Shift+D",),
        "",
        "All data that come with the program, at a glance.",
    ),
    Command(
        "open_table",
        "Open &Table…",
        "&Data",
        ("Ctrl+T",),
        "",
        "Your own examples from a CSV or TSV file.",
        True,
    ),
    Command(
        "open_pictures",
        "Open &Pictures…",
        "&Data",
        (),
        "",
        "Your own pictures, in a folder for each class.",
    ),
    Command(
        "paint_points",
        "Paint P&oints…",
        "&Data",
        ("Ctrl+Shift+P",),
        "",
        "Your own points in the plane, by brush.",
    ),
    Command(
        "explore_data",
        "&Look at the Data…",
        "&Data",
        ("Ctrl+Shift+L",),
        "",
        "The examples as rows, points, histograms and pictures, and the counts of the classes.",
        True,
    ),
    Command("play", "&Play", "&Train", ("F5",), "play", "Train, or go on after a pause."),
    Command("pause", "P&ause", "&Train", ("F5",), "pause", "Hold after this mini-batch."),
    Command("step", "S&tep", "&Train", ("F6",), "step", "Train on exactly one mini-batch."),
    Command(
        "step_epoch",
        "Step &Epoch",
        "&Train",
        ("Shift+F6",),
        "step_epoch",
        "Train to the next end of an epoch, then hold.",
    ),
    Command("stop", "&Stop", "&Train", ("Shift+F5",), "stop", "End the run and keep its weights."),
    Command(
        "rewind",
        "&Rewind",
        "&Train",
        ("F4",),
        "rewind",
        "Back to the same initial weights; the curves begin anew.",
        True,
    ),
    Command(
        "new_seed",
        "&New Seed",
        "&Train",
        ("Shift+F4",),
        "seed",
        "Draw other initial weights, shuffling and dropout.",
    ),
    Command(
        "race",
        "Race &Variants…",
        "&Train",
        ("Ctrl+R",),
        "",
        "Train variants of the design that differ in one thing side by side.",
        True,
    ),
    Command(
        "check_gradients",
        "&Check Gradients",
        "&Train",
        ("F7",),
        "good",
        "Compare all gradients with numerical ones.",
        True,
    ),
    Command(
        "open_test_set",
        "Open the T&est Set…",
        "&Train",
        (),
        "",
        "Measure the trained network on the sealed test set; each time is recorded.",
        True,
    ),
    Command(
        "command_palette",
        "&Find Command…",
        "&Help",
        ("Ctrl+K",),
        "",
        "Search all commands by name.",
    ),
    Command("shortcuts", "&Keyboard Shortcuts", "&Help", ("F1",), "", "All keys on one page."),
    Command("about", "&About Backprop Studio", "&Help", (), "", "What this is.", True),
)


class Commands(QObject):
    """The QActions of COMMANDS, each wired to a handler of the same name."""

    def __init__(self, handlers: Mapping[str, Handler], parent: QObject) -> None:
        super().__init__(parent)
        self.actions = {command.name: self._make(command, handlers) for command in COMMANDS}
        self._dress()
        theme.changed.connect(self._dress)

    def __getitem__(self, name: str) -> QAction:
        return self.actions[name]

    def in_order(self) -> list[tuple[Command, QAction]]:
        """Every command with its action, as they follow each other in the menus."""
        return [(command, self.actions[command.name]) for command in COMMANDS]

    def give_canvas(self, canvas: QWidget) -> None:
        """Let the commands that belong to the canvas work by key while it has the focus."""
        for command in COMMANDS:
            if command.on_canvas:
                canvas.addAction(self.actions[command.name])

    def _make(self, command: Command, handlers: Mapping[str, Handler]) -> QAction:
        action = QAction(self.tr(command.text), self)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setStatusTip(self.tr(command.tip))
        keys = ", ".join(command.keys)
        action.setToolTip(f"{self.tr(command.tip)} ({keys})" if keys else self.tr(command.tip))
        if command.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        handler = handlers[command.name]
        action.setCheckable(command.checkable)
        action.triggered.connect(lambda _checked=False: handler())
        return action

    def _dress(self) -> None:
        for command in COMMANDS:
            if command.icon:
                self.actions[command.name].setIcon(icon(command.icon))
