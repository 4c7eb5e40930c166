"""Colors, fonts and spacing: one neutral surface, one accent, the Okabe-Ito palette for series."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from studio.look.colors import (
    CATEGORY_SERIES,
    DARK,
    HIGH_CONTRAST,
    HIGH_CONTRAST_DARK,
    LIGHT,
    SERIES,
    SERIES_DARK,
    Colors,
)

__all__ = [
    "CATEGORY_SERIES",
    "DARK",
    "GRID_PX",
    "HIGH_CONTRAST",
    "HIGH_CONTRAST_DARK",
    "LIGHT",
    "LOOKS",
    "SERIES",
    "SERIES_DARK",
    "SYSTEM",
    "Colors",
    "Theme",
    "fixed_font",
    "tabular_font",
    "theme",
]

GRID_PX = 8
"""Every gap is a multiple of it (or its half)."""

SYSTEM = "system"
LOOKS = {
    "light": LIGHT,
    "dark": DARK,
    "high_contrast": HIGH_CONTRAST,
    "high_contrast_dark": HIGH_CONTRAST_DARK,
}
LOOK_SETTING, MOTION_SETTING = "look", "reduced_motion"


class Theme(QObject):
    """The look in use. Views that paint their own colors listen to `changed`.

    choice: the user's, one of `names()`. reduced_motion: whether nothing should move by itself;
    Qt does not tell the system's wish, so it is a setting.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colors = LIGHT
        self.choice = SYSTEM
        self.reduced_motion = False
        self._listens = False

    @staticmethod
    def names() -> list[str]:
        """What can be chosen."""
        return [SYSTEM, *LOOKS]

    def title(self, name: str) -> str:
        """A choice as a menu shows it."""
        titles = {
            SYSTEM: self.tr("Match System"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "high_contrast": self.tr("High Contrast, Light"),
            "high_contrast_dark": self.tr("High Contrast, Dark"),
        }
        return titles[name]

    def choose(self, name: str) -> None:
        """Wear a look from now on, in later sessions too."""
        if name not in self.names():
            raise ValueError(f"There is no look '{name}'. Known: {', '.join(self.names())}.")
        QSettings().setValue(LOOK_SETTING, name)
        self.follow_system()

    def reduce_motion(self, on: bool) -> None:
        """Let nothing move by itself, in later sessions too."""
        QSettings().setValue(MOTION_SETTING, on)
        self.reduced_motion = on
        self.changed.emit()

    def apply(self, dark: bool) -> None:
        """Dress the application in the light or the dark look."""
        self.wear(DARK if dark else LIGHT)

    def follow_system(self) -> None:
        """Take the look that the user chose last time; if none, the system's, now and whenever
        it changes."""
        self._listen()
        settings = QSettings()
        choice = str(settings.value(LOOK_SETTING, SYSTEM))
        self.choice = choice if choice in LOOKS else SYSTEM
        self.reduced_motion = bool(settings.value(MOTION_SETTING, False, type=bool))
        self.wear(LOOKS.get(self.choice) or look_of_system())

    def _listen(self) -> None:
        if self._listens:
            return
        self._listens = True
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.follow_system)
        if hasattr(hints, "accessibility"):  # Qt 6.10 and later
            hints.accessibility().contrastPreferenceChanged.connect(self.follow_system)

    def wear(self, colors: Colors) -> None:
        """Palette, style sheet and pyqtgraph's defaults."""
        self.colors = colors
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        app.setPalette(_palette(colors))
        app.setStyleSheet(_style_sheet(colors))
        pg.setConfigOptions(background=colors.surface, foreground=colors.muted, antialias=False)
        self.changed.emit()


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


def look_of_system() -> Colors:
    """The look that fits what the user has chosen for all programs."""
    hints = QGuiApplication.styleHints()
    dark = hints.colorScheme() == Qt.ColorScheme.Dark
    if hasattr(hints, "accessibility"):  # Qt 6.10 and later
        wish = hints.accessibility().contrastPreference()
        if wish == Qt.ContrastPreference.HighContrast:
            return HIGH_CONTRAST_DARK if dark else HIGH_CONTRAST
    return DARK if dark else LIGHT


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
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(c.disabled))
    return palette


def _style_sheet(c: Colors) -> str:
    side = round(0.8 * QFontMetrics(QApplication.font()).height())
    inside = side + 2 * c.line_px - 2 * (side // 4 + 1)
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
    border: {c.line_px}px solid {c.border}; border-radius: 4px; padding: 3px 4px;
    background: {c.surface};
}}
QLineEdit:focus {{ border-color: {c.accent}; }}
QLineEdit[invalid="true"] {{ border: 2px solid {c.problem}; padding: 2px 3px; }}
QRadioButton::indicator {{
    width: {side}px; height: {side}px; border: {c.line_px}px solid {c.muted};
    border-radius: {side // 2 + c.line_px}px; background: {c.surface};
}}
QRadioButton::indicator:checked {{ border: {side // 4 + 1}px solid {c.accent}; width: {inside}px;
    height: {inside}px; background: {c.surface}; }}
QRadioButton::indicator:focus {{ border-color: {c.accent}; }}
{_strong_lines(c) if c.line_px > 1 else ""}
"""


def _strong_lines(c: Colors) -> str:
    """Lines around and between all parts, where Fusion would draw pale ones."""
    return f"""
QMainWindow::separator {{ background: {c.border}; width: {c.line_px}px; height: {c.line_px}px; }}
QProgressBar {{ border: {c.line_px}px solid {c.border}; background: {c.surface}; }}
QProgressBar::chunk {{ background: {c.grid}; }}
QToolBar {{ border-bottom: {c.line_px}px solid {c.border}; }}
QStatusBar {{ border-top: {c.line_px}px solid {c.border}; }}
QToolTip, QMenu, QFrame[role="popup"], QDialog QAbstractItemView {{
    border: {c.line_px}px solid {c.border};
}}
QLineEdit:focus {{ border: 3px solid {c.accent}; padding: 2px 3px; }}
QPushButton {{
    border: {c.line_px}px solid {c.border}; border-radius: 4px; padding: 3px 12px;
    background: {c.surface}; color: {c.text};
}}
QPushButton:hover, QPushButton:pressed {{ background: {c.accent}; color: {c.on_accent}; }}
QPushButton:focus {{ border: 3px solid {c.accent}; padding: 2px 11px; }}
QPushButton:disabled {{ border-style: dashed; color: {c.disabled}; background: {c.surface}; }}
QToolButton:focus {{ border: 3px solid {c.accent}; border-radius: 4px; }}
QTabBar::tab {{
    border: {c.line_px}px solid {c.border}; padding: 3px 8px; background: {c.surface};
}}
QTabBar::tab:selected {{ background: {c.text}; color: {c.surface}; }}
QTabBar::tab:focus {{ border: 3px solid {c.accent}; }}
"""
