"""The Train menu: controls and checks the run."""

from __future__ import annotations

from studio.dashboard.gradient_check import GradientCheckPanel
from studio.shell.command import Command
from studio.shell.parts import WindowParts


def _play(window: WindowParts, epochs: int | None = None) -> str:
    """epochs: continue a finished run for this many epochs. Returns why not, or an empty string."""
    window.recovery.save()
    if epochs is None:
        window.run_control.play()
        return ""
    return window.run_messages.train_more(epochs)


def _step(window: WindowParts) -> None:
    window.recovery.save()
    window.run_control.step()


def _step_epoch(window: WindowParts) -> None:
    window.recovery.save()
    window.run_control.step_epoch()


def _rewind(window: WindowParts) -> None:
    window.recovery.save()
    window.run_control.rewind()


def _new_seed(window: WindowParts, seed: int | None = None) -> None:
    window.recovery.save()
    window.run_control.new_seed(seed)


def _check_gradients(window: WindowParts) -> None:
    panel = window.docks.widget(GradientCheckPanel.id)
    assert isinstance(panel, GradientCheckPanel)
    window.docks.show(panel.id)
    panel.check()


COMMANDS = (
    Command(
        id="play",
        text="&Play",
        menu="train",
        keys=("F5",),
        icon="play",
        tip="Train, or continue after a pause.",
        do=_play,
    ),
    Command(
        id="pause",
        text="P&ause",
        menu="train",
        keys=("F5",),
        icon="pause",
        tip="Pause after this mini-batch.",
        do=lambda window: window.run_control.pause(),
    ),
    Command(
        id="step",
        text="S&tep",
        menu="train",
        keys=("F6",),
        icon="step",
        tip="Train on exactly one mini-batch.",
        do=_step,
    ),
    Command(
        id="step_epoch",
        text="Step &Epoch",
        menu="train",
        keys=("Shift+F6",),
        icon="step_epoch",
        tip="Train to the end of the epoch, then pause.",
        do=_step_epoch,
    ),
    Command(
        id="stop",
        text="&Stop",
        menu="train",
        keys=("Shift+F5",),
        icon="stop",
        tip="End the run and keep its weights.",
        do=lambda window: window.run_control.stop(),
    ),
    Command(
        id="rewind",
        text="&Rewind",
        menu="train",
        keys=("F4",),
        icon="rewind",
        tip="Restart from the same initial weights, with new curves.",
        do=_rewind,
        separator=True,
    ),
    Command(
        id="new_seed",
        text="&New Seed",
        menu="train",
        keys=("Shift+F4",),
        icon="seed",
        tip="Restart with new random weights.",
        do=_new_seed,
    ),
    Command(
        id="race",
        text="Race &Variants…",
        menu="train",
        keys=("Ctrl+R",),
        tip="Train variants of the design side by side that differ in one setting.",
        do=lambda window: window.windows.show("race"),
        separator=True,
    ),
    Command(
        id="check_gradients",
        text="&Check Gradients",
        menu="train",
        keys=("F7",),
        icon="good",
        tip="Compare all gradients with numerical ones.",
        do=_check_gradients,
        separator=True,
    ),
    Command(
        id="open_test_set",
        text="Open the T&est Set…",
        menu="train",
        tip="Evaluate the trained network on the sealed test set. Each opening is recorded.",
        do=lambda window: window.windows.show("test_set"),
        separator=True,
    ),
)
