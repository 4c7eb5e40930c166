"""What a redraw of each panel costs the window's thread, in short and in long runs."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from engine.probes.moment import Moment
from engine.probes.snapshot import Origin
from engine.training.history import History
from studio.dashboard.cost import CostPanel
from studio.dashboard.gradient_norms import GradientNormsPanel
from studio.dashboard.scores import ScoresPanel
from studio.look.theme import theme
from studio.running.session import State
from studio.shell.run_status import RunStatus

Row = tuple[str, float, str, str]

LAYERS = 4
LENGTHS = (1_000, 1_000_000)
STEPS_PER_EVALUATION = 100
STEPS_PER_REDRAW = 200
"""What a quick run does in 66 ms."""
REDRAWS = 60
PANEL_PX = (420, 260)


class Recorded:
    """A session that holds a history and does not train."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.state = State.RUNNING

    def moment(self) -> Moment:
        """Where it stands."""
        done = len(self.history)
        origin = Origin("recorded", done, done // STEPS_PER_EVALUATION)
        return Moment(origin, self.history, self.state, 10**6, 10**8, done / 3_000)


def measure() -> list[Row]:
    """Rows of name, value, unit, target."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply(dark=False)
    rows: list[Row] = []
    for length in LENGTHS:
        total = 0.0
        for make in (CostPanel, ScoresPanel, GradientNormsPanel, RunStatus):
            cost = 1e3 * _redraw_seconds(make, length)
            total += cost
            rows.append((f"{make.__name__} at {length:,} iterations", cost, "ms", ""))
        rows.append((f"All at {length:,} iterations", total, "ms", "≤ 12"))
    return rows


def _redraw_seconds(make: Callable[[], CostPanel], length: int) -> float:
    """Median time of a refresh and the painting that follows, with new rows each time."""
    session, panel = Recorded(_history(length)), make()
    panel.resize(*PANEL_PX)
    panel.show()
    QApplication.processEvents()
    _refresh(panel, session)
    times = []
    for _ in range(REDRAWS):
        _grow(session.history)
        start = time.perf_counter()
        _refresh(panel, session)
        QApplication.processEvents()
        times.append(time.perf_counter() - start)
    panel.hide()
    panel.deleteLater()
    return statistics.median(times)


def _refresh(panel: CostPanel, session: Recorded) -> None:
    panel.refresh(session.moment())
    while panel.behind:
        panel.refresh(session.moment())


def _history(length: int) -> History:
    history = History([f"layer {number}" for number in range(LAYERS)])
    rng, evaluations = np.random.default_rng(0), length // STEPS_PER_EVALUATION
    history.cost.fill(_falling(rng, (length,)))
    history.learning_rate.fill(np.full(length, 0.01))
    history.gradient_norm.fill(_falling(rng, (length, LAYERS)))
    for name, column in history.evaluations.items():
        column.fill(_falling(rng, (evaluations,)))
        if name in ("iteration", "epoch"):
            scale = STEPS_PER_EVALUATION if name == "iteration" else 1
            column.fill(scale * np.arange(1, evaluations + 1))
    return history


def _falling(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    noise = np.exp(0.4 * rng.normal(size=shape))
    level = 2 / (1 + 5 * np.arange(shape[0]) / shape[0])
    return level.reshape(-1, *[1] * (len(shape) - 1)) * noise


def _grow(history: History) -> None:
    for _ in range(STEPS_PER_REDRAW):
        history.record(0.4, 0.01, np.full(LAYERS, 0.3, "float32"))
    scores = {"train_cost": 0.4, "train_score": 0.9, "dev_cost": 0.5, "dev_score": 0.8}
    epoch = history.latest.get("epoch", 0.0) + 1
    history.evaluate(iteration=len(history), epoch=epoch, **scores)


if __name__ == "__main__":
    for row in measure():
        print("{:45} {:10.3f} {:4} {}".format(*row))
