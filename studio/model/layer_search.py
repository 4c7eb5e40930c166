"""Finds layers by words, for the palette and for quick add. No widgets."""

from __future__ import annotations

from collections.abc import Iterable

from engine import Layer


def described(layer: type[Layer]) -> str:
    """A description of a layer in one line."""
    return (layer.__doc__ or "").strip().split("\n")[0] or layer.formula


def matching(layers: Iterable[type[Layer]], text: str) -> list[type[Layer]]:
    """Layers in which every word of the text occurs, best matches first.

    Titles that begin with the text come before those that only contain it, followed by layers that
    mention its words elsewhere. Ties keep their order.
    """
    wanted = text.strip().lower()
    found = [layer for layer in layers if all(word in _words(layer) for word in wanted.split())]

    def rank(layer: type[Layer]) -> tuple[bool, bool]:
        title = layer.title.lower()
        return not title.startswith(wanted), wanted not in title

    return sorted(found, key=rank)


def _words(layer: type[Layer]) -> str:
    return f"{layer.title} {layer.kind} {layer.category} {described(layer)}".lower()
