"""The examples as the network sees them, the wrong ones first; the first layer's weights."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from engine.probes.example_pictures import flat
from engine.probes.examples import ExamplesWish, JudgedPictures, look_at
from engine.probes.moment import Moment
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Snapshot
from engine.probes.weight_pictures import FirstWeights, codes, first_weights
from studio.dashboard.images.captions import (
    LONGEST_UNIT,
    judgment_of,
    longest_caption,
    sentence_of,
    tile_of,
    tile_of_unit,
)
from studio.dashboard.images.controls import WEIGHTS, ImageControls
from studio.dashboard.images.detail import Detail
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import theme
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.plots.ranges import Range, from_zero
from studio.running.session import State
from studio.running.snapshots import Workbench
from studio.widgets.control_row import stacked
from studio.widgets.tiles import Tiles, diverging_table, gray_table


class ImagesQuestion(NamedTuple):
    """view: what `ImageControls` offers. run: the key of the run that is meant."""

    view: str
    wish: ExamplesWish
    run: str


class ImagesAnswer(NamedTuple):
    """content: None where the design and its data have no pictures."""

    content: JudgedPictures | FirstWeights | None
    iteration: int


class ImagesPanel(SnapshotPanel):
    """Pictures with predictions, or the weights of the first layer.

    Predictions follow the training; which examples are shown, and in which order, changes only on
    request, with another filter, and when the run comes to rest.
    """

    id, tab, column, order = "images", "Images", 1, 3
    judges_an_output = True

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.workbench)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Images"),
            self.tr(
                "Examples with the network's prediction and its confidence: mistakes "
                "first, the most confident in front. Click one to see all "
                "probabilities. The other view shows what each unit of the first "
                "layer looks for: blue is positive, orange is negative."
            ),
            self.tr(
                "Shows examples that are pictures, such as handwritten digits, once the "
                "design can run. Choose such data in the Data panel."
            ),
            workbench,
            parent,
        )
        self.examples: JudgedPictures | None = None
        self.weights: FirstWeights | None = None
        self._wish = ExamplesWish()
        self._run_key = ""
        self._at_rest = False
        self._held: Range | None = None
        self._make_views()
        theme.changed.connect(self._dress)

    # What SnapshotPanel asks for.

    def compute(self, snapshot: Snapshot, question: ImagesQuestion) -> ImagesAnswer:
        network = own_network(snapshot)
        if question.view == WEIGHTS:
            return ImagesAnswer(first_weights(network, snapshot.data), snapshot.iteration)
        return ImagesAnswer(look_at(network, snapshot.data, question.wish), snapshot.iteration)

    def question(self) -> ImagesQuestion:
        return ImagesQuestion(self.controls.view.currentData(), self._wish, self._run_key)

    def follow(self, moment: Moment) -> None:
        at_rest = moment.state not in (State.RUNNING, State.PREPARING) and not self.is_enlarged
        if moment.run is not self._run_key:
            self._show_all()
            self._wish = self._wish._replace(order=None)
        elif at_rest and not self._at_rest:
            self._wish = self._wish._replace(order=None)
        self._run_key, self._at_rest = moment.run, at_rest
        super().follow(moment)

    def show_result(self, result: ImagesAnswer, question: ImagesQuestion) -> bool:
        if question != self.question():
            return False  # the user, or another run, was faster
        if result.content is None:
            self.show_empty(True)
        elif isinstance(result.content, FirstWeights):
            self._show_weights(result.content)
        else:
            self._show_examples(result.content, result.iteration)
        return True

    def painted(self) -> dict[str, Any]:
        """Of the examples; in the view of the weights: node, values and norms."""
        if self.controls.shows_weights and self.weights is not None:
            return self.weights._asdict()
        examples = self.examples
        assert examples is not None
        with np.errstate(divide="ignore"):
            loss = -np.log(examples.probabilities[examples.labels, np.arange(len(examples.labels))])
        return {
            "indices": examples.numbers,
            "predicted": examples.predicted,
            "target": examples.labels,
            "loss": loss,
        }

    def painted_set(self) -> str:
        return self._wish.part

    def show_empty(self, empty: bool) -> None:
        super().show_empty(empty)
        has_way_back = not empty or self.controls.shows_weights
        self.controls.setVisible(has_way_back and not self.is_enlarged)
        self.detail.bar.setVisible(not empty and self.is_enlarged)

    @property
    def is_enlarged(self) -> bool:
        """Whether one example is shown large; as long as it is, nothing is sorted."""
        return self._views.currentWidget() is self.detail

    # What the user does.

    def sort(self) -> None:
        """Sort the examples by what the network says now."""
        self._wish = self._wish._replace(order=None)
        self.ask_again()

    def open_detail(self, index: int) -> None:
        """Show one of the examples large."""
        self.gallery.set_current(index)
        self._show_detail()
        self._views.setCurrentWidget(self.detail)
        self.controls.hide()
        self.detail.bar.show()
        self.detail.setFocus()

    def close_detail(self) -> None:
        """Back to all examples."""
        self._show_all()
        self.gallery.setFocus()
        self.behind = True  # it may have come to rest meanwhile

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back, wherever in the panel the focus is."""
        if event.key() == Qt.Key.Key_Escape and self.is_enlarged:
            self.close_detail()
        else:
            super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        if self.examples is not None and 0 <= self.gallery.current + step < self.gallery.count:
            self.gallery.set_current(self.gallery.current + step)
            self._show_detail()

    def _filter(self) -> None:
        self._wish = self.controls.wish
        self.gallery.current = 0
        self.gallery.verticalScrollBar().setValue(0)
        self._change_view()

    def _change_view(self) -> None:
        self._show_all()
        self.ask_again()

    # What is shown.

    def _show_examples(self, examples: JudgedPictures, iteration: int) -> None:
        self.examples = examples
        self.controls.list_classes(examples.classes)
        if self.controls.wish.label != self._wish.label:
            self._filter()  # that class was one of other data
            return
        if self._wish.order is None:
            order = tuple(examples.numbers.tolist())
            self._wish = self.controls.wish._replace(order=order)
            tip = self.tr("Showing the first {:,} examples, sorted at iteration {:,}.")
            self.controls.summary.setToolTip(plain_tip(tip.format(examples.judged, iteration)))
        text = self.tr("{:,} of {:,} wrong")
        self.controls.summary.setText(text.format(examples.wrong, examples.judged))
        self._fill_gallery()
        if len(examples.numbers) and self.is_enlarged:
            self._show_detail()
        else:
            self._show_all()

    def _fill_gallery(self) -> None:
        examples = self.examples
        assert examples is not None
        self.gallery.show_pictures(
            flat(examples.pixels),
            gray_table(examples.ink),
            partial(tile_of, examples),
            longest_caption(examples),
        )

    def _show_weights(self, weights: FirstWeights) -> None:
        self.weights = weights
        size = float(abs(weights.values).max(initial=0.0))
        self._held = from_zero(self._held, 0.0, size if size < float("inf") else 1.0)
        limit = self._held[1]
        self.controls.scale.show_limit(limit)
        self.units.show_pictures(
            codes(weights.values, limit),
            diverging_table(),
            partial(tile_of_unit, weights),
            LONGEST_UNIT,
        )

    def _show_detail(self) -> None:
        assert self.examples is not None
        index = self.gallery.current
        self.detail.show_example(
            self.gallery.picture(index),
            sentence_of(self.examples, index),
            judgment_of(self.examples, index),
        )

    def _show_all(self) -> None:
        """All tiles of the view, or the sentence that says that there are none."""
        self.controls.setVisible(not self.is_empty)
        self.detail.bar.hide()
        if self.controls.shows_weights:
            self._views.setCurrentWidget(self.units)
        elif self.examples is not None and not len(self.examples.numbers):
            self._views.setCurrentWidget(self._nothing)
        else:
            self._views.setCurrentWidget(self.gallery)

    def _dress(self) -> None:
        """Pictures are made of the theme's colors."""
        if self.examples is not None:
            self._fill_gallery()
            if self.is_enlarged:
                self._show_detail()
        if self.weights is not None:
            self._show_weights(self.weights)

    # Building.

    def _make_views(self) -> None:
        self.controls = ImageControls(self)
        self.controls.hide()
        self.controls.view_changed.connect(self._change_view)
        self.controls.filter_changed.connect(self._filter)
        self.controls.sort_wanted.connect(self.sort)
        self.gallery = Tiles(self.tr("Examples, mistakes first"), self)
        self.gallery.chosen.connect(self.open_detail)
        self.units = Tiles(self.tr("Weights of the first layer's units"), self)
        self.detail = Detail(self)
        self.detail.closed.connect(self.close_detail)
        self.detail.moved.connect(self._move)
        self.header.addWidget(stacked(self.controls, self.detail.bar), 1)
        self._nothing = PlainLabel(self.tr("No example matches these filters. Change them above."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("role", "muted")
        self._views = QStackedWidget(self.content)
        for view in (self.gallery, self.units, self.detail, self._nothing):
            self._views.addWidget(view)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)
