"""DataPanel: what the network learns from, and how the examples are divided."""

from __future__ import annotations

from typing import Any, Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine import EngineError, SpecError
from engine.data import DataPlan, Fit, OwnSource, Preset, SplitFix
from engine.data.splitting.partition import SETS
from engine.layers import shape_text
from engine.losses import task_for
from engine.project import Project
from engine.project.fields import fields_of
from engine.targets import Targets
from studio.data_panel.cross_validation import CrossValidation
from studio.data_panel.examination import DataExamination, Examiner
from studio.data_panel.guard_list import GuardList
from studio.data_panel.parts import counts_at_once, parts_of, sizes_of
from studio.data_panel.presets_button import PresetsButton
from studio.data_panel.split_bar import Counts, SplitBar
from studio.forms import Change, Form
from studio.forms.column import ScrollColumn, muted
from studio.forms.sentence import Sentence
from studio.model import edits
from studio.model.document import Document
from studio.running.jobs import Jobs
from studio.running.painted_facts import facts_of_project
from studio.widgets.option import name_option
from studio.widgets.wrapping_button import WrappingButton

SetName = Literal["train", "dev", "test"]
SOURCE = ("source",)
SPLIT = (*SETS, "distinct", "seed")
ELSEWHERE = ("extra", "train_dev")
"""Fields for training data that come from elsewhere than dev and test."""


