"""PreparationPanel: the inputs before and after normalization, J over two weights, augmentation."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from PySide6.QtWidgets import QComboBox, QStackedLayout, QWidget

from engine.errors import DataError
from engine.probes.inputs import (
    AugmentedPictures,
    Bowls,
    FeatureScatter,
    PreparationQuestion,
    bowls,
    pictures,
    scatter,
)
from engine.probes.landscape import MOST_STEPS, Landscape
from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot
from studio.dashboard.inputs.pair import BeforeAndAfter
from studio.dashboard.inputs.picture_rows import PictureRows
from studio.model import edits
from studio.model.document import Document
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option

MOST_FEATURES = 200
"""Features that the two combo boxes offer."""
FEATURE_LETTERS = 9
RATES = (0.1, 0.5, 0.9, 0.99)


class PreparationView(StrEnum):
    """What the panel shows."""

    SCATTER = "scatter"
    BOWLS = "bowls"
    PICTURES = "pictures"


class PreparationPanel(SnapshotPanel):
    """Computes only when something that it shows has changed: the run, the design, a choice."""

    id, tab, column, order = "inputs", "Inputs", 1, 5

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.workbench)

    def __init__(
        self, document: Document, workbench: Workbench, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            self.tr("Preparation"),
            self.tr(
                "How examples are prepared before training. Normalized inputs make J "
                "a round bowl, which gradient descent crosses in few steps. "
                "Augmentation shows each picture a little differently each time."
            ),
            self.tr("Fix the design's problems to see how its inputs are prepared."),
            workbench,
            parent,
        )
        self._document = document
        self._draw = 0
        self._answered: object = None
        self._result: Any = None
        self._names: tuple[str, ...] = ()
        self._make_controls()
        name_option("view", self.view)
        name_option("features", self.first, self.second)
        name_option("rate", self.rate)
        name_option("normalize", self.normalize)
        name_option("draw_again", self.again)
        self.pair, self.rows = BeforeAndAfter(self.content), PictureRows(self.content)
        self._views = QStackedLayout(self.content)
        self._views.addWidget(self.pair)
        self._views.addWidget(self.rows)
        self._show_controls()

    def question(self) -> PreparationQuestion:
        first, second = self.first.currentIndex(), self.second.currentIndex()
        return PreparationQuestion(
            self.view.currentData(),
            max(0, first),
            second if second >= 0 else 1,
            self._draw,
            self.rate.currentData(),
        )

    follows_iterations = False  # training changes nothing here

    def follow(self, moment: Moment) -> None:
        """Training changes nothing here: ask only for another run, design or choice."""
        now = moment.run, moment.project, self.question()
        if now != self._answered or not self.can_show(moment):
            super().follow(moment)
            self._answered = None if self.behind else now
        else:
            self.behind = False

    def compute(self, snapshot: Snapshot, question: PreparationQuestion) -> Any:
        try:
            if question.view == PreparationView.PICTURES:
                found = pictures(snapshot, question)
                return found or self.tr(
                    "No layer changes pictures. Add “Augment” after an Input with a "
                    "picture's shape (such as 1 × 28 × 28), followed by “Flatten”."
                )
            if snapshot.network.n_x < 2:
                return self.tr("This view needs two features, but there is only one.")
            make = scatter if question.view == PreparationView.SCATTER else bowls
            return make(snapshot, question)
        except DataError as error:
            return str(error)

    def painted(self) -> dict[str, Any]:
        """Clouds: before and after (2, n); bowls: J over w1 and w2 each; pictures: arrays."""
        result = self._result
        if isinstance(result, FeatureScatter):
            return {
                "before": result.before.points,
                "after": result.after.points,
                "labels": result.before.groups,
                "applied": result.is_applied,
            }
        if isinstance(result, AugmentedPictures):
            return {"before": result.originals, "after": result.changed, "node": result.node}
        if isinstance(result, Bowls):
            before, after = result.before._asdict(), result.after._asdict()
            return {"before": before, "after": after, "applied": result.is_applied}
        return {"before": None, "after": None}

    def painted_set(self) -> str:
        return "train"

    def show_result(self, result: Any, question: PreparationQuestion) -> None:
        self._result = result
        if isinstance(result, str):
            self.say(result)
            self.normalize.hide()
            return
        if isinstance(result, AugmentedPictures):
            self.rows.show_pictures(result)
            self._views.setCurrentWidget(self.rows)
            self._warn_of_shadows(result)
            return
        self._name_features(result.names)
        chosen = (question.first, question.second)
        names = tuple(self._names[min(i, len(self._names) - 1)] for i in chosen)
        self.normalize.setVisible(not result.is_applied)
        if isinstance(result, FeatureScatter):
            self._show_scatter(result, names)
        else:
            self._show_bowls(result, names)
        self._views.setCurrentWidget(self.pair)

    def _warn_of_shadows(self, result: AugmentedPictures) -> None:
        """Pixels that were normalized one by one keep the mean of their old place when moved."""
        self.normalize.setVisible(result.leaves_shadows)
        if result.leaves_shadows:
            self.say(
                self.tr(
                    "The pictures are normalized pixel by pixel before “{}” moves "
                    "them, which leaves shadows. Normalize after it instead."
                ).format(result.node)
            )

    def _show_scatter(self, result: FeatureScatter, names: tuple[str, ...]) -> None:
        self.pair.show_clouds((result.before, result.after), (names[0], names[1]))
        after = self.tr("normalized with μ and σ of the training set")
        would = self.tr("what normalization would give (the network learns from the raw ones)")
        self.pair.say(self.tr("raw features"), after if result.is_applied else would)

    def _show_bowls(self, result: Bowls, names: tuple[str, ...]) -> None:
        self.pair.show_bowls((result.before, result.after), (names[0], names[1]))
        told = [self._told(bowl) for bowl in (result.before, result.after)]
        self.pair.say(
            self.tr("raw features: {}").format(told[0]),
            self.tr("normalized: {}").format(told[1]),
        )

    def _told(self, bowl: Landscape) -> str:
        steps = (
            self.tr("more than {:,} steps").format(MOST_STEPS)
            if bowl.steps is None
            else self.tr("1 step")
            if bowl.steps == 1
            else self.tr("{:,} steps").format(bowl.steps)
        )
        words = self.tr("{steps} with α = {alpha:.3g}; {ratio:,.3g} times as steep across as along")
        return words.format(steps=steps, alpha=bowl.alpha, ratio=bowl.condition)

    def _name_features(self, names: tuple[str, ...]) -> None:
        if names == self._names:
            return
        self._names = names
        for box, index in ((self.first, 0), (self.second, 1)):
            box.clear()
            box.addItems(names[:MOST_FEATURES])
            box.setCurrentIndex(min(index, len(names) - 1))

    def _normalize(self) -> None:
        self._document.try_edit(edits.normalize_inputs, self.tr("Normalize the inputs"))

    def _draw_again(self) -> None:
        self._draw += 1
        self.ask_again()

    def _make_controls(self) -> None:
        controls = ControlRow(self)
        self.view = controls.add_combo(
            self.tr("View"),
            [
                (self.tr("Inputs before and after"), PreparationView.SCATTER),
                (self.tr("J over two weights"), PreparationView.BOWLS),
                (self.tr("Augmented pictures"), PreparationView.PICTURES),
            ],
        )
        self.first = controls.add_combo(self.tr("Feature along x"), [])
        self.second = controls.add_combo(self.tr("Feature along y"), [])
        for box in (self.first, self.second):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(FEATURE_LETTERS)
        self.rate = controls.add_combo(
            self.tr("Learning rate, as a fraction of the largest that converges"),
            [(self.tr("α = {:g} of largest").format(rate), rate) for rate in RATES],
        )
        self.rate.setCurrentIndex(RATES.index(0.9))
        self.again = controls.add_button(
            self.tr("Augment Again"),
            self.tr("Augment the same pictures again, with new random numbers."),
        )
        self.normalize = controls.add_button(
            self.tr("Normalize the inputs"),
            self.tr("Add a layer after the input that gives every feature mean 0 and variance 1."),
        )
        self.normalize.hide()
        self.header.addWidget(controls, 1)
        self.view.activated.connect(self._show_controls)
        for box in (self.first, self.second, self.rate):
            box.activated.connect(self.ask_again)
        self.again.clicked.connect(self._draw_again)
        self.normalize.clicked.connect(self._normalize)

    def _show_controls(self) -> None:
        view = self.view.currentData()
        self.first.setVisible(view != PreparationView.PICTURES)
        self.second.setVisible(view != PreparationView.PICTURES)
        self.rate.setVisible(view == PreparationView.BOWLS)
        self.again.setVisible(view == PreparationView.PICTURES)
        self.normalize.hide()
        self.say("")
        self.ask_again()
