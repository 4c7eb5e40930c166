"""Scores of the training and dev sets at every evaluation, with the newest in large figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine import Output
from engine.history import History
from studio.dashboard.curve import Curve, Style
from studio.dashboard.curves_panel import CurvesPanel
from studio.dashboard.ranges import Range, up_to_one
from studio.dashboard.series import Series, zigzag
from studio.session import Session
from studio.theme import GRID_PX, tabular_font

FIGURES_SCALE = 1.7
NO_NUMBER = "–"

TRAIN = Style(0, Qt.PenStyle.SolidLine, "o")
DEV = Style(1, Qt.PenStyle.DashLine, "s")


class ScoresPanel(CurvesPanel):
    """The task's score (accuracy, R²) over epochs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Train and dev score"),
            self.tr(
                "How well the network does on the examples it learns from, and on dev examples "
                "it has never learned from; 1 is best. A wide gap between the two is overfitting."
            ),
            self.tr("Press Play: the score appears after the first evaluation of an epoch."),
            (self.tr("epoch"), self.tr("score")),
            parent,
        )
        self.series: list[Series] = []
        self.figures = [_figure(self) for _ in range(2)]
        self._add_figures()

    def begin(self, history: History, session: Session) -> None:
        at, columns = history.evaluations["epoch"], history.evaluations
        self.series = [Series(columns["train_score"], at), Series(columns["dev_score"], at)]
        self.show_curves([Curve(self.tr("train"), TRAIN), Curve(self.tr("dev"), DEV)])
        self.plot.set_label("left", _score_title(session))

    def last_x(self, history: History, session: Session) -> tuple[float, float]:
        return history.latest.get("epoch", 0.0), float(session.progress.epochs)

    def take_in(self, history: History) -> bool:
        complete = [series.update() for series in self.series]
        return all(complete)

    def draw(self, history: History) -> None:
        self.plot.follow(self.x_range(), self._y_range())
        for curve, series in zip(self.curves, self.series, strict=True):
            x, envelope = series.window(self.plot)
            curve.show_points(*zigzag(x, envelope.low, envelope.high, envelope.step))
        for figure, name in zip(self.figures, ("train_score", "dev_score"), strict=True):
            value = history.latest.get(name)
            figure.setText(NO_NUMBER if value is None else f"{value:.4f}")

    def _y_range(self) -> Range:
        spans = [span for series in self.series if (span := series.pyramid.extremes())]
        if not spans:
            return self.plot.held or (0.0, 1.0)
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        return up_to_one(self.plot.held, low, high)

    def _add_figures(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(0)
        for column, name in enumerate((self.tr("train"), self.tr("dev"))):
            label = QLabel(name, self)
            label.setProperty("role", "muted")
            label.setBuddy(self.figures[column])
            self.figures[column].setAccessibleName(self.tr("{} score").format(name))
            grid.addWidget(label, 0, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self.figures[column], 1, column)
        layout = self.content.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertLayout(0, grid)


def _figure(parent: QWidget) -> QLabel:
    """A large number of fixed width."""
    label = QLabel(NO_NUMBER, parent)
    label.setFont(tabular_font(FIGURES_SCALE))
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance("−0.0000"))
    return label


def _score_title(session: Session) -> str:
    project = session.project_in_training
    outputs = project.design.of_type(Output) if project is not None else []
    if project is None or not outputs:
        return "score"
    output = project.design.nodes[outputs[0]]
    assert isinstance(output, Output)
    return output.task.score_title
