"""Surface: the view's events. A press, a drop or a key starts a gesture, which ends in an edit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QWidget

from engine import Layer
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.edge_scroll import EdgeScroll
from studio.canvas.gestures import Gesture, Pointer
from studio.canvas.hover import Hover
from studio.model import block_library, layer_mime
from studio.model.block_library import SavedBlock
from studio.model.document import Document

Held = Qt.MouseButton | Qt.Key | None


class Surface(CanvasBase):
    """Holds the one active gesture and passes events to it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self._hover = Hover(self.canvas)
        self._edges = EdgeScroll(self)
        self._edges.scrolled.connect(self._drag_on)
        self._gesture: Gesture | None = None
        self._held: Held = None
        self._mouse_at: QPointF | None = None
        self._by_mouse = False
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def gesture_for(self, button: Qt.MouseButton, at: Pointer) -> Gesture | None:
        """The gesture that a press begins."""
        raise NotImplementedError

    def gesture_for_drop(self, dragged: Layer | SavedBlock) -> Gesture:
        """The gesture of what is dragged over the view."""
        raise NotImplementedError

    def begin_gesture(self, gesture: Gesture, at: Pointer, held: Held = None) -> None:
        """Start a gesture; releasing the button or key `held` finishes it."""
        self.cancel_gesture()
        self.hold_still()
        self._hover.leave()
        self._gesture, self._held = gesture, held
        gesture.begin(at)
        if gesture.cursor is not None:
            self.viewport().setCursor(gesture.cursor)

    def finish_gesture(self, at: Pointer) -> None:
        """Finish the gesture."""
        gesture, self._gesture, self._held = self._gesture, None, None
        self._edges.stop()
        self.viewport().unsetCursor()
        if gesture is not None:
            gesture.finish(at)

    def cancel_gesture(self) -> bool:
        """Cancel the active gesture; returns whether there was one."""
        gesture, self._gesture, self._held = self._gesture, None, None
        self._edges.stop()
        self.viewport().unsetCursor()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _drag_on(self, at: QPoint) -> None:
        """The scene moved under the mouse, which rests at this pixel."""
        if self._gesture is not None:
            keys = QGuiApplication.queryKeyboardModifiers()
            self._gesture.move(Pointer(self.mapToScene(at), at, keys))

    def _move_gesture(self, gesture: Gesture, at: Pointer) -> None:
        gesture.move(at)
        if gesture.scrolls and gesture.travelled(at):
            self._edges.follow(at.view)

    @property
    def gesture(self) -> Gesture | None:
        """The active gesture."""
        return self._gesture

    def pointer(self) -> Pointer:
        """Where the mouse is now."""
        at = self.viewport().mapFromGlobal(QCursor.pos())
        return Pointer(self.mapToScene(at), at, Qt.KeyboardModifier.NoModifier)

    def pointed(self) -> QPointF | None:
        """The point of the scene under the mouse; None where the mouse is elsewhere, over a node,
        or merely rests while the keyboard is used."""
        at = self.pointer()
        over = self.underMouse() and self.viewport().rect().contains(at.view)
        if not over or not self._by_mouse or self.canvas.node_at(at.scene) is not None:
            return None
        return at.scene

    def uses_keys(self) -> None:
        """A key did something: the mouse points at nothing until it is used again."""
        self._by_mouse = False

    def _uses_mouse(self, event: QMouseEvent) -> None:
        """Qt reports moves that did not happen when a menu closes under the mouse."""
        if event.globalPosition() != self._mouse_at:
            self._mouse_at, self._by_mouse = event.globalPosition(), True

    # Mouse.

    def pointer_of(self, event: QMouseEvent | QDropEvent) -> Pointer:
        """Where an event happened."""
        at = event.position().toPoint()
        return Pointer(self.mapToScene(at), at, event.modifiers())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_mouse = True
        at = self.pointer_of(event)
        if self._gesture is not None:
            self._gesture.press(at)
            return
        self.pointer_hint.clear_now()
        gesture = self.gesture_for(event.button(), at)
        if gesture is not None:
            self.begin_gesture(gesture, at, event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._uses_mouse(event)
        at = self.pointer_of(event)
        if self._gesture is not None:
            self._move_gesture(self._gesture, at)
        else:
            self.viewport().setCursor(self._hover.move(at, self.port_reach()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self.pointer_of(event)
        if self._gesture is not None and event.button() == self._held:
            self.finish_gesture(at)
        elif self._gesture is not None:
            self._gesture.lift(at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover.leave()

    # Drag and drop.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        dragged = layer_mime.from_mime(data) or block_library.from_mime(data)
        if dragged is None:
            event.ignore()
            return
        self.begin_gesture(self.gesture_for_drop(dragged), self.pointer_of(event))
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._gesture is None:
            event.ignore()
            return
        self._move_gesture(self._gesture, self.pointer_of(event))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._gesture is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.finish_gesture(self.pointer_of(event))

    # Keys.

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._held is not None and event.key() == self._held and not event.isAutoRepeat():
            self.finish_gesture(self.pointer())
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if isinstance(self._held, Qt.Key):
            self.cancel_gesture()
