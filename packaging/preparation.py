"""What every preparing script shares: progress lines, quiet tools, and failures with a cause."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FAILED = 2  # the exit code when the preparation fails, as opposed to the program itself
INTERRUPTED = 130

# Signs in a failed tool's output (lower case), and the sentence that says what to do about them.
CAUSES = {
    "The disk is full. Free about 2 GB and start again.": ("no space left on device",),
    "The package index cannot be reached. Check the network (or its proxy) and start again.": (
        "name resolution",
        "failed to establish a new connection",
        "newconnectionerror",
        "network is unreachable",
        "connection refused",
        "connection broken",
        "connecttimeout",
        "read timed out",
        "proxyerror",
        "sslerror",
    ),
    "The project's folder cannot be written. Move the project to a folder of your own.": (
        "permission denied",
        "read-only file system",
    ),
    "A package that Backprop Studio needs is not available for this Python on this system.": (
        "no matching distribution found",
        "could not find a version",
    ),
}


class PreparationError(Exception):
    """The environment cannot be made: a whole sentence, and the failed tool's own output."""

    def __init__(self, sentence: str, output: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.output = output


def say(line: str) -> None:
    """A line of progress, on standard error."""
    print(line, file=sys.stderr, flush=True)


def explain(output: str) -> str:
    """The sentence for a failed tool's output: the cause and what to do."""
    text = output.lower()
    for sentence, signs in CAUSES.items():
        if any(sign in text for sign in signs):
            return sentence
    return "The environment cannot be prepared; the lines above say why."


def run_quietly(command: list[str], folder: Path | None = None, **variables: str) -> None:
    """Runs a tool without showing its output; when it fails, the output is part of the error."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise PreparationError(explain(done.stdout), done.stdout)


def run_or_explain(action: Callable[[], int]) -> int:
    """Runs `action`; a preparation that fails becomes its sentence and the exit code 2."""
    try:
        return action()
    except PreparationError as error:
        if error.output:
            say(error.output.rstrip())
        say(error.sentence)
        return FAILED
    except KeyboardInterrupt:
        say("Interrupted. Start again to go on.")
        return INTERRUPTED


def hand_over(command: list[str]) -> int:
    """Becomes `command`, so that signals reach it; Windows waits for it. Returns its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)
