"""LiveMeasures: how every layer fares in the run, as tabs at the nodes and thickness of the wires.

A wire is as thick as the layer that it leads to learns strongly: the gradient comes back through it
from there. Behind a layer without parameters, the next one that has some counts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction, QActionGroup

from engine.health.alarms import Alarm
from engine.probes.moment import Moment
from engine.probes.snapshot import NOWHERE
from engine.probes.standing_alarms import standing_alarms
from engine.training.history import History
from engine.words import scientific
from studio.canvas import CanvasView
from studio.canvas.measure_tab import NodeMeasure
from studio.canvas.wire_item import WireMeasure
from studio.live_canvas.gauge import (
    GAUGES,
    HIGH,
    LOW,
    WIDEST_NUMBER,
    Array,
    Gauge,
    bars,
    thicknesses,
)
from studio.live_canvas.plan import Course, MeasurePlan
from studio.live_canvas.same_design import SameDesign
from studio.live_canvas.tab_places import free_spots
from studio.look.theme import theme
from studio.running.painted_facts import facts_of
from studio.running.session import Session

SETTING = "live_measures"
OFF = "off"
INTERVAL_S = 0.2
"""Numbers that change more often cannot be read..."""
CALM_INTERVAL_S = 1.0
"""...and with reduced motion they change once a second."""


class LiveMeasures(QObject):
    """A view of the run on the canvas; the dashboard refreshes it like a panel.

    gauge: what is shown, or None. The choice is remembered.
    """

    def __init__(self, canvas: CanvasView, session: Session) -> None:
        super().__init__(canvas)
        self.behind = False
        self._canvas, self.moment = canvas, session.moment()
        self._gauges = {gauge.key: gauge for gauge in GAUGES}
        self._plan: tuple[History, MeasurePlan] | None = None
        self._alarms: tuple[History | None, int, dict[str, list[Alarm]]] = None, -1, {}
        self._same = SameDesign(canvas.document)
        self._shown_at = 0.0
        self.origin = NOWHERE
        self._numbers: dict[str, float] = {}
        self._is_empty = True
        self._places_known = False
        self._helps: list[str] = []
        choice = str(QSettings().value(SETTING, GAUGES[0].key))
        self.gauge = self._gauges.get(choice)
        canvas.document.changed.connect(self._follow)
        session.stale_changed.connect(self._look_again)
        self._make_room()

    # For dashboard and window.

    def isVisible(self) -> bool:
        """Whether there is anything to keep up to date."""
        return self.gauge is not None and self._canvas.isVisible()

    def refresh(self, moment: Moment) -> None:
        """Show the newest numbers; only what looks different is touched."""
        self.moment = moment
        gauge, history = self.gauge, moment.history
        if gauge is None or history is None or not self._same.holds_for(moment):
            self.clear()
            return
        newest = gauge.newest(history)
        if newest is None:
            self.clear()
            return
        self.behind = moment.running and self._is_too_early()
        if not self.behind:
            self._shown_at = time.monotonic()
            self._is_empty = False
            self.origin = moment.origin
            self._numbers = dict(zip(history.nodes, newest.tolist(), strict=True))
            self._show(gauge, history, newest)

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data; nodes: the number at each layer."""
        return {
            **facts_of(self.origin, "train", empty=self._is_empty),
            "gauge": self.gauge.key if self.gauge is not None else OFF,
            "nodes": {} if self._is_empty else dict(self._numbers),
        }

    def choose(self, key: str) -> None:
        """Show another gauge by its key, or nothing; in later sessions too."""
        QSettings().setValue(SETTING, key)
        self.gauge = self._gauges.get(key)
        self._plan = None
        self.clear()
        self._make_room()
        self._shown_at = 0.0
        if self.isVisible():
            self.refresh(self.moment)

    def attach(self, actions: Mapping[str, QAction]) -> None:
        """Let the commands show which gauge is chosen; one of them always is."""
        group = QActionGroup(self)
        for key in (OFF, *self._gauges):
            group.addAction(actions[f"live_{key}"])
        actions[f"live_{self.gauge.key if self.gauge else OFF}"].setChecked(True)

    def clear(self) -> None:
        """Show no numbers."""
        self.behind = False
        if self._is_empty:
            return
        self._is_empty = True
        for node in self._canvas.canvas.nodes.values():
            node.set_measure(None)
        for wire in self._canvas.canvas.wires.values():
            wire.set_measure(None)

    # Following document and run.

    def _follow(self, *_: object) -> None:
        """After an edit other items may stand on the canvas, and labels elsewhere."""
        self._plan = None
        self._make_room()
        self._look_again()

    def _look_again(self, *_: object) -> None:
        self._shown_at = 0.0
        if not self._same.holds_for(self.moment):
            self.clear()
        self.behind = True

    def _is_too_early(self) -> bool:
        interval = CALM_INTERVAL_S if theme.reduced_motion else INTERVAL_S
        return time.monotonic() - self._shown_at < interval

    def _make_room(self) -> None:
        """Second lines for the labels of wires, and places for the tabs."""
        scene, gauge = self._canvas.canvas, self.gauge
        scene.reserve_numbers(f"{gauge.symbol} {WIDEST_NUMBER}" if gauge else "")
        self._places_known = False

    # Showing.

    def _show(self, gauge: Gauge, history: History, values: Array) -> None:
        if self._plan is None or self._plan[0] is not history:
            self._plan = history, MeasurePlan.of(self._canvas.canvas, history)
            self._helps = [self._help(gauge, c, history.nodes) for c in self._plan[1].courses]
        if not self._places_known:
            self._places_known = True
            for key, spot in free_spots(self._canvas.canvas).items():
                self._canvas.canvas.nodes[key].place_tab(spot)
        self._show_nodes(gauge, history, values, self._plan[1])
        self._show_wires(gauge, values, self._plan[1])

    def _show_nodes(self, gauge: Gauge, history: History, values: Array, plan: MeasurePlan) -> None:
        alarms, nodes = self._find_alarms(history), self._canvas.canvas.nodes
        lengths = bars(values).tolist()
        told = self.tr("Its {} is {}.").format(gauge.title, "{}")
        for key, layers, is_group in plan.blocks:
            troubled = [layer for layer in layers if history.nodes[layer] in alarms]
            shown = troubled or layers
            layer = shown[0] if len(shown) == 1 else gauge.worst(values, shown)
            raised = [alarm for index in troubled for alarm in alarms[history.nodes[index]]]
            words = self._told_of_group(gauge, history.nodes[layer]) if is_group else told
            text = scientific(float(values[layer]))
            measure = NodeMeasure(gauge.symbol, text, lengths[layer], words)
            if raised:
                sentences = tuple(alarm.text for alarm in raised)
                measure = measure._replace(alarm=_word_of(raised), alarms=sentences)
            nodes[key].set_measure(measure)

    def _show_wires(self, gauge: Gauge, values: Array, plan: MeasurePlan) -> None:
        wires = self._canvas.canvas.wires
        texts = [f"{gauge.symbol} {scientific(value, digits=0)}" for value in values.tolist()]
        looks = list(
            zip(thicknesses(values).tolist(), texts, (~(values > 0)).tolist(), strict=True)
        )
        for course, help in zip(plan.courses, self._helps, strict=True):
            wires[course.wire].set_measure(WireMeasure(*looks[course.layer], help))

    def _told_of_group(self, gauge: Gauge, name: str) -> str:
        told = self.tr("Its worst {} is {}, that of '{}'.")
        return told.format(gauge.title, "{}", name.replace("{", "{{").replace("}", "}}"))

    def _help(self, gauge: Gauge, course: Course, nodes: Sequence[str]) -> str:
        name = nodes[course.layer]
        if not course.ahead:
            where = self.tr("the nearest layer with parameters before it")
        elif course.wire.target == name:
            where = self.tr("the layer it leads to")
        else:
            where = self.tr("the next layer with parameters after it")
        return self.tr(
            "Thickness and number: the {} of '{}', {}. One pixel more for each power "
            "of ten from 1e{} to 1e{}."
        ).format(gauge.title, name, where, LOW, HIGH)

    def _find_alarms(self, history: History) -> dict[str, list[Alarm]]:
        """The alarms that hold now, by layer; looked for when there is a new measurement."""
        measured = len(history.health)
        if self._alarms[0] is not history or self._alarms[1] != measured:
            found: dict[str, list[Alarm]] = {}
            for alarm in standing_alarms(history):
                found.setdefault(alarm.node, []).append(alarm)
            self._alarms = history, measured, found
        return self._alarms[2]


def _word_of(alarms: list[Alarm]) -> str:
    """For the badge: the kind of the first alarm, and how many kinds more there are."""
    kinds = list(dict.fromkeys(alarm.kind for alarm in alarms))
    if not kinds:
        return ""
    return kinds[0] if len(kinds) == 1 else f"{kinds[0]} +{len(kinds) - 1}"
