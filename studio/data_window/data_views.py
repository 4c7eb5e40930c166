"""DataViews: the windows about the data, each made when it is asked for the first time."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from studio.data_window.gallery import Gallery
from studio.document import Document


class DataViews(QObject):
    """Opens them, and ends their work with the window."""

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self.gallery: Gallery | None = None

    def choose(self) -> None:
        """All data that come with the program, and the ways to bring one's own."""
        if self.gallery is None:
            self.gallery = Gallery(self._document, self._window)
        _bring(self.gallery)

    def shut_down(self) -> None:
        """End all work in the background; returns when it has ended."""
        if self.gallery is not None:
            self.gallery.shut_down()
            self.gallery.close()


def _bring(view: QDialog) -> None:
    """To the front, with the focus."""
    view.show()
    view.raise_()
    view.activateWindow()
