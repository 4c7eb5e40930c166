"""BoundaryPanel: what the network computes over the plane of its inputs, live."""

from __future__ import annotations

from typing import Any, Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from engine.probes.boundary import PlanePicture, PlaneQuestion, Unit, picture_of
from engine.probes.moment import Moment
from engine.probes.plane import CELLS, grid_of
from engine.probes.points import SETS, joined
from engine.probes.snapshot import Snapshot
from studio.dashboard.boundary.plane_options import PlaneOptions
from studio.look.inks import inks_of_theme
from studio.look.theme import theme
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.plane.plane_view import Place, PlaneView
from studio.plane.set_switches import SetSwitches
from studio.plane.words import key_of, notice, place_in_words, resolution, summary
from studio.running.snapshots import Workbench
from studio.widgets.one_line import OneLine
from studio.widgets.option import name_option

LADDER = (24, 40, 56, 80, 112, 160)
"""Cells along each axis: as fine as the budget allows, from CELLS on."""
BUDGET_S = 0.006
"""What one picture may take of a processor, four times a second, beside the training."""


class BoundaryPanel(SnapshotPanel):
    """The network's function over the plane as colors, the line of its decision, the examples.

    plane_shown(choice, cells): the plane of the next picture, for views that show the same one.
    """

    id, tab, column, order = "boundary", "Boundary", 1, 1
    judges_an_output = True

    plane_shown = Signal(object, int)

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.workbench)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Decision boundary"),
            self.tr(
                "Colors show what the network predicts at each point of the plane; "
                "the line marks where its decision changes. Examples carry the symbol "
                "of their true class; misclassified examples are marked ×."
            ),
            self.tr("Press Play to see the network's decisions over the plane of its inputs."),
            workbench,
            parent,
        )
        self.view = PlaneView(self.content)
        self.sets = SetSwitches(SETS, self)
        name_option("sets", self.sets)
        self.discretize = QToolButton(self)
        self.options = PlaneOptions(self)
        self.told, self.noticed = OneLine(self.content), OneLine(self.content)
        self.picture: PlanePicture | None = None
        self._hovered: Unit | None = None
        self._cells = CELLS
        self._kind: tuple[str, tuple[int, ...]] | None = None
        self._output = 0
        self._arrange()
        self.view.pointed.connect(self._tell)
        self.sets.changed.connect(self.ask_again)
        self.discretize.toggled.connect(self.ask_again)
        self.options.changed.connect(self.ask_again)
        theme.changed.connect(self.ask_again)

    # What is asked, and answered.

    def follow(self, moment: Moment) -> None:
        kind = moment.data_kind
        if kind is not None and kind != self._kind:
            self._kind = kind
            self.options.forget_choice()
        super().follow(moment)

    def question(self) -> PlaneQuestion:
        return PlaneQuestion(
            inks_of_theme(),
            self.options.choice,
            self.options.output,
            self._hovered or self.options.unit,
            self.discretize.isChecked(),
            self.sets.chosen,
            self._cells,
            self.moment.test_is_open,
        )

    def compute(self, snapshot: Snapshot, question: Any) -> PlanePicture:
        return picture_of(snapshot, question)

    def show_result(self, result: Any, question: Any) -> None:
        picture: PlanePicture = result
        self.picture, self._output = picture, question.output
        self.options.offer(picture.facts, picture.plane.choice)
        self.sets.offer(picture.facts.sets)
        self.view.show_picture(picture, key_of(picture, question))
        said = notice(picture)
        self.noticed.say(said)
        self.noticed.setVisible(bool(said))
        self._adapt(picture.seconds)
        self.plane_shown.emit(picture.plane.choice, self._cells)

    def painted(self) -> dict[str, Any]:
        picture = self.view.picture
        assert picture is not None
        return {
            **grid_of(picture.plane),
            "values": picture.values,
            "box": picture.plane.box,
            **joined(picture.points),
            "axes": picture.plane.names,
            "unit": picture.unit,
        }

    def painted_set(self) -> str:
        picture = self.view.picture
        return " ".join(points.name for points in picture.points) if picture is not None else ""

    def show_unit(self, unit: Unit | None) -> None:
        """Show this unit for as long as the mouse rests on its small picture; None: no more."""
        if unit != self._hovered:
            self._hovered = unit
            self.ask_again()

    def pin_unit(self, unit: Unit) -> None:
        """Show this unit until something else is chosen; again: the prediction."""
        self._hovered = None
        if unit == self.options.unit:
            self.options.select_layer("")
            self.ask_again()
        else:
            self.options.show_unit(unit)

    def _adapt(self, seconds: float) -> None:
        """Take fewer cells where a picture costs too much, and more where it costs little."""
        step = LADDER.index(self._cells)
        if seconds > BUDGET_S and step > 0:
            self._cells = LADDER[step - 1]
        elif step + 1 < len(LADDER):
            growth = (LADDER[step + 1] / self._cells) ** 2
            if 2 * growth * seconds < BUDGET_S:
                self._cells = LADDER[step + 1]

    def _tell(self, place: Place | None) -> None:
        if self.picture is None:
            return
        if place is None:
            self.told.say(summary(self.picture), resolution(self.picture))
        else:
            self.told.say(place_in_words(self.picture, place, self._output))

    def _arrange(self) -> None:
        self.discretize.setText(self.tr("Show classes only"))
        self.discretize.setCheckable(True)
        self.discretize.setAutoRaise(True)
        self.discretize.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.discretize.setToolTip(self.tr("Show classes instead of probabilities."))
        self.header.addWidget(self.sets)
        self.header.addStretch(1)
        self.header.addWidget(self.discretize)
        self.add_options(self.options, self.tr("Options: what to show, and on which plane."))
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.told)
        layout.addWidget(self.noticed)
        self.noticed.hide()
