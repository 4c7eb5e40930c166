"""RaceSetup: what varies, and the values that race against each other."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine import EngineError
from engine.experiments.factors import (
    FEWEST_LANES,
    MOST_LANES,
    VariedField,
    differs_besides,
    equal_variants,
    factors_of,
    proposals,
)
from engine.experiments.races import RaceEntry
from engine.project import Project
from engine.project.differences import lowered
from engine.spec import plain
from studio.forms import Change
from studio.forms.column import ScrollColumn, muted
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.race.variant_row import NAMES, VariantRow
from studio.widgets.controls import FieldComboBox
from studio.widgets.option import name_option


class RaceSetup(QWidget):
    """changed(): other variants are to race. factor: what varies; values: one for each variant."""

    changed = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._factors: list[VariedField] = []
        self.factor: VariedField | None = None
        self.values: list[Any] = []
        self.rows: list[VariantRow] = []
        self.where, self.what = FieldComboBox(), FieldComboBox()
        self.add = QPushButton(self.tr("Add Variant"))
        self.add.setAutoDefault(False)
        self.scroller = ScrollColumn()
        self._arrange()
        self.where.activated.connect(lambda _at: self._offer_factors())
        self.what.activated.connect(self._choose_factor)
        self.add.clicked.connect(lambda _checked=False: self._add_variant())
        document.changed.connect(self._follow)

    def entries(self) -> list[RaceEntry]:
        """The variants as they would be trained now. Raises EngineError where two are the same."""
        factor, project = self.factor, self._document.project
        if factor is None or not factor.exists_in(project):
            return []
        projects = [factor.applied(project, value) for value in self.values]
        same = equal_variants(projects)
        if same is not None:
            a, b = (NAMES[at] for at in same)
            raise EngineError(
                self.tr("Variants {a} and {b} are the same.").format(a=a, b=b),
                hint=self.tr("Change or remove one of them."),
            )
        titles = factor.titles(self.values)
        return [
            RaceEntry(f"{name}: {title}", each)
            for name, title, each in zip(NAMES, titles, projects, strict=False)
        ]

    def set_option(self, values: Any) -> str:
        """The values that race, as a script gives them. Returns why not, or an empty string."""
        factor, project = self.factor, self._document.project
        if factor is None or not isinstance(values, (list, tuple)):
            return self.tr("must be a list of values of what varies.")
        if not FEWEST_LANES <= len(values) <= MOST_LANES:
            told = self.tr("takes {least} to {most} values. Got {count}.")
            return told.format(least=FEWEST_LANES, most=MOST_LANES, count=len(values))
        try:
            applied = [factor.applied(project, value) for value in values]
        except EngineError as error:
            return str(error)
        self.values = [factor.value(each) for each in applied]
        self._rebuild()
        return ""

    def option_choices(self) -> list[list[Any]]:
        """Values that race without anybody's choice: two, and as many as there is room for."""
        project = self._document.project
        if self.factor is None:
            return []
        found = (proposals(self.factor, project, count) for count in (FEWEST_LANES, MOST_LANES))
        told = ([plain(value) for value in values] for values in found)
        return [values for values in told if len(values) >= FEWEST_LANES]

    def fairness(self) -> str:
        """One sentence on what the variants share, and in what they differ; "" without any."""
        if self.factor is None:
            return ""
        what, besides = lowered(self.factor.field.title), differs_besides(self.values)
        if not besides:
            told = self.tr(
                "Fair: only the {what} differs. Seed, data, and everything else are the same."
            )
            return told.format(what=what)
        told = self.tr("Besides the {what}, these differ: {besides}. Seed and data are the same.")
        return told.format(what=what, besides=", ".join(besides))

    # What varies.

    def _follow(self, before: Project, after: Project) -> None:
        changed = before.design is not after.design or before.training is not after.training
        if changed and self.isVisible():
            self._offer_places()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer_places()

    def _offer_places(self) -> None:
        """The training settings and all layers; the choice stays where it still exists."""
        node = self.where.currentData() or ""
        self.where.clear()
        self.where.addItem(self.tr("the whole network"), "")
        for name in self._document.project.design.nodes:
            self.where.addItem(name, name)
        self.where.setCurrentIndex(max(0, self.where.findData(node)))
        self._offer_factors()

    def _offer_factors(self) -> None:
        node, project = self.where.currentData() or "", self._document.project
        self._factors = factors_of(project, node)
        self.what.clear()
        for factor in self._factors:
            self.what.addItem(factor.title, ".".join(factor.path))
        old = self.factor
        known = [(f.node, f.path, f.field.types) for f in self._factors]
        if old is not None and (old.node, old.path, old.field.types) in known:
            self.what.setCurrentIndex(known.index((old.node, old.path, old.field.types)))
            self.factor = self._factors[self.what.currentIndex()]
            self._show()
            self.changed.emit()
        else:
            self._choose_factor(0)

    def _choose_factor(self, at: int) -> None:
        self.what.setCurrentIndex(at if self._factors else -1)
        self.factor = self._factors[at] if self._factors else None
        self.values = proposals(self.factor, self._document.project) if self.factor else []
        self._rebuild()

    # The variants.

    def _add_variant(self) -> None:
        assert self.factor is not None
        others = proposals(self.factor, self._document.project, MOST_LANES)
        free = [value for value in others if value not in self.values]
        self.values.append(free[0] if free else self.values[-1])
        self._rebuild()

    def _remove_variant(self, at: int) -> None:
        del self.values[at]
        self._rebuild()

    def _rebuild(self) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for at in range(len(self.values)):
            assert self.factor is not None
            row = VariantRow(at, self.factor.field, partial(self._apply, at))
            row.remove.clicked.connect(lambda _checked=False, at=at: self._remove_variant(at))
            self.scroller.add(row)
            self.rows.append(row)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        factor, project = self.factor, self._document.project
        for row, value in zip(self.rows, self.values, strict=True):
            assert factor is not None
            inherited = getattr(project.training, factor.field.name, None)
            fallbacks = {factor.field.name: (inherited, self.tr("inherited"))}
            owner = factor.owner(factor.applied(project, value))
            row.form.show_specs([owner], fallbacks if factor.field.inherits else None)
            row.remove.setEnabled(len(self.rows) > FEWEST_LANES)
        self.add.setEnabled(0 < len(self.values) < MOST_LANES)

    def _apply(self, at: int, change: Change) -> str:
        """A field of a variant's form was edited; returns why that is refused, or ""."""
        factor, project = self.factor, self._document.project
        assert factor is not None
        try:
            owner = change.applied(factor.owner(factor.applied(project, self.values[at])))
        except EngineError as error:
            return str(error)
        self.values[at] = getattr(owner, factor.path[-1])
        self._show()
        self.changed.emit()
        return ""

    def _arrange(self) -> None:
        for name, control in {"where": self.where, "vary": self.what, "variants": self}.items():
            name_option(name, control)
        self.where.setAccessibleName(self.tr("Applies to"))
        self.what.setAccessibleName(self.tr("What varies"))
        self.add.setToolTip(plain_tip(self.tr("At most %d variants can race.") % MOST_LANES))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        for words, box in ((self.tr("Where"), self.where), (self.tr("What varies"), self.what)):
            column.addWidget(muted(words))
            column.addWidget(box)
        column.addWidget(self.scroller, 1)
        column.addWidget(self.add)
