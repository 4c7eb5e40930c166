"""DataViews: the windows about the data, each made when it is asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from engine.regular_file import is_folder
from studio.data_window.explorer import Explorer
from studio.data_window.gallery import Gallery
from studio.data_window.import_dialog import ImportDialog
from studio.data_window.missing_data import MissingData
from studio.data_window.painting import PaintingWindow
from studio.data_window.pictures_dialog import PicturesDialog
from studio.data_window.table_dialog import TableDialog
from studio.model.document import Document

TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".data", ".txt")


class DataViews(QObject):
    """Opens them, and ends their work with the window.

    noted(sentence): what was read. told(sentence): what prevented it. rewind_asked: the run is to
    start over.
    """

    noted = Signal(str)
    told = Signal(str)
    rewind_asked = Signal()

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._folder = ""
        self.gallery: Gallery | None = None
        self.explorer: Explorer | None = None
        self.painting: PaintingWindow | None = None
        self.importing: ImportDialog | None = None
        self.missing = MissingData(document, window)
        self.missing.noted.connect(self.noted)
        self.missing.told.connect(self.told)
        document.opened.connect(self.missing.look)

    def choose(self) -> None:
        """All data that come with the program, and the ways to bring one's own."""
        if self.gallery is None:
            self.gallery = gallery = Gallery(self._document, self._window)
            gallery.table_asked.connect(self.ask_table)
            gallery.pictures_asked.connect(self.ask_pictures)
            gallery.painting_asked.connect(self.paint)
        _bring(self.gallery)

    def explore(self) -> None:
        """The examples themselves."""
        if self.explorer is None:
            self.explorer = Explorer(self._document, self._window)
        _bring(self.explorer)

    def paint(self) -> None:
        """Points in the plane, by brush."""
        if self.painting is None:
            self.painting = PaintingWindow(self._document, self._window)
            self.painting.rewind_asked.connect(self.rewind_asked)
        _bring(self.painting)

    def ask_table(self) -> None:
        """Choose a file, and say how it is read."""
        tables = " ".join(f"*{suffix}" for suffix in TABLE_SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a Table"),
            self._folder,
            self.tr("Tables (%s)") % tables + ";;" + self.tr("All files (*)"),
        )
        if name:
            self.open_path(Path(name))

    def ask_pictures(self) -> None:
        """Choose a folder, and say how its pictures are read."""
        title = self.tr("Open a Folder with One Subfolder of Pictures per Class")
        name = QFileDialog.getExistingDirectory(self._window, title, self._folder)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a table, or a folder of pictures, after a look at it."""
        self._end_import()
        self._folder = str(path.parent)
        make = PicturesDialog if is_folder(path) else TableDialog
        self.importing = dialog = make(self._document, path, self._window)
        dialog.read.connect(self.noted)
        dialog.finished.connect(self._end_import)
        _bring(dialog)

    def shut_down(self) -> None:
        """End all work in the background; returns when it has ended."""
        self._end_import()
        self.missing.shut_down()
        if self.painting is not None:
            self.painting.close()
        for view in (self.gallery, self.explorer):
            if view is not None:
                view.shut_down()
                view.close()

    def _end_import(self, _result: int = 0) -> None:
        dialog, self.importing = self.importing, None
        if dialog is not None:
            dialog.shut_down()
            dialog.close()
            dialog.deleteLater()


def is_data(path: Path) -> bool:
    """Whether a path looks like a table or a folder of pictures; plain text may be anything."""
    return is_folder(path) or path.suffix.lower() in TABLE_SUFFIXES[:-1]


def _bring(view: QDialog) -> None:
    """To the front, with the focus."""
    view.show()
    view.raise_()
    view.activateWindow()
