"""Notation: symbols with their indices, and numbers, as small HTML that any label can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.words import number

Index = tuple[int, ...]
Label = int | str
"""An index, or a letter for one that runs."""

MOST_TERMS = 4
"""Terms of a sum that are written out; the rest is dots and their number."""
PRODUCT = " · "


def factor(value: float) -> str:
    """A number inside a product or a power: in parentheses where it is negative."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def symbol(
    name: str, level: int | None, index: Sequence[Label] = (), example: Label | None = None
) -> str:
    """z_3^[2](5) for name "z", level 2, index (2,) and example 4: what counts from 0 in arrays
    counts from 1 in the lectures. Letters stand as they are; without a level it is left out."""
    below = ",".join(map(_one_based, index))
    above = "" if level is None else f"[{level}]"
    above += "" if example is None else f"({_one_based(example)})"
    below, above = (
        f"<{tag}>{text}</{tag}>" if text else "" for tag, text in (("sub", below), ("sup", above))
    )
    return f"<i>{name}</i>{below}{above}"


def _one_based(label: Label) -> str:
    return label if isinstance(label, str) else str(label + 1)


def total(products: Iterable[tuple[float, ...]], count: int) -> str:
    """A sum of products with the first terms written out: "0.3 · 2 + (−1) · 4 + … (20 terms)"."""
    shown = [
        PRODUCT.join(factor(value) for value in term)
        for term, _ in zip(products, range(MOST_TERMS), strict=False)
    ]
    text = " + ".join(shown)
    return text if count <= MOST_TERMS else f"{text} + … ({count:,} terms)"
