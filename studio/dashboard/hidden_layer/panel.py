"""HiddenLayerPanel: how a hidden layer bends the plane until its examples can be separated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.probes.hidden_layer import Warp, WarpQuestion, warp_of
from engine.probes.points import SETS, joined
from engine.probes.snapshot import Snapshot
from studio.dashboard.hidden_layer.warp_view import WarpView
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.plane.set_switches import SetSwitches
from studio.running.snapshots import Workbench
from studio.widgets.one_line import OneLine
from studio.widgets.option import name_option


class HiddenLayerPanel(SnapshotPanel):
    """A grid over the plane of the inputs, where a hidden layer takes it, with the examples."""

    id, tab, column, order = "hidden_layer", "Hidden layer", 1, 2
    judges_an_output = True

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.workbench)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Hidden layer"),
            self.tr(
                "A hidden layer moves every point of the plane: the axes are two of "
                "its units, and the bent grid is the plane. The next layer separates "
                "the examples there by straight lines."
            ),
            self.tr("Press Play to see how the hidden layers bend the plane."),
            workbench,
            parent,
        )
        self.view = WarpView(self.content)
        self.sets = SetSwitches(SETS, self)
        self.layer = QComboBox(self)
        self.first, self.second = QSpinBox(self), QSpinBox(self)
        self.components = QCheckBox(self.tr("Principal components"), self)
        self.told = OneLine(self.content)
        for name, controls in (
            ("sets", (self.sets,)),
            ("layer", (self.layer,)),
            ("units", (self.first, self.second)),
            ("components", (self.components,)),
        ):
            name_option(name, *controls)
        self._layers: tuple[tuple[str, int], ...] = ()
        self._arrange()
        self.layer.activated.connect(lambda _: self._take_layer())
        self.first.valueChanged.connect(lambda _: self._keep_apart(self.first, self.second))
        self.second.valueChanged.connect(lambda _: self._keep_apart(self.second, self.first))
        self.components.toggled.connect(self._take_components)
        self.sets.changed.connect(self.ask_again)

    def question(self) -> WarpQuestion:
        units = None
        if not self.components.isChecked():
            units = self.first.value() - 1, self.second.value() - 1
        return WarpQuestion(
            self.layer.currentText(), units, self.sets.chosen, self.moment.test_is_open
        )

    def compute(self, snapshot: Snapshot, question: Any) -> Warp:
        return warp_of(snapshot, question)

    def show_result(self, result: Any, question: Any) -> None:
        warp: Warp = result
        self._offer(warp)
        self.sets.offer(warp.facts.sets)
        self.view.show_warp(warp)
        self.told.say(self._words(warp))

    def painted(self) -> dict[str, Any]:
        warp = self.view.warp
        assert warp is not None
        return {
            "node": warp.node,
            "units": warp.units,
            **joined(warp.points),
            "axes": warp.names,
            "across": warp.across,
            "up": warp.up,
        }

    def painted_set(self) -> str:
        warp = self.view.warp
        return " ".join(points.name for points in warp.points) if warp is not None else ""

    def show_nodes(self, nodes: Sequence[str]) -> None:
        """A layer that is selected on the canvas is shown, if it can be."""
        index = self.layer.findText(nodes[-1]) if nodes else -1
        if index >= 0 and index != self.layer.currentIndex():
            self.layer.setCurrentIndex(index)
            self._take_layer()

    def _offer(self, warp: Warp) -> None:
        """List the layers of another run; the one that is shown stays."""
        layers = tuple((node, units) for node, units in warp.facts.layers if units >= 2)
        if layers != self._layers:
            self._layers = layers
            self.layer.clear()
            self.layer.addItems([node for node, _ in layers])
            self.layer.setCurrentText(warp.node)
            self._limit(warp.units)

    def _limit(self, units: tuple[int, int] | None) -> None:
        """The units that the layer has."""
        count = dict(self._layers)[self.layer.currentText()]
        for box, unit in zip((self.first, self.second), units or (0, 1), strict=True):
            with QSignalBlocker(box):
                box.setRange(1, count)
                box.setValue(unit + 1)

    def _take_layer(self) -> None:
        self._limit(None)
        self.ask_again()

    def _take_components(self, on: bool) -> None:
        for box in (self.first, self.second):
            box.setEnabled(not on)
        self.ask_again()

    def _keep_apart(self, chosen: QSpinBox, other: QSpinBox) -> None:
        """Two different units."""
        if chosen.value() == other.value():
            with QSignalBlocker(other):
                other.setValue(1 if other.value() > 1 else 2)
        self.ask_again()

    def _words(self, warp: Warp) -> str:
        a, b = warp.inputs
        told = self.tr("Solid lines: {} changes; dashed: {}.").format(a, b)
        if not warp.is_whole:
            told += self.tr(" The grid is a slice at the mean; the examples do not lie on it.")
        return told

    def _arrange(self) -> None:
        self.layer.setAccessibleName(self.tr("Hidden layer"))
        self.layer.setToolTip(
            self.tr(
                "The layer whose units form the axes. Selecting a layer on the canvas shows "
                "it, too."
            )
        )
        self.layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.header.addWidget(self.sets)
        self.header.addStretch(1)
        self.header.addWidget(self.layer)
        self.add_options(self._make_options(), self.tr("Options: the units of the two axes."))
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.told)

    def _make_options(self) -> QWidget:
        options = QWidget(self)
        row = QHBoxLayout(options)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX // 2)
        names = ((self.tr("Horizontal unit"), self.first), (self.tr("Vertical unit"), self.second))
        for text, box in names:
            label = PlainLabel(text, options)
            label.setBuddy(box)
            box.setAccessibleName(text)
            box.setKeyboardTracking(False)
            row.addWidget(label)
            row.addWidget(box)
        row.addWidget(self.components)
        row.addStretch(1)
        self.first.setRange(1, 2)
        self.second.setRange(1, 2)
        self.second.setValue(2)
        return options
