"""DataPanel: what the network learns from, and how the examples are divided."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine import EngineError, SpecError, Task
from engine.data import DataPlan
from engine.data.partition import SETS
from engine.layers import shape_text
from engine.project import Project
from studio import edits
from studio.document import Document
from studio.forms import Change, Form, fields_of
from studio.forms.column import ScrollColumn, muted
from studio.forms.row import Sentence

SetName = Literal["train", "dev", "test"]
AFTER_SOURCE = ("normalize", "seed")


class DataPanel(QWidget):
    """Edits project.data, and says what the data are."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._shown: DataPlan | None = None
        self.scroll = ScrollColumn()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroll)
        fields = fields_of(DataPlan)
        first = tuple(name for name in fields if name not in SETS + AFTER_SOURCE)
        self.forms = [self._add_form(first)]
        self.about = muted()
        self.scroll.add(self.about)
        self.scroll.add_heading(self.tr("Split"))
        self.forms.append(self._add_form(SETS))
        self.counts, self.misfit = muted(), Sentence()
        self.scroll.add(self.counts)
        self.scroll.add(self.misfit)
        self.scroll.add_heading(self.tr("Preparation"))
        self.forms.append(self._add_form(AFTER_SOURCE))
        document.changed.connect(self._refresh)
        self._refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the focus to the panel means its first field."""
        self.forms[0].tab_stops()[0].setFocus(event.reason())

    def _add_form(self, names: tuple[str, ...]) -> Form:
        fields = fields_of(DataPlan)
        form = Form({name: fields[name] for name in names if name in fields}, self._apply)
        self.scroll.add(form)
        return form

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        plan = self.document.project.data
        if plan is self._shown:
            return
        self._shown = plan
        for form in self.forms:
            form.show_specs([plan])
        self.about.setText(self._describe())
        self._show_counts(plan)

    def _describe(self) -> str:
        fit = self.document.fit
        targets = self.tr("one target") if fit.outputs == 1 else self.tr("{n} targets")
        words = self.tr("An example has {shape} features and {targets}.")
        text = words.format(shape=shape_text(fit.shape), targets=targets.format(n=fit.outputs))
        task = Task.registry.get(fit.task)
        return f"{text} {self.tr('Task')}: {task.title}." if task else text

    def _show_counts(self, plan: DataPlan) -> None:
        """How many examples each set has, or why there can be no such sets."""
        try:
            train, dev, test = plan.sizes()
        except EngineError as error:
            self.counts.hide()
            self.misfit.show_text(str(error))
            return
        words = self.tr("{train:,} train / {dev:,} dev / {test:,} test examples")
        self.counts.setText(words.format(train=train, dev=dev, test=test))
        self.counts.show()
        self.misfit.show_text("")

    def _apply(self, change: Change) -> str:
        return self.document.try_edit(
            lambda project: edits.set_data(project, changed(project.data, change)),
            self.tr("Change {field} of the data").format(field=change.noun),
            merge=f"data.{change.key}",
        )


def changed(plan: DataPlan, change: Change) -> DataPlan:
    """The plan with this change; one fraction takes from the two others, or gives to them."""
    if change.field not in SETS:
        return change.applied(plan)
    try:
        return change.applied(plan)
    except SpecError as error:
        if error.field == change.field:
            raise
    return plan.with_fraction(cast(SetName, change.field), change.value(plan))
