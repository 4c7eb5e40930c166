"""NumbersPanel: a table of each array of the next step, and the formula behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QSpinBox,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine import Wire
from engine.probes.moment import Moment
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Snapshot
from engine.walkthrough import Role, Walk, WalkStep, explain
from studio.dashboard.numbers.array_model import ArrayModel
from studio.dashboard.numbers.stepper import Stepper
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, tabular_font
from studio.model.document import Document
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.running.session import Session, State
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option

CELL_TEXT = "−0.00000000"
FEWEST_LETTERS = 12
FLOWING = (Role.INPUT, Role.VALUE)
FORMULA_SCALE = 1.1
WIDEST_WORDS = 28
WIDE = 2.5
"""A panel so many times wider than high has the formula beside the table."""


class NumbersPanel(SnapshotPanel):
    """One layer and one of its quantities at a time; a click on a number explains it."""

    id, tab, column, order = "numbers", "Numbers", 1, 4

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.session, surroundings.workbench)

    def __init__(
        self,
        document: Document,
        session: Session,
        workbench: Workbench,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("Numbers"),
            self.tr(
                "Every array of the next training step, with its name from the "
                "lectures. Click a number to see its formula with all values filled "
                "in. ▶ moves through the step line by line: forward, loss, backward, "
                "update."
            ),
            self.tr("Press Play or Step to see the numbers behind the curves."),
            workbench,
            parent,
        )
        self._document, self._run = document, session
        self._followed: object = None
        self._awaits_next = -1
        self.walk: Walk | None = None
        self.stepper = Stepper(self)
        self.stepper.moved.connect(self._move)
        self.stepper.wants_next.connect(self._train_on)
        self.layer, self.quantity = QComboBox(self), QComboBox(self)
        self.example = QSpinBox(self)
        name_option("layer", self.layer)
        name_option("quantity", self.quantity)
        name_option("example", self.example)
        self.model = ArrayModel(self)
        self.table = self._make_table()
        self.where = PlainLabel(parent=self)
        self.explanation = PlainLabel(parent=self)
        self.split = QSplitter(Qt.Orientation.Vertical, self.content)
        self._arrange()
        self.layer.activated.connect(self._choose_layer)
        self.quantity.activated.connect(self._show_numbers)
        self.example.valueChanged.connect(self._show_numbers)

    def compute(self, snapshot: Snapshot, question: Any) -> Walk:
        assert snapshot.optimizer is not None
        network = own_network(snapshot)
        return Walk(network, *snapshot.batch, snapshot.optimizer, snapshot.epoch)

    def follow(self, moment: Moment) -> None:
        if moment.history is not self._followed:
            self._followed = moment.history
            self._awaits_next = -1
            self.stepper.forget()
        if self.stepper.holds and self._awaits_next < 0:
            self.behind = False
            return
        super().follow(moment)

    def show_result(self, result: Walk, question: Any) -> None:
        self.stepper.offer(result)
        if self._awaits_next >= 0 and result.updater.iteration > self._awaits_next:
            self._awaits_next = -1
            self.stepper.begin_with(result)
        elif not self.stepper.holds:
            self._take_walk(result)

    def painted(self) -> dict[str, Any]:
        """All arrays of the walk that is shown, by key; quantity: the key of the one in view."""
        walk, quantity = self.walk, self.model.quantity
        arrays = {q.key: q.array for q in walk.quantities.values()} if walk is not None else {}
        in_view = quantity.key if quantity is not None else ""
        return {"quantity": in_view, **self.by_name("numbers", arrays)}

    def painted_set(self) -> str:
        return "train"

    def show_nodes(self, nodes: Sequence[str]) -> None:
        """Show the layer that is selected on the canvas."""
        known = len(nodes) == 1 and self.layer.findText(nodes[0]) >= 0
        if known and self.layer.currentText() != nodes[0]:
            self.layer.setCurrentText(nodes[0])
            self._list_quantities("")
            self._show_numbers()

    def show_wires(self, wires: Sequence[Wire]) -> None:
        """Show what flows through a wire: the last value of the layer that it comes from."""
        if len(wires) != 1 or self.walk is None or self.layer.findText(wires[0].source) < 0:
            return
        values = [q for q in self.walk.of_node(wires[0].source) if q.role in FLOWING]
        self.layer.setCurrentText(wires[0].source)
        self._list_quantities(values[-1].key if values else "")
        self._show_numbers()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() > WIDE * event.size().height()
        self.split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    # Filling it.

    def _take_walk(self, walk: Walk) -> None:
        """Show this walk at the layer, quantity and number that were shown before."""
        self.walk = walk
        nodes = list(walk.network.design.order())
        if [self.layer.itemText(i) for i in range(self.layer.count())] != nodes:
            shown = self.layer.currentText()
            self.layer.clear()
            self.layer.addItems(nodes)
            self.layer.setCurrentText(shown if shown in nodes else nodes[min(1, len(nodes) - 1)])
        self.example.setMaximum(walk.m)
        self._list_quantities(self.quantity.currentData() or "")
        self._show_numbers()

    def _choose_layer(self) -> None:
        self._list_quantities("")
        self._show_numbers()
        self.node_chosen.emit(self.layer.currentText())

    def _list_quantities(self, key: str) -> None:
        if self.walk is None:
            return
        found = self.walk.of_node(self.layer.currentText())
        before = self.quantity.currentText().partition("[")[0]
        if [each.key for each in found] != [
            self.quantity.itemData(i) for i in range(self.quantity.count())
        ]:
            self.quantity.clear()
            for each in found:
                size = " × ".join(str(n) for n in each.array.shape)
                self.quantity.addItem(f"{each.title}   {size}", each.key)
        alike = [i for i, each in enumerate(found) if each.symbol == before]
        place = self.quantity.findData(key)
        self.quantity.setCurrentIndex(place if place >= 0 else next(iter(alike), 0))

    def _show_numbers(self) -> None:
        quantity = self.walk.quantities.get(self.quantity.currentData()) if self.walk else None
        if quantity is None:
            self.model.show_quantity(None)
            self.explanation.setText("")
            return
        self.example.setEnabled(quantity.has_examples)
        example = self.example.value() - 1 if quantity.has_examples else -1
        self.model.show_quantity(quantity, example if example >= 0 else None)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._explain()

    def _explain(self, *_: QModelIndex) -> None:
        """The formula of the current number, with the numbers that it comes from."""
        index = self.table.currentIndex()
        if self.walk is None or self.model.quantity is None or not index.isValid():
            self.explanation.setText("")
            return
        lines = explain(self.walk, self.model.quantity.key, self.model.place(index))
        self.explanation.setText("<br>".join(lines))

    # Stepping.

    def _move(self, step: WalkStep | None) -> None:
        self.where.setText(self.stepper.describe())
        self.where.setToolTip(plain_tip(self.stepper.describe()))
        self.where.setVisible(step is not None)
        if step is not None and self.stepper.walk is not None:
            if self.walk is not self.stepper.walk:
                self._take_walk(self.stepper.walk)
            self.layer.setCurrentText(step.node)
            self._list_quantities(step.makes[0] if step.makes else "")
            self._show_numbers()
        else:
            self.ask_again()
        self.at_work.emit(step)

    def _train_on(self) -> None:
        """The walk is over: let the run take this step, and hold the one after it."""
        running = self._run.state is State.RUNNING
        held = self.stepper.walk
        self._awaits_next = held.updater.iteration - 1 if held is not None and not running else 0
        if not running and self._document.report.ok:
            self._run.step(self._document.project)
        self.ask_again()

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Values of the selected quantity"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setCornerButtonEnabled(False)
        metrics = table.fontMetrics()
        table.horizontalHeader().setDefaultSectionSize(
            metrics.horizontalAdvance(CELL_TEXT) + GRID_PX
        )
        table.verticalHeader().setDefaultSectionSize(metrics.height() + GRID_PX // 2)
        table.selectionModel().currentChanged.connect(self._explain)
        return table

    def _arrange(self) -> None:
        self.where.hide()
        self.where.setWordWrap(True)
        self.explanation.setWordWrap(True)
        self.explanation.setFont(tabular_font(FORMULA_SCALE))
        self.explanation.setMinimumWidth(
            WIDEST_WORDS * self.explanation.fontMetrics().averageCharWidth()
        )
        self.explanation.setTextFormat(Qt.TextFormat.RichText)
        self.explanation.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.explanation.setAccessibleName(self.tr("Formula of the selected number"))
        self.layer.setAccessibleName(self.tr("Layer"))
        self.quantity.setAccessibleName(self.tr("Quantity of the layer"))
        self.example.setAccessibleName(self.tr("Example of the batch"))
        self.example.setToolTip(self.tr("Show one example of the mini-batch, or all of them."))
        self.example.setMinimum(0)
        self.example.setSpecialValueText(self.tr("all"))
        self.example.setPrefix(self.tr("ex. "))
        for box in (self.layer, self.quantity):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(FEWEST_LETTERS)
        controls = ControlRow(self)
        for widget in (self.stepper, self.layer, self.quantity, self.example):
            controls.add(widget)
        self.header.addWidget(controls, 1)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.where)
        self.split.addWidget(self.table)
        self.split.addWidget(self.explanation)
        self.split.setStretchFactor(0, 1)
        self.split.setChildrenCollapsible(False)
        layout.addWidget(self.split, 1)
