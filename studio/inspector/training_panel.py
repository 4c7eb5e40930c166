"""TrainingPanel: the task, and all settings of how the network is trained."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine import TrainingSettings
from engine.project import Project
from engine.project.fields import fields_of
from studio.forms import Change, Form
from studio.forms.column import ScrollColumn, muted
from studio.look.theme import GRID_PX
from studio.model import edits
from studio.model.document import Document
from studio.running.painted_facts import facts_of_project
from studio.widgets.controls import FieldCheckBox

BASICS = ("batch_size", "epochs", "stopping", "optimizer", "schedule", "l2", "seed")
DEFAULTS = ("initializer", "keep_prob", "batch_norm", "l1")
CLIPPING = ("clip_norm", "clip_value")


class TrainingPanel(QWidget):
    """Edits project.training; first of all the task of the output layer."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._batch_size: int = TrainingSettings.model_fields["batch_size"].default
        self.scroller = ScrollColumn()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroller)
        self.task = TaskForm(document)
        self.scroller.add(self.task)
        fields = fields_of(TrainingSettings)
        self.forms = [self._add_form(BASICS)]
        self.full_batch = self._add_full_batch()
        self.scroller.add_heading(self.tr("Defaults for layers"))
        self.scroller.add(muted(self.tr("Used by every layer that leaves the field empty.")))
        self.forms.append(self._add_form(DEFAULTS))
        self.scroller.add_heading(self.tr("Gradient clipping"))
        self.forms.append(self._add_form(CLIPPING))
        others = tuple(name for name in fields if name not in BASICS + DEFAULTS + CLIPPING)
        if others:
            self.scroller.add_heading(self.tr("More"))
            self.forms.append(self._add_form(others))
        document.changed.connect(self._refresh)
        for part in (self.task, self.forms[0]):
            part.rebuilt.connect(self._order_tabs)
        self._refresh()
        self._order_tabs()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. task: the field of the output layer, or None.
        fields: what each field shows, by name."""
        task = self.task.form
        return {
            **facts_of_project(self.document.project),
            "task": task.shown()["task"] if task is not None else None,
            "fields": {name: shown for form in self.forms for name, shown in form.shown().items()},
        }

    def _order_tabs(self) -> None:
        """The task comes first, also when an output layer was added later."""
        if self.task.form is not None:
            stops = [*self.task.form.tab_stops(), *self.forms[0].tab_stops()]
            stops.insert(stops.index(self.forms[0].rows["batch_size"].reset), self.full_batch)
            for first, second in pairwise(stops):
                QWidget.setTabOrder(first, second)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the focus to the panel means its first field."""
        self.forms[0].tab_stops()[0].setFocus(event.reason())

    def _add_form(self, names: tuple[str, ...]) -> Form:
        fields = fields_of(TrainingSettings)
        hints = {
            "batch_size": self.tr("full batch"),
            "clip_norm": self.tr("no clipping"),
            "clip_value": self.tr("no clipping"),
        }
        form = Form({name: fields[name] for name in names if name in fields}, self._apply, hints)
        self.scroller.add(form)
        return form

    def _add_full_batch(self) -> FieldCheckBox:
        box = FieldCheckBox(self.tr("Full batch"))
        box.setToolTip(
            self.tr("Use the whole training set for every step (batch gradient descent).")
        )
        box.setAccessibleName(self.tr("Full batch"))
        box.clicked.connect(self._toggle_full_batch)
        self.forms[0].add_below("batch_size", box)
        return box

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        training = self.document.project.training
        for form in self.forms:
            form.show_specs([training])
        self._batch_size = training.batch_size or self._batch_size
        self.full_batch.setChecked(training.batch_size is None)

    def _toggle_full_batch(self, full: bool) -> None:
        """Full batch, or the size that was set last."""
        self.forms[0].rows["batch_size"].editor.commit(None if full else self._batch_size)

    def _apply(self, change: Change) -> str:
        text = self.tr("Change {field} of training").format(field=change.noun)
        return self.document.try_edit(
            lambda project: edits.set_training(
                project, change.field, change.value(project.training)
            ),
            text,
            merge=f"training.{change.key}",
        )


class TaskForm(QWidget):
    """The task of the output layer; a sentence where there is none."""

    rebuilt = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.form: Form | None = None
        self._owner: type[Any] | None = None
        self.missing = muted(self.tr("Add an output layer to choose what the network learns."))
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.missing)
        document.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        name = task_node(self.document.project)
        self.missing.setVisible(not name)
        if not name:
            self._need_form(None)
            return
        layer = self.document.project.design.nodes[name]
        self._need_form(type(layer))
        problems = {
            problem.field: str(problem)
            for problem in self.document.report.problems
            if problem.node == name
        }
        if self.form is not None:
            self.form.show_specs([layer], problems=problems)

    def _need_form(self, owner: type[Any] | None) -> None:
        if owner is self._owner:
            return
        self._owner = owner
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if owner is not None:
            self.form = Form({"task": fields_of(owner)["task"]}, self._apply)
            self._column.addWidget(self.form)
            self.rebuilt.emit()

    def _apply(self, change: Change) -> str:
        name = task_node(self.document.project)
        return self.document.try_edit(
            lambda project: edits.set_task(project, change.value(project.design.nodes[name])),
            self.tr("Change {field} of {layer}").format(field=change.noun, layer=name),
            merge=f"{name}.{change.key}",
        )


def task_node(project: Project) -> str:
    """The node whose task decides what is learned; empty if there is none."""
    nodes = project.design.nodes.items()
    return next((name for name, layer in nodes if "task" in type(layer).model_fields), "")
