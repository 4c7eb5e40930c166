"""Layers: importing this package imports every file in it, and so fills the registry."""

from engine.discovery import discover
from engine.layers.activation import Activation
from engine.layers.base import Layer, Shape, TrainableLayer, WeightedLayer, shape_text
from engine.layers.conv2d import Conv2D
from engine.layers.dense import Dense, Linear
from engine.layers.dropout import Dropout
from engine.layers.io import Input, Output
from engine.layers.merge import Add, Concatenate
from engine.layers.mode import Mode
from engine.layers.normalization import BatchNorm
from engine.layers.pooling import AveragePool, MaxPool
from engine.layers.reshape import Flatten

discover(__path__, __name__)

__all__ = [
    "Activation",
    "Add",
    "AveragePool",
    "BatchNorm",
    "Concatenate",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "Layer",
    "Linear",
    "MaxPool",
    "Mode",
    "Output",
    "Shape",
    "TrainableLayer",
    "WeightedLayer",
    "shape_text",
]
