"""Fonts: letters and formula signs are drawn even where the system has no font for them."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from engine import resources

NEEDED = "Aaθλαŷ√∂Σ‖²⊙−→"
"""Signs that formulas and labels use; a font that has these has the others too."""
BUNDLED = "DejaVuSans.ttf"


def ensure_letters() -> bool:
    """Add the bundled font where the present one lacks letters. Returns whether it was needed.

    The names of the installed fonts do not tell: fontconfig lists "Sans Serif" even where no font
    file exists.
    """
    metrics = QFontMetrics(QApplication.font())
    if all(metrics.inFontUcs4(ord(sign)) for sign in NEEDED):
        return False
    QFontDatabase.addApplicationFont(str(resources.path("fonts", BUNDLED)))
    return True
