"""Fit: what data ask of a network, known before they are loaded."""

from __future__ import annotations

from typing import NamedTuple


class Fit(NamedTuple):
    """shape: that of one example, without m. outputs: number of targets n_y, or of classes.

    task: the kind of task that the data are for; empty if any will do.
    """

    shape: tuple[int, ...]
    outputs: int
    task: str = ""
