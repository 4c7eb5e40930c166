"""One timer refreshes what is visible, when there is something new."""

import itertools
import time
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer

from engine.probes.moment import Moment
from engine.probes.snapshot import Origin
from studio.dashboard import Dashboard
from studio.dashboard.dashboard import IDLE_MS, TURN_MS
from studio.running import refresh_rate
from studio.running.refresh_rate import REFRESH_MS, RefreshRate
from studio.running.session import State
from studio.shell import run_status
from studio.shell.run_status import RunStatus, clock
from studio.shell.speed_meter import SpeedMeter


class CountingView:
    """Counts its refreshes."""

    def __init__(self, visible=True):
        self.visible, self.behind, self.count = visible, False, 0

    def refresh(self, session):
        self.count += 1

    def isVisible(self):
        return self.visible


@pytest.fixture
def watch(session):
    made = []

    def watch(*views):
        made.append(Dashboard(session, views))
        return made[-1]

    yield watch
    for dashboard in made:
        dashboard.close()


def test_all_panels_follow_a_run(dashboard, run, session, project, qtbot):
    _, panels = dashboard
    history = run(project)
    cost, norms = panels["CostPanel"], panels["GradientNormsPanel"]
    qtbot.waitUntil(lambda: len(cost.curves[0].getData()[1]) == len(history))
    qtbot.waitUntil(lambda: len(norms.curves[0].getData()[1]) == len(history))
    scores = panels["ScoresPanel"]
    epochs = history.evaluations["epoch"].values.tolist()
    qtbot.waitUntil(lambda: scores.curves[0].getData()[0].tolist() == epochs)


def test_hidden_panels_cost_nothing_and_catch_up(dashboard, run, session, project, qtbot):
    _, panels = dashboard
    cost = panels["CostPanel"]
    cost.hide()
    history = run(project)
    qtbot.waitUntil(lambda: not panels["GradientNormsPanel"].is_empty)
    assert cost.history is None
    cost.show()
    qtbot.waitUntil(lambda: not cost.is_empty and len(cost.history) == len(history))


def test_nothing_is_redrawn_while_nothing_changes(watch, run, project):
    run(project)
    view = CountingView()
    dashboard = watch(view)
    for _ in range(5):
        dashboard.tick()
    assert view.count == 1


def test_a_step_is_shown(watch, run, session, make_project, qtbot):
    project = make_project(epochs=100_000)
    run(project, until=5)
    view = CountingView()
    dashboard = watch(view)
    dashboard.tick()
    before = len(session.history)
    session.step(project)
    qtbot.waitUntil(lambda: len(session.history) == before + 1)
    dashboard.tick()
    assert view.count >= 2


def test_a_view_that_is_behind_gets_another_turn(watch):
    view = CountingView()
    dashboard = watch(view)
    view.behind = True
    for _ in range(3):
        dashboard.tick()
    assert view.count == 3


def test_the_timer_is_quick_only_while_a_run_is_on(watch, session, make_project, qtbot):
    project = make_project(epochs=100_000)
    dashboard = watch(CountingView())
    assert dashboard.findChild(QTimer).interval() == IDLE_MS
    session.play(project)
    qtbot.waitUntil(lambda: dashboard.findChild(QTimer).interval() == TURN_MS)
    session.pause()
    qtbot.waitUntil(lambda: session.state in (State.PAUSED, State.FINISHED))
    qtbot.waitUntil(lambda: dashboard.findChild(QTimer).interval() == IDLE_MS)


@pytest.mark.alone
def test_views_take_turns_and_none_is_refreshed_more_often_than_it_should(
    watch, session, make_project, qtbot
):
    class SlowView(CountingView):
        def refresh(self, moment):
            super().refresh(moment)
            order.append((self, time.perf_counter()))
            time.sleep(0.004)

    order = []
    views = [SlowView() for _ in range(3)]
    watch(*views)
    session.play(make_project(epochs=100_000))
    qtbot.waitUntil(lambda: min(view.count for view in views) >= 8)
    session.pause()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    turns = order[6:21]  # at its start, a run is shown in all views at once
    for view in views:
        times = [at for shown, at in turns if shown is view]
        assert len(times) == 5
        assert min(b - a for a, b in itertools.pairwise(times)) > 0.7 * REFRESH_MS / 1000


def test_a_closed_dashboard_ticks_no_more(watch, run, project, qtbot, session):
    view = CountingView()
    dashboard = watch(view)
    dashboard.close()
    run(project)
    qtbot.wait(2 * IDLE_MS)
    assert view.count == 0


def test_the_status_tells_where_the_run_stands(run, session, project, show):
    run(project)
    status = show(RunStatus())
    status.refresh(session.moment())
    progress = session.progress
    assert status.labels["epoch"].text() == "epoch 5/5"
    total = f"{progress.iterations:,}"
    assert status.labels["iteration"].text() == f"iteration {total}/{total}"
    assert status.labels["speed"].text() == "0 it/s"
    assert status.bar.value() == status.bar.maximum()


def test_the_speed_is_that_of_the_last_second():
    meter = SpeedMeter()
    for tenth in range(30):
        speed = meter.look(tenth / 10, 100 * tenth)
    assert speed == pytest.approx(1_000)
    for tenth in range(30, 50):
        speed = meter.look(tenth / 10, 3_000 + 10 * (tenth - 30))
    assert speed == pytest.approx(100)
    meter.rest()
    assert meter.look(5.0, 3_200) == 0
    assert meter.look(5.1, 3_300) == pytest.approx(1_000)
    assert meter.look(0.1, 10) == 0  # another run


def test_the_numbers_of_the_status_do_not_jump(show, monkeypatch):
    now = itertools.count()
    monkeypatch.setattr(run_status, "time", SimpleNamespace(monotonic=lambda: next(now)))
    status = show(RunStatus())
    widths = set()
    for iteration in (1, 23, 456, 1_880):
        origin = Origin("a", iteration, epoch=3)
        seconds = iteration / 3_120
        status.refresh(Moment(origin, None, "running", 20, 1_880, seconds))
        assert status.labels["iteration"].text() == f"iteration {iteration:,}/1,880"
        widths.add(tuple(label.width() for label in status.labels.values()))
    assert len(widths) == 1


@pytest.mark.parametrize(
    ("seconds", "text"), [(41.9, "0:41"), (725, "12:05"), (3_723, "1:02:03"), (0, "0:00")]
)
def test_the_clock(seconds, text):
    assert clock(seconds) == text


def test_a_busy_window_refreshes_its_views_less_often(monkeypatch):
    clock = {"now": 1000.0, "spent": 5.0}
    fake = SimpleNamespace(perf_counter=lambda: clock["now"], thread_time=lambda: clock["spent"])
    monkeypatch.setattr(refresh_rate, "time", fake)
    rate = RefreshRate()

    def live(share, seconds):
        for _ in range(seconds):
            clock["now"] += 1.1
            clock["spent"] += 1.1 * share
            rate.judge()
        return round(1000 * rate.seconds)

    assert live(0.01, 3) == REFRESH_MS
    assert live(0.2, 1) > REFRESH_MS
    assert live(0.2, 20) == refresh_rate.SLOWEST_MS
    assert live(0.01, 20) == REFRESH_MS
