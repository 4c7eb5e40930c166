"""The command line of the monkey: see `tests.monkey`."""

from __future__ import annotations

import argparse
import faulthandler
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HANG_S = 180
"""An operation that takes longer than this hangs: all stacks are printed, and the process ends."""
MOST_ATTEMPTS = 200


def main() -> int:
    options = _parser().parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.monkey.trace import Trace

    if options.shorten:
        return _shorten(options.replay, Trace.load(options.replay))
    if options.replay is not None:
        trace = Trace.load(options.replay)
        return _session(trace.seed, len(trace.steps), options.keep, trace.steps)
    return _session(options.seed, options.operations, options.keep, None)


def _session(seed: int, count: int, keep: Path, steps: list | None) -> int:
    """Run or replay; what was done so far stands in a file, which stays where something failed."""
    from tests.monkey.driver import Driver

    faulthandler.enable(file=sys.__stderr__)
    keep.mkdir(parents=True, exist_ok=True)
    progress = keep / f"monkey-{seed}.trace"
    with tempfile.TemporaryDirectory() as folder, progress.open("w", encoding="utf-8") as written:
        print(f'{{"seed": {seed}}}', file=written, flush=True)

        def told(step) -> None:
            faulthandler.dump_traceback_later(HANG_S, exit=True, file=sys.__stderr__)
            print(step.to_line(), file=written, flush=True)

        driver = Driver(Path(folder), seed, told)
        fault = driver.run(count) if steps is None else driver.replay(steps)
        faulthandler.cancel_dump_traceback_later()
    print(f"seed {seed}: {driver.figures}")
    if fault is None:
        progress.unlink()
        return 0
    print(f"\n{fault}\n\npython -m tests.monkey --replay '{progress}' --shorten\nKEY {fault.key}")
    return 1


def _shorten(path: Path, trace) -> int:
    from tests.monkey.trace import Trace, shortened

    key = _key(path)
    if key is None:
        print("These operations do not fail any more.")
        return 0

    def fails(steps) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            attempt = Path(folder) / "attempt.trace"
            Trace(trace.seed, steps).save(attempt)
            return _key(attempt) == key

    trace.steps = shortened(trace.steps, fails, MOST_ATTEMPTS)
    short = path.with_suffix(".short")
    trace.save(short)
    print("\n".join(f"  {step}" for step in trace.steps))
    print(f"{len(trace.steps)} operations are left, in {short}: {key}")
    return 1


def _key(path: Path) -> str | None:
    """By what a replay fails; None where it does not. A crash is known by its signal."""
    with tempfile.TemporaryDirectory() as keep:
        command = [sys.executable, "-m", "tests.monkey", "--replay", str(path), "--keep", keep]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    keys = [line for line in done.stdout.splitlines() if line.startswith("KEY ")]
    return keys[-1] if keys else f"exit {done.returncode}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.monkey", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--operations", type=int, default=1_000)
    parser.add_argument("--replay", type=Path, help="operations that a fault has left in a file")
    parser.add_argument("--shorten", action="store_true", help="as few as still fail")
    parser.add_argument("--keep", type=Path, default=Path(), help="where such files are written")
    return parser


if __name__ == "__main__":
    sys.exit(main())
