"""PicturesDialog: opens a folder with a folder of pictures for each class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.data import OwnSource, PicturesSource, Watch, open_pictures
from engine.data.sources.picture_files import (
    PictureError,
    PictureFolder,
    content_of,
    look_into,
    read_picture,
)
from engine.data.sources.pictures import OpenedPictures
from engine.errors import EngineError
from engine.project.fields import fields_of
from studio.data_window.import_dialog import ImportDialog
from studio.data_window.sketch_painter import image_of_picture
from studio.data_window.value_words import say_values
from studio.forms import Change, Form
from studio.forms.column import muted
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.running.jobs import Job

FIELDS = ("height", "width", "color", "fitting", "skip_bad")
SAMPLES, SAMPLED_CLASSES = 4, 50
PICTURE_LINES = 3
BLANK = 192


class Look(NamedTuple):
    """What is in a folder. samples: of the first classes, some pictures as they would be read."""

    settings: PicturesSource
    folder: PictureFolder
    samples: list[np.ndarray]


def look(path: Path, settings: PicturesSource) -> Look:
    """Names of all pictures, and a few of them read. Raises DataError or FileError."""
    folder = look_into(path)
    samples = [
        np.stack([_sample(file, settings) for file in files[:SAMPLES]])
        for files in folder.files[:SAMPLED_CLASSES]
    ]
    return Look(settings, folder, samples)


def _sample(file: Path, settings: PicturesSource) -> np.ndarray:
    """(height, width, channels); gray where the file is not a picture."""
    height, width, color = settings.height, settings.width, settings.color
    try:
        pixels = read_picture(content_of(file), height, width, color, settings.fitting)
    except PictureError:
        return np.full((height, width, 3 if color else 1), BLANK, np.uint8)
    return np.moveaxis(pixels, 0, 2)


class PicturesDialog(ImportDialog):
    """Shows the classes with some of their pictures at the size and in the colors chosen."""

    def __init__(self, document: Document, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(document, "", parent)
        self.setWindowTitle(self.tr("Open Pictures: %s") % path.name)
        self.path = path
        self.found: Look | None = None
        self.settings = PicturesSource(folder=path.name, classes=(), sizes=())
        self._look_job: Job | None = None
        own = fields_of(PicturesSource)
        self.form = Form({name: own[name] for name in FIELDS}, self._set)
        self.skip.setText(self.tr("Skip Bad Pictures and Read"))
        self.go.setText(self.tr("Read Pictures"))
        self.table = QTableWidget(0, 3)
        self.side.add_heading(self.tr("Reading options"))
        self.side.add(self.form)
        self.side.add(
            muted(
                self.tr(
                    "All pictures are resized to this size. Each folder is a class, "
                    "named after the folder."
                )
            )
        )
        self._make_table()
        self.arrange(self.table)
        self.form.show_specs([self.settings])
        say_values(self.form)
        self._look()

    @property
    def looking(self) -> bool:
        """Whether the folder is being looked into."""
        return self._look_job is not None

    def painted(self) -> dict[str, Any]:
        """classes: how many pictures each has. samples: some of the first ones, as they will be
        read: (count, height, width, channels)."""
        found = self.found
        folder = found.folder if found is not None else None
        counts = zip(folder.classes, folder.counts, strict=True) if folder is not None else ()
        return {
            "classes": dict(counts),
            "samples": list(found.samples) if found is not None else [],
            "options": self.form.shown(),
        }

    def _look(self) -> None:
        if self._look_job is not None:
            return
        self.go.setEnabled(False)
        settings = self.settings
        self._look_job = self.jobs.start(lambda _job: look(self.path, settings))
        self._look_job.succeeded.connect(self._show)
        self._look_job.failed.connect(self._show_nothing)
        self._look_job.ended.connect(self._looked)

    def _looked(self) -> None:
        self._look_job = None
        if self.found is not None and self.found.settings != self.settings:
            self._look()
        self.refresh_buttons()

    def refresh_buttons(self) -> None:
        self.go.setEnabled(self.found is not None and not self.reading and not self.looking)

    def _show_nothing(self, sentence: str) -> None:
        self.facts.setText(self.path.name)
        self.problem.show_text(sentence)

    def _show(self, found: Look) -> None:
        self.found = found
        folder, counts = found.folder, found.folder.counts
        self.facts.setText(" ".join(self._facts(folder)))
        self.table.setRowCount(len(counts))
        for row, (name, count) in enumerate(zip(folder.classes, counts, strict=True)):
            self.table.setItem(row, 0, QTableWidgetItem(name))
            number = QTableWidgetItem(f"{count:,}")
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, 1, number)
            if row < len(found.samples):
                self.table.setItem(row, 2, self._sample_item(found.samples[row], name))

    def _facts(self, folder: PictureFolder) -> Iterator[str]:
        """Sentences: what will be read, and what will not."""
        words = self.tr("{name}: {n:,} pictures in {k} classes.")
        counts = folder.counts
        yield words.format(name=self.path.name, n=sum(counts), k=len(counts))
        if folder.left_out:
            one, many = (
                self.tr("1 other file or folder is left out."),
                self.tr("{n:,} other files and folders are left out."),
            )
            yield one if folder.left_out == 1 else many.format(n=folder.left_out)
            yield self.tr("Only PNG and JPEG files right inside the folder of a class are read.")

    def _sample_item(self, samples: np.ndarray, name: str) -> QTableWidgetItem:
        size = self.table.iconSize()
        strip = QPixmap(size)
        strip.fill(Qt.GlobalColor.transparent)
        painter = QPainter(strip)
        for index, sample in enumerate(samples):
            image: QImage = image_of_picture(np.ascontiguousarray(sample))
            side = size.height()
            shown = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(index * (side + GRID_PX // 2), 0, shown)
        painter.end()
        item = QTableWidgetItem(QIcon(strip), "")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr("Some pictures of %s") % name)
        return item

    def _set(self, change: Change) -> str:
        try:
            self.settings = change.applied(self.settings)
        except EngineError as error:
            return str(error)
        self.form.show_specs([self.settings])
        say_values(self.form)
        self._look()
        return ""

    # Reading

    def reader(self) -> Callable[[Watch], Any]:
        s, path = self.settings, self.path
        return lambda watch: open_pictures(
            path, s.height, s.width, s.color, s.fitting, s.skip_bad, watch
        )

    def source_of(self, result: OpenedPictures) -> OwnSource:
        return result.source

    def words_of(self, result: OpenedPictures) -> str:
        source = result.source
        words = [self.tr("{f}: {n:,} pictures.").format(f=source.folder, n=source.examples())]
        if result.skipped:
            one, many = (
                self.tr("1 bad picture was skipped."),
                self.tr("%d bad pictures were skipped."),
            )
            words.append(one if result.skipped == 1 else many % result.skipped)
            words.append(result.problems[0].message)
        return " ".join(words)

    def skip_bad(self) -> None:
        self.settings = self.settings.replace(skip_bad=True)
        self.form.show_specs([self.settings])

    # How it is laid out

    def _make_table(self) -> None:
        side = PICTURE_LINES * self.fontMetrics().lineSpacing()
        self.table.setIconSize(QSize(SAMPLES * (side + GRID_PX // 2), side))
        labels = [self.tr("Class"), self.tr("Pictures"), self.tr("Samples")]
        self.table.setHorizontalHeaderLabels(labels)
        self.table.setAccessibleName(self.tr("Pictures per class"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(side + GRID_PX)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
