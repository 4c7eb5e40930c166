"""advice(design): what could be better about a design that runs.

To add a rule, write a function below that takes an `AdviceCase` and yields Advice, and decorate it
with `@rule`. Rules see the parts that layers expand into, so Dense(activation="tanh") and a Linear
node followed by an Activation node look the same to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.activations import ActivationFunction, LeakyRelu, Relu, Sigmoid, Softmax, Tanh
from engine.data.fit import Fit
from engine.design.analysis import Anatomy, Piece
from engine.design.check import Report
from engine.design.design import Design
from engine.initializers import Glorot, He, Initializer, Xavier
from engine.layers import (
    Output,
    TrainableLayer,
)
from engine.optimizers import Adam, Optimizer
from engine.settings import TrainingSettings

DEEP = 3
"""With this many hidden layers or more, sigmoids make the gradient vanish."""
LARGE_RATE = 0.1
"""For Adam, whose steps are about as long as the learning rate, whatever the gradient."""
SMALL_LAYER = 16
LOW_KEEP_PROB = 0.5


class Advice(NamedTuple):
    """text: the finding, in one sentence. why: the reason from the lecture, in another one.

    node: where, or None for the training settings.
    """

    node: str | None
    text: str
    why: str


class AdviceCase(NamedTuple):
    """What the rules look at."""

    anatomy: Anatomy
    settings: TrainingSettings


Rule = Callable[[AdviceCase], Iterator[Advice]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule."""
    RULES.append(function)
    return function


def advice(
    design: Design,
    settings: TrainingSettings | None = None,
    fit: Fit | None = None,
    report: Report | None = None,
) -> list[Advice]:
    """All advice on the layers whose shapes are known. Never raises; report: the check, if made."""
    settings = settings or TrainingSettings()
    return advice_on(Anatomy.of(design, settings, fit, report), settings)


def advice_on(anatomy: Anatomy, settings: TrainingSettings) -> list[Advice]:
    """All advice on a design whose anatomy is known."""
    case = AdviceCase(anatomy, settings)
    return [piece for find in RULES for piece in find(case)]


# Initial weights


@rule
def _relu_under_small_weights(case: AdviceCase) -> Iterator[Advice]:
    """Source: He et al. (2015); course 2, week 1."""
    rectifiers, small = Relu | LeakyRelu, Xavier | Glorot
    for function, initializer, node in _activated(case):
        if isinstance(function, rectifiers) and isinstance(initializer, small):
            yield Advice(
                node,
                f"{function.title} starts from {initializer.title} weights; He suits it better.",
                f"{function.title} takes the negative half of the values away, so that only twice "
                "the variance, 2/n, keeps the activations' size from layer to layer.",
            )


@rule
def _tanh_under_large_weights(case: AdviceCase) -> Iterator[Advice]:
    """Source: Glorot and Bengio (2010); course 2, week 1."""
    for function, initializer, node in _activated(case):
        if isinstance(function, Tanh | Sigmoid) and isinstance(initializer, He):
            yield Advice(
                node,
                f"{function.title} starts from He weights; Xavier suits it better.",
                (
                    "He's variance of 2/n makes up for the half that ReLU sets to 0. "
                    "Here, it only drives units to the flat ends of the curve, where the "
                    "gradient is small."
                ),
            )


@rule
def _symmetric_weights(case: AdviceCase) -> Iterator[Advice]:
    """Source: course 1, week 3, "Random initialization"."""
    for piece in _hidden(case):
        initializer = piece.initializer
        if initializer is None or piece.shape[0] < 2 or not _all_equal(initializer):
            continue
        yield Advice(
            piece.node,
            "All weights of this layer start with the same value.",
            (
                "Units with equal weights compute the same values and receive the same "
                "gradient, so they stay equal forever. Random weights break the symmetry."
            ),
        )


def _activated(case: AdviceCase) -> Iterator[tuple[ActivationFunction, Initializer, str]]:
    """(function, initializer, node) where a function is applied to the output of unscaled weights.

    After batch norm, the size of the weights does not matter; a multiplier shows that it was chosen
    on purpose.
    """
    for weighted, piece in case.anatomy.activated():
        initializer, function = weighted.initializer, piece.layer.nonlinearity
        if initializer is not None and initializer.multiplier == 1 and function is not None:
            yield function, initializer, piece.node


@lru_cache(maxsize=256)
def _all_equal(initializer: Initializer) -> bool:
    """Whether the initializer gives all weights the same value."""
    weights = initializer.sample(np.random.default_rng(0), (3, 2), 2, 3, "float64")
    return bool((weights == weights[0, 0]).all())


# Activations


