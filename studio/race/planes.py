"""Planes: the decision of each variant over the plane of two features, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.data import DataPlan
from engine.experiments.races import RaceLane
from engine.probes.boundary import PlanePicture, PlaneQuestion, picture_of
from engine.probes.plane import grid_of
from engine.probes.snapshot import Snapshot
from studio.look.inks import inks_of_theme
from studio.look.plain_text import PlainLabel, plain_tip
from studio.plane.plane_view import PlaneView
from studio.plane.words import key_of
from studio.race.racer import Racer

CELLS = 48
"""Along each axis: four pictures take about as long as one large one."""
SETS = ("train",)
COLUMNS = 2
TITLE_LINES = 3
"""Kept free above each picture, so that no title of a variant is cut."""


def has_plane(plan: DataPlan) -> bool:
    """Whether an example of the data is a point of a plane."""
    return math.prod(plan.source.fit().shape) == 2


class Planes(QWidget):
    """Computed on the race's thread between two rounds, one request at a time."""

    _computed = Signal(object)

    def __init__(self, racer: Racer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._racer = racer
        self._wanted: Future[list[PlanePicture]] | None = None
        self._behind = False
        self._question = PlaneQuestion(inks_of_theme(), sets=SETS, cells=CELLS)
        self.views: list[PlaneView] = []
        self.titles: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._computed.connect(self._show)

    def show_lanes(self, titles: Sequence[str]) -> None:
        """A view for each of these variants."""
        if [label.text() for label in self.titles] == list(titles):
            return
        while self._grid.count():
            item = self._grid.takeAt(0)
            cell = item.widget() if item is not None else None
            if cell is not None:
                cell.hide()
                cell.deleteLater()
        self.views = [PlaneView() for _ in titles]
        self.titles = [PlainLabel(title) for title in titles]
        for at, (view, label) in enumerate(zip(self.views, self.titles, strict=True)):
            self._grid.addWidget(_cell(label, view), at // COLUMNS, at % COLUMNS)

    @property
    def busy(self) -> bool:
        """Whether pictures are being computed."""
        return self._wanted is not None

    def ask(self) -> None:
        """Recompute; what is being computed is shown first."""
        self._behind = self._wanted is not None
        if self._wanted is None:
            self._question = PlaneQuestion(inks_of_theme(), sets=SETS, cells=CELLS)
            self._wanted = self._racer.call(partial(_pictures, question=self._question))
            self._wanted.add_done_callback(self._computed.emit)

    def painted(self) -> list[dict[str, Any]]:
        """The picture of each variant: x, y, values and the names of the axes."""
        pictures = [view.picture for view in self.views if view.picture is not None]
        return [{**grid_of(p.plane), "values": p.values, "axes": p.plane.names} for p in pictures]

    @property
    def is_behind(self) -> bool:
        """Whether pictures are on their way."""
        return self._wanted is not None

    def forget(self) -> None:
        """The racer was closed: nothing that was asked will come."""
        self._wanted, self._behind = None, False

    def _show(self, future: Future[list[PlanePicture]]) -> None:
        if future is not self._wanted:
            return
        self._wanted = None
        try:
            pictures = future.result()
        except CancelledError:
            return
        for view, picture in zip(self.views, pictures, strict=False):
            view.show_picture(picture, key_of(picture, self._question))
        if self._behind:  # the race may be over: nobody would ask for the last picture
            self.ask()


def _pictures(lanes: tuple[RaceLane, ...], question: PlaneQuestion) -> list[PlanePicture]:
    """Runs on the race's thread, between two rounds."""
    return [picture_of(Snapshot.of(lane.trainer), question) for lane in lanes]


def _cell(label: QLabel, view: PlaneView) -> QWidget:
    view.shows_key = False
    view.setAccessibleName(label.text())
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # equal columns
    label.setFixedHeight(TITLE_LINES * label.fontMetrics().lineSpacing())
    label.setToolTip(plain_tip(label.text()))
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label)
    column.addWidget(view, 1)
    return cell
