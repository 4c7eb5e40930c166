"""What is selected on the canvas: nodes in the order of their selection, wires and notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from engine import Wire

T = TypeVar("T")


class Selection(QObject):
    """nodes and wires by name, notes by number.

    changed: the selection changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: tuple[str, ...] = ()
        self.wires: tuple[Wire, ...] = ()
        self.notes: tuple[int, ...] = ()

    @property
    def current(self) -> str | None:
        """The node that was selected last."""
        return self.nodes[-1] if self.nodes else None

    def set(
        self,
        nodes: Iterable[str] = (),
        wires: Iterable[Wire] = (),
        notes: Iterable[int] = (),
    ) -> None:
        """Select exactly these."""
        chosen = tuple(dict.fromkeys(nodes)), tuple(dict.fromkeys(wires))
        written = tuple(dict.fromkeys(notes))
        if (*chosen, written) != (self.nodes, self.wires, self.notes):
            (self.nodes, self.wires), self.notes = chosen, written
            self.changed.emit()

    def toggle(
        self,
        nodes: Iterable[str] = (),
        wires: Iterable[Wire] = (),
        notes: Iterable[int] = (),
    ) -> None:
        """Toggle the selection of each of these."""
        self.set(
            _toggled(self.nodes, nodes), _toggled(self.wires, wires), _toggled(self.notes, notes)
        )

    def rename(self, old: str, new: str) -> None:
        """Keep a renamed node selected."""
        names = {old: new}
        wires = (Wire(names.get(w[0], w[0]), names.get(w[1], w[1]), *w[2:]) for w in self.wires)
        self.set((names.get(name, name) for name in self.nodes), wires, self.notes)

    def keep(self, nodes: Iterable[str], wires: Iterable[Wire], notes: int) -> None:
        """Deselect what no longer exists."""
        alive, present = set(nodes), set(wires)
        self.set(
            (name for name in self.nodes if name in alive),
            (wire for wire in self.wires if wire in present),
            (index for index in self.notes if index < notes),
        )


def _toggled(old: Iterable[T], chosen: Iterable[T]) -> list[T]:
    before, wanted = list(old), list(chosen)
    return [x for x in before if x not in wanted] + [x for x in wanted if x not in before]