@rule
def _sigmoid_in_the_deep(case: AdviceCase) -> Iterator[Advice]:
    """Source: course 1, week 3, and course 2, week 1, "Vanishing gradients"."""
    if case.anatomy.hidden_depth < DEEP:
        return
    for piece in _hidden(case):
        if isinstance(piece.layer.nonlinearity, Sigmoid):
            yield Advice(
                piece.node,
                f"A sigmoid is used in a network of {case.anatomy.hidden_depth} hidden layers; "
                "ReLU or tanh learns faster.",
                (
                    "The slope of a sigmoid is at most 1/4, so the gradient shrinks at "
                    "every such layer and vanishes before it reaches the first."
                ),
            )


@rule
def _softmax_over_one(case: AdviceCase) -> Iterator[Advice]:
    """Source: course 2, week 3, "Softmax regression"."""
    why = (
        "Softmax divides by the sum over all units, so a single unit always outputs 1 and "
        "learns nothing."
    )
    for piece in case.anatomy.pieces:
        softmax = isinstance(piece.layer.nonlinearity, Softmax)
        if softmax and piece.shape[0] == 1:
            yield Advice(piece.node, "Softmax with a single unit: use a sigmoid instead.", why)
    for name in case.anatomy.outputs:
        output = case.anatomy.nodes.get(name)
        if isinstance(output, Output) and 0 < (output.units or 0) < output.task.fewest_units:
            text = "The task has only one class. Two classes need one sigmoid unit."
            yield Advice(name, text, why)


# Batch norm and dropout


@rule
def _bias_under_batch_norm(case: AdviceCase) -> Iterator[Advice]:
    """Source: Ioffe and Szegedy (2015), section 3.2; course 2, week 3."""
    consumers = case.anatomy.consumers
    for before, piece in case.anatomy.pairs():
        alone = len(consumers[piece.sources[0]]) == 1
        biased = "b" in before.layer.parameter_shapes(*before.inputs)
        if piece.layer.centers and biased and alone:
            yield Advice(
                before.node,
                f"The bias b is idle: batch norm follows ('{piece.node}').",
                (
                    "Batch norm subtracts the mean, and with it any constant b. Its β "
                    "takes the place of b."
                ),
            )


@rule
def _dropout_before_batch_norm(case: AdviceCase) -> Iterator[Advice]:
    """Source: Li et al. (2019), "Understanding the Disharmony between Dropout and Batch Norm"."""
    for before, piece in case.anatomy.pairs():
        if piece.layer.centers and before.layer.kept_share < 1:
            yield Advice(
                piece.node,
                f"Dropout ('{before.node}') comes directly before batch norm.",
                (
                    "Dropout changes the variance between training and prediction, so the "
                    "running variance is wrong at prediction. Put dropout after batch "
                    "norm."
                ),
            )


@rule
def _much_dropout_of_few_units(case: AdviceCase) -> Iterator[Advice]:
    """Source: course 2, week 1, "Understanding dropout": keep_prob is low for large layers."""
    for piece in case.anatomy.pieces:
        small = len(piece.shape) == 1 and piece.shape[0] <= SMALL_LAYER
        if small and piece.layer.kept_share < LOW_KEEP_PROB:
            left = piece.layer.kept_share * piece.shape[0]
            yield Advice(
                piece.node,
                f"Dropout leaves about {left:.1f} of {piece.shape[0]} units.",
                (
                    "Low keep probabilities suit large layers, which overfit. A layer of "
                    "few units needs all of them."
                ),
            )


# Steps


@rule
def _giant_steps(case: AdviceCase) -> Iterator[Advice]:
    """Source: Kingma and Ba (2015), section 2.1; course 2, week 2."""
    if _strides(case.settings.optimizer):
        yield _of_rate(None, case.settings.optimizer)
    for name, layer in case.anatomy.nodes.items():
        own = layer.optimizer if isinstance(layer, TrainableLayer) else None
        if own is not None and own != case.settings.optimizer and _strides(own):
            yield _of_rate(name, own)


def _strides(optimizer: Optimizer) -> bool:
    return isinstance(optimizer, Adam) and optimizer.learning_rate > LARGE_RATE


def _of_rate(node: str | None, optimizer: Optimizer) -> Advice:
    return Advice(
        node,
        f"A learning rate of {optimizer.learning_rate:g} is very large for {optimizer.title}; "
        "try 0.001.",
        f"{optimizer.title} divides by the gradient's size: each step moves every parameter by "
        "about the learning rate, however near the minimum is.",
    )


def _hidden(case: AdviceCase) -> Iterator[Piece]:
    return (p for p in case.anatomy.pieces if p.node not in case.anatomy.outputs)
