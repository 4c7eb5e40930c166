"""Sharing: layers that use the parameters of another one."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.design import Design
from engine.design.problem import Problem
from engine.layers import Layer, Shape, shape_text

Arrays = tuple[tuple[str, Shape], ...]
"""Names and shapes of a node's parameters, part by part."""

SHARES = "shares"
"""The field that names the owner."""


def owner_of(layer: Layer) -> str | None:
    """The node whose parameters a layer uses; None if it has its own."""
    owner: str | None = getattr(layer, SHARES, None)
    return owner


def owners_for(design: Design, name: str, arrays: Mapping[str, Arrays]) -> list[str]:
    """The nodes whose parameters would fit a node, in the design's order.

    arrays: the parameters of each node, as far as they are known.
    """
    mine = arrays.get(name)
    if not mine:
        return []
    return [
        other
        for other, layer in design.nodes.items()
        if other != name and owner_of(layer) is None and arrays.get(other) == mine
    ]


def sharing_problems(design: Design, arrays: Mapping[str, Arrays]) -> list[Problem]:
    """Owners that do not exist, that share parameters themselves, or whose parameters do not
    match."""
    found = []
    for name, layer in design.nodes.items():
        owner = owner_of(layer)
        if owner is not None:
            message, hint = _refusal(design, name, owner, arrays)
            if message:
                whole = f"{layer.title} '{name}' {message}"
                found.append(Problem(whole, name, hint, SHARES, cause="sharing"))
    return found


def _refusal(
    design: Design, name: str, owner: str, arrays: Mapping[str, Arrays]
) -> tuple[str, str]:
    """Why a node cannot share an owner's parameters, and a hint; two empty texts if it can."""
    if owner == name:
        return "cannot share its own parameters.", "Clear the field, or choose another layer."
    if owner not in design.nodes:
        return f"shares the parameters of '{owner}', which does not exist.", "Clear the field."
    further = owner_of(design.nodes[owner])
    if further is not None:
        message = f"shares the parameters of '{owner}', which itself shares those of '{further}'."
        return message, f"Choose '{further}'." if further != name else "Clear one of the two."
    mine, its = arrays.get(name), arrays.get(owner)
    if mine is None or its is None or mine == its:
        return "", ""
    message = f"cannot share the parameters of '{owner}': they are {_told(its)} there, but "
    return f"{message}{_told(mine)} here.", "Give both the same settings and inputs of one size."


def _told(arrays: Arrays) -> str:
    """ "W 3 × 4 and b 3 × 1"."""
    words = [f"{name} {shape_text(shape)}" for name, shape in arrays]
    return " and ".join(words) if words else "none"
