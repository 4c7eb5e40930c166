"""Backprop Studio's engine: design, train and check neural networks with NumPy.

    import engine
    design = engine.Design.sequential([engine.Input(features=2), engine.Dense(units=10),
                                       engine.Output(task="binary")])
    network = engine.Network(design, seed=0)

Arrays have examples as their last axis: X (n_x, m), W (n[l], n[l-1]), A (n[l], m).
"""

from engine import data, doctor
from engine.design import Design, Fit, Problem, Report, Wire, can_connect, check
from engine.errors import (
    DataError,
    DesignError,
    EngineError,
    FileError,
    NonFiniteError,
    SpecError,
    TrainingError,
)
from engine.files import load, save
from engine.gradient_check import GradientReport, check_gradients
from engine.layers import (
    Activation,
    Add,
    BatchNorm,
    Concatenate,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
    Linear,
    Output,
)
from engine.losses import Task
from engine.network import Network
from engine.optimizers import Adam, AdamW, GradientDescent, Momentum, Optimizer, RMSprop
from engine.settings import TrainingSettings
from engine.training import Step, Trainer, train
from engine.training.history import History
from engine.training.updater import Updater

__all__ = [
    "Activation",
    "Adam",
    "AdamW",
    "Add",
    "BatchNorm",
    "Concatenate",
    "DataError",
    "Dense",
    "Design",
    "DesignError",
    "Dropout",
    "EngineError",
    "FileError",
    "Fit",
    "Flatten",
    "GradientDescent",
    "GradientReport",
    "History",
    "Input",
    "Layer",
    "Linear",
    "Momentum",
    "Network",
    "NonFiniteError",
    "Optimizer",
    "Output",
    "Problem",
    "RMSprop",
    "Report",
    "SpecError",
    "Step",
    "Task",
    "Trainer",
    "TrainingError",
    "TrainingSettings",
    "Updater",
    "Wire",
    "can_connect",
    "check",
    "check_gradients",
    "data",
    "doctor",
    "load",
    "save",
    "train",
]
