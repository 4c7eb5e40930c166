"""Opening pictures: classes with samples, size and color, bad files skipped or stopped at."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.data_window.pictures_dialog import PicturesDialog
from tests.studio.hands import drag_event, retype

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def open_dialog(qtbot, document):
    def open_one(path):
        dialog = PicturesDialog(document, path)
        qtbot.addWidget(dialog, before_close_func=PicturesDialog.shut_down)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        qtbot.waitUntil(lambda: not dialog.looking)
        return dialog

    return open_one


def read(dialog, qtbot, button=None):
    QTest.mouseClick(button or dialog.go, LEFT)
    qtbot.waitUntil(lambda: not dialog.reading)


def test_what_is_left_out_is_said_before_reading(open_dialog, pictures):
    (pictures / "dark" / "x.bmp").write_bytes(b"BM")
    assert open_dialog(pictures).facts.text().split(". ")[1:] == [
        "1 other file or folder is left out",
        "Only PNG and JPEG files right inside the folder of a class are read.",
    ]
    (pictures / "light" / "deeper").mkdir()
    assert "2 other files and folders are left out" in open_dialog(pictures).facts.text()


def test_the_classes_are_shown_with_their_counts_and_pictures(open_dialog, pictures):
    dialog = open_dialog(pictures)
    assert [dialog.table.item(row, 0).text() for row in range(2)] == ["dark", "light"]
    assert [dialog.table.item(row, 1).text() for row in range(2)] == ["8", "8"]
    assert "16 pictures in 2 classes" in dialog.facts.text()
    means = []
    for row in range(2):
        icon = dialog.table.item(row, 2).icon().pixmap(dialog.table.iconSize()).toImage()
        means.append(icon.pixelColor(5, 5).lightnessF())
    assert means[0] < means[1]


def test_reading_is_one_undoable_step_at_the_chosen_size(open_dialog, pictures, document, qtbot):
    dialog = open_dialog(pictures)
    retype(dialog.form.rows["height"].editor.line, "6")
    retype(dialog.form.rows["width"].editor.line, "5")
    QTest.mouseClick(dialog.form.rows["color"].editor.box, LEFT)
    qtbot.waitUntil(lambda: not dialog.looking)
    read(dialog, qtbot)
    data = document.project.data.source.load()
    assert data.image_shape == (3, 6, 5)
    assert data.classes == ("dark", "light")
    assert np.unique(data.labels, return_counts=True)[1].tolist() == [8, 8]
    assert document.undo_stack.count() == 1


def test_a_corrupt_picture_stops_the_reading_or_is_skipped(open_dialog, pictures, document, qtbot):
    (pictures / "dark" / "3.png").write_bytes(b"no picture")
    dialog, before = open_dialog(pictures), document.project
    read(dialog, qtbot)
    assert document.project is before
    assert "shapes/dark/3.png" in dialog.problem.text.text()
    assert dialog.skip.isVisible()
    read(dialog, qtbot, dialog.skip)
    assert document.project.data.source.sizes == (7, 8)


def test_a_folder_with_one_class_is_refused_with_a_sentence(open_dialog, pictures):
    for file in (pictures / "light").iterdir():
        file.unlink()
    (pictures / "light").rmdir()
    dialog = open_dialog(pictures)
    assert not dialog.go.isEnabled()
    assert "only one class" in dialog.problem.text.text()


def test_a_folder_dropped_on_the_window_is_looked_at(window, pictures, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures))])
    place, none = QPointF(300, 300), Qt.KeyboardModifier.NoModifier
    entered = drag_event(QDragEnterEvent, place, data)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, data, LEFT, none))
    qtbot.waitUntil(lambda: window.data_views.importing is not None)
    dialog = window.data_views.importing
    qtbot.waitUntil(lambda: not dialog.looking)
    QTest.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: window.data_views.importing is None)
    assert window.document.project.data.source.classes == ("dark", "light")
    assert "shapes: 16 pictures" in window.message_bar.text
