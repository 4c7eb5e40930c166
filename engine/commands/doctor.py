"""doctor FILE [--epochs N] [--open-test]: tell bias from variance, and what to try next."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

from engine.commands._opened import add_epochs, project_of, trainer_of, with_epochs
from engine.commands._running import run_to_the_end
from engine.doctor import ErrorRate, examine
from engine.doctor.held_out import open_test_set
from engine.files import TrainedModel, load, save
from engine.files.disk import check_writable
from engine.project import Project
from engine.training import Trainer

HELP = "diagnose bias and variance, and suggest what to try next"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Beside FILE and --json."""
    add_epochs(parser)
    parser.add_argument(
        "--open-test", action="store_true", help="open the test set; FILE records it"
    )


def run(options: argparse.Namespace) -> int:
    """A design is trained first, a model as it is; with --epochs, it continues up to there."""
    opened = load(options.file)
    if options.open_test:
        check_writable(options.file)
    project = with_epochs(project_of(opened), options.epochs)
    trainer = trainer_of(opened, project)
    if options.epochs is not None or not isinstance(opened, TrainedModel):
        run_to_the_end(trainer, quiet=options.json, lines=False)
    test = _opened_test(opened, trainer, options.file) if options.open_test else None
    found = examine(project, trainer, test)
    if options.json:
        print(json.dumps(found.to_json(), sort_keys=True, allow_nan=False))
    else:
        print("\n".join(found.lines()))
    return 0


def _opened_test(opened: Project | TrainedModel, trainer: Trainer, path: str) -> ErrorRate:
    """The error on the sealed test set; the opening is written into the file."""
    after, figures = open_test_set(project_of(opened), trainer.network, trainer.data)
    save(replace(opened, project=after) if isinstance(opened, TrainedModel) else after, path)
    return figures.error
