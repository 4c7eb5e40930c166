"""One measurement of the window in a process of its own; prints JSON. Used by bench_window and
bench_start."""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from studio.dashboard import Dashboard

RUN_S = 4.0
SLICE_S = 1.0
PAIRS = 9
WARM_UP_S = 1.5
PROBE_MS = 10
HEIGHT, WIDTH = 768, 1366


def main() -> None:
    """window_run.py NAME: NAME is a case of CASES, or "start"."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    name = sys.argv[1]
    result: object = start() if name == "start" else run(name)
    print(json.dumps(result))


def start() -> dict[str, float]:
    """From the start of the process to the first painted window: seconds, and seconds of CPU time,
    which say more on a busy machine."""
    gc.disable()  # as studio.__main__ does
    from studio.shell.app import make_application, make_window

    application = make_application()
    window = make_window(None, None, keeps_layout=False)
    window.show()
    application.processEvents()
    seconds = time.time() - float(os.environ["STARTED_AT"])
    busy = time.process_time()
    window.close()
    return {"seconds": seconds, "cpu": busy}


def run(name: str) -> dict[str, object]:
    """Iterations per second with and without the window, lateness and the answer to Stop.

    The window is as at the first start: the panels in front, the live canvas, the run's status. The
    two take turns, a second each, and the ratio is the median of the pairs: whatever else the
    machine does slows both. A second of CPU time tells the same without what others take of it.
    """
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from studio.running.session import State
    from studio.shell.app import make_application
    from studio.shell.window import MainWindow

    project = case(name)
    application = make_application()
    window = MainWindow(project, keeps_layout=False)
    window.resize(WIDTH, HEIGHT)
    window.show()
    session = window.session
    shares = watch(window.dashboard)
    late: list[float] = []
    expected = [0.0]

    def probe() -> None:
        now = time.perf_counter()
        late.append(1000 * (now - expected[0]))
        expected[0] = now + PROBE_MS / 1000

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(probe)

    def spin(seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(int(1000 * seconds), loop.quit)
        loop.exec()

    session.play(project)
    while session.state is not State.RUNNING:
        spin(0.05)
    spin(WARM_UP_S)
    alone = Headless(project)
    alone.run(WARM_UP_S)
    pairs: list[tuple[Rates, Rates]] = []
    seconds = 0.0
    shares.clear()
    for _ in range(PAIRS):
        spin(0.3)
        stretch = Stretch(session.progress.iteration)
        spin(SLICE_S)
        open_window = stretch.rates(session.progress.iteration)
        session.pause()
        while session.state is not State.PAUSED:
            spin(0.02)
        pairs.append((open_window, alone.run(SLICE_S)))
        seconds += SLICE_S + 0.3
        session.play(project)
    told = {name: 1000 * spent / seconds for name, spent in shares.items()}
    expected[0] = time.perf_counter() + PROBE_MS / 1000
    timer.start(PROBE_MS)  # on its own: a timer that wakes the window so often slows the training
    spin(RUN_S)
    timer.stop()
    asked = time.perf_counter()
    loop = QEventLoop()
    session.state_changed.connect(loop.quit)
    session.stop()
    loop.exec()
    answer = 1000 * (time.perf_counter() - asked)
    window.document.forget_changes()
    window.close()
    application.processEvents()
    late.sort()
    return {
        "window": statistics.median(open_window.by_wall for open_window, _ in pairs),
        "share": statistics.median(one.by_wall / other.by_wall for one, other in pairs),
        "cpu_share": statistics.median(one.by_cpu / other.by_cpu for one, other in pairs),
        "late_p99": late[int(0.99 * len(late))],
        "late_max": late[-1],
        "stop_ms": answer,
        "shares": told,
    }


def watch(dashboard: Dashboard) -> dict[str, float]:
    """Seconds that each view's refresh takes of the window's thread, by name, from now on."""
    spent: dict[str, float] = {}

    def timed(view: Any) -> Callable[[object], None]:
        refresh, name = view.refresh, getattr(view, "tab", "") or type(view).__name__

        def refresh_timed(moment: object) -> None:
            begun = time.thread_time()
            refresh(moment)
            spent[name] = spent.get(name, 0.0) + time.thread_time() - begun

        return refresh_timed

    for view in dashboard.panels:
        view.refresh = timed(view)
    return spent


class Rates(NamedTuple):
    """Iterations per second of the clock, and per second of CPU time."""

    by_wall: float
    by_cpu: float


class Stretch:
    """Some time of training, measured by the clock and by this process's CPU time."""

    def __init__(self, iteration: int) -> None:
        self._iteration = iteration
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def rates(self, iteration: int) -> Rates:
        """From the start to now."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return Rates((iteration - self._iteration) / wall, (iteration - self._iteration) / cpu)


class Headless:
    """The same trainer without a window."""

    def __init__(self, project: Any) -> None:
        import engine
        from engine.training.threads import use_threads_for

        data = project.data.build()
        network = engine.Network(project.design, project.training, data=data)
        self._trainer = engine.Trainer(network, data)
        use_threads_for(network, self._trainer.batch_size)

    def run(self, seconds: float) -> Rates:
        """Train for some seconds."""
        stretch, end = Stretch(self._trainer.iteration), time.perf_counter() + seconds
        while time.perf_counter() < end:
            for _ in range(20):
                self._trainer.step()
        return stretch.rates(self._trainer.iteration)


def case(name: str) -> object:
    """The two networks of the targets."""
    import engine
    from engine.data import DataPlan
    from engine.project import Project

    forever = {"epochs": 10_000_000}
    if name == "small":
        sizes, task = (20, 5), "binary"
        plan = DataPlan(source={"kind": "circles", "points": 500})
        settings = engine.TrainingSettings(batch_size=None, **forever)
    else:
        sizes, task = (128, 64), "multi_class"
        plan = DataPlan(source="mnist-10k", normalize=False)
        settings = engine.TrainingSettings(batch_size=64, **forever)
    hidden = [engine.Dense(units=units) for units in sizes]
    layers = [engine.Input(), *hidden, engine.Output(task=task)]
    return Project(engine.Design.sequential(layers), settings, plan)


if __name__ == "__main__":
    main()
