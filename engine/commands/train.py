"""train FILE [--epochs N] [--save MODEL]: train a design, or continue a trained model."""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from pathlib import Path
from typing import Any

from engine.commands._opened import add_epochs, project_of, trainer_of, with_epochs
from engine.commands._running import run_to_the_end
from engine.errors import FileError, TrainingError
from engine.files import TrainedModel, check_model_target, load, save
from engine.project import Project
from engine.training import Trainer
from engine.training.steps import figures
from engine.words import counted

HELP = "train a design, or continue training a model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Beside FILE and --json."""
    add_epochs(parser)
    parser.add_argument("--save", metavar="MODEL", help="write a .safetensors file")


def run(options: argparse.Namespace) -> int:
    """Train, save, and say how it went. The run is saved even where it does not reach its end."""
    opened = load(options.file)
    if options.save is not None:
        _check_target(options.save, options.file, opened)
    project = with_epochs(project_of(opened), options.epochs)
    trainer = trainer_of(opened, project)
    try:
        run_to_the_end(trainer, quiet=options.json)
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(f"{stop} {_kept(options, project, trainer)}") from None
    except OSError:  # nobody reads the lines, but the model is wanted all the same
        if options.save is not None:
            run_to_the_end(trainer, quiet=True)
            _kept(options, project, trainer)
        raise
    except TrainingError:
        _kept(options, project, trainer)
        raise
    _kept(options, project, trainer)
    latest = trainer.history.latest or trainer.evaluate()
    if options.json:
        print(json.dumps(_summary(trainer, latest), sort_keys=True))
    else:
        told = (
            f"Finished after {counted(trainer.iteration, 'iteration')}: {figures(trainer, latest)}."
        )
        print(" ".join([told, *_end_of(trainer)]))
    return 0


def _end_of(trainer: Trainer) -> list[str]:
    """A sentence for each mark at the newest iteration: why the run ended, and whose weights it
    keeps."""
    marks = trainer.history.marks
    texts = [mark.text for mark in marks if mark.iteration == trainer.iteration]
    return [f"{text[0].upper()}{text[1:]}." for text in texts if text]


def _check_target(target: str, file: str, opened: Project | TrainedModel) -> None:
    """Raises FileError where the model could not be saved, or would destroy the design."""
    check_model_target(target)
    same = Path(target).exists() and Path(target).samefile(file)
    if same and not isinstance(opened, TrainedModel):
        raise FileError(
            f"'{target}' and '{file}' are the same file; saving would destroy the design.",
            hint="Choose another name.",
        )


def _kept(options: argparse.Namespace, project: Project, trainer: Trainer) -> str:
    """Save the run where --save says so; returns a sentence about it.

    Where that fails after all, the run goes into the folder for temporary files and FileError says
    where it is.
    """
    if options.save is None:
        return "Nothing was saved. Use --save MODEL to keep a run."
    model = TrainedModel.of(project, trainer)
    try:
        save(model, options.save)
    except FileError as error:
        other = Path(tempfile.mkdtemp(prefix="backprop-studio-")) / Path(options.save).name
        save(model, other)
        raise FileError(error.message, hint=f"The run is kept in '{other}'.") from error
    return f"The run is in '{options.save}'; train it to go on."


def _summary(trainer: Trainer, latest: dict[str, float]) -> dict[str, Any]:
    evaluations = {
        name: [None if math.isnan(value) else value for value in column.values.tolist()]
        for name, column in trainer.history.evaluations.items()
    }
    return {
        "iterations": trainer.iteration,
        "epochs": trainer.epoch,
        "score": trainer.network.task.score_title,
        **{name: latest[name] for name in ("train_cost", "train_score", "dev_cost", "dev_score")},
        "evaluations": evaluations,
    }
