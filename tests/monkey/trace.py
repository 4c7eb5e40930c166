"""Trace: the operations of a session, as a file that can be done again and made shorter."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self


class Step(NamedTuple):
    """One operation and what it was done with, all plain values."""

    name: str
    arguments: dict[str, Any]

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.name}({told})"

    def to_line(self) -> str:
        """As one line of a file."""
        return json.dumps([self.name, self.arguments])


@dataclass
class Trace:
    """seed: by which the operations were chosen."""

    seed: int
    steps: list[Step] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """The seed, then an operation a line."""
        lines = [json.dumps({"seed": self.seed}), *(step.to_line() for step in self.steps)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote, or what a session that crashed has written so far."""
        first, *lines = path.read_text(encoding="utf-8").splitlines()
        return cls(json.loads(first)["seed"], [Step(*json.loads(line)) for line in lines if line])


def shortened(steps: list[Step], fails: Callable[[list[Step]], bool], most: int) -> list[Step]:
    """As few of the steps as still fail: parts are left out, ever smaller ones, `most` attempts.

    Source: Zeller and Hildebrandt, 2002 (delta debugging, the part that leaves out).
    """
    part = max(1, len(steps) // 2)
    while most > 0:
        at, found = 0, False
        while at < len(steps) and most > 0:
            fewer = steps[:at] + steps[at + part :]
            most -= 1
            if fewer and fails(fewer):
                steps, found = fewer, True
            else:
                at += part
        if part == 1 and not found:
            break
        part = max(1, part // 2)
    return steps
