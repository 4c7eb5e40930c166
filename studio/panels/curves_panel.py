"""CurvesPanel: base of the panels that plot the history of a run."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import FileError
from engine.probes.moment import Moment
from engine.training.history import PER_EVALUATION, History
from studio.panels.panel import Panel
from studio.plots.curve import Array, PlotCurve
from studio.plots.curve_options import CurveOptions
from studio.plots.event_marks import EventMarks
from studio.plots.export import write_csv, write_png, write_svg
from studio.plots.legend import Legend
from studio.plots.plot import Plot
from studio.plots.ranges import growing_end
from studio.plots.read_out import ReadOut
from studio.running.jobs import Jobs
from studio.widgets.file_name import ask_file_name

MARGIN = 0.015
"""Room behind the newest point, as a share of the x axis."""


SMOOTHED = "smoothed"
"""Behind the name of a curve in what a panel says it shows."""
NEAR_PX = 4
"""The read-out tells of events within this many pixels."""


class Words(NamedTuple):
    """What a panel says: title, help and empty sentence, and the labels of its axes."""

    title: str
    help: str
    empty: str
    x: str
    y: str


class CurvesPanel(Panel):
    """A plot with legend, read-out, marks and options.

    A subclass makes its curves for a new history (`begin`), reads what is new (`take_in`), draws
    (`draw`), and says which exact numbers it shows (`names_at`, `table`). `smooth` holds the
    smoothed companions of curves by their index.
    """

    x_axis: ClassVar[str] = "iteration"
    can_be_logarithmic = False
    can_be_smoothed = False
    shows_marks = False

    def __init__(self, words: Words, parent: QWidget | None) -> None:
        super().__init__(words.title, words.help, words.empty, parent)
        self.plot = Plot(words.x, words.y, self.content)
        self.legend = Legend(parent=self)
        self.legend.toggled.connect(self._toggle)
        self.options = CurveOptions(self.can_be_logarithmic, self.can_be_smoothed, self)
        self.history: History | None = None
        self.curves: list[PlotCurve] = []
        self.smooth: dict[int, PlotCurve] = {}
        self.marks = EventMarks()
        self._end, self._run = 0.0, ""
        self._drawn: Hashable = None
        self._jobs = Jobs(self)
        self.marks.setVisible(self.shows_marks)
        self.plot.getPlotItem().getViewBox().addItem(self.marks, ignoreBounds=True)
        self.arrange()
        self._add_options()
        self.read_out = ReadOut(self.plot, self.nearest, self._told_at)
        self.plot.view_changed.connect(self.redraw)

    # What a subclass says.

    def arrange(self) -> None:
        """Put plot and legend in their places."""
        self.header.addWidget(self.legend, 1)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    def begin(self, history: History, moment: Moment) -> None:
        """Another history: make the curves again."""
        raise NotImplementedError

    def read_from(self, history: History) -> None:
        """The same run at a later moment: read what is new from its history."""
        raise NotImplementedError

    def take_in(self, history: History) -> bool:
        """Read what is new; True when everything has been read."""
        raise NotImplementedError

    def draw(self, history: History) -> None:
        """Put points into the curves, and set the ranges."""
        raise NotImplementedError

    def last_x(self, history: History, moment: Moment) -> tuple[float, float]:
        """Where the curves end, and where the run will end (0 if that is unknown)."""
        return float(len(history)), float(moment.iterations)

    def version(self, history: History) -> Hashable:
        """Equal as long as there is nothing new to draw."""
        evaluations = len(history.evaluations[PER_EVALUATION[-1]])
        return len(history), evaluations, len(history.marks), len(history.alarms)

    def nearest(self, x: float) -> float | None:
        """The x of the point that is nearest to x: an iteration, unless overridden."""
        count = len(self.history) if self.history is not None else 0
        return float(min(max(1, round(x)), count)) if count else None

    def lines_at(self, x: float) -> list[str]:
        """The read-out at an x that `nearest` gave."""
        raise NotImplementedError

    def table(self, history: History) -> tuple[list[str], Sequence[Array]]:
        """Names and columns of the exact numbers, for CSV."""
        raise NotImplementedError

    def keys(self) -> list[str]:
        """The names of the curves for scripts: the same in every language."""
        return [curve.name_shown for curve in self.curves]

    # What all share.

    def painted(self) -> dict[str, Any]:
        curves = {}
        for index, key in enumerate(self.keys()):
            if self.is_shown(index):
                curves[key] = self._points(self.curves[index])
                if self.options.beta and index in self.smooth:
                    curves[f"{key} {SMOOTHED}"] = self._points(self.smooth[index])
        marks = [mark._asdict() for mark in self.marks.lines] if self.shows_marks else []
        return {"curves": curves, "x_axis": self.x_axis, "marks": marks}

    def painted_set(self) -> str:
        return "train dev"

    def _points(self, curve: PlotCurve) -> tuple[Array, Array]:
        """x and y as they are drawn, in the units of the numbers on the axes."""
        x, y = (np.array([] if each is None else each) for each in curve.getData())
        return x, 10.0**y if self.plot.logarithmic else y

    def follow(self, moment: Moment) -> None:
        whole = moment.history
        history = None if whole is None else whole.until(moment.iteration)
        if self._is_another(moment.run, history):
            self._take(history, moment)
        elif history is not None:
            self.history = history
            self.read_from(history)
        if history is None or not len(history):
            self.show_empty(True)
            return
        self.show_empty(False)
        self._end = growing_end(self._end, *self.last_x(history, moment))
        version = self._end, self.version(history)
        if version != self._drawn or self.behind:
            self._drawn = version
            self.behind = not self.take_in(history)
            self.marks.take_in(history)
            self.redraw()
        self.origin = moment.origin

    def redraw(self) -> None:
        """Draw what has been read, at the present zoom."""
        if self.history is None or not len(self.history):
            return
        self.draw(self.history)
        if self.shows_marks:
            self.marks.show_range(*self.plot.visible_x(), self.plot.columns())

    def x_range(self) -> tuple[float, float]:
        """The x axis while it follows the data."""
        return 0.0, self._end * (1 + MARGIN)

    def show_curves(
        self, curves: list[PlotCurve], smooth: dict[int, PlotCurve] | None = None
    ) -> None:
        """Replace all curves, and their legend."""
        for curve in (*self.curves, *self.smooth.values()):
            self.plot.remove(curve)
        self.curves, self.smooth = curves, smooth or {}
        for curve in (*curves, *self.smooth.values()):
            self.plot.add(curve)
        self.legend.show_curves(curves)
        self._show_samples()

    def is_shown(self, index: int) -> bool:
        """Whether the legend has this curve turned on."""
        return self.legend.entries[index].isChecked()

    def export(self, path: Path) -> None:
        """Save the plot, or its numbers, in the format of the path's ending. Raises FileError."""
        writers: dict[str, Callable[[], None]] = {
            ".png": lambda: write_png(self.plot, path),
            ".svg": lambda: write_svg(self.plot, path),
            ".csv": lambda: self._export_csv(path),
        }
        if path.suffix.lower() not in writers:
            wanted = self.tr("The name of an export must end in .png, .svg, or .csv; got “{name}”.")
            raise FileError(wanted.format(name=path.name))
        writers[path.suffix.lower()]()
        self.say(self.tr("Exporting to “{}”.").format(path.name) if self._jobs.busy else "")

    def shut_down(self) -> None:
        self._jobs.close()

    def _is_another(self, run: str, history: History | None) -> bool:
        """Whether this is another run, or an earlier moment of the one that is drawn."""
        if history is None or self.history is None:
            return history is not self.history
        return run != self._run or len(history) < len(self.history)

    def _take(self, history: History | None, moment: Moment) -> None:
        """Start with another run's history."""
        self.history, self._end, self._drawn = None, 0.0, None  # nothing is drawn meanwhile
        self._run = moment.run
        self.marks.clear()
        self.read_out.hide()
        if history is not None:
            self.begin(history, moment)
            self.plot.held = None
            self.history = history
            self.plot.reset()

    def _told_at(self, x: float) -> list[str]:
        """The numbers at x, and what happened about there."""
        low, high = self.plot.visible_x()
        near = NEAR_PX * (high - low) / self.plot.columns()
        return self.lines_at(x) + (self.marks.near(x, near) if self.shows_marks else [])

    def _toggle(self, index: int, shown: bool) -> None:
        self.redraw()
        self.curves[index].setVisible(shown)
        if index in self.smooth:
            self.smooth[index].setVisible(shown and self.options.beta > 0)

    def _add_options(self) -> None:
        self.options_button = self.add_options(
            self.options, self.tr("Options: axis, smoothing, and export of this plot.")
        )
        self.options.logarithmic_changed.connect(self.plot.set_logarithmic)
        self.options.smoothing_changed.connect(self._smooth)
        self.options.export_wanted.connect(self._ask_where_to)

    def _smooth(self, beta: float) -> None:
        for index, curve in self.smooth.items():
            self.curves[index].restyle(self.curves[index].style._replace(faint=beta > 0))
            curve.setVisible(beta > 0 and self.is_shown(index))
        self._show_samples()
        self.redraw()

    def _show_samples(self) -> None:
        """The legend shows the smoothed curve's look where there is one."""
        for index, entry in enumerate(self.legend.entries):
            smooth = self.smooth.get(index) if self.options.beta else None
            entry.restyle((smooth or self.curves[index]).style._replace(faint=False))

    def _ask_where_to(self, format: str) -> None:
        if self.history is None:
            self.say(self.tr("There is nothing to export yet. Press Play first."), bad=True)
            return
        ending = format.lower()
        path = ask_file_name(
            self,
            self.tr("Export {}").format(self.title),
            Path(f"{self.title}.{ending}"),
            f".{ending}",
            f"*.{ending}",
        )
        if path is not None:
            self._try_export(path)

    def _try_export(self, path: Path) -> None:
        try:
            self.export(path)
        except FileError as error:
            self.say(str(error), bad=True)

    def _export_csv(self, path: Path) -> None:
        assert self.history is not None
        names, columns = self.table(self.history)
        job = self._jobs.start(lambda job: write_csv(path, names, columns, job.report))
        job.succeeded.connect(lambda _: self.say(self.tr("Saved “{}”.").format(path.name)))
        job.failed.connect(lambda sentence: self.say(sentence, bad=True))
