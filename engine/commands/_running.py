"""A run on the command line: to its end or to Ctrl+C, with a progress bar or plain lines."""

from __future__ import annotations

import math
import sys

from engine.commands._interrupt import Interrupt
from engine.training import Trainer
from engine.training.steps import figures, progress_bar
from engine.words import counted


def run_to_the_end(trainer: Trainer, quiet: bool, lines: bool = True) -> None:
    """Train to the end, with a progress bar on a terminal and plain lines elsewhere.

    Raises KeyboardInterrupt after Ctrl+C, between two steps, and OSError where a line cannot be
    written; the trainer can go on after either.
    """
    on_terminal = sys.stderr.isatty() and not quiet
    with progress_bar(trainer, on_terminal) as bar, Interrupt() as interrupt:
        evaluations = trainer.history.evaluations["epoch"]
        while not trainer.finished:
            known = len(evaluations)
            epoch = trainer.step().epoch
            bar.update()
            if len(evaluations) > known and not math.isnan(trainer.history.newest["train_cost"]):
                if on_terminal:
                    bar.set_postfix_str(figures(trainer, trainer.history.latest))
                elif lines and not quiet:
                    _print_line(trainer, epoch)
            if interrupt.wanted and not trainer.finished:
                raise KeyboardInterrupt(f"Stopped after {counted(trainer.iteration, 'iteration')}.")


def _print_line(trainer: Trainer, epoch: int) -> None:
    text = figures(trainer, trainer.history.latest)
    print(f"epoch {epoch}/{trainer.settings.epochs}  {text}", flush=True)
