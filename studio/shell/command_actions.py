"""Commands: the QActions of a window's commands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QWidget

from studio.look.icons import icon
from studio.look.plain_text import plain_tip, without_keys
from studio.look.theme import theme
from studio.shell.command import Command


class Commands(QObject):
    """One QAction for each command, by its id. Each runs its command with the parts of the window,
    which is also its parent."""

    def __init__(self, commands: Sequence[Command], parts: QObject) -> None:
        super().__init__(parts)
        self._parts = parts
        self.all = {command.id: command for command in commands}
        self.actions = {command.id: self._make(command) for command in commands}
        self._dress()
        theme.changed.connect(self._dress)

    def __getitem__(self, id: str) -> QAction:
        return self.actions[id]

    def in_order(self) -> list[tuple[Command, QAction]]:
        """Every command with its action, in menu order."""
        return [(command, self.actions[command.id]) for command in self.all.values()]

    def give_canvas(self, canvas: QWidget) -> None:
        """Enable the keys of the canvas commands while the canvas has the focus."""
        for command, action in self.in_order():
            if command.on_canvas:
                canvas.addAction(action)

    def follow_undo(self, stack: QUndoStack) -> None:
        """Show what Undo and Redo would undo and redo."""
        for action, told, possible, text in (
            (self["undo"], stack.undoTextChanged, stack.canUndoChanged, self.tr("Undo {}")),
            (self["redo"], stack.redoTextChanged, stack.canRedoChanged, self.tr("Redo {}")),
        ):
            told.connect(partial(_say, action, text))
            possible.connect(action.setEnabled)
        _say(self["undo"], self.tr("Undo {}"), stack.undoText())
        _say(self["redo"], self.tr("Redo {}"), stack.redoText())
        self["undo"].setEnabled(stack.canUndo())
        self["redo"].setEnabled(stack.canRedo())

    def _make(self, command: Command) -> QAction:
        action = QAction(self.tr(command.text), self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setStatusTip(self.tr(command.tip))
        keys = ", ".join(command.keys)
        tip = self.tr(command.tip)
        action.setToolTip(plain_tip(f"{tip} ({keys})" if keys else tip))
        if command.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setCheckable(command.checkable)
        action.triggered.connect(lambda _checked=False: command.run(self._parts))
        return action

    def _dress(self) -> None:
        for command, action in self.in_order():
            if command.icon:
                action.setIcon(icon(command.icon))


def _say(action: QAction, text: str, edit: str) -> None:
    """ "Undo Change units of h1", or "Undo" alone."""
    action.setText(text.format(without_keys(edit)).strip())
