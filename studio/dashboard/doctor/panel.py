"""DoctorPanel: bias, variance and what to try next, for the run as it stands."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Self

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from engine.doctor import ErrorRate, Prescription
from engine.probes.diagnosis import DiagnosisAnswer, DiagnosisWish, answer
from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot
from engine.project import Project, same_run
from engine.project.human_error import HumanError
from engine.training.history import History
from studio.dashboard.doctor.curve_study import CurveStudy
from studio.dashboard.doctor.diagnosis_view import DiagnosisView
from studio.dashboard.doctor.human_level import HumanLevelField, text_of
from studio.dashboard.doctor.study import Study
from studio.dashboard.doctor.sweep_study import SweepStudy
from studio.look.plain_text import PlainLabel
from studio.model import edits
from studio.model.document import Document
from studio.panels.panel import Surroundings
from studio.panels.resting_panel import RestingPanel
from studio.running.jobs import Jobs
from studio.running.painted_facts import facts_of_project
from studio.running.session import Session
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option

DIAGNOSIS, CURVE, SWEEP = "diagnosis", "curve", "sweep"
"""Tasks whose error is a share of wrong decisions, so that the record of an opened test set says
how sure it is."""


class DoctorPanel(RestingPanel):
    """The verdict follows the evaluations of the run; the recipe follows the open design."""

    id, tab, column, order = "doctor", "Doctor", 0, 4
    judges_an_output = True
    follows_unseen = True  # the record of an opened test set speaks of the weights at that moment

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.session, surroundings.workbench)

    def __init__(
        self,
        document: Document,
        session: Session,
        workbench: Workbench,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("Doctor"),
            self.tr(
                "Avoidable bias is the training error minus the human-level error; "
                "variance is the dev error minus the training error. The brackets "
                "show confidence intervals for this number of examples. Each remedy "
                "is one edit that you can undo."
            ),
            self.tr("Press Play. The doctor diagnoses a network once it has trained."),
            workbench,
            parent,
        )
        self._document, self._session = document, session
        self._jobs = Jobs(self)
        self.answer: DiagnosisAnswer | None = None
        self._opening: tuple[str, int, ErrorRate] | None = None
        self._make_controls()
        self._make_views()
        document.changed.connect(self._follow)
        session.stale_changed.connect(self._say_of_which_run)
        self._show_human_error(document.project)

    # What RestingPanel asks for.

    def wish(self) -> DiagnosisWish:
        known = self.answer.measured if self.answer is not None else None
        project = self._document.project
        trained = self.moment.project or project
        return DiagnosisWish(project, trained, self._test_error(), known, self._more_data_helps())

    def wish_key(self) -> Hashable:
        return self._test_error(), self._more_data_helps(), _parts(self._document.project)

    def look_up(self, snapshot: Snapshot, history: History, wish: DiagnosisWish) -> DiagnosisAnswer:
        return answer(snapshot, history, wish)

    def show_found(self, found: DiagnosisAnswer, wish: DiagnosisWish) -> None:
        self.answer = found
        self.diagnosis.show_answer(found)
        self._say_of_which_run()

    def follow(self, moment: Moment) -> None:
        if self.view.currentData() == DIAGNOSIS:
            super().follow(moment)
            return
        self.behind = False
        self.show_empty(False)
        if self.view.currentData() == SWEEP:
            self.sweep.early.show_run(moment.history)

    def stale_sentence(self) -> str:
        """The networks of a study are not those of the run: it says itself how old they are."""
        return "" if self._study is not None else super().stale_sentence()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data; a study is of a project, and of no run."""
        study = self._study
        if study is None:
            return super().shown()
        empty, about = study.about is None, study.about or self._document.project
        told, stale = study.state.text(), study.veil.sentence
        facts = facts_of_project(about, self.painted_set(), stale, told, empty)
        return {**facts, **self.painted()}

    def painted(self) -> dict[str, Any]:
        """figures: the error of each set, "human" and, where there is one, "baseline"."""
        answer = self.answer
        if answer is None or self.view.currentData() != DIAGNOSIS:
            return {"figures": {}, "verdict": "", "remedies": []}
        errors = answer.diagnosis.errors
        figures: dict[str, float | None] = {n: r.value for n, r in errors.by_set().items()}
        figures |= {"human": errors.human, "baseline": errors.baseline}
        return {
            "figures": figures,
            "verdict": str(answer.diagnosis.verdict),
            "remedies": [each.remedy for each in answer.prescriptions],
        }

    def painted_set(self) -> str:
        return "train dev"

    def shut_down(self) -> None:
        self._jobs.close()

    @property
    def _study(self) -> Study | None:
        """The study in view, if it is one."""
        page = self._page_of[self.view.currentData()]
        return page if isinstance(page, Study) else None

    # What the user does.

    def apply(self, prescription: Prescription) -> None:
        """Make the edit of a remedy: one step of undo."""
        refusal = self._document.try_edit(prescription.apply, _as_command(prescription.text))
        self.say(refusal, bad=True)

    def train_again(self) -> None:
        """Train the open project from its first weights on: what did the remedy do?"""
        project = self._document.project
        self._session.rewind(project)
        self._session.play(project)

    def _change_view(self) -> None:
        self._views.setCurrentWidget(self._page_of[self.view.currentData()])
        self.say("")
        self.ask_again()

    def _set_human_error(self, error: HumanError) -> None:
        text = self.tr("Human-level error {}").format(text_of(error) or self.tr("unknown"))
        refusal = self._document.try_edit(lambda p: edits.set_human_error(p, error), text)
        self.say(refusal, bad=True)
        self._show_human_error(self._document.project)

    def _more_data_helps(self) -> bool | None:
        """What the learning curve says, as long as it is that of the open project."""
        reading, about = self.curve.reading, self.curve.about
        if reading is None or about is None or not same_run(about, self._document.project):
            return None
        return reading.more_data_helps

    # What follows the document and the run.

    def _follow(self, before: Project, after: Project) -> None:
        self._show_human_error(after)
        if len(after.openings) > len(before.openings):
            self._remember_opening(after)
        self._say_of_which_run()
        if any(a is not b for a, b in zip(_parts(before), _parts(after), strict=True)):
            self.ask_again()

    def _show_human_error(self, project: Project) -> None:
        self.human.show_error(project.human_error)

    def _remember_opening(self, project: Project) -> None:
        """The record of an opened test set speaks of the weights at this moment only."""
        opening, moment = project.openings[-1], self._session.moment()
        rate = ErrorRate(opening.error, opening.m) if opening.error <= 1 else None
        if moment.history is not None and rate is not None:
            self._opening = moment.run, moment.iteration, rate

    def _test_error(self) -> ErrorRate | None:
        if self._opening is None:
            return None
        run, iteration, rate = self._opening
        return rate if (run, iteration) == (self.moment.run, self.moment.iteration) else None

    def _say_of_which_run(self) -> None:
        if self.answer is None:
            return
        measured = self.answer.measured
        origin, text = measured.origin, self.tr("After epoch {:,} (iteration {:,}).")
        iteration, epoch = origin.weights_of or (origin.iteration, origin.epoch)
        words = [text.format(epoch, iteration)]
        changed = not same_run(measured.project, self._document.project)
        if changed:
            words.append(self.tr("The project has changed since."))
        openings = self._document.project.openings
        if openings and self.answer.diagnosis.errors.test is None:
            told = self.tr("The test set was opened for an earlier network, most recently on {}.")
            words.append(told.format(openings[-1].at.replace("T", " ")))
        self.diagnosis.say(" ".join(words), again=changed and self._document.report.ok)

    # Building.

    def _make_controls(self) -> None:
        row = ControlRow(self)
        views = [
            (self.tr("Diagnosis"), DIAGNOSIS),
            (self.tr("Learning curve"), CURVE),
            (self.tr("L2 sweep"), SWEEP),
        ]
        self.view = row.add_combo(self.tr("View"), views)
        name_option("view", self.view)
        self.view.activated.connect(self._change_view)
        self.human = HumanLevelField(self)
        name_option("human_level", self.human)
        self.human.entered.connect(self._set_human_error)
        self.human.refused.connect(lambda sentence: self.say(sentence, bad=True))
        row.add(PlainLabel(self.tr("Human level"), self))
        row.add(self.human)
        self.header.addWidget(row, 1)

    def _make_views(self) -> None:
        self.diagnosis = DiagnosisView(self)
        self.diagnosis.wanted.connect(self.apply)
        self.diagnosis.again.clicked.connect(self.train_again)
        self.curve = CurveStudy(self._document, self._session, self._jobs)
        self.sweep = SweepStudy(self._document, self._session, self._jobs)
        self._page_of = {DIAGNOSIS: self.diagnosis, CURVE: self.curve, SWEEP: self.sweep}
        self._views = QStackedWidget(self.content)
        for page in self._page_of.values():
            self._views.addWidget(page)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)


def _parts(project: Project) -> tuple[Any, ...]:
    """What the doctor's words depend on."""
    return (
        project.design,
        project.training,
        project.data,
        project.human_error,
        project.analysis,
        project.openings,
    )


def _as_command(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
