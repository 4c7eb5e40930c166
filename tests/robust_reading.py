"""Reads hostile files in a process of its own and tells how that went, as one JSON object.

python -m tests.robust_reading load|command|window FILE... -> {"files": {name: [outcome, seconds]},
"megabytes": the most memory that the process took}. outcome: "opened", or the sentence of refusal.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

OPENED = "opened"
Reader = Callable[[Path], str]


def by_load(path: Path) -> str:
    """As a script does: open it, or read the table."""
    from engine import EngineError
    from engine.data.tables import open_table, preview
    from engine.files import load

    try:
        if path.suffix == ".csv":
            found = preview(path)
            open_table(path, found.options, found.columns).source.load()
        else:
            load(path)
    except EngineError as error:
        return str(error)
    return OPENED


def by_command(path: Path) -> str:
    """As `python -m engine describe FILE` does."""
    from engine.__main__ import main

    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
        status = main(["describe", str(path)])
    return OPENED if status == 0 else told.getvalue()


@contextlib.contextmanager
def by_window() -> Iterator[Reader]:
    """As File > Open does; no question is answered."""
    from studio.shell.stage import StageError, open_stage

    with open_stage() as stage:

        def read(path: Path) -> str:
            try:
                stage.open(path)
            except StageError as error:
                return str(error)
            return OPENED

        yield read


def measured(read: Reader, path: Path) -> tuple[str, float]:
    """The outcome, and the seconds that this process worked on it."""
    start = time.process_time()
    try:
        outcome = read(path)
    except Exception:
        outcome = traceback.format_exc()
    return outcome, time.process_time() - start


def peak_kilobytes() -> int:
    """The most memory of this process. What getrusage tells on Linux includes that of the process
    that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (peak,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1])


def main(how: str, names: list[str]) -> None:
    """Print what came of it."""
    readers = {
        "load": lambda: contextlib.nullcontext(by_load),
        "command": lambda: contextlib.nullcontext(by_command),
        "window": by_window,
    }
    with readers[how]() as read:
        files = {Path(name).name: measured(read, Path(name)) for name in names}
    print(json.dumps({"files": files, "megabytes": peak_kilobytes() / 1024}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
