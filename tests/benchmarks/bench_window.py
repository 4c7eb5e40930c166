"""What the window costs the training."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

Row = tuple[str, float, str, str]
CASES = {"small": "2-20-5-1, full batch 300", "digits": "784-128-64-10, batch 64"}
LEAST_SHARE = 0.5
"""Views that take less than this many milliseconds of a second are not told."""


def measure() -> list[Row]:
    """Rows (name, value, unit, target)."""
    rows: list[Row] = []
    for case, title in CASES.items():
        result = _run(case)
        rows += [
            (f"{title}: with the window / headless", result["share"], "x", ">= 0.85"),
            (f"{title}: the same by CPU time", result["cpu_share"], "x", ""),
            (f"{title}: with the window", result["window"], "it/s", ""),
            (f"{title}: lateness of the event loop, p99", result["late_p99"], "ms", "<= 16"),
            (f"{title}: lateness, longest", result["late_max"], "ms", "<= 50"),
            (f"{title}: answer to Stop", result["stop_ms"], "ms", "<= 100"),
        ]
        rows += [
            (f"{title}: refreshing {view}", spent, "ms/s", "")
            for view, spent in sorted(result["shares"].items(), key=lambda share: -share[1])
            if spent >= LEAST_SHARE
        ]
    return rows


def _run(name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as settings:  # the program as it is at its first start
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.window_run", name],
            env={
                **os.environ,
                "QT_QPA_PLATFORM": "offscreen",
                "XDG_CONFIG_HOME": settings,
            },
            capture_output=True,
            text=True,
            check=True,
        )
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
