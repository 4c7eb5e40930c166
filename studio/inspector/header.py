"""The head of the inspector: name, kind, formula, shapes and parameters of what is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.forms.column import muted
from studio.forms.editor import mark
from studio.forms.field_line import FieldLine
from studio.forms.sentence import Sentence
from studio.inspector.facts import LayerFacts
from studio.inspector.formula_view import FormulaView
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font

NAME_SCALE = 1.15


class TextPair(QWidget):
    """Two texts side by side, or one above the other where they do not fit."""

    def __init__(self, left: QLabel, right: QLabel) -> None:
        super().__init__()
        self._left, self._right = left, right
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID_PX // 2)
        self._line.addWidget(left)
        self._line.addWidget(right, 1)
        right.setWordWrap(True)

    def show_texts(self, left: str, right: str) -> None:
        """Show two texts; an empty one takes no room."""
        for label, text in ((self._left, left), (self._right, right)):
            label.setText(text)
            label.setVisible(bool(text))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = sum(
            label.fontMetrics().horizontalAdvance(label.text()) + GRID_PX
            for label in (self._left, self._right)
        )
        stacked = needed > self.width()
        direction = QHBoxLayout.Direction
        self._line.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)
        self._left.setWordWrap(stacked)
        side = Qt.AlignmentFlag.AlignLeft if stacked else Qt.AlignmentFlag.AlignRight
        self._right.setAlignment(side)


class Header(QWidget):
    """Shows facts; the name can be edited. The inspector answers `name_entered` by `refuse`."""

    name_entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.name = FieldLine()
        self.name.setAccessibleName(self.tr("Layer name"))
        self.name.setToolTip(self.tr("The layer's name. Press Enter to accept it."))
        font = tabular_font(NAME_SCALE)
        font.setBold(True)
        self.name.setFont(font)
        self.title, self.flow, self.formula = PlainLabel(), PlainLabel(), FormulaView()
        self.count, self.names = muted(), muted()
        self._what = TextPair(self.title, self.flow)
        self.refusal, self.problem = Sentence(), Sentence()
        self._dress()
        self._arrange()
        self.name.accepted.connect(self._enter)
        self.name.left.connect(self._leave)
        self.name.escaped.connect(self._restore)

    def _dress(self) -> None:
        self.title.setProperty("role", "heading")
        self.flow.setFont(tabular_font())
        for label in (self.title, self.flow):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID_PX // 2)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.name)
        column.addWidget(self.refusal)
        column.addWidget(self._what)
        column.addWidget(self.names)
        column.addWidget(self.formula)
        column.addWidget(self.formula.sizes)
        column.addWidget(self.count)
        column.addWidget(self.problem)

    def show_node(self, name: str, facts: LayerFacts) -> None:
        """Show one node."""
        if name != self._name:
            self._name = name
            self._restore()
        self.name.show()
        self._what.show_texts(facts.kind, facts.flow)
        self.names.hide()
        self.formula.show_formula(facts.formula, facts.lines, facts.sizes)
        self._show_count(facts.parameters)
        self.problem.show_text(facts.problem)

    def show_several(self, title: str, names: str, count: str) -> None:
        """Show how many nodes are selected, and which."""
        self._name = ""
        self._restore()
        self.name.hide()
        self._what.show_texts(title, "")
        self.names.setText(names)
        self.names.show()
        self.formula.show_formula("", (), "")
        self._show_count(count)
        self.problem.show_text("")

    def shown(self) -> dict[str, str]:
        """What it says: the kind of layer, what flows through it, its parameters, and a problem."""
        return {
            "title": self.title.text(),
            "flow": self.flow.text(),
            "count": self.count.text(),
            "problem": self.problem.text.text(),
        }

    def _show_count(self, text: str) -> None:
        self.count.setText(text)
        self.count.setVisible(bool(text))

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
        """Clicking away accepts a good name; a refused one makes room for the old name."""
        if not self.name.property("invalid"):
            self._enter()
        self._restore()

    def _restore(self) -> None:
        if self.name.text() != self._name:
            self.name.setText(self._name)
        self.refuse("")
