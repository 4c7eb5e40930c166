"""What the canvas shows of the run: numbers at layers and wires, pictures of units."""

from __future__ import annotations

from studio.shell.command import Command, Handler


def _choose(gauge: str) -> Handler:
    return lambda window: window.live_measures.choose(gauge)


COMMANDS = (
    Command(
        id="live_off",
        text="&Off",
        menu="view/live",
        tip="Show no live numbers on the canvas.",
        do=_choose("off"),
        after="analyze",
        checkable=True,
    ),
    Command(
        id="live_norm",
        text="&Gradient Norm",
        menu="view/live",
        tip="Layers tell the length of their gradient while they train; wires are as thick.",
        do=_choose("norm"),
        checkable=True,
    ),
    Command(
        id="live_ratio",
        text="&Update Ratio",
        menu="view/live",
        tip="Layers tell by which part of themselves their weights change in a step.",
        do=_choose("ratio"),
        checkable=True,
    ),
    Command(
        id="neuron_pictures",
        text="&Neuron Pictures",
        menu="view",
        tip="Show what the units of every layer compute over the plane, with their weights.",
        do=lambda window: window.neuron_pictures.toggle(),
        checkable=True,
    ),
)
