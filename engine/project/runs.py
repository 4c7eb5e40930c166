"""Runs: what was trained, with which settings, and how it went, as small values for comparing."""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, Self

import numpy as np

from engine.data import DataPlan
from engine.design import Design
from engine.errors import FileError
from engine.limits import MAX_COUNT, MAX_NAME_LENGTH, MAX_RUNS
from engine.settings import TrainingSettings

Array = np.ndarray

MOST_POINTS = 2_000
"""Of one curve."""
MOST_RUNS = 50
MOST_BYTES = 2_000_000
"""Of all runs of a project, about. Pinned ones are never given up for it."""
BYTES_OF_LAYER = 200
"""About what one layer takes in a file."""
MOST_MARKS = 100


@dataclass(frozen=True)
class RunCurve:
    """One curve, packed: base64 of zlib of x (int32) and y (float32), little-endian."""

    packed: str

    @classmethod
    def of(cls, x: Array, y: Array) -> Self:
        """x (n,) ascending whole numbers, y (n,); of more than MOST_POINTS points, the smallest
        and the largest of each stretch are kept, so that no peak is lost."""
        chosen = extremes(y)
        with np.errstate(over="ignore"):
            halves = x[chosen].astype("<i4"), y[chosen].astype("<f4")
        content = b"".join(half.tobytes() for half in halves)
        return cls(base64.b64encode(zlib.compress(content)).decode("ascii"))

    @classmethod
    def read(cls, packed: str) -> Self:
        """A curve from a file. Raises FileError if it is damaged."""
        curve = cls(packed)
        len(curve.points)
        return curve

    @cached_property
    def points(self) -> tuple[Array, Array]:
        """x (n,) int32 and y (n,) float32, read-only. Raises FileError if they are damaged."""
        try:
            unpacker = zlib.decompressobj()
            packed = base64.b64decode(self.packed, validate=True)
            content = unpacker.decompress(packed, 8 * MOST_POINTS)
        except (binascii.Error, zlib.error, ValueError, TypeError) as error:
            raise FileError(f"A curve of a run is damaged: {error}.") from error
        if len(content) % 8 or not unpacker.eof:
            raise FileError("A curve of a run is damaged: its length is wrong.")
        half = len(content) // 2
        return np.frombuffer(content[:half], "<i4"), np.frombuffer(content[half:], "<f4")


