"""FieldLine: the line of text of an editor, with steppers where it holds a number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from studio.forms.steps import LARGE_STEPS

STEPPER_WIDTH_PX = 18
"""Or a little more than the height of the letters, where these are larger."""
WHEEL_NOTCH = 120
KEPT_ON = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Reasons for losing the focus that do not mean that the field was left."""


class FieldLine(QLineEdit):
    """A line edit that tells of Enter, Escape, leaving and ticks, and leaves Undo alone.

    Escape takes back what was typed; with nothing to take back, it is for whoever is around.
    """

    accepted = Signal()
    left = Signal()
    escaped = Signal()
    stepped = Signal(int)

    def __init__(self, is_number: bool = False) -> None:
        self._buttons: list[QToolButton] = []
        self._is_number = is_number
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(64)
        if is_number:
            self._add_stepper(Qt.ArrowType.UpArrow, 1, self.tr("Increase"))
            self._add_stepper(Qt.ArrowType.DownArrow, -1, self.tr("Decrease"))
            self.setTextMargins(0, 0, self._stepper_width(), 0)

    def event(self, event: QEvent) -> bool:
        """Undo and Redo belong to the project, not to the text of one field."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ticks = _TICKS.get(Qt.Key(event.key()), 0) if self._is_number else 0
        if ticks:
            self.stepped.emit(ticks)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setModified(False)
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Escape and (self.isModified() or self.property("invalid")):
            self.setModified(False)
            self.escaped.emit()
        elif _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        ticks = event.angleDelta().y() / WHEEL_NOTCH
        if self._is_number and self.hasFocus() and ticks:
            self.stepped.emit(round(ticks) or (1 if ticks > 0 else -1))
            event.accept()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in KEPT_ON:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_steppers()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._is_number:
            self.setTextMargins(0, 0, self._stepper_width(), 0)
            self._place_steppers()

    def _stepper_width(self) -> int:
        return max(STEPPER_WIDTH_PX, round(1.2 * self.fontMetrics().height()))

    def _place_steppers(self) -> None:
        width, half = self._stepper_width(), (self.height() - 4) // 2
        for index, button in enumerate(self._buttons):
            button.setGeometry(self.width() - width - 2, 2 + index * half, width, half)

    def _add_stepper(self, arrow: Qt.ArrowType, ticks: int, name: str) -> None:
        button = QToolButton(self)
        button.setArrowType(arrow)
        button.setAutoRaise(True)
        button.setAutoRepeat(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setAccessibleName(name)
        button.clicked.connect(lambda: self._tick(ticks))
        self._buttons.append(button)

    def _tick(self, ticks: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.stepped.emit(ticks)


_TICKS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: LARGE_STEPS,
    Qt.Key.Key_PageDown: -LARGE_STEPS,
}


def _is_undo(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent):
        return False
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)
