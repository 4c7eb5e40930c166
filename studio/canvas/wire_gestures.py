"""Drawing a wire by mouse or keyboard, from either end, and rewiring an existing one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt

from engine import Design, Wire, can_connect
from engine.project import Project
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.dimensions import NODE_WIDTH, OUTPUT_Y
from studio.canvas.gestures import CONTROL, SHIFT, Gesture, Pointer
from studio.canvas.graph_walk import walk_order
from studio.canvas.node_item import TargetMark
from studio.canvas.port import Port
from studio.canvas.quick_add import QuickAdd
from studio.canvas.routes import plain_route
from studio.canvas.wire_item import PreviewItem
from studio.model import edits


class DrawWire(Gesture):
    """From an output to an input or the other way around, with a live preview.

    Let go on empty canvas, it offers the layers that fit. fixed: the port that the wire keeps.
    moved: an existing wire whose other end is in the hand; on empty canvas that one is deleted.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, view: CanvasBase, quick: QuickAdd, fixed: Port, moved: Wire | None = None
    ) -> None:
        super().__init__(view)
        self._quick = quick
        self._fixed, self._moved = fixed, moved
        self.target: Port | None = None
        self._refusal = ""
        self._preview = PreviewItem()

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        self.scene.addItem(self._preview)
        if self._moved is not None:
            self.scene.wires[self._moved].set_faded(True)
        self._show(at.scene)

    def move(self, at: Pointer) -> None:
        self._aim_at(self._port_under(at), at.view)
        self._show(at.scene)

    def finish(self, at: Pointer) -> None:
        travelled = self.travelled(at)
        if travelled:
            self.move(at)
        target, refusal = self.target, self._refusal
        self._clean_up()
        if target is None:
            if travelled:
                self._let_go(at)
        elif refusal:
            self.view.pointer_hint.say(refusal, at.view)
        else:
            self._wire_to(target)

    def cancel(self) -> None:
        self._clean_up()

    def _let_go(self, at: Pointer) -> None:
        """On empty canvas."""
        if self._moved is not None:
            self.view.commands.delete([], [self._moved])
        else:
            self._quick.open_for_port(self._fixed, at.scene)

    # Targets.

    def _port_under(self, at: Pointer) -> Port | None:
        """The port meant: one within reach, or the node's under the pointer that suits best."""
        port = self.scene.port_at(at.scene, self.view.port_reach())
        if port is not None and port.is_output != self._fixed.is_output:
            return port
        item = self.scene.node_at(at.scene)
        if item is None or item.face.name == self.scene.blocks.block_of(self._fixed.node):
            return None
        key, blocks = item.face.name, self.scene.blocks
        if not self._fixed.is_output:
            return self._first_output(blocks.exit(key))
        if self._moved is not None and blocks.block_of(self._moved.target) == key:
            return Port(self._moved.target, self._moved.port)
        return self._free_input(blocks.entry(key))

    def _free_input(self, name: str) -> Port:
        free, shown = self._design().free_port(name), self.scene.inputs_shown(name)
        return Port(name, free if free in shown or not shown else shown[-1])

    def _first_output(self, name: str) -> Port:
        outputs = self._design().nodes[name].outputs.names
        return Port(name, None, outputs[0] if outputs else "out")

    def _aim_at(self, port: Port | None, at: QPoint) -> None:
        if port == self.target:
            return
        self._mark(None)
        self.target = port
        self._refusal = self._reason(port) if port is not None else ""
        self._mark(port)
        if self._refusal:
            self.view.pointer_hint.say(self._refusal, at, stay=True)
        else:
            self.view.pointer_hint.clear_now()

    def _mark(self, port: Port | None) -> None:
        """Show the target under the hand; None takes the marks away."""
        target = port or self.target
        if target is None or target.node not in self.scene.document.project.design.nodes:
            return
        local = self.scene.blocks.local(target)
        item = self.scene.nodes[local.node]
        item.set_hovered(None if port is None else local)
        allowed = TargetMark.REFUSED if self._refusal else TargetMark.FITS
        item.set_mark(TargetMark.NONE if port is None else allowed)

    def _reason(self, target: Port) -> str:
        """Why the wire would be refused, or an empty string."""
        if self._is_back_home(target):
            return ""
        training, fit = self.document.project.training, self.document.fit
        return can_connect(self._design(), *self._ends(target), training, fit) or ""

    def _design(self) -> Design:
        design = self.document.project.design
        return design if self._moved is None else design.disconnect([self._moved])

    def _ends(self, target: Port) -> Wire:
        """The wire from the fixed port to the target, or the other way around."""
        start, end = (self._fixed, target) if self._fixed.is_output else (target, self._fixed)
        assert end.input is not None
        return Wire(start.node, end.node, end.input, start.out)

    def _is_back_home(self, target: Port) -> bool:
        if self._moved is None:
            return False
        if self._fixed.is_output:
            return target == Port(self._moved.target, self._moved.port)
        return target == Port(self._moved.source, None, self._moved.out)

    # Result.

    def _wire_to(self, target: Port) -> None:
        if self._is_back_home(target):
            return
        source, end = self._ends(target)[:2]
        if self._moved is None:
            text = self.view.tr("Connect {0} to {1}").format(source, end)
        else:
            text = self.view.tr("Rewire {0} to {1}").format(source, end)
        refused = self.document.try_edit(lambda project: self._wired(project, target), text)
        if refused:
            self.view.pointer_hint.say(refused, self.view.view_point(self._anchor()))

    def _wired(self, project: Project, target: Port) -> Project:
        if self._moved is not None:
            project = edits.disconnect(project, [self._moved])
        return edits.connect(project, *self._ends(target))

    # Preview.

    def _anchor(self) -> QPointF:
        return self.scene.point_of(self._fixed)

    def _show(self, hand: QPointF) -> None:
        fixed, free = self._anchor(), hand
        if self.target is not None:
            free = self.scene.point_of(self.target)
        start, end = (fixed, free) if self._fixed.is_output else (free, fixed)
        fits = None if self.target is None else not self._refusal
        course = plain_route(start.toTuple(), end.toTuple(), self.scene.down)
        self._preview.show_route(course, fits)

    def _clean_up(self) -> None:
        self._mark(None)
        self.view.pointer_hint.clear_now()
        self.scene.removeItem(self._preview)
        if self._moved in self.scene.wires:
            self.scene.wires[self._moved].set_faded(False)


