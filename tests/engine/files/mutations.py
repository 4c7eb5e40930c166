"""Mutations: one JSON value becomes another, or a text or bytes do, as bad luck or malice would."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

Pick = Callable[[int], int]
"""pick(n) gives a number from 0 to n - 1."""
Path = tuple[Any, ...]


ODD = (
    None, True, False, 0, 1, -1, 3, 0.5, -0.0, 1e308, 10**30, 2**31, 2**63,
    "", " ", "²", "x" * 300, "\ud800", "<img src=x>", "a\nb", "0", "in2", "in1000000001", "relu",
    "../../x", "/dev/zero", "con", [], {}, [[]], [None], {"kind": "wavelet"}, {"kind": None},
    "@digits", "@infinity", "@nan", "@deep", "@deeper",
)  # fmt: skip
WRITTEN = {
    "@digits": "9" * 400,
    "@infinity": "1e999",
    "@nan": "NaN",
    "@deep": "[" * 20 + "]" * 20,
    "@deeper": '{"kind": ' * 500 + "1" + "}" * 500,
}
"""What only a text can hold."""
ODD_BYTES = (
    b"", b"\0", b"\xff", b"\n", b"\r", b'"', b",", b";", b"\t", b"'", b"=1+1", b"9" * 400, b"1e999",
    b"nan", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"{", b"[" * 99,
)  # fmt: skip


def mutated(value: Any, pick: Pick) -> Any:
    """A copy with one to three places changed."""
    value = copy.deepcopy(value)
    for _ in range((1, 1, 1, 2, 3)[pick(5)]):
        places = list(_places(value))
        if places:
            _change(value, places, pick)
    return value


def as_text(value: Any) -> str:
    """As JSON."""
    text = json.dumps(value)
    for name, written in WRITTEN.items():
        text = text.replace(f'"{name}"', written)
    return text


def mutated_bytes(content: bytes, pick: Pick) -> bytes:
    """With one to three stretches replaced."""
    for _ in range(1 + pick(3)):
        start = pick(len(content) + 1)
        stop = start + pick(12)
        content = content[:start] + ODD_BYTES[pick(len(ODD_BYTES))] + content[stop:]
    return content


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The ways to everything inside."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield (*path, key)
        yield from _places(value[key], (*path, key))


def _change(root: Any, places: list[Path], pick: Pick) -> None:
    *way, key = places[pick(len(places))]
    holder, odd = _at(root, way), ODD[pick(len(ODD))]
    change = pick(7)
    if change == 0:
        del holder[key]
    elif change == 1:
        holder[key] = copy.deepcopy(_at(root, places[pick(len(places))]))
    elif change == 2:
        holder[key] = [holder[key]]
    elif change == 3:
        _add(holder, key, odd)
    else:
        holder[key] = copy.deepcopy(odd)


def _add(holder: Any, key: Any, odd: Any) -> None:
    """One more item of a list, or another name for an item of an object."""
    if isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    else:
        holder[str(odd)] = holder.pop(key)


def _at(root: Any, way: Any) -> Any:
    for key in way:
        root = root[key]
    return root
