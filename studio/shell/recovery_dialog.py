"""RecoveryDialog: opens or discards the designs that crashed windows left behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX
from studio.look.translate import translator
from studio.model.recovery import Recovery
from studio.model.recovery_file import Orphan
from studio.widgets.question import tell_failure

ORPHAN = Qt.ItemDataRole.UserRole
WIDTH_CHARACTERS = 72
ROWS = 5
Tell = Callable[[str, str, Callable[[], None]], None]


def offer(
    recovery: Recovery, tell: Tell, may_lose_changes: Callable[[], bool], parent: QWidget
) -> None:
    """Report recovered designs, if there are any, with a button that shows them.

    tell: (sentence, button, act), as in MessageBar. may_lose_changes: asks about the open project
    before a recovered one replaces it.
    """
    found = recovery.orphans()
    if not found:
        return

    def show() -> None:
        RecoveryDialog(recovery, found, may_lose_changes, parent).open()

    sentence = _tr("Unsaved changes to “{0}” were found. The program ended unexpectedly.")
    if len(found) > 1:
        sentence = _tr("Unsaved changes to {1} designs were found, the latest to “{0}”.")
    tell(sentence.format(_title(found[0]), len(found)), _tr("Show…"), show)


class RecoveryDialog(QDialog):
    """One line for each recovered design. Those that are neither opened nor discarded are offered
    again at the next start."""

    def __init__(
        self,
        recovery: Recovery,
        orphans: Sequence[Orphan],
        may_lose_changes: Callable[[], bool],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Recover Unsaved Changes"))
        self._recovery, self._may_lose_changes = recovery, may_lose_changes
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Designs with unsaved changes"))
        self.list.setAlternatingRowColors(True)
        self.list.setWordWrap(True)
        self.list.setSpacing(GRID_PX // 4)
        for orphan in orphans:
            item = QListWidgetItem(_described(orphan))
            item.setData(ORPHAN, orphan)
            item.setToolTip(plain_tip(str(orphan.original or "")))
            self.list.addItem(item)
        self._build_buttons()
        self._lay_out(parent.width())
        self.list.itemDoubleClicked.connect(self._open)
        self.list.setCurrentRow(0)

    def _build_buttons(self) -> None:
        role = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox()
        self.open_button = QPushButton(self.tr("&Open"))
        self.open_button.setDefault(True)
        self.discard_button = QPushButton(self.tr("&Discard"))
        later = QPushButton(self.tr("Decide &Later"))
        self.buttons.addButton(self.open_button, role.AcceptRole)
        self.buttons.addButton(self.discard_button, role.DestructiveRole)
        self.buttons.addButton(later, role.RejectRole)
        self.open_button.clicked.connect(self._open)
        self.discard_button.clicked.connect(self._discard)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self, room: int) -> None:
        about = PlainLabel(
            self.tr(
                "The program ended before these changes were saved. Opening them does "
                "not change any file until you save."
            )
        )
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        for widget in (about, self.list, self.buttons):
            column.addWidget(widget)
        metrics = self.fontMetrics()
        self.list.setMinimumHeight(ROWS * metrics.lineSpacing())
        width = min(WIDTH_CHARACTERS * metrics.averageCharWidth(), room)
        self.resize(width, self.sizeHint().height())

    def _open(self) -> None:
        item = self.list.currentItem()
        if item is not None and self._may_lose_changes():
            refusal = self._recovery.restore(item.data(ORPHAN))
            if refusal:
                tell_failure(self, self.tr("The design cannot be opened."), refusal)
            else:
                self.accept()

    def _discard(self) -> None:
        item = self.list.takeItem(self.list.currentRow())
        if item is not None:
            self._recovery.discard(item.data(ORPHAN))
        if not self.list.count():
            self.accept()


def _described(orphan: Orphan) -> str:
    """Its name, when it was saved, its size, and how far its run was."""
    saved_at = QDateTime.fromSecsSinceEpoch(int(orphan.saved_at.timestamp()))
    when = QLocale().toString(saved_at, QLocale.FormatType.ShortFormat)
    count = len(orphan.project.design.nodes)
    layers = _tr("1 layer") if count == 1 else _tr("{0} layers").format(count)
    told = _tr("{0}, saved {1}, {2}").format(_title(orphan), when, layers)
    if orphan.run is None:
        return told
    iteration = f"{orphan.run.record.iteration:,}"
    return _tr("{0}, with a run at iteration {1}").format(told, iteration)


def _title(orphan: Orphan) -> str:
    return orphan.original.stem if orphan.original else _tr("Untitled")


_tr = translator("RecoveryDialog")
