"""CommandPalette: every command of the menus by name. Ctrl+K, a few letters, Enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.shell.command_row import ENTRY, CommandRow, row_height
from studio.shell.menu_entries import Entry, entries
from studio.widgets.search_line import SearchLine, move_onto_screen

ROWS = 10
WIDTH_CHARACTERS = 96
MARGIN_PX = 4 * GRID_PX
RECENT_SETTING = "recent_commands"
MOST_RECENT = 12
STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS,
    Qt.Key.Key_PageUp: -ROWS,
}


class CommandPalette(QObject):
    """Opens the list of commands over a window, and remembers recent commands, also in later
    sessions."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.popup: CommandPopup | None = None
        self._window = window

    def open(self) -> None:
        """Show all commands, ready to type; recent commands come first."""
        if self.popup is None:
            self.popup = CommandPopup(self._recent_first(), self._window)
            self.popup.chosen.connect(self._run)
            self.popup.closed.connect(self._forget_popup)
            self.popup.open()

    def _recent_first(self) -> list[Entry]:
        ranks = {name: rank for rank, name in enumerate(_recent())}
        found = entries(self._window)
        return sorted(found, key=lambda entry: ranks.get(_name(entry), len(ranks)))

    def _run(self, entry: Entry) -> None:
        name = _name(entry)
        names = [name, *(known for known in _recent() if known != name)]
        QSettings().setValue(RECENT_SETTING, names[:MOST_RECENT])
        entry.action.trigger()

    def _forget_popup(self) -> None:
        self.popup = None


class CommandPopup(QFrame):
    """Type to search, arrow keys to choose, Enter or a click to run, Escape to leave.

    chosen(entry): an enabled command was chosen. closed(): the list was closed.
    """

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, commands: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._runs = False
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setProperty("role", "popup")
        self.setAccessibleName(self.tr("Commands"))
        self._window = parent
        self._commands = list(commands)
        self.search = SearchLine(self.tr("Search commands"), STEPS, self)
        self.list = QListWidget()
        self.list.setItemDelegate(CommandRow(self.list))
        self.list.setAccessibleName(self.tr("Matching commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.about = PlainLabel()
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.search.stepped.connect(self._step)
        self.search.returnPressed.connect(lambda: self._take(self.list.currentItem()))
        self.list.itemClicked.connect(self._take)
        self.list.currentItemChanged.connect(self._describe)
        self._find("")

    def open(self) -> None:
        """Show it over the upper middle of its window, ready to type."""
        window = self._window
        width = WIDTH_CHARACTERS * self.fontMetrics().averageCharWidth()
        self.resize(min(width, window.width() - 2 * MARGIN_PX), self.sizeHint().height())
        at = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, MARGIN_PX))
        move_onto_screen(self, at)
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """The commands shown, from top to bottom."""
        return [self.list.item(row).data(ENTRY).title for row in range(self.list.count())]

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
        if not self._runs:
            self.deleteLater()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        for widget in (self.search, self.list, self.about):
            column.addWidget(widget)
        self.list.setFixedHeight(ROWS * row_height(self.fontMetrics()))
        self.about.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _find(self, text: str) -> None:
        self.list.clear()
        found = matching(self._commands, text)
        for entry in found:
            item = QListWidgetItem(" ".join([entry.title, *entry.menu, *entry.keys]))
            item.setData(ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, self._about(entry))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        if not found:
            self.about.setText(self.tr("No matching command."))

    def _about(self, entry: Entry) -> str:
        told = [entry.action.statusTip()]
        if not entry.action.isEnabled():
            told.append(self.tr("This command is not available right now."))
        return " ".join(word for word in told if word)

    def _describe(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            entry = item.data(ENTRY)
            self.about.setText(self._about(entry))
            self.search.setAccessibleDescription(f"{item.text()}. {self._about(entry)}")

    def _step(self, step: int) -> None:
        count, row = self.list.count(), self.list.currentRow()
        if not count:
            return
        turned = (row + step) % count  # single steps wrap around, pages stop at the ends
        self.list.setCurrentRow(turned if abs(step) == 1 else min(max(row + step, 0), count - 1))

    def _take(self, item: QListWidgetItem | None) -> None:
        """Run a command. The popup stays alive until it is done: the command may ask a question,
        and the key that chose it is still on its way through the search line."""
        if item is not None and item.data(ENTRY).action.isEnabled():
            self._runs = True
            self.close()
            self.chosen.emit(item.data(ENTRY))
            self.deleteLater()


def _name(entry: Entry) -> str:
    """How a command is remembered: by its id; a recent file or an example has none."""
    return entry.action.objectName() or "/".join([*entry.menu, entry.title])


def _recent() -> list[str]:
    """The names of the recent commands, newest first."""
    stored = QSettings().value(RECENT_SETTING, [])
    names = stored if isinstance(stored, list) else [stored]
    return [str(name) for name in names if name]


def matching(commands: Iterable[Entry], text: str) -> list[Entry]:
    """The commands whose name or menu contains every word, or at least its letters in order. The
    best matches come first; among equal ones, disabled commands come last."""
    words = text.lower().split()
    ranked = [(max((_distance(word, e) for word in words), default=0), e) for e in commands]
    found = [(distance, entry) for distance, entry in ranked if distance < NO_MATCH]
    found.sort(key=lambda pair: (pair[0], bool(words) and not pair[1].action.isEnabled()))
    return [entry for _, entry in found]


NO_MATCH = 5


def _distance(word: str, entry: Entry) -> int:
    """How far a word is from a command: 0 begins its name ... NO_MATCH not even its letters."""
    title = entry.title.lower()
    where = " ".join([title, *entry.menu]).lower()
    letters = iter(title)
    return next(
        distance
        for distance, matches in enumerate(
            (
                title.startswith(word),
                f" {word}" in title,
                word in title,
                word in where,
                len(word) > 1 and all(letter in letters for letter in word),
                True,
            )
        )
        if matches
    )
