"""A field's place in a form: label, editor, the arrow back to the inherited value, the sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from engine.project.fields import Field
from engine.spec import plain, readable
from studio.forms.editor import Editor, mark, titled, tooltip_of
from studio.forms.field_state import FieldState
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, theme
from studio.look.translate import translator

_tr = translator("FormRow")

DOT_PX = 6
RESET_PX = 20


class FormRow(QWidget):
    """The right side of a form's row. `label` is the left side, `sentence` belongs below both.

    stacked: whether the label stands above. extra: a widget of the panel's own under the editor.
    """

    def __init__(self, editor: Editor, with_reset: bool, formula: str = "") -> None:
        super().__init__()
        self.editor = editor
        self.state: FieldState | None = None
        self.stacked = False
        self.extra: QWidget | None = None
        self.label = FieldLabel(editor.field)
        self.label.setBuddy(editor.input)
        self.sentence = Sentence()
        self.reset = ResetButton(editor.field)
        self.reset.setVisible(False)
        _keep_size_when_hidden(self.reset, with_reset)
        self._arrange()
        self._refusal = ""
        editor.refused.connect(self._show_refusal)
        self.reset.clicked.connect(self._reset)
        for widget in (self.label, editor):
            widget.setToolTip(tooltip_of(editor.field, formula))

    def _arrange(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.editor, 1)
        line.addWidget(self.reset)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def needed_width(self) -> int:
        """The width at which no word of the editor is cut off."""
        reset = self.reset.width() if self.editor.field.inherits else 0
        return self.editor.needed_width() + reset

    def show_state(self, state: FieldState) -> None:
        """Show this state if it is another than before."""
        if state == self.state and not _types_differ(state, self.state):
            return
        self.state = state
        overridden = self.editor.field.inherits and not state.empty
        self.label.set_marked(overridden)
        self.reset.setVisible(overridden)
        self.reset.explain(state)
        self.editor.show_state(state)
        self._show_sentence()

    def shown(self) -> dict[str, Any]:
        """What is on show, with values as in a file. value: None where it is empty, or where the
        edited specs differ. inherited: what holds where it is empty. problem: the sentence."""
        state = self.state
        assert state is not None
        return {
            "value": plain(state.value),
            "mixed": state.mixed,
            "inherited": plain(state.fallback),
            "problem": self.sentence.text.text(),
        }

    def _show_refusal(self, sentence: str) -> None:
        self._refusal = titled(sentence, self.editor.field)
        self._show_sentence()

    def _show_sentence(self) -> None:
        problem = self.state.problem if self.state else ""
        self.sentence.show_text(self._refusal or problem)
        self.editor.describe(self._refusal or problem)

    def _reset(self) -> None:
        self.editor.commit(None)
        self.editor.input.setFocus()


class FieldLabel(PlainLabel):
    """A field's title; bold and with a dot in front where the field is set for this layer alone."""

    def __init__(self, field: Field) -> None:
        super().__init__(field.title + (f" ({field.unit})" if field.unit else ""))
        self._marked = False
        self.setIndent(GRID_PX + DOT_PX // 2)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def marked(self) -> bool:
        """Whether the field overrides the training settings."""
        return self._marked

    def needed_width(self) -> int:
        """The width of the longest word in bold, because labels break between words only."""
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        words = (metrics.horizontalAdvance(word) for word in self.text().split())
        return max(words, default=0) + self.indent() + 2

    def set_marked(self, marked: bool) -> None:
        """Mark the field as set for this layer alone."""
        if marked != self._marked:
            self._marked = marked
            mark(self, "overridden", marked)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colors.accent))
            middle = QPointF(DOT_PX / 2 + 1, self.height() / 2)
            painter.drawEllipse(middle, DOT_PX / 2, DOT_PX / 2)


class ResetButton(QToolButton):
    """The arrow back to the inherited value."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._title = field.title
        self.setAutoRaise(True)
        side = max(RESET_PX, self.fontMetrics().height())
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def explain(self, state: FieldState) -> None:
        """Name the value that the button brings back."""
        name = _tr("Reset {title} to the inherited value").format(title=self._title)
        self.setAccessibleName(name)
        value = readable(state.fallback) if state.fallback is not None else _tr("none")
        tip = _tr("Return to the value in the training settings: {value}.")
        self.setToolTip(plain_tip(tip.format(value=value)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(theme.colors.accent)
        painter.setPen(QPen(color, 1.6))
        ring = QRectF(0, 0, 10, 10)
        ring.moveCenter(QPointF(self.width() / 2, self.height() / 2 + 0.5))
        painter.drawArc(ring, -150 * 16, 270 * 16)
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        tip = ring.topLeft() + QPointF(-1, 1)
        painter.drawPolygon([tip, tip + QPointF(6, 0.5), tip + QPointF(1, 6)])


class Sentence(QWidget):
    """What is wrong with a field: a mark and a sentence under it. Hidden while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        self.text.setProperty("role", "problem")
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(AlertMark(), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)
        self.hide()

    def show_text(self, sentence: str) -> None:
        """Show a sentence; an empty one hides the widget."""
        if sentence != self.text.text():
            self.text.setText(sentence)
        self.setVisible(bool(sentence))


class AlertMark(QWidget):
    """A triangle with an exclamation mark, in the color of problems."""

    def __init__(self) -> None:
        super().__init__()
        side = self.fontMetrics().height()
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect()).adjusted(1, 1, -1, -2)
        paint_alert(QPainter(self), box, theme.colors.problem)


def paint_alert(painter: QPainter, box: QRectF, ink: str) -> None:
    """Paint the triangle with an exclamation mark into a box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = QColor(ink)
    painter.setPen(QPen(color, 1.4))
    top = QPointF(box.center().x(), box.top())
    painter.drawPolygon([top, box.bottomRight(), box.bottomLeft()])
    x, height = box.center().x(), box.height()
    painter.drawLine(QPointF(x, box.top() + 0.4 * height), QPointF(x, box.top() + 0.68 * height))
    painter.setBrush(color)
    painter.drawEllipse(QPointF(x, box.top() + 0.83 * height), 0.4, 0.4)


def _keep_size_when_hidden(widget: QWidget, keep: bool) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


def _types_differ(a: FieldState, b: FieldState | None) -> bool:
    return b is None or [type(v) for v in a.values] != [type(v) for v in b.values]
