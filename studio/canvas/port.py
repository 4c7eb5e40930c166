"""A port: where wires end at a node."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Port:
    """An input of a node by its name, or one of its outputs: then `input` is None.

    A group's ports are numbered: in, in2... and out, out2...
    """

    node: str
    input: str | None
    out: str = "out"

    @property
    def is_output(self) -> bool:
        """Whether this is an output."""
        return self.input is None
