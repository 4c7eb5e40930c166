"""Where a training step's time goes, what recording costs, and how much memory a run takes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

import engine
from engine.data import DataPlan
from engine.files import save
from engine.project import Project
from tests.benchmarks.bench_training import seconds_per_call
from tests.benchmarks.rivals import CASES, Case, examples, our_step

Row = tuple[str, float, str, str]
MEGABYTE = 1024
ITERATIONS = 5_000_000
PEAK = """
import re
from pathlib import Path

def peak():
    return int(re.search("VmHWM:\\\\s+(\\\\d+)", Path("/proc/self/status").read_text())[1])
"""
"""The most memory that a process has had, from Linux itself: that of getrusage begins with the
peak of the process that started it."""
TRAIN = """
import contextlib, io, sys
from engine.__main__ import main

with contextlib.redirect_stdout(io.StringIO()):
    assert main(["train", sys.argv[1], "--json"]) == 0
print(peak())
"""
HISTORY_OF_A_LONG_RUN = f"""
import numpy as np
from engine.training.history import PER_EVALUATION, History
from engine.health.alarms import MEASURES

history, norms = History(["h1", "h2", "y"]), [0.1, 0.2, 0.3]
health = np.zeros((len(MEASURES), len(norms)), "float32")
before = peak()
for iteration in range({ITERATIONS}):
    history.record(0.5, 0.01, norms)
    if iteration % 20 == 0:
        history.evaluate(**dict.fromkeys(PER_EVALUATION, 0.5))
    if iteration % 100 == 0:
        history.probe(iteration, health)
print(peak() - before)
"""
"""What a full-batch run of 2-20-5-1 leaves, without the training itself."""


def measure() -> list[Row]:
    """Rows (name, value, unit, target)."""
    with threadpool_limits(1, user_api="blas"):
        rows = [_product_share(case) for case in CASES if not case.batch_norm]
        rows.append(_recording_share(CASES[0]))
    rows.append(("peak memory of train, digits, 784-256-128-10", peak_memory(), "MB", "<= 220"))
    rows.append(
        (f"memory of {ITERATIONS:,} iterations of History", history_memory(), "MB", "<= 100")
    )
    return rows


def _product_share(case: Case) -> Row:
    step, products = seconds_per_call([our_step(case, examples(case)), _products(case)])
    return f"{case.name}: share of matrix products", products / step, "", "the floor"


def _products(case: Case) -> Callable[[], object]:
    """The matrix products of one step and nothing else: Z = W A, dW = dZ A^T, dA = W^T dZ."""
    rng = np.random.default_rng(0)
    steps = []
    for layer, (n_in, n_out) in enumerate(zip(case.sizes[:-1], case.sizes[1:], strict=True)):
        W, dW = (rng.random((n_out, n_in), dtype="f") for _ in range(2))
        A, dZ = (rng.random((n, case.batch), dtype="f") for n in (n_in, n_out))
        steps.append((W, A, dZ, dW, layer > 0))

    def products() -> None:
        for W, A, dZ, dW, passes_on in steps:
            W.dot(A)
            np.dot(dZ, A.T, dW)
            if passes_on:
                W.T.dot(dZ)

    return products


def _recording_share(case: Case) -> Row:
    """The time of a trainer's step against one that records and checks nothing."""
    data = examples(case)
    trainer = our_step(case, data).__self__  # type: ignore[attr-defined]

    def silent() -> None:
        X, Y = trainer.batches.peek()
        trainer.network.learn_from(X, Y)
        trainer.updater.step(trainer.epoch)
        trainer.batches.advance(X.shape[-1])

    with_it, without = seconds_per_call([our_step(case, data), silent])
    return f"{case.name}: cost of History and health", with_it / without - 1, "", "<= 0.1"


def peak_memory() -> float:
    """Megabytes at most, of a process of its own that trains for two epochs."""
    layers = [engine.Input(), engine.Dense(units=256), engine.Dense(units=128), engine.Output()]
    settings = engine.TrainingSettings(epochs=2, batch_size=128)
    project = Project(engine.Design.sequential(layers), settings, DataPlan(source="mnist-10k"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.netdesign"
        save(project, path)
        return _printed(TRAIN, str(path)) / MEGABYTE


def history_memory() -> float:
    """Megabytes by which the History of a long run grows, at most, in a process of its own."""
    return _printed(HISTORY_OF_A_LONG_RUN) / MEGABYTE


def _printed(code: str, *arguments: str) -> int:
    """The number that a process of its own prints."""
    command = [sys.executable, "-c", PEAK + code, *arguments]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
