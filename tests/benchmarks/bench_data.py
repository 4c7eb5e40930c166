"""How long own data take: a table of a million rows, what it costs the window, and the guards."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.data import DataPlan, check_splits
from engine.data.tables import open_table, preview

Row = tuple[str, float, str, str]
ROWS, NUMBERS = 1_000_000, 18
TICK_S = 0.001
IN_A_NEW_PROCESS = """
import json, resource, sys, time
from engine.data.tables import open_table, preview
found = preview(sys.argv[1])
start = time.perf_counter()
data = open_table(found.path, found.options, found.columns).source.load()
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, peak, data.m]))
"""


def measure() -> list[Row]:
    """Rows (name, value, unit, target)."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, quoted in (("plain", False), ("quoted", True)):
            file = Path(folder) / f"{name}.csv"
            write_table(file, quoted)
            seconds, peak, _ = opened_in_a_new_process(file)
            title = f"open and load {ROWS:,} x 20, {name}"
            rows.append((f"{title}, pandas' import included", seconds, "s", "<= 5"))
            rows.append((f"peak memory of it, {name}", peak, "MB", "<= 1000"))
        file = Path(folder) / "plain.csv"
        rows.append(("longest wait of another thread meanwhile", 1000 * wait(file), "ms", "<= 50"))
    rows.append(("all guards on MNIST, 10,000 x 784", guards(), "s", "<= 1"))
    return rows


def write_table(file: Path, quoted: bool) -> None:
    """18 columns of numbers and two of categories."""
    rng = np.random.default_rng(0)
    head = [*(f"f{i}" for i in range(NUMBERS)), "color", "y"]
    template = ",".join(['"%s"' if quoted else "%s"] * len(head)) + "\n"
    with file.open("w", encoding="utf-8") as target:
        target.write(template % tuple(head))
        for _ in range(10):
            numbers = rng.standard_normal((ROWS // 10, NUMBERS)).round(5).tolist()
            colors = rng.choice(["red", "green", "blue"], ROWS // 10)
            answers = rng.choice(["yes", "no"], ROWS // 10)
            lines = zip(numbers, colors, answers, strict=True)
            target.writelines(template % (*values, a, b) for values, a, b in lines)


def opened_in_a_new_process(file: Path) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and rows."""
    command = [sys.executable, "-c", IN_A_NEW_PROCESS, str(file)]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds, peak, rows = json.loads(answer.stdout)
    return seconds, peak, rows


def wait(file: Path) -> float:
    """The longest time in seconds that a ticking thread, as the window's, had to wait."""
    found = preview(file)
    reading = threading.Thread(
        target=open_table, args=(found.path, found.options, found.columns), daemon=True
    )
    reading.start()
    longest, last = 0.0, time.perf_counter()
    while reading.is_alive():
        time.sleep(TICK_S)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest


def guards() -> float:
    """Seconds that all guards take on the bundled digits."""
    plan = DataPlan()
    splits = plan.build()
    return _seconds(lambda: check_splits(splits, plan))


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
