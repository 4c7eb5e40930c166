"""A thousand random operations of the window, and that the monkey finds what it should find."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qWarning

from tests.monkey.driver import Driver
from tests.monkey.files import older_and_hostile
from tests.monkey.operation import Operation, all_operations
from tests.monkey.trace import Step, Trace, shortened

SEEDS, OPERATIONS = range(5), 200
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_done_in_whatever_order_no_invariant_breaks(qapp, tmp_path, seed):
    fault = Driver(tmp_path, seed).run(OPERATIONS)
    assert fault is None, f"{fault}"


# That it would find a fault.


class Planted(Operation):
    """What a test does wrong."""

    def __init__(self, work):
        self.work = work

    def perform(self, world):
        self.work(world)


@pytest.fixture
def driver(qapp, tmp_path):
    """A function: a driver that does nothing, and now and then what is given."""
    return lambda work: Driver(
        tmp_path, seed=1, operations={**all_operations(), "Planted": Planted(work)}
    )


def fail_later(_world):
    def fail():
        raise ZeroDivisionError("nobody catches this")

    QTimer.singleShot(0, fail)


def fail_on_a_thread(_world):
    def fail():
        raise ZeroDivisionError("nobody catches this either")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def draw_another_design(world):
    scene = world.stage.main.canvas.canvas
    scene.nodes.pop("h1")


def keep_what_undo_should_take_back(world):
    world.start = world.project.replace(notes="other")


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (fail_later, "nobody catches this"),
        (fail_on_a_thread, "nobody catches this either"),
        (lambda _: qWarning("QPainter::begin: no device"), "Qt says: QPainter::begin"),
        (lambda _: print("oops", file=sys.stderr), "Written to stderr: oops"),
        (draw_another_design, "The canvas shows other nodes"),
        (keep_what_undo_should_take_back, "Undo is not exact"),
    ],
)
def test_a_planted_fault_is_found(driver, work, told):
    fault = driver(work).replay([Step("Wait", {"ms": 1}), Step("Planted", {})])
    assert fault is not None and told in fault.what
    assert str(fault.trace.steps[-1]) == "Planted()"


def test_a_forgotten_thread_is_found(driver, monkeypatch):
    monkeypatch.setattr("tests.monkey.world.THREAD_PATIENCE_S", 0.1)
    stop = threading.Event()
    begin = threading.Thread(target=stop.wait, name="forgotten").start
    fault = driver(lambda _: begin()).replay([Step("Planted", {})])
    stop.set()
    assert fault is not None and "Left behind: thread forgotten" in fault.what


def test_the_same_seed_chooses_the_same_operations(qapp, tmp_path):
    traces = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        driver = Driver(tmp_path / name, 3, told=(trace := Trace(3)).steps.append)
        assert driver.run(3) is None, name
        traces.append(trace.steps)
    assert traces[0] == traces[1]


def test_saving_leaves_the_files_of_the_repository_alone(driver):
    before = {path: path.read_bytes() for path in older_and_hostile()}
    steps = [
        Step("Open", {"name": "version-2.netdesign", "lose": True}),
        Step("SetField", {"name": "training.epochs", "value": 7}),
        Step("RunCommand", {"id": "save", "told": {}}),
    ]
    assert driver(print).replay(steps) is None
    assert {path: path.read_bytes() for path in older_and_hostile()} == before


def test_a_trace_is_read_as_it_was_written(tmp_path):
    trace = Trace(7, [Step("Wait", {"ms": 1}), Step("Tap", {"at": [1, 2], "pick": None})])
    trace.save(tmp_path / "a.trace")
    assert Trace.load(tmp_path / "a.trace") == trace


def test_a_failing_sequence_is_made_as_short_as_it_can_be():
    steps = [Step("Wait", {"ms": at}) for at in range(50)]
    needed = {7, 31}

    def fails(some):
        return needed <= {step.arguments["ms"] for step in some}

    left = shortened(steps, fails, most=500)
    assert [step.arguments["ms"] for step in left] == [7, 31]


def test_the_command_line_replays_a_file(tmp_path):
    trace = tmp_path / "a.trace"
    Trace(1, [Step("RunCommand", {"id": "undo", "told": {}})]).save(trace)
    command = [sys.executable, "-m", "tests.monkey", "--replay", trace, "--keep", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 operations, 1 refused" in done.stdout
