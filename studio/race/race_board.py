"""RaceBoard: the setup of a race beside its curves, planes and standings."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QTabBar, QVBoxLayout, QWidget

from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX
from studio.plots.overlay import COST, SCORE, Overlay
from studio.race.planes import Planes
from studio.race.setup import RaceSetup
from studio.race.standings import Standings
from studio.widgets.option import name_option
from studio.widgets.veil import Veil

WIDTH_LETTERS, HEIGHT_LINES = 150, 34
SETUP_LETTERS, TABLE_LINES = 34, 10


class RaceBoard(QSplitter):
    """used(): the selected variant is to be taken over. veil: dims pictures that are out of date.

    tabs: which quantity is plotted.
    """

    used = Signal()

    def __init__(self, setup: RaceSetup, planes: Planes) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.planes, self.overlay, self.tabs = planes, Overlay(), QTabBar()
        self.standings = Standings()
        self.take_over = QPushButton(self.tr("&Use This Variant"))
        self._make_controls()
        pictures = self._pictures()
        self.veil = Veil(pictures)
        self.addWidget(setup)
        self.addWidget(self._beside_setup(pictures))
        self.setStretchFactor(1, 1)
        letter = self.fontMetrics().averageCharWidth()
        self.setSizes([SETUP_LETTERS * letter, WIDTH_LETTERS * letter])
        self.planes.hide()

    @property
    def quantity(self) -> str:
        """What is plotted: COST or SCORE."""
        return COST if self.tabs.currentIndex() == 0 else SCORE

    def _make_controls(self) -> None:
        for key, text in ((COST, self.tr("Cost")), (SCORE, self.tr("Score"))):
            self.tabs.setTabData(self.tabs.addTab(text), key)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("Quantity plotted"))
        tip = self.tr("Apply the selected variant's value to the open design. You can undo this.")
        self.take_over.setToolTip(plain_tip(tip))
        self.take_over.setAutoDefault(False)
        self.take_over.clicked.connect(lambda _checked=False: self.used.emit())
        name_option("plot", self.tabs)
        name_option("take_over", self.take_over)

    def _pictures(self) -> QWidget:
        plot = QWidget()
        inside = QVBoxLayout(plot)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.tabs)
        inside.addWidget(self.overlay, 1)
        side_by_side = QSplitter(Qt.Orientation.Horizontal)
        side_by_side.addWidget(plot)
        side_by_side.addWidget(self.planes)
        for index in range(2):
            side_by_side.setStretchFactor(index, 1)
        side_by_side.setSizes([WIDTH_LETTERS, WIDTH_LETTERS])
        pictures = QWidget()  # a splitter would give the veil a place beside them
        around = QVBoxLayout(pictures)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(side_by_side)
        return pictures

    def _beside_setup(self, pictures: QWidget) -> QSplitter:
        table = QWidget()
        below = QVBoxLayout(table)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID_PX // 2)
        below.addWidget(self.standings, 1)
        below.addWidget(self.take_over, 0, Qt.AlignmentFlag.AlignRight)
        board = QSplitter(Qt.Orientation.Vertical)
        board.addWidget(pictures)
        board.addWidget(table)
        board.setStretchFactor(0, 1)
        line = self.fontMetrics().height()
        board.setSizes([HEIGHT_LINES * line, TABLE_LINES * line])
        return board
