"""Colors, fonts and spacing: one neutral surface, one accent, the Okabe-Ito palette for series."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

GRID_PX = 8
"""Every gap is a multiple of it (or its half)."""

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8F7A00", "#000000")
SERIES_DARK = (
    "#56B4E9",
    "#E6803A",
    "#2BC49A",
    "#DE9CC0",
    "#E69F00",
    "#8CCBEF",
    "#F0E442",
    "#FFFFFF",
)
"""Okabe and Ito (2008), safe for the common kinds of color blindness; lightened for dark ground."""

CATEGORY_SERIES = {
    "input": 2,
    "core": 0,
    "normalization": 3,
    "regularization": 4,
    "merge": 5,
    "output": 1,
}
"""Category of a layer -> index into the series colors, for the stripe of its node."""


@dataclass(frozen=True)
class Colors:
    """One look. Names say what a color is for."""

    window: str
    surface: str
    raised: str
    border: str
    grid: str
    text: str
    muted: str
    accent: str
    on_accent: str
    problem: str
    warning: str
    good: str
    series: tuple[str, ...]

    def of_series(self, index: int) -> QColor:
        """Color of the n-th series; they repeat after eight."""
        return QColor(self.series[index % len(self.series)])

    def of_category(self, category: str) -> QColor:
        """Color of a layer category's stripe."""
        index = CATEGORY_SERIES.get(category)
        return QColor(self.muted) if index is None else self.of_series(index)


LIGHT = Colors(
    window="#F3F4F6",
    surface="#FFFFFF",
    raised="#FAFBFC",
    border="#C9CED6",
    grid="#E6E9ED",
    text="#1B1F24",
    muted="#59626E",
    accent="#0B62B0",
    on_accent="#FFFFFF",
    problem="#B3261E",
    warning="#8A5A00",
    good="#0B6B4B",
    series=SERIES,
)
DARK = Colors(
    window="#1B1D21",
    surface="#23262B",
    raised="#2B2F35",
    border="#454B54",
    grid="#32363D",
    text="#ECEEF1",
    muted="#A7AFBA",
    accent="#6CB6FF",
    on_accent="#0E1116",
    problem="#FF8A80",
    warning="#FFC94D",
    good="#5BD6A8",
    series=SERIES_DARK,
)


class Theme(QObject):
    """The look in use. Views that paint their own colors listen to `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colors = LIGHT

    def apply(self, dark: bool) -> None:
        """Dress the application: palette, style sheet and pyqtgraph's defaults."""
        self.colors = DARK if dark else LIGHT
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        app.setPalette(_palette(self.colors))
        app.setStyleSheet(_style_sheet(self.colors))
        pg.setConfigOptions(
            background=self.colors.surface, foreground=self.colors.muted, antialias=False
        )
        self.changed.emit()

    def follow_system(self) -> None:
        """Take the system's light or dark look."""
        hints = QGuiApplication.styleHints()
        self.apply(hints.colorScheme() == Qt.ColorScheme.Dark)


theme = Theme()
"""The one theme of the process; colors are looked up when something is painted, never stored."""


def tabular_font(scale: float = 1.0) -> QFont:
    """The interface font with figures of equal width, so that changing numbers do not jump."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    if hasattr(QFont, "Tag"):  # Qt 6.7 and later
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fixed_font() -> QFont:
    """The system's fixed-width font."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def _palette(c: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, color in (
        (role.Window, c.window),
        (role.WindowText, c.text),
        (role.Base, c.surface),
        (role.AlternateBase, c.raised),
        (role.Text, c.text),
        (role.Button, c.raised),
        (role.ButtonText, c.text),
        (role.ToolTipBase, c.raised),
        (role.ToolTipText, c.text),
        (role.PlaceholderText, c.muted),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.Link, c.accent),
        (role.Mid, c.border),
    ):
        palette.setColor(target, QColor(color))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(c.muted))
    return palette


def _style_sheet(c: Colors) -> str:
    return f"""
QMainWindow::separator {{ background: {c.window}; width: 6px; height: 6px; }}
QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; }}
QDockWidget::title {{ padding: 6px 8px; background: {c.window}; }}
QToolTip {{ border: 1px solid {c.border}; padding: 4px; background: {c.raised}; color: {c.text}; }}
QToolBar {{ border: 0; padding: 4px 8px; spacing: 4px; background: {c.window}; }}
QStatusBar {{ background: {c.window}; }}
QStatusBar::item {{ border: 0; }}
QLabel[role="muted"] {{ color: {c.muted}; }}
QLabel[role="problem"] {{ color: {c.problem}; }}
QLabel[role="heading"], QLabel[overridden="true"] {{ font-weight: 600; }}
*[inherited="true"] {{
    color: {c.muted}; placeholder-text-color: {c.muted}; font-style: italic;
}}
QLineEdit {{
    border: 1px solid {c.border}; border-radius: 4px; padding: 3px 4px; background: {c.surface};
}}
QLineEdit:focus {{ border-color: {c.accent}; }}
QLineEdit[invalid="true"] {{ border: 2px solid {c.problem}; padding: 2px 3px; }}
"""
