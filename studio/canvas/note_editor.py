"""NoteEditor: a text field over the canvas, to edit a note in place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QPlainTextEdit

from engine.project import Note
from studio.canvas import ink
from studio.canvas.note_item import LEAST_HEIGHT, PADDING, laid_out
from studio.look.theme import GRID_PX, theme


class NoteEditor(QPlainTextEdit):
    """written(text): the end, by Escape, Ctrl+Enter or a click elsewhere."""

    written = Signal(str)

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view.viewport())
        self._view, self._over = view, False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Note text"))
        self.setPlaceholderText(self.tr("Write a note. Press Esc when you are done."))
        self.textChanged.connect(self._fill)

    def open(self, note: Note | None, at: QPointF, width: float) -> None:
        """Lie over a note, or where a new one will be."""
        self._at, self._width = at, width
        self.setPlainText("" if note is None else note.text)
        self.selectAll()
        self.follow()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self) -> None:
        """The view scrolled or zoomed."""
        scale = self._view.transform().m11()
        font = QFont(ink.font(ink.NOTE_PX))
        font.setPixelSize(max(1, round(ink.NOTE_PX * scale)))
        self.setFont(font)
        c = theme.colors
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {c.surface}; color: {c.text}; padding: 0px;"
            f" border: 2px solid {c.accent}; font-size: {font.pixelSize()}px;"
            f" placeholder-text-color: {c.muted}; }}"
        )
        self.document().setDocumentMargin(max(0.0, PADDING * scale - 2))
        self._fill()

    def end(self) -> None:
        """Finish editing and emit the text."""
        if not self._over:
            text = self.toPlainText()
            self.drop()
            self.written.emit(text)

    def drop(self) -> None:
        """Close without emitting the text."""
        self._over = True
        self.hide()
        self.deleteLater()

    def _fill(self) -> None:
        """As large as the text needs."""
        scale = self._view.transform().m11()
        text = self.toPlainText() or self.placeholderText()
        height = laid_out(text, self._width).size().height() + 2 * PADDING + GRID_PX
        corner = self._view.mapFromScene(self._at)
        size = self._width * scale, max(LEAST_HEIGHT, height) * scale
        self.setGeometry(corner.x(), corner.y(), round(size[0]), round(size[1]))

    # Qt.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (
            enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.end()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.end()
