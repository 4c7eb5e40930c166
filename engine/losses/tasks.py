"""Tasks: what a network is asked. A task pairs an output activation and a loss with its targets.

To add one, put a class into a file of this package. It names its targets (engine/targets) and says
which loss is averaged and what a prediction is; everything else follows from the targets, and may
be overridden. Other rooms ask the task or its targets, and never compare names.
"""

from __future__ import annotations

from typing import ClassVar

from engine.activations import sigmoid, softmax
from engine.losses.base import Array, ErrorFunction, Loss
from engine.losses.cross_entropy import BinaryCrossEntropy, CategoricalCrossEntropy
from engine.losses.error_functions import SquaredError
from engine.spec import Family, setting
from engine.targets import BinaryTargets, ClassTargets, LabelTargets, NumberTargets, Targets


class Task(Family):
    """What the network is asked: picks output activation, loss and score together."""

    targets: ClassVar[Targets]
    """What Y holds; data fit a task whose targets are of the same kind as theirs."""
    fewest_units: ClassVar[int] = 1
    """With fewer output units there is nothing to learn."""

    @property
    def loss(self) -> Loss:
        """The loss that J averages."""
        raise NotImplementedError

    takes_scaling: ClassVar[bool] = False
    """Whether its targets can be scaled: numbers can, classes cannot."""

    @property
    def scales_targets(self) -> bool:
        """Whether training sees targets scaled by their training mean and spread."""
        return False

    def units(self, classes: int) -> int:
        """Output units for `classes` classes (targets, for regression)."""
        return self.targets.outputs(classes)

    def predict(self, z: Array) -> Array:
        """Predictions from logits: probabilities for classifiers. (n_y, m) -> (n_y, m)."""
        raise NotImplementedError

    @property
    def score_title(self) -> str:
        """What the score is called."""
        return self.targets.score_title

    @property
    def score_is_share(self) -> bool:
        """Whether people read the score in percent."""
        return self.targets.score_is_share

    @property
    def score_metric(self) -> str:
        """The metric that the score is, by its name in METRICS."""
        return self.targets.score_metric

    def score(self, p: Array, y: Array) -> float:
        """A number that teachers read, 1 at best: accuracy, or R² for regression."""
        return self.targets.score(p, y)

    def check_targets(self, y: Array, units: int | None = None) -> None:
        """Raise DataError where y cannot be a target of this task for so many output units."""
        self.targets.check(y, units)


class Binary(Task):
    """Two classes: one sigmoid unit, binary cross-entropy; y is 0 or 1, shape (1, m)."""

    title = "Binary (sigmoid)"
    short_title = "sigmoid"
    targets = BinaryTargets()

    @property
    def loss(self) -> Loss:
        return _BINARY

    def predict(self, z: Array) -> Array:
        return sigmoid(z)


class MultiClass(Task):
    """One of C classes: softmax over C units, cross-entropy; y is the label from 0, (1, m)."""

    title = "Multi-class (softmax)"
    short_title = "softmax"
    targets = ClassTargets()
    fewest_units = 2

    @property
    def loss(self) -> Loss:
        return _CATEGORICAL

    def predict(self, z: Array) -> Array:
        return softmax(z)


class MultiLabel(Task):
    """Any of C labels at once: C sigmoid units; y is 0, 1 or NaN (label unknown), (C, m)."""

    title = "Multi-label (sigmoids)"
    short_title = "sigmoid"
    targets = LabelTargets()

    @property
    def loss(self) -> Loss:
        return _BINARY

    def predict(self, z: Array) -> Array:
        return sigmoid(z)


class Regression(Task):
    """Real numbers: linear output and squared (or another) error; y is any real, (n_y, m).

    Example: with scale_targets, prices around 200,000 of spread 50,000 are trained as numbers
    around 0 of spread 1. Source: course 2, week 1, "Normalizing inputs", applied to the targets;
    scikit-learn's TransformedTargetRegressor.
    """

    title = "Regression (linear)"
    short_title = "linear"
    targets = NumberTargets()
    error: ErrorFunction = setting(
        SquaredError(), title="Error", help="The loss, averaged over the examples."
    )
    takes_scaling = True
    scale_targets: bool = setting(
        True,
        title="Scale targets",
        help="Train on targets scaled to mean 0 and standard deviation 1, based on the "
        "training set. Predictions and scores stay in the data's units; losses are in "
        "scaled units.",
    )

    @property
    def scales_targets(self) -> bool:
        return self.scale_targets

    @property
    def loss(self) -> Loss:
        return self.error

    def predict(self, z: Array) -> Array:
        return z


USUAL_TASK = MultiClass()
"""What an output layer solves unless told otherwise."""
_BINARY, _CATEGORICAL = BinaryCrossEntropy(), CategoricalCrossEntropy()


def task_for(targets: str) -> Task | None:
    """The usual task for targets of this kind: the first that has them. None where none has."""
    for member in Task.registry.values():
        if member.targets.kind == targets:
            return member()
    return None
