"""Connections: how the views of a window are connected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt

from engine.probes.boundary import Unit
from studio.dashboard import Panel
from studio.dashboard.boundary import BoundaryPanel
from studio.model.block_library import SavedBlock
from studio.shell.parts import WindowParts

SHOWN_MS = 5_000


def connect_parts(window: WindowParts) -> None:
    """Connect all views of a window."""
    _connect_commands(window)
    _connect_selection(window)
    _connect_panels(window)
    _connect_palette(window)
    _connect_data(window)
    _connect_recovery(window)


def _connect_commands(window: WindowParts) -> None:
    commands = window.commands
    commands.give_canvas(window.canvas)
    commands["snap"].setChecked(True)
    commands.follow_undo(window.document.undo_stack)
    window.live_measures.attach(commands.actions)
    window.neuron_pictures.attach(commands.actions)
    window.run_control.attach(commands)
    window.run_bar.speed.speed_chosen.connect(window.session.limit_speed)
    window.run_bar.show_seed(window.document.project.training.seed)
    window.document.changed.connect(
        lambda _before, after: window.run_bar.show_seed(after.training.seed)
    )


def _connect_selection(window: WindowParts) -> None:
    canvas, inspector = window.canvas, window.inspector
    by_shortcut = (
        Qt.FocusReason.ShortcutFocusReason
    )  # selects the text of a field, ready to replace
    canvas.selection_changed.connect(inspector.show_nodes)
    canvas.node_activated.connect(lambda _name: inspector.setFocus(by_shortcut))
    inspector.renamed.connect(lambda _old, new: canvas.select([new]))
    window.windows.node_chosen.connect(canvas.reveal)
    window.problems_panel.problem_chosen.connect(partial(_go_to_problem, window))
    window.problems_button.clicked.connect(partial(window.docks.show, "problems"))


def _connect_panels(window: WindowParts) -> None:
    window.panels.made.connect(partial(_connect_panel, window))
    window.neuron_pictures.unit_pinned.connect(partial(_pin_unit, window))


def _connect_panel(window: WindowParts, panel: Panel) -> None:
    canvas = window.canvas
    panel.node_chosen.connect(canvas.reveal)
    panel.at_work.connect(window.spotlight.show)
    canvas.selection_changed.connect(panel.show_nodes)
    canvas.wires_chosen.connect(panel.show_wires)
    panel.show_nodes(canvas.selected_nodes())
    panel.show_wires(canvas.selected_wires())
    if isinstance(panel, BoundaryPanel):
        _connect_pictures(window, panel)


def _connect_pictures(window: WindowParts, boundary: BoundaryPanel) -> None:
    """The small pictures at the nodes and the large one in the panel show the same plane."""
    pictures = window.neuron_pictures
    boundary.plane_shown.connect(pictures.show_plane)
    pictures.unit_hovered.connect(boundary.show_unit)


def _pin_unit(window: WindowParts, unit: Unit) -> None:
    boundary = window.docks.widget(BoundaryPanel.id)
    assert isinstance(boundary, BoundaryPanel)
    boundary.pin_unit(unit)
    window.docks.show(BoundaryPanel.id)


def _connect_palette(window: WindowParts) -> None:
    palette, canvas = window.palette_panel, window.canvas
    palette.layer_chosen.connect(canvas.add_layer)
    palette.block_chosen.connect(canvas.add_block)
    palette.removed.connect(partial(_tell_removed, window))
    canvas.block_saved.connect(partial(_save_block, window))
    window.block_library.failed.connect(window.message_bar.tell)


def _connect_data(window: WindowParts) -> None:
    views, panel = window.data_views, window.data_panel
    views.noted.connect(partial(window.message_bar.tell, sign="note"))
    views.told.connect(window.message_bar.tell)
    views.rewind_asked.connect(lambda: window.commands.all["rewind"].run(window))
    window.files.data_chosen.connect(views.open_path)
    panel.look_asked.connect(views.explore)
    panel.gallery_asked.connect(views.choose)


def _connect_recovery(window: WindowParts) -> None:
    window.recovery.failed.connect(window.message_bar.tell)
    window.recovery.saved.connect(partial(_tell_kept, window))


def _go_to_problem(window: WindowParts, node: str, field: str) -> None:
    if node:
        window.canvas.reveal(node)
        if field:
            window.docks.dock("inspector").show()
            window.inspector.focus_field(field)


def _save_block(window: WindowParts, block: SavedBlock) -> None:
    saved = window.block_library.add(block)
    if saved in window.block_library.blocks:
        told = window.tr("“%s” is now in the palette for all your projects.")
        window.statusBar().showMessage(told % saved.name, SHOWN_MS)


def _tell_removed(window: WindowParts, sentence: str, undo: Callable[[], None]) -> None:
    def put_back() -> None:
        window.message_bar.clear()
        undo()

    window.message_bar.tell(sentence, window.tr("Undo"), put_back, sign="note")


def _tell_kept(window: WindowParts) -> None:
    kept = window.recovery.saved_at
    if kept is not None:
        text = window.tr("Recovery copy saved at %s.") % kept.strftime("%H:%M")
        window.statusBar().showMessage(text)
