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
        tip="Hide live numbers on the canvas.",
        do=_choose("off"),
        after="analyze",
        checkable=True,
    ),
    Command(
        id="live_norm",
        text="&Gradient Norm",
        menu="view/live",
        tip="Show each layer's gradient norm while training, also as the thickness of wires.",
        do=_choose("norm"),
        checkable=True,
    ),
    Command(
        id="live_ratio",
        text="&Update Ratio",
        menu="view/live",
        tip="Show the relative weight change of each layer per step.",
        do=_choose("ratio"),
        checkable=True,
    ),
    Command(
        id="neuron_pictures",
        text="&Neuron Pictures",
        menu="view",
        tip="Show what the units of each layer compute over the plane, with their weights.",
        do=lambda window: window.neuron_pictures.toggle(),
        checkable=True,
    ),
)
