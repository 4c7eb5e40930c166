"""Names of arrays within a node."""

from __future__ import annotations


def unique_name(key: str, taken: set[str], node: str = "") -> str:
    """The name of an array in its node, which is then taken: a second W of the same node is W2."""
    name, number = key, 1
    while f"{node}.{name}" in taken:
        number += 1
        name = f"{key}{number}"
    taken.add(f"{node}.{name}")
    return name
