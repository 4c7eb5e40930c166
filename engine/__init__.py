"""Backprop Studio's engine: design, train and check neural networks with NumPy.

    import engine
    design = engine.Design.sequential([engine.Input(features=2), engine.Dense(units=10),
                                       engine.Output(task="binary")])
    network = engine.Network(design, seed=0)

Arrays have examples as their last axis: X (n_x, m), W (n[l], n[l-1]), A (n[l], m).
"""

from engine import data, doctor, initializers, schedules, stopping
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
from engine.initializers import (
    Constant,
    Glorot,
    He,
    Identity,
    Initializer,
    Normal,
    Orthogonal,
    Uniform,
    Xavier,
    Zeros,
)
from engine.layers import (
    RNN,
    Activation,
    Add,
    AveragePool,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    DotProductAttention,
    Dropout,
    Embedding,
    Flatten,
    Input,
    Layer,
    Linear,
    MaxPool,
    Output,
)
from engine.losses import Task
from engine.network import Network
from engine.network.vjp import vjp
from engine.optimizers import Adam, AdamW, GradientDescent, Momentum, Optimizer, RMSprop
from engine.project import Project
from engine.schedules import (
    ConstantRate,
    CosineDecay,
    ExponentialDecay,
    InverseDecay,
    Piecewise,
    RootEpochDecay,
    RootIterationDecay,
    Schedule,
    WarmUp,
)
from engine.settings import TrainingSettings
from engine.stopping import EarlyStopping, LastEpoch, StopRule
from engine.training import Step, Trainer, fit, train
from engine.training.history import History
from engine.training.updater import Updater

__all__ = [
    "RNN",
    "Activation",
    "Adam",
    "AdamW",
    "Add",
    "AveragePool",
    "BatchNorm",
    "Concatenate",
    "Constant",
    "ConstantRate",
    "Conv2D",
    "CosineDecay",
    "DataError",
    "Dense",
    "Design",
    "DesignError",
    "DotProductAttention",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "EngineError",
    "ExponentialDecay",
    "FileError",
    "Fit",
    "Flatten",
    "Glorot",
    "GradientDescent",
    "GradientReport",
    "He",
    "History",
    "Identity",
    "Initializer",
    "Input",
    "InverseDecay",
    "LastEpoch",
    "Layer",
    "Linear",
    "MaxPool",
    "Momentum",
    "Network",
    "NonFiniteError",
    "Normal",
    "Optimizer",
    "Orthogonal",
    "Output",
    "Piecewise",
    "Problem",
    "Project",
    "RMSprop",
    "Report",
    "RootEpochDecay",
    "RootIterationDecay",
    "Schedule",
    "SpecError",
    "Step",
    "StopRule",
    "Task",
    "Trainer",
    "TrainingError",
    "TrainingSettings",
    "Uniform",
    "Updater",
    "WarmUp",
    "Wire",
    "Xavier",
    "Zeros",
    "can_connect",
    "check",
    "check_gradients",
    "data",
    "doctor",
    "fit",
    "initializers",
    "load",
    "save",
    "schedules",
    "stopping",
    "train",
    "vjp",
]
