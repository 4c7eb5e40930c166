"""UndoStep: one edit as undo keeps it; and how the oldest ones go when all hold too much memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.project import Project
from engine.project.runs import rebased

MERGE_SECONDS = 1.5
"""Ticks of a spin box and keystrokes that follow each other faster than this are one undo step."""
MOST_STEPS = 1_000
MOST_BYTES = 2**27
"""Of all that undo holds and the open project does not, about."""
ENTRY_BYTES = 100
"""Of a mapping's entry, about."""
Go = Callable[[Project, Project], None]


class UndoStep(QUndoCommand):
    """(before, after, text): all that undo needs, because projects are frozen and share parts.

    go(before, after): lets the step happen. bytes: what `after` does not share with `before`, and
    the other way around.
    """

    def __init__(self, before: Project, after: Project, text: str, merge: str, go: Go) -> None:
        super().__init__(text)
        self._before, self._after = before, after
        self._merge, self._time = merge, time.monotonic()
        self._go = go
        self.bytes = added_bytes(before, after) + added_bytes(after, before)

    def redo(self) -> None:
        self._go(self._before, self._after)

    def undo(self) -> None:
        self._go(self._after, self._before)

    def id(self) -> int:
        return hash(self._merge) & 0x7FFFFFFF if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, UndoStep) or other._merge != self._merge:
            return False
        if other._time - self._time > MERGE_SECONDS:
            return False
        runs = rebased(self._after.runs, other._before.runs, other._after.runs)
        same = runs is other._after.runs
        self._after = other._after if same else other._after.replace(runs=runs)
        self._time = other._time
        self.bytes = added_bytes(self._before, self._after) + added_bytes(self._after, self._before)
        if self._after == self._before:
            self.setObsolete(True)
        return True

    def done_before(self) -> UndoStep:
        """The same step for another stack, which takes it without letting it happen again."""
        step = UndoStep(self._before, self._after, self.text(), self._merge, lambda *_: None)
        step._time = self._time
        return step

    def revive(self, go: Go) -> None:
        """Let it happen from now on, when somebody undoes it."""
        self._go = go


def bound(stack: QUndoStack, go: Go) -> None:
    """Drop the oldest steps of a stack that stands at its newest one, if all hold too much.

    Qt drops steps by their number only, so the stack is filled anew. The newest step stays.
    """
    steps = [cast(UndoStep, stack.command(i)) for i in range(stack.count())]
    dropped, held = 0, sum(step.bytes for step in steps)
    while held > MOST_BYTES and dropped < len(steps) - 1:
        held -= steps[dropped].bytes
        dropped += 1
    if dropped:
        _fill(stack, [step.done_before() for step in steps[dropped:]], stack.cleanIndex() - dropped)
        for index in range(stack.count()):
            cast(UndoStep, stack.command(index)).revive(go)


def _fill(stack: QUndoStack, steps: list[UndoStep], clean: int) -> None:
    """clean: the index of the saved state; it is forgotten where that is below zero. Views hear of
    the last step only: whether all is saved must not seem to change in between."""
    with QSignalBlocker(stack):
        stack.clear()
        stack.resetClean()
        for index, step in enumerate(steps[:-1]):
            if index == clean:
                stack.setClean()
            stack.push(step)
        if clean == len(steps) - 1:
            stack.setClean()
    stack.push(steps[-1])


def added_bytes(before: Any, after: Any) -> int:
    """About how many bytes `after` takes beyond the parts that it shares with `before`."""
    if after is before:
        return 0
    if isinstance(after, tuple):
        known = set(map(id, before)) if isinstance(before, tuple) else set()
        new = (item for item in after if id(item) not in known)
        return sys.getsizeof(after) + sum(added_bytes(None, item) for item in new)
    if isinstance(after, Mapping):
        old = before if isinstance(before, Mapping) else {}
        new_values = sum(added_bytes(old.get(key), value) for key, value in after.items())
        return ENTRY_BYTES * len(after) + new_values
    fields = getattr(after, "__dict__", {})
    old = getattr(before, "__dict__", {}) if type(before) is type(after) else {}
    own = sum(added_bytes(old.get(name), value) for name, value in fields.items())
    return sys.getsizeof(after) + own
