"""A font of twice the size: the default window still fits its screen, and no word is cut."""

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QToolBar

from engine.project import Project
from studio.shell.files_menu import default_project
from tests.studio.conftest import small_project

SIZES = [(1366, 768), (1280, 720)]


@pytest.fixture
def twice(qapp):
    """The interface font at twice its size, until the test is over."""
    before = QApplication.font()
    large = QApplication.font()
    large.setPointSizeF(2 * before.pointSizeF())
    QApplication.setFont(large)
    yield large
    QApplication.setFont(before)


@pytest.fixture(params=SIZES, ids=str)
def large_window(qtbot, twice, open_window, request):
    window = open_window(default_project())
    window.resize(*request.param)
    qtbot.waitUntil(lambda: window.session.state == "ready")
    window.canvas.select(["h1"])
    qtbot.wait(50)
    assert window.size() == QSize(*request.param), "the window is not larger than its screen"
    return window


def test_the_toolbar_shows_where_the_run_stands(large_window):
    bar, status = large_window.findChild(QToolBar), large_window.run_status
    arrow = bar.findChild(QAbstractButton, "qt_toolbar_ext_button")
    assert status.isVisible() and not arrow.isVisible()
    assert status.geometry().right() <= bar.width()
    assert status.labels["epoch"].isVisible() and status.bar.isVisible()
    assert bar.iconSize().height() >= bar.fontMetrics().height()


def test_the_names_on_tabs_are_whole(large_window):
    bars = [bar for bar in large_window.findChildren(QTabBar) if bar.isVisible()]
    assert bars
    assert all(bar.elideMode() == Qt.TextElideMode.ElideNone for bar in bars)


def test_no_label_and_no_button_is_cut(large_window, qtbot):
    for parts in (large_window.palette_panel, large_window.inspector, large_window.training_panel):
        cut = [
            widget
            for kind in (QLabel, QAbstractButton)
            for widget in parts.findChildren(kind)
            if widget.isVisible() and widget.text() and is_cut(widget)
        ]
        assert not cut, [(widget.text(), widget.size(), widget.sizeHint()) for widget in cut]


def is_cut(widget):
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    return widget.minimumSizeHint().width() > widget.width() + 1


def test_the_bar_finds_its_words_again_when_there_is_room(qtbot, open_window):
    window = open_window(Project(design=small_project().design))
    bar = window.findChild(QToolBar)
    with_words = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert bar.toolButtonStyle() == with_words
    window.resize(window.minimumSizeHint())
    qtbot.waitUntil(lambda: bar.toolButtonStyle() != with_words)
    window.resize(1600, 768)
    qtbot.waitUntil(lambda: bar.toolButtonStyle() == with_words)
    assert all(label.isVisible() for label in window.run_status.labels.values())


def set_font(font):
    """As in a program that runs: Qt tells the widgets itself only within QApplication.exec()."""
    QApplication.setFont(font)
    for widget in QApplication.allWidgets():
        QApplication.sendEvent(widget, QEvent(QEvent.Type.ApplicationFontChange))


def test_canvas_and_toolbar_grow_with_the_font_while_they_are_open(qtbot, open_window, qapp):
    window = open_window(default_project())
    window.canvas.zoom_reset()
    bar = window.findChild(QToolBar)
    before, scale, icons = QApplication.font(), window.canvas.transform().m11(), bar.iconSize()
    large = QApplication.font()
    large.setPointSizeF(2 * before.pointSizeF())
    try:
        set_font(large)
        assert window.canvas.transform().m11() > 1.9 * scale
        assert window.canvas.zoom == pytest.approx(1.0)
        assert bar.iconSize().width() > 1.9 * icons.width()
    finally:
        set_font(before)
    assert window.canvas.transform().m11() == pytest.approx(scale)
