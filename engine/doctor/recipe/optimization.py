"""Remedies that let training get further: longer, with better steps, from a better start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from engine.activations import ActivationFunction, LinearActivation, Sigmoid, Softmax, Tanh
from engine.doctor.recipe.case import RecipeCase, RecipeStep, Remedy, each, named
from engine.initializers import He, Identity, Initializer, Orthogonal, Xavier
from engine.layers import WeightedLayer
from engine.optimizers import Adam, GradientDescent, Momentum, RMSprop
from engine.spec import limits
from engine.stopping import EarlyStopping

FAR = 20
"""A learning rate so many times smaller than the optimizer's usual one is suspect. So is one that
much larger, where every step is about as long as the rate; elsewhere it may suit a flat cost."""
MISFIT = 2.0
"""Initial weights are unfit if they are so many times too large or too small."""
SAMPLE = 64
"""Rows and columns of weights that are drawn to measure an initializer."""


class TrainLonger(Remedy):
    """Source: course 2, week 1, "Basic recipe for machine learning"."""

    name = "train_longer"
    title = "Train longer"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 10 if case.evidence.still_falling else 30

    def reason(self, case: RecipeCase) -> str:
        if case.evidence.still_falling:
            return "The training loss was still falling when training ended."
        return "Training longer does not always help, but it rarely hurts the training error."

    def step(self, case: RecipeCase) -> RecipeStep | None:
        settings = case.project.training
        stopped = case.evidence.stopped_early and isinstance(settings.stopping, EarlyStopping)
        most = int(limits(type(settings).model_fields["epochs"])["le"])
        epochs = min(2 * settings.epochs, most)
        if stopped or epochs == settings.epochs:
            return None
        text = f"{epochs:,} epochs instead of {settings.epochs:,}"
        return RecipeStep(text, case.trained(epochs=epochs))


class BetterOptimizer(Remedy):
    """Source: course 2, week 2, "Adam optimization algorithm"; Kingma and Ba 2015."""

    name = "better_optimizer"
    title = "Better optimizer"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 25

    def reason(self, case: RecipeCase) -> str:
        return (
            "Adam adapts the step size of every parameter, so it makes progress where "
            "plain gradient descent oscillates or crawls."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        plain = GradientDescent | Momentum
        own = each(case.hidden_with("optimizer"), lambda o: isinstance(o, plain))
        own = [n for n in own if getattr(case.project.design.nodes[n], "optimizer", None)]
        before = case.project.training.optimizer
        if not isinstance(before, plain):
            return None
        project = case.edited({name: {"optimizer": None} for name in own})
        settings = project.training.replace(optimizer=Adam())
        return RecipeStep(
            f"{Adam.title} instead of {before.title.lower()}", project.replace(training=settings)
        )


class UsualLearningRate(Remedy):
    """Source: course 2, week 3, "Using an appropriate scale to pick hyperparameters"."""

    name = "usual_learning_rate"
    title = "Usual learning rate"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 8

    def reason(self, case: RecipeCase) -> str:
        optimizer = case.project.training.optimizer
        large = optimizer.learning_rate > _usual_rate(case)
        what = "overshoots the minimum" if large else "takes far too many steps"
        return f"{optimizer.title} with a learning rate of {optimizer.learning_rate:g} {what}."

    def step(self, case: RecipeCase) -> RecipeStep | None:
        optimizer, usual = case.project.training.optimizer, _usual_rate(case)
        too_small = optimizer.learning_rate * FAR < usual
        too_large = isinstance(optimizer, Adam | RMSprop) and optimizer.learning_rate > FAR * usual
        if not too_small and not too_large:
            return None
        changed = optimizer.replace(learning_rate=usual)
        return RecipeStep(f"learning rate {usual:g}", case.trained(optimizer=changed))


class BetterInitializer(Remedy):
    """Source: course 2, week 1, "Weight initialization"; He et al. 2015; Glorot and Bengio 2010."""

    name = "better_initializer"
    title = "He or Xavier initialization"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 6

    def reason(self, case: RecipeCase) -> str:
        return (
            "The initial weights of these layers are far too large, far too small, or "
            "all equal, so signals explode or vanish, or units stay equal forever."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        wanted = dict(_misfits(case))
        if not wanted:
            return None
        kinds: dict[str, list[str]] = {}
        for node, initializer in wanted.items():
            kinds.setdefault(initializer.title, []).append(node)
        words = [f"{title} initialization in {named(nodes)}" for title, nodes in kinds.items()]
        changes = {node: {"initializer": initializer} for node, initializer in wanted.items()}
        return RecipeStep(", ".join(words), case.edited(changes))


class AddBatchNorm(Remedy):
    """Source: course 2, week 3, "Batch normalization"; Ioffe and Szegedy 2015."""

    name = "batch_norm"
    title = "Batch norm"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 35

    def reason(self, case: RecipeCase) -> str:
        return (
            "It keeps the inputs of every layer on one scale, so deep networks train "
            "faster and work with a wider range of settings."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        if any(piece.layer.centers for piece in case.anatomy.pieces):
            return None
        without = each(case.hidden_with("batch_norm"), lambda on: not on)
        if len(without) < 2:
            return None
        project = case.edited({name: {"batch_norm": True} for name in without})
        return RecipeStep(f"batch norm in {named(without)}", project)


def _usual_rate(case: RecipeCase) -> float:
    fields = type(case.project.training.optimizer).model_fields
    return float(fields["learning_rate"].default)


def _misfits(case: RecipeCase) -> Iterator[tuple[str, Initializer]]:
    """Layers with the initializer that they had better have; behind batch norm any will do."""
    for weighted, piece in case.anatomy.activated():
        function, layer = piece.layer.nonlinearity, weighted.layer
        if function is None or not isinstance(layer, WeightedLayer):
            continue
        wanted, initializer = _suited(function), layer.initializer
        if weighted.node not in case.hidden or wanted is None or initializer is None:
            continue
        if _is_unfit(initializer, wanted, *layer.fans(*weighted.inputs)):
            yield weighted.node, wanted


def _suited(function: ActivationFunction) -> Initializer | None:
    if isinstance(function, LinearActivation | Softmax):
        return None
    return Xavier() if isinstance(function, Tanh | Sigmoid) else He()


@lru_cache(maxsize=512)
def _is_unfit(initializer: Initializer, wanted: Initializer, fan_in: int, fan_out: int) -> bool:
    """Whether the weights' size is off by a factor of MISFIT, or all of them are equal."""
    if isinstance(initializer, Orthogonal | Identity) and initializer.multiplier == 1:
        return False  # sound choices of another kind, whose size depends on the whole shape
    sizes = []
    for choice in (initializer, wanted):
        shape = (min(fan_out, SAMPLE), min(fan_in, SAMPLE))
        weights = choice.sample(np.random.default_rng(0), shape, fan_in, fan_out, "float64")
        if choice is initializer and weights.size > 1 and np.ptp(weights) == 0:
            return True
        sizes.append(float(np.sqrt(np.square(weights).mean())))
    ours, theirs = sizes
    return not theirs / MISFIT < ours < theirs * MISFIT
