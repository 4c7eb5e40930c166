"""DiagnosisView: the verdict in words, the errors and gaps as bars, and the recipe."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.doctor import sentences
from engine.probes.diagnosis import DiagnosisAnswer
from studio.dashboard.doctor.ladder import Ladder
from studio.dashboard.doctor.recipe_list import RecipeList
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.widgets.option import name_option

BESIDE_FROM = 110
"""A view at least this many characters wide has the recipe beside the errors."""
MARKS = {"neither": "✓", "unclear": "?"}
"""Before a verdict; ▲ before those that find something."""


class DiagnosisView(QScrollArea):
    """wanted(prescription): the button of a remedy was pressed."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verdict = self._words("heading")
        self.about = self._words("muted")
        self.again = QPushButton(self.tr("Train again"), self)
        self.again.setToolTip(
            self.tr("Restart from new initial weights, with the project as it is now.")
        )
        self.again.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.again.hide()
        name_option("train_again", self.again)
        self.details = self._words("text")
        self.ladder = Ladder()
        self.recipe_title = self._words("heading")
        self.recipe = RecipeList()
        self.recipe.wanted.connect(self.wanted)
        self._arrange()

    def show_answer(self, answer: DiagnosisAnswer) -> None:
        """Show another verdict."""
        diagnosis = answer.diagnosis
        verdict, *others = sentences(diagnosis)
        self.verdict.setText(f"{MARKS.get(diagnosis.verdict, '▲')} {verdict}")
        self.details.setText("\n".join(others))
        self.details.setVisible(bool(others))
        self.ladder.show_diagnosis(diagnosis)
        found = answer.prescriptions
        title = self.tr("What to try, most promising first")
        nothing = self.tr("The doctor has no suggestions.")
        self.recipe_title.setText(title if found else nothing)
        self.recipe.show_recipe(found)

    def say(self, about: str, again: bool) -> None:
        """Of which run this speaks. again: whether another one would say something new."""
        self.about.setText(about)
        self.again.setVisible(again)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= BESIDE_FROM * self.fontMetrics().averageCharWidth()
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _arrange(self) -> None:
        inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, inside)
        self._columns.setContentsMargins(0, 0, GRID_PX, 0)
        self._columns.setSpacing(2 * GRID_PX)
        for widgets in (
            (self.verdict, self.about, self.again, self.ladder, self.details),
            (self.recipe_title, self.recipe),
        ):
            column = QVBoxLayout()
            column.setSpacing(GRID_PX // 2)
            for widget in widgets:
                column.addWidget(widget)
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        self.setWidget(inside)

    def _words(self, role: str) -> QLabel:
        label = PlainLabel(parent=self)
        label.setWordWrap(True)
        label.setProperty("role", role)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
