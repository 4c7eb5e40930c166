"""CurveStudy: training and dev error against the number of training examples."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from engine.experiments import curve_sizes, learning_curve, read_curve
from engine.experiments.learning_curves import CurvePoint, Reading
from engine.project import Project
from studio.dashboard.doctor.error_plot import ErrorPlot, ErrorPoint
from studio.dashboard.doctor.study import Study
from studio.model.document import Document
from studio.plots.legend import Legend
from studio.running.jobs import Job, Jobs
from studio.running.session import Session


class CurveStudy(Study):
    """Each point is a run of its own, drawn when it is ready."""

    name = "learning_curve"

    def __init__(self, document: Document, session: Session, jobs: Jobs) -> None:
        super().__init__(document, session, jobs, "")
        self.start.setText(self.tr("Train on more and more examples"))
        self.progress.setAccessibleName(self.tr("Progress of the learning curve"))
        self.points: list[CurvePoint] = []
        self.reading: Reading | None = None
        self.plot = ErrorPlot(self.tr("training examples"))
        self.legend = legend_of(self.plot, self)
        self.column.addWidget(self.legend)
        self.column.addWidget(self.plot, 1)
        self._say(
            self.tr(
                "Trains the open design on growing parts of the training set, from a "
                "few examples to all of them. Curves that meet at a high error mean "
                "bias; a gap that remains means variance."
            )
        )

    def runs(self, project: Project, job: Job) -> Iterator[CurvePoint]:
        data = self._document.sets.of(project).data
        return learning_curve(project, None, job.is_cancelled, job.report, data)

    def begin_points(self, project: Project) -> None:
        self.points, self.reading = [], None
        sizes = curve_sizes(project.data.sizes()[0])
        self.plot.begin([(math.log10(m), f"{m:,}") for m in sizes], project.human_level or 0.0)

    def take(self, point: CurvePoint) -> None:
        self.points.append(point)
        self.plot.show_points(
            [ErrorPoint(math.log10(p.m), f"{p.m:,}", p.train, p.dev) for p in self.points]
        )

    def conclude(self) -> str:
        assert self.about is not None
        task = self.about.data.source.fit().task
        self.reading = read_curve(self.points, self.about.human_level, task)
        return self.reading.text


def legend_of(plot: ErrorPlot, parent: QWidget) -> Legend:
    """Which curve is which; a click hides one, with its intervals."""
    legend, names = Legend(parent=parent), list(plot.curves)
    legend.show_curves(list(plot.curves.values()))

    def show(index: int, on: bool) -> None:
        plot.curves[names[index]].setVisible(on)
        plot.whiskers[names[index]].setVisible(on)

    legend.toggled.connect(show)
    return legend
