"""NodeTab: what a node tells of the run, and where it hangs."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from studio.canvas import measure_tab
from studio.canvas.face import NodeFace
from studio.canvas.measure_tab import NodeMeasure, TabSpot
from studio.canvas.node_words import FAR, MIDDLE, TINY


class NodeTab:
    """A measure at a spot; nothing is shown while either is missing. height: of the node's body."""

    def __init__(self) -> None:
        self.measure: NodeMeasure | None = None
        self.spot: TabSpot | None = None

    def area(self, face: NodeFace, height: float) -> QRectF:
        """Where the tab is, seen from the node; empty where there is none."""
        if self.measure is None or self.spot is None:
            return QRectF()
        room = measure_tab.area_of(self.spot, height, face.is_group)
        return room if self.measure.alarm else measure_tab.number_area(room)

    def reach(self, face: NodeFace, height: float) -> QRectF:
        """All that the tab may cover, from near or from far, with or without an alarm."""
        if self.measure is None or self.spot is None:
            return QRectF()
        near = measure_tab.area_of(self.spot, height, face.is_group)
        far = measure_tab.far_area(self.spot, height, face.is_group, face.down)
        return near.united(far).adjusted(-1, -1, 1, 1)

    def sentences(self) -> list[str]:
        """The number and the alarms in words."""
        if self.measure is None:
            return []
        return [self.measure.words, *(f"Alarm: {alarm}." for alarm in self.measure.alarms)]

    def paint(self, painter: QPainter, scale: float, face: NodeFace, height: float) -> None:
        """Draw what can be read at this scale."""
        spot, measure = self.spot, self.measure
        if spot is None or measure is None or scale < TINY:
            return
        if scale < FAR:
            far = measure_tab.far_area(spot, height, face.is_group, face.down)
            measure_tab.paint_far(painter, far, measure)
        else:
            near = measure_tab.area_of(spot, height, face.is_group)
            measure_tab.paint_near(painter, near, spot, measure, scale < MIDDLE)
