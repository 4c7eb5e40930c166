"""By keyboard one must see where one is: every stop of Tab shows that it has the focus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from studio.look import theme as looks
from studio.shell.files_menu import default_project

MOST_STOPS = 60


@pytest.fixture(params=list(looks.LOOKS))
def look(request):
    before = looks.theme.colors
    yield request.param
    looks.theme.wear(before)


def test_every_stop_of_palette_inspector_and_training_shows_its_focus(qtbot, open_window, look):
    window = open_window(default_project())
    looks.theme.wear(looks.LOOKS[look])
    qtbot.waitUntil(lambda: window.session.state == "ready")
    window.canvas.select(["h1"])
    window.inspector.setFocus()
    parts = (window.palette_panel, window.inspector, window.training_panel)
    seen = []
    for _ in range(MOST_STOPS):
        stop = QApplication.focusWidget()
        if stop in seen:
            break
        seen.append(stop)
        if any(part.isAncestorOf(stop) for part in parts):
            assert looks_different(stop), (stop, stop.accessibleName())
        QTest.keyClick(stop, Qt.Key.Key_Tab)
    assert sum(window.inspector.isAncestorOf(stop) for stop in seen) > 5
    assert sum(window.training_panel.isAncestorOf(stop) for stop in seen) > 5


def looks_different(stop):
    """With the focus, and without; the blinking cursor of a line of text does not count."""
    if isinstance(stop, QLineEdit):
        stop.setReadOnly(True)
    with_focus = stop.grab().toImage()
    stop.clearFocus()
    without = stop.grab().toImage()
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    if isinstance(stop, QLineEdit):
        stop.setReadOnly(False)
    return with_focus != without
