"""Layers: importing this package imports every file in it, and so fills the registry."""

from engine.discovery import discover
from engine.layers.activation import Activation
from engine.layers.attention import DotProductAttention
from engine.layers.average_pool import AveragePool
from engine.layers.base import Layer, Shape, shape_text
from engine.layers.conv2d import Conv2D
from engine.layers.dense import Dense, Linear
from engine.layers.dropout import Dropout
from engine.layers.embedding import Embedding
from engine.layers.io import Input, Output
from engine.layers.max_pool import MaxPool
from engine.layers.merge import Add, Concatenate
from engine.layers.mode import Mode
from engine.layers.normalization import BatchNorm
from engine.layers.reshape import Flatten
from engine.layers.rnn import RNN
from engine.layers.trainable import TrainableLayer, WeightedLayer

discover(__path__, __name__)

__all__ = [
    "RNN",
    "Activation",
    "Add",
    "AveragePool",
    "BatchNorm",
    "Concatenate",
    "Conv2D",
    "Dense",
    "DotProductAttention",
    "Dropout",
    "Embedding",
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
