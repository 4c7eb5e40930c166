"""What every command needs first: the project in a file, and the run that it holds or starts."""

from __future__ import annotations

import argparse

from engine.files import TrainedModel
from engine.network import Network
from engine.project import Project
from engine.training import Trainer
from engine.training.threads import use_threads_for


def add_epochs(parser: argparse.ArgumentParser) -> None:
    """--epochs, as train and doctor have it."""
    parser.add_argument("--epochs", type=int, help="number of epochs, instead of the file's")


def project_of(opened: Project | TrainedModel) -> Project:
    """The project in either kind of file."""
    return opened.project if isinstance(opened, TrainedModel) else opened


def with_epochs(project: Project, epochs: int | None) -> Project:
    """The project with as many epochs as the command line says, if it says so."""
    if epochs is None:
        return project
    return project.replace(training=project.training.replace(epochs=epochs))


def trainer_of(opened: Project | TrainedModel, project: Project) -> Trainer:
    """The run of a design, or of a model with the settings of `project`, ready to go on."""
    data = project.build_data()
    if isinstance(opened, TrainedModel):
        trainer = opened.trainer(data)
        trainer.adopt(project.training)
    else:
        trainer = Trainer(Network(project.design, project.training, data=data), data)
    use_threads_for(trainer.network, trainer.batch_size)
    return trainer
