"""A port: where wires end at a node."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Port:
    """An input of a node (index 0, 1, ...) or its output (index None); groups may have several
    outputs, numbered by `out`."""

    node: str
    index: int | None
    out: int = 0

    @property
    def is_output(self) -> bool:
        """Whether this is the output."""
        return self.index is None
