"""NeuronPictures: at every layer, what its units compute over the plane, and the weights between.

Computed in one pass over the plane, the one that the panel of the decision boundary shows.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QMouseEvent

from engine.probes.boundary import Unit
from engine.probes.moment import Moment
from engine.probes.plane import PlaneChoice
from engine.probes.snapshot import NOWHERE, Origin, Snapshot
from engine.probes.unit_pictures import PIXELS, UnitAnswer, UnitQuestion, pictures_of
from engine.words import number
from studio.canvas import CanvasView
from studio.canvas.blocks import is_group
from studio.canvas.box_table import BoxTable, corners
from studio.dashboard import Surroundings
from studio.live_canvas.same_design import SameDesign
from studio.live_canvas.unit_edges import UnitEdges
from studio.live_canvas.unit_pictures import UnitPictures, room_of
from studio.look.inks import inks_of_theme
from studio.look.plain_text import wrapped_tip
from studio.look.theme import theme
from studio.running.painted_facts import facts_of
from studio.running.snapshots import SnapshotFeed

Array = np.ndarray

SETTING = COMMAND = "neuron_pictures"
MOST_LAYERS = 300
"""With pictures: of more, nobody could see anything, and painting them would take seconds."""
EDGES_EVERY_S = 1.0
"""Lines between pictures take long to draw, and change little from one picture to the next."""


class NeuronPictures(QObject):
    """A view of the run on the canvas; the dashboard refreshes it like a panel.

    unit_hovered(unit or None), unit_pinned(unit): by the mouse. on: whether they are wanted; this
    is remembered. plane: the choice and the cells of the plane that they cut along.
    """

    unit_hovered = Signal(object)
    unit_pinned = Signal(object)

    def __init__(self, canvas: CanvasView, surroundings: Surroundings) -> None:
        super().__init__(canvas)
        self.behind = False
        self.on = bool(QSettings().value(SETTING, True, type=bool))
        self.items: dict[str, UnitPictures] = {}
        self.edges: dict[tuple[str, str], UnitEdges] = {}
        self._canvas, self.moment = canvas, Moment()
        self.origin = NOWHERE
        self._answer: UnitAnswer | None = None
        self._lines, self._lines_drawn = NOWHERE, 0.0
        self._cells = 0
        self.plane: tuple[PlaneChoice | None, int] = None, PIXELS
        self._hovered: Unit | None = None
        self._same = SameDesign(canvas.document)
        self.feed = SnapshotFeed(surroundings.workbench, self._compute, self)
        self.feed.ready.connect(self._take)
        self._moved = QTimer(self, singleShot=True, interval=0)  # once for all that move together
        self._moved.timeout.connect(self._lay_lines)
        canvas.document.changed.connect(self._follow)
        surroundings.session.stale_changed.connect(self._follow)
        theme.changed.connect(self._look_again)
        canvas.viewport().installEventFilter(self)
        self._make_room()

    # For dashboard and window.

    def isVisible(self) -> bool:
        """Whether there is anything to keep up to date."""
        return self.on and self._canvas.isVisible()

    def refresh(self, moment: Moment) -> None:
        """Ask what the units compute at this moment."""
        if moment.data_kind != self.moment.data_kind:
            self.plane = None, PIXELS  # until the panel shows a plane of these data, if ever
        self.moment = moment
        layers = tuple(key for key in self._canvas.canvas.nodes if not is_group(key))
        if not self.on or not self._fits() or len(layers) > MOST_LAYERS:
            self.clear()
            return
        self.behind = not self.feed.ask(moment, UnitQuestion(inks_of_theme(), layers, *self.plane))
        if not moment.running:
            self._catch_up()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. nodes: the smallest and largest value of each unit
        on the plane; cells: of the plane, along a side; weights: by the names of both layers,
        as their lines were drawn at weights_iteration, some steps earlier while a run is on."""
        answer = self._answer if self.items else None
        pictures = answer.pictures if answer is not None else {}
        return {
            **facts_of(self.origin, empty=not self.items),
            "nodes": {n: {"least": p.least, "most": p.most} for n, p in pictures.items()},
            "weights": {pair: edges.weights for pair, edges in self.edges.items()},
            "weights_iteration": self._lines.iteration,
            "cells": self._cells,
        }

    def show_plane(self, choice: PlaneChoice, cells: int) -> None:
        """Cut along the plane that the panel shows, in its cells: both share one pass."""
        if (choice, cells) != self.plane:
            self.plane = choice, cells
            self.behind = True

    def toggle(self) -> None:
        """Show the pictures or not, in later sessions too."""
        self.on = not self.on
        QSettings().setValue(SETTING, self.on)
        if not self.on:
            self.clear()
        self.behind = self.on
        self._make_room()
        self._canvas.fit_again()

    def attach(self, actions: Mapping[str, QAction]) -> None:
        """Let the command show whether they are on."""
        actions[COMMAND].setChecked(self.on)

    def clear(self) -> None:
        """Take all pictures down."""
        self.behind = False
        self._hover(None)
        self._keep(set(), set())

    # Following document and run.

    def _follow(self, *_: object) -> None:
        """After an edit other items may stand on the canvas; those that are gone took theirs."""
        nodes = self._canvas.canvas.nodes
        alive = {n for n, item in self.items.items() if item.host is nodes.get(n)}
        if not self._fits():
            alive = set()
        pairs = {pair for pair in self.edges if set(pair) <= alive}
        self._keep(alive, pairs)
        self._make_room()
        self._look_again()

    def _make_room(self) -> None:
        """Let the canvas leave room for the pictures that are to come, so that nothing jumps."""
        document = self._canvas.document
        layers, shapes = document.project.design.nodes, document.report.shapes
        shown = [shapes.get(name, ()) for name, layer in layers.items() if layer.weights]
        units = [shape[0] for shape in shown if len(shape) == 1]
        room = room_of(max(units, default=0), self._canvas.canvas.down)
        self._canvas.room_beyond = room if self.on and units else (0.0, 0.0)

    def _look_again(self) -> None:
        self.behind = True

    def _fits(self) -> bool:
        """Whether there are weights of the open design: other pictures would be wrong."""
        return self.moment.can_be_seen and self._same.holds_for(self.moment)

    # Showing.

    def _compute(self, snapshot: Snapshot, question: Any) -> UnitAnswer:
        return pictures_of(snapshot, question)

    def _take(self, result: Any, question: Any, origin: Origin) -> None:
        answer: UnitAnswer = result
        if not self.isVisible() or not self._fits() or origin.run != self.moment.run:
            return
        self.origin, self._answer, self._cells = origin, answer, question.cells
        scene = self._canvas.canvas
        shown = {n for n in answer.pictures if n in scene.nodes}
        pairs = {pair for pair in answer.weights if set(pair) <= shown}
        self._keep(shown & set(self.items), pairs & set(self.edges))
        for node in shown:
            item = self.items.get(node)
            if item is None:
                item = self.items[node] = UnitPictures(scene.nodes[node], self._moved.start)
            item.show_layer(answer.pictures[node], scene.nodes[node].size, scene.down)
        if pairs - set(self.edges) or self._is_time_for_lines():
            self._draw_lines(pairs)
        self._make_way()

    def _is_time_for_lines(self) -> bool:
        """While a run is on, they are drawn once a second at most."""
        return not self.moment.running or time.monotonic() - self._lines_drawn >= EDGES_EVERY_S

    def _catch_up(self) -> None:
        """The run has come to rest: the lines are of the same weights as the pictures."""
        if self._answer is not None and self._lines.key != self.origin.key:
            self._draw_lines(set(self.edges))
            self._make_way()

    def _draw_lines(self, pairs: set[tuple[str, str]]) -> None:
        """Draw the lines between these layers."""
        assert self._answer is not None
        scene = self._canvas.canvas
        self._lines, self._lines_drawn = self.origin, time.monotonic()
        for pair in pairs:
            if pair not in self.edges:
                self.edges[pair] = UnitEdges(*(self.items[node] for node in pair))
                scene.addItem(self.edges[pair])
            weights = self._answer.weights[pair]
            self.edges[pair].show_weights(weights, scene.down, self._hovered is not None)

    def _make_way(self) -> None:
        """Pictures that would cover another node stay away until there is room."""
        bodies = BoxTable((name, item.box()) for name, item in self._canvas.canvas.nodes.items())
        for node, item in self.items.items():
            over = bodies.keys_near(corners(item.box()))
            item.setVisible(all(name == node for name in over))
        for pair, edges in self.edges.items():
            edges.setVisible(all(self.items[node].isVisible() for node in pair))

    def _keep(self, nodes: set[str], pairs: set[tuple[str, str]]) -> None:
        """Take down what is no longer shown."""
        scene = self._canvas.canvas
        for pair in [pair for pair in self.edges if pair not in pairs]:
            scene.removeItem(self.edges.pop(pair))
        for node in [node for node in self.items if node not in nodes]:
            item = self.items.pop(node)
            item.setParentItem(None)  # type: ignore[arg-type]
            if item.scene() is not None:
                scene.removeItem(item)

    def _lay_lines(self) -> None:
        """Nodes were dragged, or another unit is under the mouse: the lines go along."""
        for edges in self.edges.values():
            edges.follow(self._hovered is not None)
        self._make_way()

    # The mouse.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self._hover(None)
        elif not self.items or not isinstance(event, QMouseEvent):
            return False
        elif kind == QEvent.Type.MouseMove:
            free = self._canvas.gesture is None and not event.buttons()
            self._hover(self._unit_at(event) if free else None)
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            unit = self._unit_at(event)
            if event.button() == Qt.MouseButton.LeftButton and unit is not None:
                self.unit_pinned.emit(unit)
                return True  # no rubber band begins here
        return False

    def _unit_at(self, event: QMouseEvent) -> Unit | None:
        at = self._canvas.mapToScene(event.position().toPoint())
        for node, item in self.items.items():
            index = item.unit_at(at) if item.isVisible() else None
            if index is not None:
                return Unit(node, index)
        return None

    def _hover(self, unit: Unit | None) -> None:
        if unit == self._hovered:
            return
        self._hovered = unit
        for node, item in self.items.items():
            mine = unit.number if unit is not None and unit.node == node else None
            item.set_hovered(mine)
            if mine is not None:
                item.setToolTip(wrapped_tip([self._words(item, mine)]))
        self._lay_lines()
        self.unit_hovered.emit(unit)

    def _words(self, item: UnitPictures, index: int) -> str:
        layer = item.layer
        assert layer is not None
        return self.tr(
            "Unit {} of “{}” over the plane, from {} to {}. Lines are its weights: "
            "thicker is larger, solid is positive, dashed is negative. Click to keep "
            "it in “Decision boundary”."
        ).format(
            index + 1,
            item.node,
            number(float(layer.least[index])),
            number(float(layer.most[index])),
        )
