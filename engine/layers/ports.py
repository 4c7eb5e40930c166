"""Ports: the named inputs, or the named outputs, of a layer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Self, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Ports:
    """The ports on one side of a layer, in order.

    names: in the order in which `forward` takes inputs, or returns outputs. optional: those that
    may stay without a wire. fewest: wires needed in all, where any ports may have them. merges:
    whether only the wired inputs count, whichever they are; then `forward` gets those alone.
    is_open: whether any other name is a port, too; for layers that this version does not know.

    Examples: Ports(("in", "a0"), optional=("a0",)); Ports.numbered(2, 32) has in, in2, ... in32.
    """

    names: tuple[str, ...]
    optional: tuple[str, ...] = ()
    fewest: int = 0
    merges: bool = False
    is_open: bool = False

    @classmethod
    def numbered(cls, fewest: int, most: int, *, is_open: bool = False) -> Self:
        """in, in2, in3... of which any may be wired, at least `fewest` of them."""
        names = tuple(numbered_port(number) for number in range(1, most + 1))
        return cls(names, names, fewest, merges=True, is_open=is_open)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names or self.is_open

    def missing(self, wired: Collection[str]) -> list[str]:
        """Ports that need a wire and have none."""
        return [name for name in self.names if name not in wired and name not in self.optional]

    def place(self, name: str) -> tuple[int, int, str]:
        """A key that sorts ports: declared ones first, then others by their number."""
        if name in self.names:
            return self.names.index(name), 0, ""
        digits = name.removeprefix("in")
        return len(self.names), int(digits) if digits.isdecimal() else 0, name

    def free(self, wired: Collection[str]) -> str:
        """The first port without a wire; beyond the last one a numbered name that none has."""
        for name in self.names:
            if name not in wired:
                return name
        others = (numbered_port(number) for number in count(1))
        return next(name for name in others if name not in wired and name not in self.names)

    def arranged(self, wired: Mapping[str, Value]) -> tuple[Value | None, ...]:
        """What arrives, in the order of `forward`'s arguments: None where there is no wire.

        Merges get what is wired alone.
        """
        if self.merges:
            return tuple(wired[name] for name in sorted(wired, key=self.place))
        return tuple(wired.get(name) for name in self.names)


def numbered_port(number: int) -> str:
    """The name of the first input, the second... of a merge: "in", "in2", "in3"..."""
    return "in" if number == 1 else f"in{number}"


ONE_INPUT = Ports(("in",))
ONE_OUTPUT = Ports(("out",))
NO_PORTS = Ports(())
