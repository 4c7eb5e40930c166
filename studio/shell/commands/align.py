"""The Align menu: aligns and distributes blocks."""

from __future__ import annotations

from studio.canvas.alignment import Alignment, DistributionAxis
from studio.shell.command import Command, Handler


def _align(line: Alignment) -> Handler:
    return lambda window: window.canvas.align(line)


def _distribute(axis: DistributionAxis) -> Handler:
    return lambda window: window.canvas.distribute(axis)


COMMANDS = (
    Command(
        id="align_left",
        text="&Left Edges",
        menu="edit/align",
        tip="Align the left edges.",
        do=_align(Alignment.LEFT),
        after="keep_group",
    ),
    Command(
        id="align_center",
        text="&Centers",
        menu="edit/align",
        tip="Align the centers.",
        do=_align(Alignment.CENTER),
    ),
    Command(
        id="align_right",
        text="&Right Edges",
        menu="edit/align",
        tip="Align the right edges.",
        do=_align(Alignment.RIGHT),
    ),
    Command(
        id="align_top",
        text="&Top Edges",
        menu="edit/align",
        tip="Align the top edges.",
        do=_align(Alignment.TOP),
        separator=True,
    ),
    Command(
        id="align_middle",
        text="&Middles",
        menu="edit/align",
        tip="Align the middles.",
        do=_align(Alignment.MIDDLE),
    ),
    Command(
        id="align_bottom",
        text="&Bottom Edges",
        menu="edit/align",
        tip="Align the bottom edges.",
        do=_align(Alignment.BOTTOM),
    ),
    Command(
        id="distribute_across",
        text="Distribute &Horizontally",
        menu="edit/align",
        tip="Equal gaps from left to right.",
        do=_distribute(DistributionAxis.ACROSS),
        separator=True,
    ),
    Command(
        id="distribute_down",
        text="Distribute &Vertically",
        menu="edit/align",
        tip="Equal gaps from top to bottom.",
        do=_distribute(DistributionAxis.DOWN),
    ),
)
