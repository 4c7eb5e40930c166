"""The command line: python -m engine train|check|describe|doctor FILE.

Exit status: 0 on success; 1 if a gradient check or a run failed; 2 for bad input, or if a result
could not be written; 130 after Ctrl+C.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Sequence

from engine.commands import command, command_names
from engine.errors import EngineError, TrainingError
from engine.regular_file import cause


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except (TrainingError, EngineError) as error:
        return _failed(f"error: {error}", 1 if isinstance(error, TrainingError) else 2)
    except OSError as error:
        _give_up_output()
        return _failed(f"error: The output cannot be written: {cause(error)}.", 2)
    except KeyboardInterrupt as stop:
        return _failed(str(stop) or "Stopped.", 130)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine", description=__doc__.split("\n")[0])
    names = command_names()
    subparsers = parser.add_subparsers(required=True, metavar="|".join(names))
    for name in names:
        found = command(name)
        subparser = subparsers.add_parser(name, help=found.HELP, description=found.HELP)
        subparser.add_argument("file", help="a .netdesign or .safetensors file")
        subparser.add_argument("--json", action="store_true", help="print one JSON object")
        if hasattr(found, "add_arguments"):
            found.add_arguments(subparser)
        subparser.set_defaults(run=found.run)
    return parser


def _failed(sentence: str, status: int) -> int:
    """Say why, if the error stream is still open."""
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)
    return status


def _give_up_output() -> None:
    """Discard what is left in the standard output, which is closed or on a full disk. Otherwise
    Python would complain when it exits, and change the exit status."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run_from_terminal(arguments: Sequence[str] | None = None) -> int:
    """`main` as its own process."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that has no λ shows a question mark
    return main(arguments)


if __name__ == "__main__":
    sys.exit(run_from_terminal())
