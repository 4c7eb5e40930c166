"""Sheet: all points of a plot on one transparent picture, printed again only when they change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from engine.probes.coloring import Scale, ramp
from engine.probes.points import UNKNOWN, Points
from studio.look.inks import inks_of_theme
from studio.plane.frame import Frame
from studio.plane.stamps import SIGNS_OF_TWO, Stamps, signs_of

SHADES = 16
"""Targets of a regression are told apart in this many steps."""


def printed(
    sets: Sequence[Points],
    frame: Frame,
    stamps: Stamps,
    classes: Sequence[str],
    scale: Scale | None,
) -> QPixmap:
    """The points of all sets, the last set on top. scale: of the targets of a regression."""
    area = frame.area
    sheet = QPixmap((area.size() * stamps.ratio).toSize())
    sheet.setDevicePixelRatio(stamps.ratio)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    for points in sets:
        signs = signs_of(classes) if points.kinds > 2 else list(SIGNS_OF_TWO)
        corners = frame.pixels(points.at)
        corners -= np.array([[area.left()], [area.top()]]) + stamps.half
        used = _stamps_of(points, stamps, signs, scale)
        for x, y, stamp in zip(*corners.tolist(), used, strict=True):
            painter.drawPixmap(QPointF(x, y), stamp)
    painter.end()
    return sheet


def same_points(before: Sequence[Points], after: Sequence[Points]) -> bool:
    """Whether the same points are told alike."""
    return len(before) == len(after) and all(
        a.name == b.name
        and a.total == b.total
        and np.array_equal(a.wrong, b.wrong)
        and np.array_equal(a.targets, b.targets, equal_nan=True)
        and np.array_equal(a.at, b.at)
        for a, b in zip(before, after, strict=True)
    )


def _stamps_of(
    points: Points, stamps: Stamps, signs: Sequence[str], scale: Scale | None
) -> list[QPixmap]:
    """One for each point."""
    if points.classes is None:
        colors = _target_colors(points.targets, scale)
        return [stamps.of_color(points.name, QColor(color)) for color in colors]
    count = len(signs)
    made = {
        (k, wrong): stamps.of_class(points.name, k, count, signs[k], wrong)
        for k in range(UNKNOWN, count)
        for wrong in (False, True)
    }
    return [made[p] for p in zip(points.classes.tolist(), points.wrong.tolist(), strict=True)]


def _target_colors(targets: np.ndarray, scale: Scale | None) -> list[int]:
    """Targets of a regression on the color scale of the predictions, in few steps."""
    if scale is None:
        return [inks_of_theme().middle] * len(targets)
    share = np.rint(SHADES * scale.share(targets)) / SHADES
    colors = ramp(inks_of_theme())
    return colors[np.rint(share * (len(colors) - 1)).astype(int)].tolist()
