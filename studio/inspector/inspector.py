"""Inspector: the settings of the selected layers. One form for all that they share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine import Layer
from engine.design.sharing import owners_for
from engine.project import Project
from engine.project.fields import Field
from studio.forms import Change, Form, shared_fields
from studio.forms.column import ScrollColumn, muted
from studio.inspector import typesetting
from studio.inspector.facts import count_text, facts_of
from studio.inspector.header import Header
from studio.look.theme import GRID_PX
from studio.model import edits
from studio.model.document import Document
from studio.running.painted_facts import facts_of_project

MOST_NAMES = 12
"""Names listed when several layers are selected."""
LOAD_TYPESETTING_AFTER_MS = 500
"""Once the window stands: the first layer that is selected should not wait for the library."""
LOAD_PAUSE_MS = 100


class Inspector(QWidget):
    """Shows nodes and edits them. Says `renamed` when a shown node has got another name."""

    renamed = Signal(str, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.form: Form | None = None
        self._names: list[str] = []
        self._fields: dict[str, Field] = {}
        self._formula = ""
        self.header = Header()
        self.nothing_shared = muted(self.tr("These layers have no setting in common."))
        self.empty = self._make_empty()
        self.scroller = ScrollColumn()
        self.scroller.add(self.header)
        self.scroller.add(self.nothing_shared)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.empty)
        layout.addWidget(self.scroller)
        self._load_typesetting = QTimer(self, singleShot=True)
        self._load_typesetting.timeout.connect(self._load_more)
        self.header.name_entered.connect(self._rename)
        document.changed.connect(self._follow)
        self._show()

    def _load_more(self) -> None:
        """Load typesetting in pieces, while nothing else is to do."""
        if typesetting.load_next():
            self._load_typesetting.start(LOAD_PAUSE_MS)

    @property
    def names(self) -> list[str]:
        """The nodes shown."""
        return list(self._names)

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. nodes: their names. title, flow, count,
        problem: of the header. fields: what each field shows, by name."""
        empty = not self._names
        told = self.empty.text() if empty else ""
        facts = facts_of_project(self.document.project, message=told, empty=empty)
        if empty:
            return {**facts, "nodes": [], "fields": {}}
        fields = self.form.shown() if self.form is not None else {}
        return {**facts, "nodes": self.names, **self.header.shown(), "fields": fields}

    def show_nodes(self, names: Sequence[str]) -> None:
        """Show these nodes: one with all its settings, several with what they share."""
        names = [name for name in names if name in self.document.project.design.nodes]
        if names != self._names:
            if self.form is not None:
                self.form.forget_drafts()
            self._names = names
            self._show()

    def focus_field(self, field: str) -> None:
        """Scroll to a field and give it the focus; a name without a field gives the header."""
        row = self.form.rows.get(field) if self.form else None
        target = row.editor.input if row else self.header.name
        self.scroller.ensureWidgetVisible(target)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load_typesetting.start(LOAD_TYPESETTING_AFTER_MS)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the focus to the inspector means its first field."""
        stops = self.form.tab_stops() if self.form else [self.header.name]
        stops[0].setFocus(event.reason())

    def _make_empty(self) -> QLabel:
        text = self.tr(
            "Select a layer to see and change its settings.\n\nSelect several to "
            "change settings they have in common."
        )
        label = muted(text)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        label.setContentsMargins(2 * GRID_PX, 4 * GRID_PX, 2 * GRID_PX, GRID_PX)
        return label

    def _follow(self, before: Project, after: Project) -> None:
        """Keep showing the same nodes, also when one of them got another name."""
        renamed = [(name, _present_name(name, before, after)) for name in self._names]
        self._names = [new for _, new in renamed if new]
        self._show()
        for old, new in renamed:
            if new and new != old:
                self.renamed.emit(old, new)

    def _show(self) -> None:
        nodes = self.document.project.design.nodes
        layers = [nodes[name] for name in self._names]
        self.empty.setVisible(not layers)
        self.scroller.setVisible(bool(layers))
        if not layers:
            return
        self._show_header()
        fields = shared_fields([type(layer) for layer in layers])
        self._need_form(fields, layers[0].formula if len(layers) == 1 else "")
        self.nothing_shared.setVisible(not fields and len(layers) > 1)
        if self.form is not None:
            problems = self._problems()
            self.form.show_specs(layers, self._fallbacks(layers), problems, self._offered())

    def _show_header(self) -> None:
        names = self._names
        if len(names) == 1:
            self.header.show_node(names[0], facts_of(self.document, names[0]))
            return
        listed = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
        counts = self.document.report.parameters
        total = sum(counts.get(name, 0) for name in names)
        title = self.tr("{number} layers").format(number=len(names))
        self.header.show_several(title, listed, count_text(total))

    def _need_form(self, fields: dict[str, Field], formula: str) -> None:
        """Make the form again only where other fields are to be shown."""
        if fields == self._fields and formula == self._formula:
            return
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        self._fields, self._formula = fields, formula
        self.form = Form(fields, self._apply, formula=formula) if fields else None
        if self.form is not None:
            self.scroller.add(self.form)
            self.form.show()
            self.form.rebuilt.connect(self._order_tabs)
            self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes from the name to the first field, wherever the form came from."""
        if self.form is not None:
            stops = [self.header.name, *self.form.tab_stops()]
            for first, second in pairwise(stops):
                QWidget.setTabOrder(first, second)

    def _fallbacks(self, layers: Sequence[Layer]) -> dict[str, tuple[Any, str]]:
        """What holds where a field is empty: the training settings' value, or the data's."""
        found: dict[str, tuple[Any, str]] = {}
        shown = [self.document.shown.nodes[name] for name in self._names]
        for name, field in self._fields.items():
            if field.inherits:
                value = getattr(self.document.project.training, name)
                found[name] = (value, self.tr("inherited"))
            elif all(getattr(layer, name) is None for layer in layers):
                values = {getattr(layer, name) for layer in shown}
                if len(values) == 1 and None not in values:
                    found[name] = (values.pop(), self.tr("from the data"))
        return found

    def _offered(self) -> dict[str, list[str]]:
        """The nodes that a field can name, for all the layers shown."""
        document = self.document
        design, arrays = document.shown, document.report.arrays
        fitting = [owners_for(design, name, arrays) for name in self._names]
        common = [node for node in fitting[0] if all(node in others for others in fitting)]
        return {name: common for name, field in self._fields.items() if field.names_node}

    def _problems(self) -> dict[str, str]:
        return {
            problem.field: str(problem)
            for problem in self.document.report.problems
            if problem.field and problem.node in self._names
        }

    def _apply(self, change: Change) -> str:
        names = list(self._names)
        many = self.tr("{number} layers").format(number=len(names))
        text = self.tr("Change {field} of {layer}").format(
            field=change.noun, layer=names[0] if len(names) == 1 else many
        )

        def make(project: Project) -> Project:
            return edits.change_layers(project, names, change.applied)

        return self.document.try_edit(make, text, merge=f"{'+'.join(names)}.{change.key}")

    def _rename(self, new: str) -> None:
        (old,) = self._names
        text = self.tr("Rename {old} to {new}").format(old=old, new=new)
        refusal = self.document.try_edit(lambda project: edits.rename(project, old, new), text)
        self.header.refuse(refusal)


def _present_name(name: str, before: Project, after: Project) -> str:
    """What a node is called now: a new name stands in the old one's place with the same layer."""
    if name in after.design.nodes or name not in before.design.nodes:
        return name if name in after.design.nodes else ""
    place = list(before.design.nodes).index(name)
    names = list(after.design.nodes)
    if len(names) != len(before.design.nodes):
        return ""
    candidate = names[place]
    same = after.design.nodes[candidate] is before.design.nodes[name]
    return candidate if same and candidate not in before.design.nodes else ""
