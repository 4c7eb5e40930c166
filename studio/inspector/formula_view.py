"""FormulaView: a layer's formula as in a textbook, with the sizes of the arrays under their names.

It is a label whose text is the plain formula: that is what screen readers read, and what is shown
until the formula is set, or where that fails.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QAction, QFontInfo, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy

from studio.forms.column import muted
from studio.inspector.formula import SIZE_COLOR, FormulaLine
from studio.inspector.typesetting import EM_PX, is_remembered, typeset
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme

SCALE_WITH_SIZES = 1.5
SCALE_OF_LETTERS = 1.2
"""Size of the letters as a multiple of the interface font's; sizes are smaller than letters."""
SMALLEST_SHARE = 0.8
"""A formula that would have to shrink below this share is shown without sizes."""
GAP_PX = 3 * GRID_PX
"""Between two steps in one row."""
PAUSE_MS = 120
"""New sizes are set after a pause this long in the typing."""


class FormulaView(PlainLabel):
    """Shows lines of a formula. sizes: another label, for the sizes that have no room in it."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes = muted()
        self._lines: tuple[FormulaLine, ...] = ()
        self._with_sizes = True
        self._unset: list[str] = []
        self._formulas: list[str] = []
        self.svgs: list[str] = []
        self._renderers: list[QSvgRenderer] = []
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._begin)
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._set_next)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._add_copying()
        theme.changed.connect(self._dress)

    @property
    def is_set(self) -> bool:
        """Whether the formula is shown as in a textbook, and is that of the last call."""
        return bool(self._renderers) and not (self._soon.isActive() or self._idle.isActive())

    @property
    def shows_sizes(self) -> bool:
        """Whether the sizes stand in the formula itself."""
        return bool(self._renderers) and self._with_sizes

    def show_formula(self, plain: str, lines: Sequence[FormulaLine], sizes: str) -> None:
        """Show these lines; plain: the same in one line of text, sizes: those of parameters."""
        before, self._lines = self._lines, tuple(lines)
        self.setText(plain)
        self.sizes.setText(sizes)
        self.setAccessibleDescription(sizes)
        self.setVisible(bool(plain or lines))
        self._show_sizes()
        if self._lines == before:
            return
        only_sizes = [line.marked for line in before] == [line.marked for line in lines]
        if only_sizes and self.svgs:
            self._soon.start()
        else:
            self._begin()

    def latex(self) -> str:
        """The formula in LaTeX, a line for each step."""
        return "\n".join(line.bare() for line in self._lines)

    def _begin(self) -> None:
        """Set the lines with their sizes; if that becomes too wide, `_fit` drops the sizes."""
        self._soon.stop()
        self._with_sizes = True
        self._set([line.with_sizes() for line in self._lines])

    def _set(self, formulas: list[str]) -> None:
        """Show these formulas when all are set; until then, those before stay."""
        self._formulas = formulas
        self._unset = [formula for formula in formulas if not is_remembered(formula)]
        if self._unset:
            self._idle.start()
        else:
            self._show_set()

    def _set_next(self) -> None:
        """One formula each time that nothing else is to do, because each takes a while."""
        typeset(self._unset.pop())
        if not self._unset:
            self._idle.stop()
            self._show_set()

    def _show_set(self) -> None:
        self._idle.stop()
        self.svgs = [typeset(formula) for formula in self._formulas]
        if not all(self.svgs):
            self.svgs = []
        self._dress()

    def _dress(self) -> None:
        """Give the formula the theme's colors."""
        ink = {"currentColor": theme.colors.text, SIZE_COLOR: theme.colors.muted}
        self._renderers = [QSvgRenderer(QByteArray(_inked(svg, ink))) for svg in self.svgs]
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._with_sizes and event.size().width() > event.oldSize().width():
            self._begin()
        else:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._renderers:
            self._begin()

    def _fit(self) -> None:
        """Take the height that the formula needs, without sizes where they make it too wide."""
        if not self._renderers:
            self.setMinimumHeight(0)
            self.setMaximumHeight(QWIDGETSIZE_MAX)
            self._show_sizes()
            return
        if self._with_sizes and self._share() < SMALLEST_SHARE and self._has_sizes():
            self._with_sizes = False
            self._set([line.bare() for line in self._lines])
            return
        bottom = max(box.bottom() for box in self.boxes())
        self.setFixedHeight(math.ceil(bottom) + GRID_PX // 2)
        self._show_sizes()

    def _has_sizes(self) -> bool:
        return any(line.with_sizes() != line.bare() for line in self._lines)

    def _show_sizes(self) -> None:
        self.sizes.setVisible(bool(self.sizes.text()) and not self.shows_sizes)

    def _scale(self) -> float:
        share = SCALE_WITH_SIZES if self._with_sizes else SCALE_OF_LETTERS
        return share * QFontInfo(self.font()).pixelSize() / EM_PX

    def _share(self) -> float:
        """How much of its natural size the widest line can have."""
        widest = max(renderer.viewBoxF().width() for renderer in self._renderers)
        return min(1.0, self.width() / (widest * self._scale()))

    def boxes(self) -> list[QRectF]:
        """Where each line is painted: side by side while there is room, on a common baseline."""
        scale, boxes, top = self._scale() * self._share(), [], 0.0
        for row in _rows(
            [renderer.viewBoxF() for renderer in self._renderers], self.width(), scale
        ):
            rise = max(-natural.top() for natural in row) * scale
            left = 0.0
            for natural in row:
                size = natural.size() * scale
                boxes.append(QRectF(left, top + rise + natural.top() * scale, *size.toTuple()))
                left = boxes[-1].right() + GAP_PX
            top = max(box.bottom() for box in boxes[-len(row) :]) + GRID_PX / 2
        return boxes

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._renderers:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for renderer, box in zip(self._renderers, self.boxes(), strict=True):
            renderer.render(painter, box)

    def _add_copying(self) -> None:
        copy = QAction(self.tr("Copy as LaTeX"), self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.latex()))
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def _rows(boxes: Sequence[QRectF], width: float, scale: float) -> list[list[QRectF]]:
    """Natural boxes in rows that fit into the width; one box a row always does."""
    rows: list[list[QRectF]] = []
    room = 0.0
    for box in boxes:
        needed = box.width() * scale + GAP_PX
        if not rows or needed > room + GAP_PX:
            rows.append([])
            room = width
        rows[-1].append(box)
        room -= needed
    return rows


QWIDGETSIZE_MAX = 16_777_215
"""Qt's word for "as large as you like"."""


def _inked(svg: str, ink: dict[str, str]) -> bytes:
    for name, color in ink.items():
        svg = svg.replace(f'"{name}"', f'"{color}"')
    return svg.encode()
