"""Layers: importing this package imports every file in it, and so fills the registry."""

import importlib
import pkgutil

from engine.layers.activation import Activation
from engine.layers.base import Layer, Shape, TrainableLayer, WeightedLayer, shape_text
from engine.layers.dense import Dense, Linear
from engine.layers.dropout import Dropout
from engine.layers.io import Input, Output
from engine.layers.merge import Add, Concatenate
from engine.layers.normalization import BatchNorm
from engine.layers.reshape import Flatten

for _file in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_file.name}")

__all__ = [
    "Activation",
    "Add",
    "BatchNorm",
    "Concatenate",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "Layer",
    "Linear",
    "Output",
    "Shape",
    "TrainableLayer",
    "WeightedLayer",
    "shape_text",
]