class DataPanel(QWidget):
    """Edits project.data, says what the data are, and what the guards find.

    The guards need the data themselves: they look off the window's thread, and only while somebody
    sees the panel. gallery_asked, look_asked: somebody wants to choose other data, or to see these.
    """

    gallery_asked = Signal()
    look_asked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._shown: DataPlan | None = None
        self._examined: tuple[object, ...] = ()
        self._jobs = Jobs(self)
        self.examiner = Examiner(self._jobs, document.sets, self)
        self.cross_validation: CrossValidation | None = None
        self.scroller = ScrollColumn()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroller)
        self.forms: list[Form] = []
        self.about, self.counts, self.reason = muted(), muted(), muted()
        self.misfit, self.guards = Sentence(), GuardList()
        self.bar, self.presets = SplitBar(_counted), PresetsButton()
        self.validate = WrappingButton(self.tr("Cross-Validate…"))
        self.validate.setToolTip(
            self.tr(
                "Evaluate the design by k runs, each holding out a different part of the examples."
            )
        )
        self.gallery = WrappingButton(self.tr("Choose Data…"))
        self.gallery.setToolTip(self.tr("Browse the data sets that come with the program."))
        self.gallery.clicked.connect(self.gallery_asked)
        self.look = WrappingButton(self.tr("View Data…"))
        self.look.setToolTip(self.tr("Rows, points, histograms, pictures, and class counts."))
        self.look.clicked.connect(self.look_asked)
        self._fill()
        document.changed.connect(self._refresh)
        self.bar.moved.connect(self._divide)
        self.presets.chosen.connect(self._take_preset)
        self.validate.clicked.connect(self._open_cross_validation)
        name_option("cross_validate", self.validate)
        self.guards.fix_chosen.connect(self._mend)
        self.examiner.examined.connect(self._show_examination)
        self.examiner.failed.connect(self._show_failure)
        self._refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the focus to the panel means its first field."""
        self.forms[0].tab_stops()[0].setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._examine()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. fields: what each field shows, by name. counts: the
        examples of each set, as far as they are known. concerns: what the guards have found."""
        project, told = self.document.project, self.misfit.text.text()
        return {
            **facts_of_project(project, " ".join(SETS), self.guards.stale, told),
            "fields": {name: shown for form in self.forms for name, shown in form.shown().items()},
            "about": self.about.text(),
            "counts": dict(self.bar.counts),
            "reason": "" if self.reason.isHidden() else self.reason.text(),
            "concerns": self.guards.sentences,
        }

    @property
    def is_busy(self) -> bool:
        """Whether the guards are looking at the data."""
        return self.isVisible() and self.examiner.busy

    def shut_down(self) -> None:
        """End all work in the background; returns when it has ended."""
        self.examiner.stop()
        self._jobs.close()
        if self.cross_validation is not None:
            self.cross_validation.shut_down()
            self.cross_validation.close()

    # How it is laid out

    def _fill(self) -> None:
        self._add_form(SOURCE)
        self.scroller.add(self.gallery)
        self.scroller.add(self.about)
        self.scroller.add(self.look)
        self.scroller.add_heading(self.tr("Split"))
        self.scroller.add(self.bar)
        self.scroller.add(self.counts)
        self.scroller.add(self.misfit)
        self.scroller.add(self.presets)
        self.scroller.add(self.reason)
        self._add_form(SPLIT)
        self.scroller.add_heading(self.tr("Data checks"))
        self.scroller.add(self.guards)
        self.scroller.add(self.validate)
        self.scroller.add_heading(self.tr("Extra training data"))
        self._add_form(ELSEWHERE)
        self.scroller.add_heading(self.tr("Preparation"))
        others = (SOURCE, SPLIT, ELSEWHERE)
        known = {name for group in others for name in group}
        self._add_form(tuple(name for name in fields_of(DataPlan) if name not in known))

    def _add_form(self, names: tuple[str, ...]) -> None:
        fields = fields_of(DataPlan)
        hints = {"extra": self.tr("none"), "train_dev": self.tr("none")}
        form = Form({name: fields[name] for name in names}, self._apply, hints)
        self.forms.append(form)
        self.scroller.add(form)

    # What is shown

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        plan = self.document.project.data
        if plan is not self._shown:
            self._shown = plan
            for form in self.forms:
                form.show_specs([plan])
            self.about.setText(self._describe())
            self._show_counts(plan)
        self._examine()

    def _describe(self) -> str:
        fit = self.document.fit
        alone = tuple(fit.shape) == (1,)
        features = self.tr("1 feature") if alone else self.tr("{shape} features")
        targets = self._targets(fit.task, fit.outputs)
        text = f"{features.format(shape=shape_text(fit.shape))}, {targets}."
        if len(fit.target_blocks) > 1:
            return f"{features.format(shape=shape_text(fit.shape))}. {self._several(fit)}"
        task = task_for(fit.task)
        text = f"{text} {self.tr('Task')}: {task.title}." if task else text
        source = self.document.project.data.source
        if not isinstance(source, OwnSource):
            return text
        name = getattr(source, "file", "") or getattr(source, "folder", "")
        return f"“{name}”. {text}" if name else text

    def _several(self, fit: Fit) -> str:
        """The names of several targets, and what each is; an output picks one of them."""
        told = [
            f"“{block.name}” ({self._targets(block.task, block.outputs)})"
            for block in fit.target_blocks
        ]
        return self.tr("Targets: {names}.").format(names=", ".join(told))

    def _targets(self, task: str, outputs: int) -> str:
        """What each example is to give: this many classes, or so many numbers."""
        if classes := Targets.of(task).class_count(outputs):
            return self.tr("{n} classes").format(n=classes)
        words = self.tr("1 target") if outputs == 1 else self.tr("{n} targets")
        return words.format(n=outputs)

    def _show_counts(self, plan: DataPlan) -> None:
        """How many examples each set has, or why there can be no such sets."""
        try:
            counts = _counted(plan)
        except EngineError as error:
            self._show_misfit(str(error))
            return
        self._show_sizes(plan, counts)

    def _show_sizes(self, plan: DataPlan, counts: Counts) -> None:
        self.bar.show_plan(plan, counts)
        self.presets.show_plan(plan, sum(counts.values()))
        proposal = self.presets.proposal
        self.reason.setText(f"{proposal.reason} {self._shares()}".strip() if proposal else "")
        self.reason.setVisible(proposal is not None)
        self.counts.setText(self._count_words(plan, counts))
        self.counts.show()
        self.misfit.show_text("")

    def _shares(self) -> str:
        """The division is stratified wherever there are classes."""
        classes = self.document.fit.exclusive
        return self.tr("Each set gets the same proportion of every class.") if classes else ""

    def _count_words(self, plan: DataPlan, counts: Counts) -> str:
        if not counts:
            return self.tr("Counting the examples…")
        titles = {
            "train": self.tr("train"),
            "train_dev": self.tr("train-dev"),
            "dev": self.tr("dev"),
            "test": self.tr("test"),
        }
        words = [f"{counts[part.name]:,} {titles[part.name]}" for part in parts_of(plan)]
        return self.tr("{sets} examples").format(sets=" / ".join(words))

    def _show_misfit(self, sentence: str) -> None:
        self.bar.show_plan(self.document.project.data, {})
        self.counts.hide()
        self.reason.hide()
        self.misfit.show_text(sentence)

    # The guards

    def _examine(self) -> None:
        """Ask the guards, if somebody sees the answer and it can be another than the last one."""
        project = self.document.project
        about = (project.data, project.analysis.labels)
        if not self.isVisible() or self._examined == about:
            return
        self._examined = about
        self.guards.show_working()
        self.examiner.ask(project)

    def _show_examination(self, found: DataExamination) -> None:
        plan = self.document.project.data
        self._show_sizes(plan, {part.name: found.sizes[part.name] for part in parts_of(plan)})
        self.guards.show_concerns(found.concerns)

    def _show_failure(self, sentence: str) -> None:
        self._show_misfit(sentence)
        self.guards.show_failure()

    # Edits

    def _apply(self, change: Change) -> str:
        def make(project: Project) -> Project:
            if change.field in SOURCE:
                return edits.set_source(project, change.value(project.data))
            return edits.set_data(project, changed(project.data, change))

        return self.document.try_edit(
            make,
            self.tr("Change {field} of the data").format(field=change.noun),
            merge=f"data.{change.key}",
        )

    def _divide(self, plan: DataPlan) -> None:
        self._set_plan(plan, self.tr("Split the examples"), "data.split")

    def _take_preset(self, preset: Preset) -> None:
        plan = self.document.project.data.with_preset(preset)
        self._set_plan(plan, self.tr("Split the examples %s") % preset.name)

    def _mend(self, fix: SplitFix) -> None:
        refusal = self.document.try_edit(
            lambda project: edits.set_data(project, fix.apply(project.data)), fix.title
        )
        if refusal:
            self.misfit.show_text(refusal)

    def _set_plan(self, plan: DataPlan, text: str, merge: str = "") -> None:
        refusal = self.document.try_edit(lambda p: edits.set_data(p, plan), text, merge)
        if refusal:
            self.misfit.show_text(refusal)

    def _open_cross_validation(self) -> None:
        if self.cross_validation is None:
            self.cross_validation = CrossValidation(self.document, self)
        self.cross_validation.show()
        self.cross_validation.raise_()
        self.cross_validation.activateWindow()
        self.cross_validation.count.setFocus(Qt.FocusReason.PopupFocusReason)


def _counted(plan: DataPlan) -> Counts:
    """Empty where only the data themselves can tell. Raises EngineError for impossible sets."""
    return sizes_of(plan) if counts_at_once(plan) else {}


def changed(plan: DataPlan, change: Change) -> DataPlan:
    """The plan with this change; one fraction takes from the two others, or gives to them."""
    if change.field not in SETS:
        return change.applied(plan)
    try:
        return change.applied(plan)
    except SpecError as error:
        if error.field == change.field:
            raise
    return plan.with_fraction(cast(SetName, change.field), change.value(plan))
