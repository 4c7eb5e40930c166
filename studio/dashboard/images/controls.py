"""ImageControls: examples or weights, and which of the examples."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.probes.examples import ALL_CLASSES, ExamplesWish
from studio.dashboard.images.scale_bar import ScaleBar
from studio.look.plain_text import PlainLabel
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option

EXAMPLES, WEIGHTS = "examples", "weights"


class ImageControls(ControlRow):
    """view_changed, filter_changed: the user chose something else. sort_wanted: sort again."""

    view_changed = Signal()
    filter_changed = Signal()
    sort_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self.view = self.add_combo(
            self.tr("View"),
            [(self.tr("Examples"), EXAMPLES), (self.tr("First-layer weights"), WEIGHTS)],
        )
        self.part = self.add_combo(
            self.tr("Set of examples"), [(self.tr("Dev"), "dev"), (self.tr("Train"), "train")]
        )
        self.label = self.add_combo(self.tr("True class"), [(self.tr("All classes"), ALL_CLASSES)])
        self.only_wrong = self.add_check(
            self.tr("Only misclassified"), self.tr("Hide examples that the network gets right.")
        )
        self.sort = self.add_button(
            self.tr("Sort"),
            self.tr("Sort by the current predictions. Until then, no picture moves."),
        )
        self.summary = PlainLabel(parent=self)
        self.summary.setProperty("role", "muted")
        self.scale = ScaleBar(self)
        self.add(self.summary)
        self.add(self.scale)
        self.scale.hide()
        for name, control in {
            "view": self.view,
            "set": self.part,
            "label": self.label,
            "only_wrong": self.only_wrong,
            "sort": self.sort,
        }.items():
            name_option(name, control)
        self.view.activated.connect(self._change_view)
        for signal in (self.part.activated, self.label.activated, self.only_wrong.clicked):
            signal.connect(lambda _: self.filter_changed.emit())
        self.sort.clicked.connect(self.sort_wanted)

    @property
    def shows_weights(self) -> bool:
        """Whether the weights are chosen, not the examples."""
        return self.view.currentData() == WEIGHTS

    @property
    def wish(self) -> ExamplesWish:
        """Which examples are chosen, to be sorted again."""
        return ExamplesWish(
            self.part.currentData(), self.label.currentData(), self.only_wrong.isChecked()
        )

    def list_classes(self, classes: tuple[str, ...]) -> None:
        """Offer these classes. If they are others than before, all of them are chosen."""
        if classes == self._classes:
            return
        self._classes = classes
        self.label.clear()
        self.label.addItem(self.tr("All classes"), ALL_CLASSES)
        for number, name in enumerate(classes):
            self.label.addItem(self.tr("True {}").format(name), number)
        self.label.setCurrentIndex(0)

    def _change_view(self) -> None:
        of_examples = (self.part, self.label, self.only_wrong, self.sort, self.summary)
        for widget in of_examples:
            widget.setVisible(not self.shows_weights)
        self.scale.setVisible(self.shows_weights)
        self.view_changed.emit()
