"""Icons of one family: SVG outlines from resources/icons/actions, in the theme's colors."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from engine import resources
from studio.look.theme import theme

SIZES_PX = (16, 24, 32, 48)


def icon(name: str) -> QIcon:
    """An icon for normal and disabled states; ask again after `theme.changed`."""
    return _icon(name, theme.colors.text, theme.colors.disabled)


@lru_cache(maxsize=256)
def _icon(name: str, color: str, disabled: str) -> QIcon:
    outline = resources.path("icons", "actions", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(outline.replace("currentColor", ink).encode()))
        for size in SIZES_PX:
            result.addPixmap(_pixmap(renderer, size), mode)
    return result


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
