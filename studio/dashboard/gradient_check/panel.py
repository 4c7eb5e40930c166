"""The gradient check of the current weights: in the background, in float64, with the verdict."""

from __future__ import annotations

from typing import Any, Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.gradient_check import BlockReport
from engine.probes.moment import Moment
from studio.dashboard.gradient_check.block_bars import SIGNS, BlockBars
from studio.dashboard.gradient_check.epsilon_plot import EpsilonPlot
from studio.dashboard.gradient_check.options import CheckOptions
from studio.dashboard.gradient_check.work import Result, run_check
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, tabular_font
from studio.model.document import Document
from studio.panels.panel import Panel, Surroundings, restyle
from studio.running.jobs import Job, Jobs
from studio.running.session import Session, State
from studio.widgets.option import name_option

TABLE_LINES = 6
"""The header and the five worst components."""
NAME_PX = 10 * GRID_PX
"""Longer names of blocks are cut in the header of the table."""


class GradientCheckPanel(Panel):
    """Bars of relative errors with the thresholds, the verdict in words, the worst components."""

    id, tab, column, order = "gradient_check", "Check", 2, 3
    _refused = False  # whether the last check could not be made

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.session)

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        self._before = self.tr(
            "Press “Check gradients now” to test back-propagation with the current weights."
        )
        self._during = self.tr(
            "Comparing every gradient with a numerical one. The verdict will appear here."
        )
        super().__init__(
            self.tr("Gradient check"),
            self.tr(
                "Compares the gradients from back-propagation with (J(θ + ε) − J(θ − "
                "ε)) / 2ε. A relative error below 10⁻⁷ is great; above 10⁻³, there is "
                "a bug."
            ),
            self._before,
            parent,
        )
        self._document, self._session = document, session
        self._jobs = Jobs(self)
        self._job: Job | None = None
        self._next_epoch = 0
        self._followed = ""
        self.result: Result | None = None
        self.button = QPushButton(self.tr("Check gradients now"), self)
        self.button.clicked.connect(self.check)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.cancel)
        name_option("check", self.button)
        name_option("cancel", self.cancel_button)
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(self.tr("Progress of the gradient check"))
        self.options = CheckOptions(self)
        self.options.changed.connect(self._mark_bug)
        self.planted = _words(self)
        self.verdict, self.sentence, self.facts = _words(self), _words(self), _words(self)
        self.curve = EpsilonPlot(self)
        self.bars = BlockBars(self)
        self.bars.current_changed.connect(self._show_worst)
        self.worst = self._make_table()
        self._arrange()

    @property
    def is_checking(self) -> bool:
        """Whether a check is on its way."""
        return self._job is not None

    follows_iterations = False  # a check takes long, and is made on request

    def follow(self, moment: Moment) -> None:
        """Check by itself every n epochs, if that is wanted; else only the button does."""
        every, epoch = self.options.every.value(), moment.epoch
        if moment.run != self._followed:
            self._followed, self._next_epoch = moment.run, every
        self._next_epoch = max(self._next_epoch, every)
        if every and epoch >= self._next_epoch and not self.is_checking:
            self._next_epoch = epoch - epoch % every + every
            self.check()

    def shut_down(self) -> None:
        self._jobs.close()

    def check(self) -> None:
        """Check the current weights; without a run, those at initialization."""
        if self._job is not None:
            return
        problem = self._prepare()
        if problem:
            self.say(problem, bad=True)
            return
        session, request = self._session, self.options.request
        self._job = self._jobs.start(lambda job: run_check(job, session, request))
        self._job.progressed.connect(self._show_progress)
        self._job.succeeded.connect(self.show_result)
        self._job.failed.connect(self._tell_failure)
        self._job.cancelled.connect(lambda: self.say(self.tr("The check was canceled.")))
        self._job.ended.connect(self._end)
        self.say("")
        self._set_checking(True)

    def cancel(self) -> None:
        """Stop the check; the last result stays."""
        if self._job is not None:
            self._job.cancel()

    def show_result(self, result: Result) -> None:
        """Show a finished check."""
        self.result = result
        report = result.report
        self.verdict.setText(f"{SIGNS[report.verdict]} {report.verdict.sentence}")
        self.verdict.setProperty("role", "text" if report.passed else "problem")
        restyle(self.verdict)
        font = self.font()
        font.setBold(True)
        self.verdict.setFont(font)
        self.sentence.setText(report.sentence)
        self.facts.setText(" ".join(self._facts(result)))
        self.curve.setVisible(result.curve is not None)
        if result.curve is not None:
            self.curve.show_curve(result.curve)
        self.bars.show_blocks(report.blocks)
        self.show_empty(False)
        self.origin = result.origin
        self.judge_age()

    def painted(self) -> dict[str, Any]:
        """blocks: the relative error of each parameter array; blamed: those with the fault."""
        assert self.result is not None
        report = self.result.report
        return {
            "blocks": {block.name: block.relative_error for block in self.bars.blocks},
            "relative_error": report.relative_error,
            "verdict": str(report.verdict),
            "fault": report.fault,
            "blamed": report.blamed,
        }

    def painted_set(self) -> str:
        return "train"

    def stale_sentence(self) -> str:
        planted = self.options.fault.title if self.options.fault is not None else ""
        if self.result is not None and self.result.report.fault != planted:
            if self._refused:
                return self.tr("This figure shows the last check that was possible.")
            return self.tr("The planted bug has changed. Check again.")
        return super().stale_sentence()

    def _prepare(self) -> str:
        """Make sure that there is a run; returns why there cannot be one, or an empty string."""
        if self._session.history is not None or self._session.state is State.PREPARING:
            return ""
        problems = self._document.report.problems
        if problems:
            return self.tr("The design cannot run yet. {}").format(problems[0].message)
        self._session.rewind(self._document.project)
        return ""

    def _facts(self, result: Result) -> list[str]:
        report = result.report
        facts = [
            self.tr("Relative error {:.1e} at iteration {:,}; {:,} training examples.").format(
                report.relative_error, result.iteration, report.examples
            )
        ]
        if report.mode == "all":
            facts.append(self.tr("Checked all {:,} parameters.").format(report.parameters))
        else:
            facts.append(
                self.tr("Checked {:,} of {:,} parameters, drawn at random.").format(
                    report.checked + report.kinks, report.parameters
                )
            )
        if report.kinks:
            facts.append(self.tr("Skipped {:,} next to a kink (of a ReLU).").format(report.kinks))
        if report.fault:
            facts.append(self.tr("Planted bug: {}. Training is not affected.").format(report.fault))
        if report.dropout:
            facts.append(self.tr("One dropout mask was drawn and kept."))
        elif result.has_dropout:
            facts.append(self.tr("Dropout is off during the check."))
        return facts

    def _mark_bug(self) -> None:
        """Say plainly that a bug is planted, for as long as it is."""
        self._refused = False
        fault = self.options.fault
        self.judge_age()
        self.planted.setVisible(fault is not None)
        if fault is not None:
            text = self.tr("⚠ A bug is planted in the check, never in training: {}. {}")
            self.planted.setText(text.format(fault.title, fault.explanation))

    def _tell_failure(self, sentence: str) -> None:
        """Say why there is no new result. A bug that does not fit is not planted either."""
        self.say(sentence, bad=True)
        self._refused = True
        self.planted.hide()
        self.judge_age()

    def _show_worst(self, index: int) -> None:
        block = self.bars.blocks[index]
        middle = Qt.TextElideMode.ElideMiddle
        name = self.worst.fontMetrics().elidedText(block.name, middle, NAME_PX)
        title = QTableWidgetItem(name)
        title.setToolTip(plain_tip(block.name))
        self.worst.setHorizontalHeaderItem(0, title)
        self.worst.setRowCount(len(block.worst))
        for row, texts in enumerate(_rows(block)):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.worst.setItem(row, column, item)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _end(self) -> None:
        self._job = None
        self._set_checking(False)

    def _set_checking(self, on: bool) -> None:
        had_focus = self.cancel_button.hasFocus() or self.button.hasFocus()
        while_checking, else_ = [self.cancel_button, self.progress], [self.button]
        shown, hidden = (while_checking, else_) if on else (else_, while_checking)
        for widget in hidden:  # first: both together would make the panel wider than its column
            widget.hide()
        for widget in shown:
            widget.show()
        self.progress.setRange(0, 0 if on else 1)
        self._empty.setText(self._during if on else self._before)
        if had_focus:
            (self.cancel_button if on else self.button).setFocus()

    def _make_table(self) -> QTableWidget:
        titles = ("component", "back-prop", "numerical", "rel. error")
        table = QTableWidget(0, len(titles), self)
        table.setHorizontalHeaderLabels([self.tr(title) for title in titles])
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFont(tabular_font())
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.horizontalHeader().setStretchLastSection(True)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setFixedHeight(TABLE_LINES * (table.fontMetrics().height() + GRID_PX))
        table.setAccessibleName(self.tr("Worst components of the selected block"))
        return table

    def _arrange(self) -> None:
        self.header.addWidget(self.button)
        self.header.addWidget(self.cancel_button)
        self.header.addWidget(self.progress, 1)
        self.header.addStretch(1)
        self.add_options(self.options, self.tr("Options: weights, planted bugs, steps."))
        self.add_row(self.planted)
        self.planted.setProperty("role", "problem")
        self.planted.hide()
        self.facts.setProperty("role", "muted")
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.verdict)
        layout.addWidget(self.sentence)
        layout.addWidget(self.bars, 1)
        layout.addWidget(self.facts)
        layout.addWidget(self.worst)
        layout.addWidget(self.curve)
        self.curve.hide()
        area = QScrollArea(self.content)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        whole = QVBoxLayout(self.content)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self._set_checking(False)


def _rows(block: BlockReport) -> list[tuple[str, ...]]:
    """The worst components of a block, as texts."""
    return [
        (
            f"[{', '.join(str(i) for i in component.index)}]",
            f"{component.exact:+.7e}",
            f"{component.numerical:+.7e}",
            f"{component.relative_error:.1e}",
        )
        for component in block.worst
    ]


def _words(parent: QWidget) -> QLabel:
    label = PlainLabel(parent=parent)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
