"""One measurement of the window in a process of its own; prints JSON. Used by bench_window and
bench_start."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from typing import Any

RUN_S = 4.0
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

    The window stands as at the first start: the panels in front, the live canvas, the run's status.
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
    rates, alone = [], []
    for _ in range(2):
        shares.clear()
        begun, before = time.perf_counter(), session.progress.iteration
        spin(RUN_S)
        seconds = time.perf_counter() - begun
        rates.append((session.progress.iteration - before) / seconds)
        told = {name: 1000 * spent / seconds for name, spent in shares.items()}
        session.pause()
        while session.state is not State.PAUSED:
            spin(0.02)
        alone.append(headless(project))
        session.play(project)
        spin(0.3)
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
        "window": max(rates),
        "headless": max(alone),
        "late_p99": late[int(0.99 * len(late))],
        "late_max": late[-1],
        "stop_ms": answer,
        "shares": told,
    }


def watch(dashboard: object) -> dict[str, float]:
    """Seconds that each view's refresh takes of the window's thread, by name, from now on."""
    spent: dict[str, float] = {}
    refresh = dashboard._refresh  # type: ignore[attr-defined]

    def timed(slot: Any) -> None:
        begun = time.thread_time()
        refresh(slot)
        name = getattr(slot.view, "tab", "") or type(slot.view).__name__
        spent[name] = spent.get(name, 0.0) + time.thread_time() - begun

    dashboard._refresh = timed  # type: ignore[attr-defined]
    return spent


def headless(project: object) -> float:
    """Iterations per second of the same trainer without a window."""
    import engine
    from engine.training.threads import use_threads_for

    data = project.data.build()  # type: ignore[attr-defined]
    network = engine.Network(project.design, project.training, data=data)  # type: ignore[attr-defined]
    trainer = engine.Trainer(network, data)
    use_threads_for(network, trainer.batch_size)
    begun = time.perf_counter()
    while time.perf_counter() - begun < RUN_S / 2:
        for _ in range(20):
            trainer.step()
    return trainer.iteration / (time.perf_counter() - begun)


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
