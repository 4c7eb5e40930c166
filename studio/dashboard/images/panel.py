"""The examples as the network sees them, the wrong ones first; the first layer's weights."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.history import History
from studio.dashboard.control_row import ControlRow, stacked
from studio.dashboard.images.detail import Detail, Judgment, percent
from studio.dashboard.images.examples import ALL_CLASSES, Examples, Wish, look_at
from studio.dashboard.images.scale_bar import ScaleBar
from studio.dashboard.images.tiles import Tile, Tiles, diverging_table, grey_table
from studio.dashboard.images.weights import FirstWeights, codes, first_weights
from studio.dashboard.panel import Surroundings
from studio.dashboard.private_pass import own_network
from studio.dashboard.ranges import Range, from_zero
from studio.dashboard.snapshot_panel import SnapshotPanel
from studio.session import Session, State
from studio.snapshots import Snapshot, Workbench
from studio.theme import theme

Array = np.ndarray

EXAMPLES, WEIGHTS = "examples", "weights"


class Question(NamedTuple):
    """view: EXAMPLES or WEIGHTS. history: of the run that is meant."""

    view: str
    wish: Wish
    history: History | None


class Answer(NamedTuple):
    """content: None where the design and its data have no pictures."""

    content: Examples | FirstWeights | None
    iteration: int


class ImagesPanel(SnapshotPanel):
    """Pictures with predictions, or the weights of the first layer.

    Predictions follow the training; which examples are shown, and in which order, changes only on
    request, with another filter, and when the run comes to rest.
    """

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.workbench)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Images"),
            self.tr(
                "Examples with what the network takes them for and how sure it is: mistakes first, "
                "the most confident in front. Click one for all probabilities. The other view "
                "shows what every unit of the first layer looks for: orange is positive, blue "
                "negative."
            ),
            self.tr(
                "Data whose examples are pictures are shown here, such as handwritten digits. "
                "Choose them in the Data panel."
            ),
            workbench,
            parent,
        )
        self.examples: Examples | None = None
        self.weights: FirstWeights | None = None
        self._wish = Wish()
        self._history: History | None = None
        self._at_rest = False
        self._held: Range | None = None
        self._classes: tuple[str, ...] = ()
        self._make_controls()
        self._make_views()
        theme.changed.connect(self._dress)

    # What SnapshotPanel asks for.

    def compute(self, snapshot: Snapshot, question: Question) -> Answer:
        network = own_network(snapshot)
        if question.view == WEIGHTS:
            return Answer(first_weights(network, snapshot.data), snapshot.iteration)
        return Answer(look_at(network, snapshot.data, question.wish), snapshot.iteration)

    def question(self) -> Question:
        return Question(self.view.currentData(), self._wish, self._history)

    def refresh(self, session: Session) -> None:
        at_rest = session.state not in (State.RUNNING, State.PREPARING)
        if session.history is not self._history or (at_rest and not self._at_rest):
            self._wish = self._wish._replace(order=None)
        self._history, self._at_rest = session.history, at_rest
        super().refresh(session)

    def show_result(self, result: Answer, question: Question) -> None:
        wish = self._wish._replace(order=question.wish.order)
        if question != Question(self.view.currentData(), wish, self._history):
            return  # the user, or another run, was faster
        if result.content is None:
            self.show_empty(True)
        elif isinstance(result.content, FirstWeights):
            self._show_weights(result.content)
        else:
            self._show_examples(result.content, result.iteration)

    def show_empty(self, empty: bool) -> None:
        super().show_empty(empty)
        enlarged = self._views.currentWidget() is self.detail
        shows_weights = self.view.currentData() == WEIGHTS  # from there, a way must lead back
        self.controls.setVisible((not empty or shows_weights) and not enlarged)
        self.detail.bar.setVisible(not empty and enlarged)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back, wherever in the panel the focus is."""
        if event.key() == Qt.Key.Key_Escape and self._views.currentWidget() is self.detail:
            self.close_detail()
        else:
            super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        if self.examples is not None and 0 <= self.gallery.current + step < self.gallery.count:
            self.gallery.set_current(self.gallery.current + step)
            self._show_detail()

    def _filter(self) -> None:
        label = self.label.currentData()
        self._wish = Wish(
            self.part.currentData(),
            ALL_CLASSES if label is None else label,
            self.only_wrong.isChecked(),
        )
        self.gallery.current = 0
        self.gallery.verticalScrollBar().setValue(0)
        self._show_all()
        self.ask_again()

    def _change_view(self) -> None:
        shows_examples = self.view.currentData() == EXAMPLES
        for widget in (self.part, self.label, self.only_wrong, self.sort_button, self.summary):
            widget.setVisible(shows_examples)
        self.scale.setVisible(not shows_examples)
        self._show_all()
        self.ask_again()

    # What is shown.

    def _show_examples(self, examples: Examples, iteration: int) -> None:
        self.examples = examples
        if examples.classes != self._classes:
            self._list_classes(examples.classes)
        if self._wish.order is None:
            self._wish = self._wish._replace(order=tuple(examples.numbers.tolist()))
            tip = self.tr("Of the first {:,} examples. The order is that of iteration {:,}.")
            self.summary.setToolTip(tip.format(examples.judged, iteration))
        text = self.tr("{:,} of {:,} wrong")
        self.summary.setText(text.format(examples.wrong, examples.judged))
        self._fill_gallery()
        if len(examples.numbers) and self._views.currentWidget() is self.detail:
            self._show_detail()
        else:
            self._show_all()

    def _fill_gallery(self) -> None:
        assert self.examples is not None
        name = max(self.examples.classes, key=len, default="")
        longest = f"✗ {name} → {name}, 100 %"
        self.gallery.show_pictures(_flat(self.examples.pixels), grey_table(), self._tile, longest)

    def _show_weights(self, weights: FirstWeights) -> None:
        self.weights = weights
        size = float(abs(weights.values).max(initial=0.0))
        self._held = from_zero(self._held, 0.0, size if size < float("inf") else 1.0)
        limit = self._held[1]
        self.scale.show_limit(limit)
        self.units.show_pictures(
            codes(weights.values, limit), diverging_table(), self._unit, "000: ‖w‖ 0.00"
        )

    def _unit(self, index: int) -> Tile:
        assert self.weights is not None
        norm = float(self.weights.norms[index])
        spoken = self.tr("Unit {} of “{}”: ‖w‖ = {:.4g}.")
        return Tile(
            f"{index + 1}: ‖w‖ {_short(norm)}", spoken.format(index + 1, self.weights.node, norm)
        )

    def _tile(self, index: int) -> Tile:
        assert self.examples is not None
        examples = self.examples
        true, predicted = int(examples.labels[index]), int(examples.predicted[index])
        p = float(examples.probabilities[predicted, index])
        names = examples.classes
        if true == predicted:
            return Tile(f"✓ {names[true]}, {p:.0%}".replace("%", " %"), self._words(index))
        caption = f"✗ {names[true]} → {names[predicted]}, {p:.0%}".replace("%", " %")
        return Tile(caption, self._words(index), marked=True)

    def _words(self, index: int) -> str:
        assert self.examples is not None
        examples = self.examples
        true, predicted = int(examples.labels[index]), int(examples.predicted[index])
        p = percent(float(examples.probabilities[predicted, index]))
        text = self.tr("Example {:,}: true {}, predicted {} ({}).")
        names = examples.classes
        return text.format(int(examples.numbers[index]) + 1, names[true], names[predicted], p)

    def _show_detail(self) -> None:
        assert self.examples is not None
        index, examples = self.gallery.current, self.examples
        probabilities = tuple(examples.probabilities[:, index].tolist())
        judgment = Judgment(
            examples.classes,
            probabilities,
            int(examples.labels[index]),
            int(examples.predicted[index]),
        )
        self.detail.show_example(self.gallery.picture(index), self._words(index), judgment)

    def _list_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        self.label.clear()
        self.label.addItem(self.tr("All classes"), ALL_CLASSES)
        for number, name in enumerate(classes):
            self.label.addItem(self.tr("True {}").format(name), number)
        self._wish = self._wish._replace(label=ALL_CLASSES)

    def _show_all(self) -> None:
        """All tiles of the view, or the sentence that says that there are none."""
        self.controls.setVisible(not self.is_empty)
        self.detail.bar.hide()
        if self.view.currentData() == WEIGHTS:
            self._views.setCurrentWidget(self.units)
        elif self.examples is not None and not len(self.examples.numbers):
            self._views.setCurrentWidget(self._nothing)
        else:
            self._views.setCurrentWidget(self.gallery)

    def _dress(self) -> None:
        """Pictures are made of the theme's colors."""
        if self.examples is not None:
            self._fill_gallery()
            if self._views.currentWidget() is self.detail:
                self._show_detail()
        if self.weights is not None:
            self._show_weights(self.weights)

    # Building.

    def _make_controls(self) -> None:
        self.controls = row = ControlRow(self)
        row.hide()
        self.view = row.add_combo(
            self.tr("What is shown"),
            [(self.tr("Examples"), EXAMPLES), (self.tr("First-layer weights"), WEIGHTS)],
        )
        self.part = row.add_combo(
            self.tr("Set of examples"), [(self.tr("Dev"), "dev"), (self.tr("Train"), "train")]
        )
        self.label = row.add_combo(self.tr("True class"), [(self.tr("All classes"), ALL_CLASSES)])
        self.only_wrong = row.add_check(
            self.tr("Only wrong"), self.tr("Leave out what the network gets right.")
        )
        self.sort_button = row.add_button(
            self.tr("Sort"),
            self.tr("Sort by what the network says now. Until then, no picture moves."),
        )
        self.summary = QLabel(self)
        self.summary.setProperty("role", "muted")
        self.scale = ScaleBar(self)
        row.add(self.summary)
        row.add(self.scale)
        self.scale.hide()
        self.view.activated.connect(self._change_view)
        for signal in (self.part.activated, self.label.activated, self.only_wrong.clicked):
            signal.connect(self._filter)
        self.sort_button.clicked.connect(self.sort)

    def _make_views(self) -> None:
        self.gallery = Tiles(self.tr("Examples, the mistakes first"), self)
        self.gallery.chosen.connect(self.open_detail)
        self.units = Tiles(self.tr("Weights of the units of the first layer"), self)
        self.detail = Detail(self)
        self.detail.closed.connect(self.close_detail)
        self.detail.moved.connect(self._move)
        self.header.addWidget(stacked(self.controls, self.detail.bar), 1)
        self._nothing = QLabel(self.tr("No example fits this choice. Choose another one above."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("role", "muted")
        self._views = QStackedWidget(self.content)
        for view in (self.gallery, self.units, self.detail, self._nothing):
            self._views.addWidget(view)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)


def _short(norm: float) -> str:
    return f"{norm:.2f}" if norm < 100 else f"{norm:.1e}"


def _flat(pixels: Array) -> Array:
    """One channel as indices into a table of greys, three as colors; others as their mean."""
    channels = pixels.shape[-1]
    if channels == 3:
        return pixels
    if channels == 1:
        return pixels[..., 0]
    return np.rint(pixels.mean(axis=-1)).astype(np.uint8)
