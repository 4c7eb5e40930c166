"""Where the tabs of nodes hang, so that they cover no node, no label of a wire and no other tab."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from studio.canvas.measure_tab import INSIDE, TabSpot, area_of, spots
from studio.canvas.node_item import NodeItem
from studio.canvas.scene import CanvasScene

Array = np.ndarray

MARGIN = 1.0


def free_spots(scene: CanvasScene) -> dict[str, TabSpot]:
    """The best free spot for each block's tab; inside the node where every spot is taken."""
    keys = list(scene.nodes)
    labels = [
        _row(item.label.sceneBoundingRect())
        for item in scene.wires.values()
        if item.label.isVisible()
    ]
    bodies = [item.box() for item in scene.nodes.values()]
    notes = [_row(item.box()) for item in scene.notes]
    taken = np.array([*bodies, *labels, *notes, *([(0.0,) * 4] * len(keys))])  # (n, 4)
    count = len(taken) - len(keys)
    found: dict[str, TabSpot] = {}
    for key in keys:
        found[key] = INSIDE
        for spot in spots(scene.down):
            area = _area(scene.nodes[key], spot)
            if not _meets(area, taken[:count]):
                taken[count] = area
                count += 1
                found[key] = spot
                break
    return found


def _area(item: NodeItem, spot: TabSpot) -> tuple[float, float, float, float]:
    area = area_of(spot, item.body.height(), item.face.is_group)
    return _row(area.translated(item.pos()).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))


def _row(area: QRectF) -> tuple[float, float, float, float]:
    return area.left(), area.top(), area.right(), area.bottom()


def _meets(area: tuple[float, float, float, float], others: Array) -> bool:
    """Whether an area covers a part of any other."""
    left, top, right, bottom = area
    across = (others[:, 0] < right) & (others[:, 2] > left)
    return bool((across & (others[:, 1] < bottom) & (others[:, 3] > top)).any())