class PickWire(Gesture):
    """Click selects a wire; dragging takes it off at its nearer end and moves it."""

    def __init__(self, view: CanvasBase, quick: QuickAdd, wire: Wire) -> None:
        super().__init__(view)
        self._quick = quick
        self._wire = wire
        self._pull: Gesture | None = None

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        if at.keys & (CONTROL | SHIFT):
            self.scene.selection.toggle(wires=[self._wire])
        else:
            self.scene.selection.set(wires=[self._wire])

    def move(self, at: Pointer) -> None:
        if self._pull is None:
            if not self.travelled(at):
                return
            self._pull = _pulling(self.view, self._quick, self._wire, self.start)
            self._pull.begin(self.start)
        self._pull.move(at)

    def finish(self, at: Pointer) -> None:
        if self._pull is not None:
            self._pull.finish(at)

    def cancel(self) -> None:
        if self._pull is not None:
            self._pull.cancel()


def _pulling(view: CanvasBase, quick: QuickAdd, wire: Wire, at: Pointer) -> DrawWire:
    """The gesture that takes off a wire at the end that is nearer to the hand."""
    scene = view.canvas
    source, target = Port(wire.source, None, wire.out), Port(wire.target, wire.port)
    to_source = scene.point_of(source) - at.scene
    to_target = scene.point_of(target) - at.scene
    nearer_source = to_source.manhattanLength() < to_target.manhattanLength()
    return DrawWire(view, quick, target if nearer_source else source, wire)


class ConnectByKeys(DrawWire):
    """The same by keyboard: arrows choose the target, Enter wires, Escape cancels."""

    scrolls = False

    def __init__(self, view: CanvasBase, quick: QuickAdd, source: str) -> None:
        last = view.canvas.blocks.exit(source)
        outputs = view.document.project.design.nodes[last].outputs.names
        super().__init__(view, quick, Port(last, None, outputs[0] if outputs else "out"))
        here = self._along(source)
        others = [name for name in walk_order(self.scene.blocks.flow) if name != source]
        self._choices = sorted(others, key=lambda name: self._along(name) <= here)
        self._chosen = -1

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        self._choose(0)

    def key(self, key: int) -> bool:
        """Take a key; True when the gesture is to finish."""
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._choose(self._chosen + 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._choose(self._chosen - 1)
        return key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def move(self, at: Pointer) -> None:
        """Ignore the mouse."""

    def finish(self, at: Pointer) -> None:
        target, refusal = self.target, self._refusal
        self._clean_up()
        if target is not None and refusal:
            self.view.pointer_hint.say(refusal, self._hint_place(target))
        elif target is not None:
            self._wire_to(target)

    def _along(self, name: str) -> float:
        """How far along the flow a node stands."""
        item = self.scene.nodes[name]
        return item.y() if self.scene.down else item.x()

    def _choose(self, index: int) -> None:
        if not self._choices:
            return
        self._chosen = index % len(self._choices)
        name = self._choices[self._chosen]
        item = self.scene.nodes[name]
        port = self._free_input(self.scene.blocks.entry(name))
        self.view.ensureVisible(item, 24, 24)
        self._aim_at(port, self._hint_place(port))
        self._show(self.scene.point_of(port))

    def _hint_place(self, port: Port) -> QPoint:
        item = self.scene.item_of(port.node)
        return self.view.view_point(item.pos() + QPointF(NODE_WIDTH / 4, 2 * OUTPUT_Y))
