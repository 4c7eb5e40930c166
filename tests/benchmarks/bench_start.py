"""How long a start takes to the first painted window, and which modules it waits for."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter

Row = tuple[str, float, str, str]
STARTS = 5
PACKAGES = 8
_IMPORT = re.compile(r"import time:\s+(?P<own>\d+) \|\s+\d+ \|\s+(?P<name>\S+)")
"""A line of python -X importtime: microseconds of a module's own, and with what it imports."""


def measure() -> list[Row]:
    """Rows (name, value, unit, target)."""
    with tempfile.TemporaryDirectory() as bytecode:
        _start(bytecode)
        starts = [_start(bytecode)[0] for _ in range(STARTS)]
        imports = [_own_times(_start(bytecode, "-X", "importtime")[1]) for _ in range(STARTS)]
    walls, busy = ([start[name] for start in starts] for name in ("seconds", "cpu"))
    own = {name: min(times.get(name, 0) for times in imports) for name in imports[0]}
    packages: Counter[str] = Counter()
    for name, microseconds in own.items():
        packages[name.partition(".")[0]] += microseconds
    return [
        ("start to first painted window, median", statistics.median(walls), "s", "<= 1.0"),
        ("start to first painted window, CPU time, least", min(busy), "s", ""),
        ("modules imported", len(own), "", ""),
        *(
            (f"imports of {name}", us / 1000, "ms", "")
            for name, us in packages.most_common(PACKAGES)
        ),
    ]


def _start(bytecode: str, *options: str) -> tuple[dict[str, float], str]:
    """One start and what it wrote to stderr. bytecode: a folder to keep it in from start to start,
    as an installed program does."""
    with tempfile.TemporaryDirectory() as settings:  # the program as it is at its first start
        done = subprocess.run(
            [sys.executable, *options, "-m", "tests.benchmarks.window_run", "start"],
            env={
                **os.environ,
                "QT_QPA_PLATFORM": "offscreen",
                "XDG_CONFIG_HOME": settings,
                "STARTED_AT": str(time.time()),
                "PYTHONPYCACHEPREFIX": bytecode,
                "PYTHONDONTWRITEBYTECODE": "",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    times: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return times, done.stderr


def _own_times(written: str) -> dict[str, int]:
    """Microseconds of each module, without what it imports."""
    return {found["name"]: int(found["own"]) for found in _IMPORT.finditer(written)}
