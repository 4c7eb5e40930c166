"""What a person does with a window: type, choose, turn the wheel, read what it says."""

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
)

STAYS = 10
"""Looks in a row, ten milliseconds apart, at which a window has to have the keyboard."""
ASK_FOR_ACTIVATION = 50
"""Times that a dialog is asked to be the active window before keys are sent to it all the same."""


def drag_event(kind, at: QPointF, data, buttons=Qt.MouseButton.LeftButton):
    """A QDragEnterEvent or QDragMoveEvent that would copy; Qt 6.12 takes the exact place, older
    ones the pixel."""
    rest = Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier
    try:
        return kind(at, *rest)
    except TypeError:
        return kind(at.toPoint(), *rest)


def retype(line, text):
    line.setFocus()
    line.selectAll()
    if text:
        QTest.keyClicks(line, text)
    else:
        QTest.keyClick(line, Qt.Key.Key_Delete)


def choose(combo, text):
    """Choose with the arrow keys."""
    combo.setFocus()
    target = combo.findText(text)
    assert target >= 0, [combo.itemText(i) for i in range(combo.count())]
    while combo.currentIndex() != target:
        key = Qt.Key.Key_Down if combo.currentIndex() < target else Qt.Key.Key_Up
        QTest.keyClick(combo, key)


def wheel(widget):
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def sentences_in(widget):
    """The texts of all labels that can be seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def buttons_in(widget):
    """All buttons with a text that can be seen, by their texts."""
    buttons = [b for b in widget.findChildren(QAbstractButton) if b.isVisible() and b.text()]
    return {button.text(): button for button in buttons}


def press_keys(*sequences):
    """Press shortcuts such as "Ctrl+S" where the keyboard focus is."""
    for sequence in sequences:
        QTest.keySequence(_with_keyboard(), QKeySequence(sequence))


def _with_keyboard():
    """The widget that has the keyboard; the offscreen platform gives no window its focus back."""
    if QApplication.activeWindow() is None:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow))
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
    return QApplication.focusWidget() or QApplication.activeWindow()


def activate(qtbot, window):
    """Give a window the keyboard, for good. Asks again each time: the offscreen platform loses a
    request, or takes the keyboard back, while another window opens or closes."""
    looks = []

    def stays_active():
        looks.append(window.isActiveWindow())
        if not looks[-1]:
            window.activateWindow()
        return len(looks) >= STAYS and all(looks[-STAYS:])

    qtbot.waitUntil(stays_active)


def answer_file_dialog(path):
    """The file dialog that opens next gets this path typed in, and Enter. An empty path cancels."""
    looks = iter(range(ASK_FOR_ACTIVATION))

    def answer():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog) or not dialog.isVisible():
            QTimer.singleShot(10, answer)
            return
        if not dialog.isActiveWindow() and next(looks, None) is not None:
            dialog.activateWindow()  # the offscreen platform forgets to, now and then
            QTimer.singleShot(10, answer)
            return
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        line.setCompleter(None)  # its list pops up when it likes, and takes Enter for itself
        retype(line, str(path))
        QTest.keyClick(
            dialog if not path else line, Qt.Key.Key_Enter if path else Qt.Key.Key_Escape
        )

    QTimer.singleShot(10, answer)
