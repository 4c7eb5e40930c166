"""The head of the inspector: name, kind, formula, shapes and parameters of what is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.forms.column import muted
from studio.forms.editor import mark
from studio.forms.line import FieldLine
from studio.forms.row import Sentence
from studio.inspector.facts import Facts
from studio.theme import GRID_PX, fixed_font, tabular_font

NAME_SCALE = 1.15


class Header(QWidget):
    """Shows facts; the name can be edited. The inspector answers `name_entered` by `refuse`."""

    name_entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.name = FieldLine()
        self.name.setAccessibleName(self.tr("Name of the layer"))
        self.name.setToolTip(self.tr("The layer's name: press Enter to accept it."))
        font = tabular_font(NAME_SCALE)
        font.setBold(True)
        self.name.setFont(font)
        self.title, self.formula = QLabel(), QLabel()
        self.flow, self.sizes, self.count = QLabel(), muted(), muted()
        self.refusal, self.problem = Sentence(), Sentence()
        self._dress()
        self._arrange()
        self.name.accepted.connect(self._enter)
        self.name.left.connect(self._leave)

    def _dress(self) -> None:
        self.title.setProperty("role", "heading")
        formula_font = fixed_font()
        formula_font.setPointSizeF(self.font().pointSizeF())
        self.formula.setFont(formula_font)
        self.flow.setFont(tabular_font())
        for label in (self.title, self.formula, self.flow):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID_PX // 2)
        column.setSpacing(GRID_PX // 2)
        for widget in (self.name, self.refusal, self.title, self.formula, self.flow):
            column.addWidget(widget)
        for widget in (self.sizes, self.count, self.problem):
            column.addWidget(widget)

    def show_node(self, name: str, facts: Facts) -> None:
        """Show one node."""
        if name != self._name:
            self._name = name
            self._restore()
        self.name.show()
        self.title.setText(facts.kind)
        for label, text in (
            (self.formula, facts.formula),
            (self.flow, facts.flow),
            (self.sizes, facts.sizes),
            (self.count, facts.count),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.problem.show_text(facts.problem)

    def show_several(self, title: str, names: str, count: str) -> None:
        """Show how many nodes are selected, and which."""
        self._name = ""
        self._restore()
        for widget in (self.name, self.formula, self.flow):
            widget.hide()
        self.title.setText(title)
        self.sizes.setText(names)
        self.count.setText(count)
        self.sizes.show()
        self.count.show()
        self.problem.show_text("")

    def refuse(self, sentence: str) -> None:
        """Say why the new name was not accepted; an empty sentence when it was."""
        mark(self.name, "invalid", bool(sentence))
        self.refusal.show_text(sentence)

    def _enter(self) -> None:
        if self.name.text() == self._name:
            self.refuse("")
        elif self.name.isVisible():
            self.name_entered.emit(self.name.text())

    def _leave(self) -> None:
        """Clicking away accepts a good name; Escape and a refused name bring the old one back."""
        if not self.name.hasFocus() and not self.name.property("invalid"):
            self._enter()
        self._restore()

    def _restore(self) -> None:
        if self.name.text() != self._name:
            self.name.setText(self._name)
        self.refuse("")