def extremes(y: Array, most: int = MOST_POINTS) -> Array:
    """Ascending indices of at most `most` values of y (n,): the smallest and the largest of each
    of equal stretches; all of them where they are few enough."""
    n = len(y)
    if n <= most:
        return np.arange(n)
    edges = np.linspace(0, n, most // 2 + 1).astype(int)
    chosen = np.empty(2 * (len(edges) - 1), int)
    for index, (low, high) in enumerate(pairwise(edges)):
        stretch = y[low:high]
        pair = sorted((low + int(stretch.argmin()), low + int(stretch.argmax())))
        chosen[2 * index : 2 * index + 2] = pair
    return np.unique(chosen)


class RunMark(NamedTuple):
    """Something that happened to a run, as history.Mark."""

    iteration: int
    kind: str
    text: str


@dataclass(frozen=True)
class Run:
    """A run: design, training and data as they were at its end, and what came of it.

    key: tells it from all other runs, and stays as long as it continues. number: counts the runs of
    a project. name: given by a person, or "". started: ISO date and time. state: "paused",
    "finished"... iteration, epoch: steps and whole epochs done. figures: the newest evaluation by
    name. curves: by the name of the history's column; costs over iterations, scores over epochs.
    """

    key: str
    design: Design
    training: TrainingSettings
    data: DataPlan
    started: str
    state: str
    iteration: int
    epoch: int
    figures: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, RunCurve] = field(default_factory=dict)
    marks: tuple[RunMark, ...] = ()
    number: int = 0
    name: str = ""
    pinned: bool = False

    def __post_init__(self) -> None:
        for name in ("key", "name", "started", "state"):
            if not isinstance(getattr(self, name), str):
                raise FileError(f"The {name} of a run must be a text.")
        if not self.key or len(self.name) > MAX_NAME_LENGTH or not _one_line(self.name):
            raise FileError(
                f"The name of a run must be one line of at most {MAX_NAME_LENGTH} characters."
            )
        for name in ("iteration", "epoch", "number"):
            if not _is_count(getattr(self, name)):
                raise FileError(f"The {name} of a run must be a whole number of at least 0.")
        if not all(_is_count(mark.iteration) for mark in self.marks):
            raise FileError("A mark of a run must be at a whole number of at least 0.")
        if not isinstance(self.pinned, bool):
            raise FileError("Whether a run is pinned must be true or false.")
        figures = {n: float(v) for n, v in self.figures.items() if math.isfinite(v)}
        object.__setattr__(self, "figures", MappingProxyType(figures))
        object.__setattr__(self, "curves", MappingProxyType(dict(self.curves)))
        object.__setattr__(self, "marks", tuple(self.marks[-MOST_MARKS:]))

    def replace(self, **changes: Any) -> Self:
        """A copy with some parts changed; all others are shared."""
        return replace(self, **changes)

    @property
    def title(self) -> str:
        """Its name, or "Run 3"."""
        return self.name or f"Run {self.number}"

    @property
    def size(self) -> int:
        """About how many bytes it takes in a file."""
        curves = sum(len(curve.packed) for curve in self.curves.values())
        return curves + BYTES_OF_LAYER * (len(self.design.nodes) + 4)


def kept(runs: Sequence[Run], run: Run) -> tuple[Run, ...]:
    """The runs with this one, which takes the place of the one that has its key.

    A run that went on keeps the number, name and pin that it has. Where they are too many or too
    large together, the oldest ones that are not pinned go.
    """
    known = {other.key: other for other in runs}
    old = known.get(run.key)
    if old is not None:
        run = run.replace(number=old.number, name=old.name, pinned=old.pinned)
    known[run.key] = run
    return _bounded(tuple(known.values()), run.key)


def rebased(
    present: Sequence[Run],
    before: Sequence[Run],
    after: Sequence[Run],
    newest: Mapping[str, Run] = MappingProxyType({}),
) -> tuple[Run, ...]:
    """The present runs with what a change from `before` to `after` does to them, and no more.

    A run that came meanwhile stays; one that went on meanwhile gets the name and the pin only. A
    deleted one comes back where it stood, and as it is in `newest`, if it went on since then.
    """
    if before is after or before == after:
        return tuple(present)
    old, new = ({run.key: run for run in runs} for runs in (before, after))
    found = {}
    for run in present:
        changed = new.get(run.key)
        if changed is not None:
            found[run.key] = _named_like(run, changed)
        elif run.key not in old:
            found[run.key] = run
    back = {key: run for key, run in new.items() if key not in old and key not in found}
    for key, run in back.items():
        found[key] = _named_like(newest[key], run) if key in newest else run
    return tuple(sorted(found.values(), key=lambda run: run.number))


def _named_like(run: Run, named: Run) -> Run:
    """A run with the name and the pin of another one."""
    return run.replace(name=named.name, pinned=named.pinned)


def _bounded(runs: tuple[Run, ...], newest: str) -> tuple[Run, ...]:
    number, size = len(runs), sum(run.size for run in runs)
    gone = set()
    for run in runs:
        if number <= MOST_RUNS and size <= MOST_BYTES:
            break
        if not run.pinned and run.key != newest:
            gone.add(run.key)
            number, size = number - 1, size - run.size
    return tuple(run for run in runs if run.key not in gone)[-MAX_RUNS:]


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_COUNT


def _one_line(name: str) -> bool:
    return not name or (name.isprintable() and name == name.strip())
