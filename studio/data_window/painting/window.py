"""PaintingWindow: own points by brush, while training goes on; a stroke is one undoable edit."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine import EngineError
from engine.data import DataSource, PaintedSource
from engine.data.sources.base import numbered
from engine.data.sources.painted import MAX_CLASSES, MAX_POINTS
from engine.project import Project
from studio.data_window.explorer.class_marks import ClassKey
from studio.data_window.painting.plane import LEFT, RIGHT, PaintingPlane
from studio.data_window.painting.strokes import Stroke
from studio.forms.column import ScrollColumn, muted
from studio.forms.sentence import Sentence
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.model import edits
from studio.model.document import Document
from studio.running.painted_facts import facts_of_project
from studio.widgets.controls import FieldCheckBox, FieldComboBox
from studio.widgets.option import name_option

RADII = (0.1, 2.0)
PER_UNIT = 20
"""Positions of the slider for each unit of the plane."""
MOST_DENSITY = 20
WIDTH_LETTERS, HEIGHT_LINES = 120, 36
SIDE_LETTERS = 34
SHARE_OF_SCREEN = 0.9


class PaintingWindow(QDialog):
    """Paints the project's data. They are other data than before from the first stroke on.

    rewind_asked: somebody wants the run to start over, with the points as they are now.
    """

    rewind_asked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document = document
        self.setWindowTitle(self.tr("Paint Points"))
        self.plane, self.key = PaintingPlane(), ClassKey()
        self.left, self.right = FieldComboBox(), FieldComboBox()
        self.brush_size, self.density = QSlider(), QSlider()
        self.eraser = FieldCheckBox(self.tr("Eraser (E)"))
        self.start = QPushButton(self.tr("Start from Current Points"))
        self.clear = QPushButton(self.tr("Remove All Points"))
        self.rewind = QPushButton(self.tr("Rewind with These Points"))
        self.counts, self.problem = muted(), Sentence()
        self._make_tools()
        self._name_options()
        self._arrange()
        self.plane.stroked.connect(self._take)
        self.plane.label_chosen.connect(self.left.setCurrentIndex)
        self.plane.eraser_toggled.connect(self.eraser.toggle)
        self.rewind.clicked.connect(self.rewind_asked)
        self.start.clicked.connect(self._begin_with_present)
        self.clear.clicked.connect(self._remove_all)
        document.changed.connect(self._follow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_points()
        self.plane.setFocus()

    # What is shown

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. points: (2, n). labels: (n,), of the classes."""
        source = self.plane.source
        where = np.array([point[:2] for point in source.points], float).reshape(-1, 2)
        told = self.problem.text.text() or self.counts.text()
        return {
            **facts_of_project(self._document.project, message=told, empty=not source.points),
            "points": where.T,
            "labels": np.array([point[2] for point in source.points], int),
            "classes": source.classes,
        }

    def _follow(self, before: Project, after: Project) -> None:
        if self.isVisible() and before.data.source is not after.data.source:
            self._show_points()

    def _show_points(self) -> None:
        source = self._document.project.data.source
        painted = isinstance(source, PaintedSource)
        self.plane.show_source(source if isinstance(source, PaintedSource) else PaintedSource())
        names = numbered(self.plane.source.classes)
        self.key.show_classes(names)
        self.start.setVisible(not painted)
        self.start.setEnabled(not painted and _is_plane(source))
        self.clear.setEnabled(bool(self.plane.source.points))
        self._show_counts()

    def _show_counts(self) -> None:
        counts = self.plane.source.class_sizes() if self.plane.source.points else ()
        words = self.tr("{n:,} of {most:,} points.").format(n=sum(counts), most=MAX_POINTS)
        if len(counts) < 2:
            words += " " + self.tr("Paint points of at least two classes to train a network.")
        self.counts.setText(words)
        self.rewind.setEnabled(len(counts) > 1)

    # Edits

    def _take(self, stroke: Stroke) -> None:
        """A stroke is one undoable step."""
        erased = stroke.hidden is not None
        text = self.tr("Erase points") if erased else self.tr("Paint points")
        try:
            source = stroke.finish()
        except EngineError as error:
            self.problem.show_text(str(error))
            return
        if source is not stroke.before:
            self._put(source, text)

    def _put(self, source: PaintedSource, text: str) -> None:
        refusal = self._document.try_edit(lambda project: edits.set_source(project, source), text)
        self.problem.show_text(refusal)

    def _begin_with_present(self) -> None:
        plan = self._document.project.data
        data = plan.source.load(plan.seed, plan.streams)
        points = zip(*data.X.tolist(), data.labels.tolist(), strict=True)
        try:
            self._put(PaintedSource(points=tuple(points)), self.tr("Start from the current points"))
        except EngineError as error:
            self.problem.show_text(str(error))

    def _remove_all(self) -> None:
        self._put(PaintedSource(), self.tr("Remove all points"))

    # How it is laid out

    def _make_tools(self) -> None:
        for box, button, name in (
            (self.left, LEFT, self.tr("Class of the left button")),
            (self.right, RIGHT, self.tr("Class of the right button")),
        ):
            for label, title in enumerate(numbered(MAX_CLASSES)):
                box.addItem(title, label)
            box.setAccessibleName(name)
            box.setCurrentIndex(self.plane.labels[button])
            box.currentIndexChanged.connect(
                lambda label, button=button: self.plane.labels.__setitem__(button, label)
            )
        least, most = (round(PER_UNIT * radius) for radius in RADII)
        self._prepare_slider(self.brush_size, (least, most), 10, self.tr("Brush size"))
        self._prepare_slider(self.density, (1, MOST_DENSITY), 3, self.tr("Points per stroke"))
        self._take_brush()
        self.eraser.setAccessibleName(self.tr("Eraser"))
        self.eraser.toggled.connect(self._erase)
        for keys, act in (
            (("Ctrl+Z",), self._document.undo_stack.undo),
            (("Ctrl+Shift+Z", "Ctrl+Y"), self._document.undo_stack.redo),
        ):
            for key in keys:
                QShortcut(QKeySequence(key), self, act)

    def _name_options(self) -> None:
        for name, control in {
            "left": self.left,
            "right": self.right,
            "brush": self.brush_size,
            "density": self.density,
            "eraser": self.eraser,
            "stroke": self.plane,
            "take_over": self.start,
            "clear": self.clear,
            "rewind": self.rewind,
        }.items():
            name_option(name, control)

    def _prepare_slider(
        self, slider: QSlider, limits: tuple[int, int], value: int, name: str
    ) -> None:
        slider.setOrientation(Qt.Orientation.Horizontal)
        slider.setRange(*limits)
        slider.setAccessibleName(name)
        slider.setValue(value)
        slider.valueChanged.connect(self._take_brush)

    def _take_brush(self) -> None:
        self.plane.radius = self.brush_size.value() / PER_UNIT
        self.plane.density = self.density.value()
        self.plane.update()

    def _erase(self, on: bool) -> None:
        self.plane.erasing = on
        self.plane.update()

    def _arrange(self) -> None:
        side = ScrollColumn()
        titled: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Left button (keys 0 to 9)"), self.left),
            (self.tr("Right button"), self.right),
            (self.tr("Brush size"), self.brush_size),
            (self.tr("Points per stroke"), self.density),
        )
        for title, widget in titled:
            label = PlainLabel(title)
            label.setWordWrap(True)
            label.setBuddy(widget)
            side.add(label)
            side.add(widget)
        for part in (self.eraser, self.key, self.counts, self.start, self.clear):
            side.add(part)
        side.add_heading(self.tr("Run"))
        side.add(muted(self._how_runs_follow()))
        side.add(self.rewind)
        for button in (self.start, self.clear, self.rewind):
            button.setAutoDefault(False)
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().lineSpacing()
        bar = side.verticalScrollBar().sizeHint().width()
        inside = side.widget()
        assert inside is not None
        widest = inside.minimumSizeHint().width() + bar
        side.setFixedWidth(max(SIDE_LETTERS * letter, widest))
        row = QHBoxLayout()
        row.addWidget(self.plane, 1)
        row.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.addLayout(row, 1)
        column.addWidget(self.problem)
        self.resize(WIDTH_LETTERS * letter, HEIGHT_LINES * line)
        self.resize(self.size().boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))

    def _how_runs_follow(self) -> str:
        return self.tr(
            "A run in progress keeps the points it started with; you can go on "
            "painting. Rewind restarts it with the current points. Press Ctrl+Z to "
            "undo a stroke."
        )


def _is_plane(source: DataSource) -> bool:
    """Whether its points can be painted on: two features, classes, and not too many."""
    fit = source.fit()
    return fit.shape == (2,) and fit.exclusive and source.examples() <= MAX_POINTS
