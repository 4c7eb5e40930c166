"""CurvesPanel: base of the panels that plot the history of a run."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from engine.history import History
from studio.dashboard.curve import Curve
from studio.dashboard.legend import Legend
from studio.dashboard.panel import Panel
from studio.dashboard.plot import Plot
from studio.dashboard.ranges import growing_end
from studio.session import Session


class CurvesPanel(Panel):
    """A plot with its legend. A subclass starts its curves for a new history, and draws them."""

    def __init__(
        self, title: str, help: str, empty: str, labels: tuple[str, str], parent: QWidget | None
    ) -> None:
        super().__init__(title, help, empty, parent)
        self.plot = Plot(*labels, self.content)
        self.legend = Legend(self.legend_direction(), self)
        self.legend.toggled.connect(self._toggle)
        self.history: History | None = None
        self.curves: list[Curve] = []
        self._end = 0.0
        self._most = 0.0
        self.arrange()
        self.plot.view_changed.connect(self.redraw)

    def legend_direction(self) -> QBoxLayout.Direction:
        """How the legend's entries stand."""
        return QBoxLayout.Direction.LeftToRight

    def arrange(self) -> None:
        """Put plot and legend in their places."""
        self.header.addWidget(self.legend, 1)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    def begin(self, history: History, session: Session) -> None:
        """Another history: make the curves anew."""
        raise NotImplementedError

    def take_in(self, history: History) -> bool:
        """Read what is new; True when everything has been read."""
        raise NotImplementedError

    def draw(self, history: History) -> None:
        """Put points into the curves, and set the ranges."""
        raise NotImplementedError

    def last_x(self, history: History, session: Session) -> tuple[float, float]:
        """Where the curves end, and where the run will end (0 if that is unknown)."""
        return float(len(history)), float(session.progress.iterations)

    def refresh(self, session: Session) -> None:
        history = session.history
        if history is not self.history:
            self.history, self._end = history, 0.0
            if history is not None:
                self.begin(history, session)
                self.plot.held = None
                self.plot.reset()
        if history is None or not len(history):
            self.show_empty(True)
            return
        self.show_empty(False)
        needed, self._most = self.last_x(history, session)
        self._end = growing_end(self._end, needed, self._most)
        self.behind = not self.take_in(history)
        self.redraw()

    def redraw(self) -> None:
        """Draw what has been read, at the present zoom."""
        if self.history is not None and len(self.history):
            self.draw(self.history)

    def x_range(self) -> tuple[float, float]:
        """The x axis while it follows the data."""
        return 0.0, self._end

    def show_curves(self, curves: list[Curve]) -> None:
        """Replace all curves, and their legend."""
        for curve in self.curves:
            self.plot.remove(curve)
        self.curves = curves
        for curve in curves:
            self.plot.add(curve)
        self.legend.show_curves(curves)

    def _toggle(self, index: int, shown: bool) -> None:
        self.curves[index].setVisible(shown)
