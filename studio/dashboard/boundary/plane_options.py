"""PlaneOptions: what is shown, and on which plane."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QSpinBox, QWidget

from engine.probes.boundary import PlaneFacts, Unit
from engine.probes.plane import COMPONENT, FEATURE, PlaneAxis, PlaneChoice
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.widgets.option import name_option

MOST_FEATURES = 200
"""So many features are listed; of pictures, nobody looks for pixel 743."""
PREDICTION = ""
"""Stands for the network's prediction in the list of layers."""


class PlaneOptions(QWidget):
    """changed: something else is wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: PlaneFacts | None = None
        self._axes: list[PlaneAxis] = []
        self._is_chosen = False
        self.layer, self.across, self.up = (QComboBox(self) for _ in range(3))
        self.number = QSpinBox(self)
        self.rest = QSpinBox(self)
        self.rest.setSpecialValueText(self.tr("the mean"))
        self.rest.setPrefix(self.tr("training example "))
        self.number.setPrefix(self.tr("unit "))
        for name, controls in (
            ("axes", (self.across, self.up)),
            ("layer", (self.layer,)),
            ("unit", (self.number,)),
            ("rest", (self.rest,)),
        ):
            name_option(name, *controls)
        self._arrange()
        self.layer.activated.connect(self._take_layer)
        self.across.activated.connect(lambda _: self._keep_apart(self.across, self.up))
        self.up.activated.connect(lambda _: self._keep_apart(self.up, self.across))
        for box in (self.number, self.rest):
            box.setKeyboardTracking(False)
        self.number.valueChanged.connect(lambda _: self.changed.emit())
        self.rest.valueChanged.connect(lambda _: self._choose())

    @property
    def choice(self) -> PlaneChoice | None:
        """The plane that a person chose; None for the default one, which depends on the data."""
        if self.facts is None or not self._is_chosen:
            return None
        rest = self.rest.value() - 1 if self.rest.value() else None
        return PlaneChoice(self._axis(self.across), self._axis(self.up), rest)

    @property
    def unit(self) -> Unit | None:
        """The unit that is wanted; None for the prediction."""
        node = self.layer.currentData()
        return Unit(node, self.number.value() - 1) if node else None

    @property
    def output(self) -> int:
        """Which label, or which number of a regression, is wanted; from 0."""
        return 0 if self.layer.currentData() else max(0, self.number.value() - 1)

    def offer(self, facts: PlaneFacts, shown: PlaneChoice) -> None:
        """List what can be asked about another run. What was chosen stays, where it exists."""
        if facts == self.facts:
            return
        before = self.facts
        self.facts = facts
        layer = self.layer.currentData()
        self._list_layers(facts)
        self.select_layer(layer if layer in dict(facts.layers) else PREDICTION)
        if before is None or (before.features, before.components) != (
            facts.features,
            facts.components,
        ):
            self._list_axes(facts, shown)
        with QSignalBlocker(self.rest):
            self.rest.setRange(0, facts.examples)
        for widget in self._of_rest:
            widget.setVisible(len(facts.features) > 2)

    def forget_choice(self) -> None:
        """Show the default plane: a choice was made for other data."""
        self._is_chosen = False
        with QSignalBlocker(self.rest):
            self.rest.setValue(0)

    def show_unit(self, unit: Unit) -> None:
        """Choose a unit."""
        self.select_layer(unit.node)
        with QSignalBlocker(self.number):
            self.number.setValue(unit.number + 1)
        self.changed.emit()

    def select_layer(self, node: str) -> None:
        """Choose a layer, or the prediction, and say how many numbers it has."""
        if self.facts is None:
            return
        self.layer.setCurrentIndex(max(0, self.layer.findData(node)))
        node = self.layer.currentData()
        labels = 1 if self.facts.targets.coloring == "classes" else self.facts.outputs
        count = dict(self.facts.layers).get(node, labels)
        with QSignalBlocker(self.number):
            self.number.setPrefix(self.tr("unit ") if node else self.tr("output "))
            self.number.setRange(1, max(1, count))
        self.number.setVisible(bool(node) or count > 1)

    def _take_layer(self, _index: int) -> None:
        self.select_layer(self.layer.currentData())
        self.changed.emit()

    def _list_layers(self, facts: PlaneFacts) -> None:
        self.layer.clear()
        self.layer.addItem(self.tr("the prediction ŷ"), PREDICTION)
        for node, _units in facts.layers:
            self.layer.addItem(self.tr("activations of {}").format(node), node)

    def _list_axes(self, facts: PlaneFacts, shown: PlaneChoice) -> None:
        features = [PlaneAxis(FEATURE, i) for i in range(min(MOST_FEATURES, len(facts.features)))]
        self._axes = features + [PlaneAxis(COMPONENT, i) for i in range(facts.components)]
        for box, current in ((self.across, shown.across), (self.up, shown.up)):
            box.clear()
            box.addItems([self._name(axis, facts) for axis in self._axes])
            box.setCurrentIndex(self._axes.index(current))

    def _axis(self, box: QComboBox) -> PlaneAxis:
        return self._axes[box.currentIndex()]

    def _name(self, axis: PlaneAxis, facts: PlaneFacts) -> str:
        if axis.kind == FEATURE:
            return facts.features[axis.number]
        return self.tr("principal component {}").format(axis.number + 1)

    def _keep_apart(self, chosen: QComboBox, other: QComboBox) -> None:
        """Two different axes of one kind: features and components are not at right angles."""
        mine, its = self._axis(chosen), self._axis(other)
        if mine == its or mine.kind != its.kind:
            index = 1 if mine.number == 0 else 0
            other.setCurrentIndex(self._axes.index(PlaneAxis(mine.kind, index)))
        self._choose()

    def _choose(self) -> None:
        self._is_chosen = True
        self.changed.emit()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID_PX // 2)
        places = (
            (self.tr("Show"), self.layer, self.tr("Colors show"), 0, 0),
            (self.tr("Across"), self.across, self.tr("Horizontal axis"), 1, 0),
            (self.tr("Up"), self.up, self.tr("Vertical axis"), 1, 2),
            (
                self.tr("Other features at"),
                self.rest,
                self.tr("Fixed values of the other features"),
                2,
                0,
            ),
        )
        for text, editor, name, row, column in places:
            label = PlainLabel(text, self)
            label.setBuddy(editor)
            editor.setAccessibleName(name)
            grid.addWidget(label, row, column)
            grid.addWidget(editor, row, column + 1)
            if isinstance(editor, QComboBox):
                editor.setMinimumContentsLength(8)
                editor.setSizeAdjustPolicy(
                    QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
                )
        self.number.setAccessibleName(self.tr("Which unit or output"))
        grid.addWidget(self.number, 0, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._of_rest = [label, self.rest]
