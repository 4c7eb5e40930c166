"""ShortcutSheet: all keys on one page, from the menus and from the canvas. F1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme
from studio.look.translate import translator
from studio.shell.menu_entries import entries

TEXT_CHARACTERS = 24
MAX_COLUMNS = 3
SHARE_OF_SCREEN = 0.9
ARROWS = "Arrow keys"
CANVAS_KEYS = (
    ("Tab", "Next layer in the data flow"),
    ("Shift+Tab", "Previous layer"),
    ("Alt+Right, Alt+Left", "Along a wire, and back"),
    ("Alt+Down, Alt+Up", "Layer below, above"),
    (ARROWS, "Move the selection by one grid line"),
    ("Shift+" + ARROWS, "Move the selection by one pixel"),
    ("Enter, Return", "Settings of the layer; expand a group"),
    ("C", "Connect the layer: arrows, then Enter"),
    ("N", "Write a note"),
    ("Ctrl+G, Ctrl+Shift+G", "Group layers, ungroup them"),
    ("G", "Expand a group, or collapse it"),
    ("F2", "Rename a group"),
    ("Del, Backspace", "Delete the selection"),
    ("Ctrl+C", "Copy"),
    ("Ctrl+X", "Cut"),
    ("Ctrl+V", "Paste"),
    ("Ctrl+D", "Duplicate"),
    ("Ctrl+A", "Select all layers"),
    ("Ctrl+L", "Arrange all layers in order"),
    ("F", "Show the whole design"),
    ("Shift+F", "Fit the selection"),
    ("Ctrl++", "Enlarge"),
    ("Ctrl+-", "Show more"),
    ("Ctrl+0", "Zoom to 100 %"),
    ("Space", "Search for a layer to add"),
    ("Esc", "Cancel, or clear the selection; in a panel: return to the canvas"),
)
"""The keys that the canvas handles itself, in the order of its table."""
MOUSE = (
    ("Double-click", "Add a layer, or open the settings of one"),
    ("Drag from a port", "Connect it, or add a layer that fits"),
    ("Drop on a wire", "Insert a layer there"),
    ("Drag on empty canvas", "Select what the rectangle touches"),
    ("Space and drag", "Move the view (or use the middle button)"),
    ("Wheel", "Zoom at the pointer"),
)


class Shortcut(NamedTuple):
    """What some keys do. keys: alternatives, in the notation of this system."""

    keys: tuple[str, ...]
    text: str


def groups(window: QMainWindow) -> dict[str, list[Shortcut]]:
    """All shortcuts by menu, followed by those of the canvas and the mouse."""
    found: dict[str, list[Shortcut]] = {}
    for entry in entries(window):
        if entry.keys:
            shortcut = Shortcut(tuple(entry.keys), entry.title)
            found.setdefault(entry.menu[0], []).append(shortcut)
    listed = {key for shortcuts in found.values() for s in shortcuts for key in s.keys}
    own = (Shortcut(_written(keys), _tr(text)) for keys, text in CANVAS_KEYS)
    found[_tr("On the canvas")] = [s for s in own if not set(s.keys) <= listed]
    found[_tr("With the mouse")] = [Shortcut((_tr(what),), _tr(text)) for what, text in MOUSE]
    return found


class ShortcutSheet(QDialog):
    """A page to read. It can stay open next to the window; Escape closes it."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard Shortcuts"))
        self.groups = groups(window)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName(self.tr("Keyboard shortcuts"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, GRID_PX)
        column.addWidget(self.area, 1)
        column.addWidget(buttons)
        self._fill()
        theme.changed.connect(self._fill)
        self.area.setFocus()

    def _fill(self) -> None:
        """As many columns as fit on the screen."""
        room = self.screen().availableGeometry().size() * SHARE_OF_SCREEN
        chrome = self.sizeHint() - self.area.sizeHint()
        bar = self.area.verticalScrollBar().sizeHint().width()
        for count in range(MAX_COLUMNS, 0, -1):
            page = self._page(count)
            if page.sizeHint().width() + chrome.width() + bar <= room.width():
                break
        self.area.setWidget(page)
        wanted = page.sizeHint() + chrome + QSize(bar, 0)
        self.resize(wanted.boundedTo(room))

    def _page(self, count: int) -> QWidget:
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, GRID_PX, 0)
        columns.setSpacing(4 * GRID_PX)
        made = [_ShortcutGroup(title, shortcuts) for title, shortcuts in self.groups.items()]
        for part in _balanced(made, count):
            columns.addLayout(_column(part), 1)
        return page


class _ShortcutGroup(QWidget):
    """A heading over its shortcuts."""

    def __init__(self, title: str, shortcuts: Iterable[Shortcut]) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(1, TEXT_CHARACTERS * self.fontMetrics().averageCharWidth())
        heading = PlainLabel(title)
        heading.setProperty("role", "heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for row, shortcut in enumerate(shortcuts, start=1):
            text = PlainLabel(shortcut.text)
            text.setWordWrap(True)
            grid.addWidget(_keys(shortcut.keys), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignVCenter)

    def keys_width(self) -> int:
        """The width of the widest keys."""
        rows = range(1, self.grid.rowCount())
        items = (self.grid.itemAtPosition(row, 0) for row in rows)
        return max((item.sizeHint().width() for item in items if item is not None), default=0)


def _keys(keys: Iterable[str]) -> QWidget:
    """Keys as on a keyboard; alternatives side by side."""
    c = theme.colors
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX // 2)
    for key in keys:
        cap = PlainLabel(key)
        cap.setStyleSheet(
            f"background: {c.raised}; color: {c.text}; border: 1px solid {c.muted};"
            f" border-radius: 4px; padding: 1px 6px;"
        )
        row.addWidget(cap)
    row.addStretch(1)
    return box


def _column(made: Sequence[_ShortcutGroup]) -> QVBoxLayout:
    """Groups one below another, with aligned texts."""
    column = QVBoxLayout()
    column.setSpacing(2 * GRID_PX)
    width = max(group.keys_width() for group in made)
    for group in made:
        group.grid.setColumnMinimumWidth(0, width)
        column.addWidget(group)
    column.addStretch(1)
    return column


def _balanced(made: list[_ShortcutGroup], count: int) -> list[list[_ShortcutGroup]]:
    """The groups in order, split into columns so that the tallest one is as short as possible."""
    heights = {group: group.sizeHint().height() + 2 * GRID_PX for group in made}
    cuts = min(
        _cuts(made, count), key=lambda parts: max(sum(heights[group] for group in p) for p in parts)
    )
    return [part for part in cuts if part]


def _cuts(made: list[_ShortcutGroup], count: int) -> Iterator[list[list[_ShortcutGroup]]]:
    if count == 1:
        yield [made]
        return
    for first in range(len(made) + 1):
        for rest in _cuts(made[first:], count - 1):
            yield [made[:first], *rest]


def _written(keys: str) -> tuple[str, ...]:
    """Alternative keys in the notation of this system; arrow keys have no symbol of their own."""
    written = QKeySequence.SequenceFormat.NativeText
    return tuple(
        key.replace(ARROWS, _tr(ARROWS)) if ARROWS in key else QKeySequence(key).toString(written)
        for key in keys.split(", ")
    )


_tr = translator("ShortcutSheet")
