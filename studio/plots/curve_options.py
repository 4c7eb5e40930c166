"""CurveOptions: a row of switches for a plot: logarithmic axis, smoothing, export."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPushButton, QSlider, QWidget

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.plots.smoothing import WINDOWS, beta_of
from studio.widgets.option import name_option

SLIDER_PX = 12 * GRID_PX
FORMATS = ("PNG", "SVG", "CSV")


class CurveOptions(QWidget):
    """logarithmic_changed(on), smoothing_changed(beta), export_wanted(format: "PNG"...)."""

    logarithmic_changed = Signal(bool)
    smoothing_changed = Signal(float)
    export_wanted = Signal(str)

    def __init__(self, logarithmic: bool, smoothing: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.logarithmic = QCheckBox(self.tr("Logarithmic"), self)
        self.logarithmic.setToolTip(self.tr("Use a logarithmic axis."))
        self.logarithmic.toggled.connect(self.logarithmic_changed)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, len(WINDOWS) - 1)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(SLIDER_PX)
        self.slider.setAccessibleName(self.tr("Smoothing"))
        self.slider.setToolTip(self.tr("Exponentially weighted average: v = βv + (1 − β)J."))
        self.slider.valueChanged.connect(self._slide)
        self.smoothing_label = PlainLabel(parent=self)
        self.export_button = QPushButton(self.tr("Export"), self)
        self.export_button.setMenu(self._export_menu())
        if logarithmic:
            name_option("logarithmic", self.logarithmic)
        if smoothing:
            name_option("smoothing", self.slider)
        self._arrange(logarithmic, smoothing)
        self._slide(0)

    @property
    def beta(self) -> float:
        """The smoothing's beta; 0 is none."""
        return beta_of(WINDOWS[self.slider.value()])

    def _slide(self, position: int) -> None:
        window = WINDOWS[position]
        beta = f"{beta_of(window):.3f}".rstrip("0")
        text = self.tr("β = {} (about {:,} steps)").format(beta, window)
        self.smoothing_label.setText(text if position else self.tr("off"))
        self.smoothing_changed.emit(self.beta)

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for name in FORMATS:
            action = menu.addAction(f"{name}…")
            action.triggered.connect(lambda _on=False, name=name: self.export_wanted.emit(name))
        return menu

    def _arrange(self, logarithmic: bool, smoothing: bool) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.logarithmic)
        name = PlainLabel(self.tr("Smoothing"), self)
        metrics = self.smoothing_label.fontMetrics()
        self.smoothing_label.setMinimumWidth(
            metrics.horizontalAdvance("β = 0.999 (about 1,000 steps)")
        )
        for widget in (name, self.slider, self.smoothing_label):
            row.addWidget(widget)
            widget.setVisible(smoothing)
        self.logarithmic.setVisible(logarithmic)
        row.addStretch(1)
        row.addWidget(self.export_button)
