"""Last: remembers the one thing that was read last, so that another seed does not read it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Last(Generic[T]):
    """One value and the key that it was made for. Threads may share it: each sees a whole pair."""

    def __init__(self) -> None:
        self._pair: tuple[Hashable, T] | None = None

    def put(self, key: Hashable, value: T) -> None:
        """Remembers this value, and forgets the one before."""
        self._pair = (key, value)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of this key; it is made, and remembered, if it is not the last one."""
        pair = self._pair
        if pair is not None and pair[0] == key:
            return pair[1]
        self._pair = None  # before there are two of them in memory
        value = make()
        self.put(key, value)
        return value
