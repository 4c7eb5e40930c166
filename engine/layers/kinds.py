"""Kinds: what flows on a wire. A vector, an image, a sequence of vectors, or tokens.

Arrays are (*shape, m): a vector (n, m), an image (C, H, W, m), a sequence (n, T, m), tokens (T, m).
Tokens are whole numbers from 0 on, which float32 holds exactly up to 2^24; their shape is `Tokens`,
which knows how many different ones there are. T is the most steps: layers read it from the array.
"""

from __future__ import annotations

from typing import Any, Literal, Self

Shape = tuple[int, ...]
Kind = Literal["vector", "sequence", "image", "tokens", "array"]

MOST_TOKENS = 2**24
_BY_AXES: dict[int, Kind] = {1: "vector", 2: "sequence", 3: "image"}
_NOUNS: dict[Kind, str] = {
    "vector": "a vector of",
    "sequence": "a sequence of",
    "image": "an image of",
    "array": "an array of",
}


class Tokens(tuple[int, ...]):
    """The shape (T,) of tokens, each a whole number below `vocabulary`."""

    vocabulary: int

    def __new__(cls, steps: int, vocabulary: int) -> Self:
        shape = super().__new__(cls, (steps,))
        shape.vocabulary = vocabulary
        return shape

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokens):
            return False
        return tuple(self) == tuple(other) and self.vocabulary == other.vocabulary

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((tuple(self), self.vocabulary))

    def __repr__(self) -> str:
        return f"Tokens({self[0]}, {self.vocabulary})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self[0], self.vocabulary


def kind_of(shape: Shape) -> Kind:
    """What has this shape, without m: "vector", "sequence", "image", "tokens" or "array"."""
    return "tokens" if isinstance(shape, Tokens) else _BY_AXES.get(len(shape), "array")


def has_steps(shape: Shape) -> bool:
    """Whether it is a sequence or tokens, of which some steps may be padding."""
    return kind_of(shape) in ("sequence", "tokens")


def shape_text(shape: Shape) -> str:
    """A shape's sizes as people read them: "64", "1 × 28 × 28", "20 tokens"."""
    sizes = " × ".join(str(size) for size in shape)
    return f"{sizes} tokens" if isinstance(shape, Tokens) else sizes


def shape_in_words(shape: Shape) -> str:
    """Kind and sizes: "a vector of 64", "an image of 1 × 28 × 28", "20 tokens"."""
    kind = kind_of(shape)
    return shape_text(shape) if kind == "tokens" else f"{_NOUNS[kind]} {shape_text(shape)}"
