"""Minimap: the whole design in a corner, shown while it does not fit in the view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGraphicsView, QWidget

from studio.canvas import ink
from studio.canvas.scene import CanvasScene
from studio.look.theme import GRID_PX, theme

LARGEST_PX, SMALLEST_PX = 24 * GRID_PX, 12 * GRID_PX
SHARE = 6
"""The view is this many times wider."""
FORMAT = 5 / 8
"""Height by width."""
LEAST_PX = 2.0
"""A node is drawn at least this large."""
MARGIN = 2.0 * GRID_PX
"""Around the design, in scene pixels."""


class Minimap(QWidget):
    """An overlay on the view. Click or drag to move the view."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        super().__init__(view)
        self._view, self._scene = view, scene
        self._picture = QPixmap()
        self._whole, self._seen = QRectF(), QRectF()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Overview of the whole network"))
        self.setToolTip(self.tr("The whole network. Click to go there."))
        self.hide()
        theme.changed.connect(self.renew)

    def renew(self) -> None:
        """The design changed: redraw it."""
        self._whole = self._scene.whole_box().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self._picture = self._drawn()
        self.look()

    def look(self) -> None:
        """The view shows another part, or is larger or smaller than before."""
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        box = self._scene.whole_box()
        self.setVisible(len(self._scene.nodes) > 1 and not seen.contains(box))
        width = max(SMALLEST_PX, min(self._view.width() // SHARE, LARGEST_PX))
        if width != self.width():
            self.setFixedSize(QSize(width, round(FORMAT * width)))
            self._picture = self._drawn()
        gap = 2 * GRID_PX
        corner = self._view.rect().bottomRight()
        self.move(corner.x() - self.width() - gap, corner.y() - self.height() - gap)
        if seen != self._seen:
            self._seen = seen
            self.update()

    def scene_point(self, at: QPointF) -> QPointF:
        """The point of the scene that is shown here."""
        scale, corner = self._scale(), self._corner()
        return self._whole.topLeft() + (at - corner) / scale

    def _scale(self) -> float:
        whole = self._whole
        return min(self.width() / max(whole.width(), 1), self.height() / max(whole.height(), 1))

    def _corner(self) -> QPointF:
        """Where the design's top left corner is drawn."""
        scale = self._scale()
        across = self.width() - scale * self._whole.width()
        down = self.height() - scale * self._whole.height()
        return QPointF(across / 2, down / 2)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(ink.color(theme.colors.window))
        painter = QPainter(picture)
        self._aim(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        least = LEAST_PX / self._scale()
        painter.setBrush(ink.color(theme.colors.border))
        for note in self._scene.notes:
            painter.drawRect(note.box())
        for item in self._scene.nodes.values():
            name = theme.colors.problem if item.face.problems else None
            painter.setBrush(
                ink.color(name) if name else theme.colors.of_category(item.face.category)
            )
            size = max(item.body.width(), least), max(item.body.height(), least)
            painter.drawRect(QRectF(item.x(), item.y(), *size))
        painter.end()
        return picture

    def _aim(self, painter: QPainter) -> None:
        painter.translate(self._corner())
        painter.scale(self._scale(), self._scale())
        painter.translate(-self._whole.topLeft())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(ink.pen(theme.colors.border, 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self._aim(painter)
        frame = ink.pen(theme.colors.accent, 2)
        frame.setCosmetic(True)
        painter.setPen(frame)
        painter.setBrush(ink.color(theme.colors.accent, 0.12))
        painter.drawRect(self._seen)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._view.centerOn(self.scene_point(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._view.centerOn(self.scene_point(event.position()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.accept()  # the canvas under it does not zoom
            return True
        return super().event(event)
