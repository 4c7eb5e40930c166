"""Dataset: examples and their targets as two matrices, checked once, then trusted everywhere."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from engine.data.blocks import DataBlock, TargetBlock, check_layout, kept_targets, slices_of
from engine.data.checks import (
    Array,
    check_arrays,
    check_features,
    check_labels,
    check_shape,
    check_weights,
)
from engine.data.fit import Fit
from engine.data.splitting.partition import partition
from engine.data.splitting.splits import Splits
from engine.errors import DataError
from engine.streams import SCHEME, stream
from engine.targets import Targets, class_targets
from engine.targets.classes import one_hot_of


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """m examples, each a column. The arrays are read-only; an edit makes a new Dataset.

    X: (n_x, m) of float32 or float64, finite.
    Y: (n_y, m) of X's dtype, as `targets` reads it; of classes, their labels from 0, (1, m). NaN
       where a target is unknown. One-hot columns are taken in and become labels.
    task: the kind of the targets, such as "binary"; engine/targets says what each kind means.
    classes: the class names, none where the targets are numbers; counted from 0 if not given.
    feature_names: one for each row of X; x1, x2, ... if not given.
    shape: the shape of one example as a network takes it, such as (784,) or (1, 28, 28); (n_x,) if
       not given.
    image_shape: (channels, height, width) if an example can be shown as a picture, else None.
    ink: True for drawings whose largest value is ink on paper; False for photographs, where it is
    white.
    seed: the seed it was loaded with, from which `split` takes its shuffling.
    gaps: whether X may lack values, as NaN; `split` fills them by the means of its training set.
    weights: (m,) how much each example counts in the loss; None where all count alike.
    blocks: what X consists of, where an example has several parts, or tokens; else the one block
       "x" of the shape. target_blocks: what Y consists of, where there are several targets; else
       the one target "y". Task and classes are those of the first one.
    """

    X: Array
    Y: Array
    task: str
    classes: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    name: str = ""
    seed: int = 0
    image_shape: tuple[int, int, int] | None = None
    ink: bool = False
    gaps: bool = False
    blocks: tuple[DataBlock, ...] = ()
    target_blocks: tuple[TargetBlock, ...] = ()
    weights: Array | None = None

    def __post_init__(self) -> None:
        X, Y = np.asarray(self.X), np.asarray(self.Y)
        check_arrays(X, Y)
        self._set("feature_names", tuple(self.feature_names) or default_names(X.shape[0]))
        check_features(X, self.feature_names, self.gaps)
        self._take_blocks(X)
        Y = self._take_targets(Y)
        if self.image_shape is not None:
            check_shape("image_shape", self.image_shape, self.fit.x_blocks[0].rows)
        if self.weights is not None:
            weights = np.asarray(self.weights)
            check_weights(weights, X.shape[1])
            self._set("weights", weights.astype(X.dtype))
        self._set("X", _columns(X))
        self._set("Y", _columns(Y.astype(X.dtype, copy=False)))

    def _take_blocks(self, X: Array) -> None:
        n_x = X.shape[0]
        self._set("blocks", tuple(self.blocks))
        if not self.blocks:
            self._set("shape", tuple(self.shape) or (n_x,))
            check_shape("shape", self.shape, n_x)
            return
        check_layout(self.blocks, n_x, "X")
        self._set("shape", self.blocks[0].shape)
        rows = slices_of(self.blocks)
        for block in self.blocks:
            block.check(X[rows[block.name]])

    def _take_targets(self, Y: Array) -> Array:
        """Y as it is kept: one-hot columns become labels."""
        self._set("target_blocks", tuple(self.target_blocks))
        if not self.target_blocks:
            targets = Targets.of(self.task)
            outputs = targets.outputs_of(Y, self.classes)
            named = targets.class_count(outputs)
            self._set("classes", tuple(self.classes) or tuple(str(c) for c in range(named)))
            targets.check_names(self.classes, outputs)
            targets.check(Y, outputs)
            return targets.matrix(Y, outputs)
        Y = kept_targets(Y, self.target_blocks)
        check_layout(self.target_blocks, Y.shape[0], "Y")
        first, rows = self.target_blocks[0], slices_of(self.target_blocks)
        if first.task != self.task:
            raise DataError(
                f"The task is '{self.task}', but the first target, '{first.name}', is for "
                f"'{first.task}'."
            )
        self._set("classes", first.classes)
        for block in self.target_blocks:
            Targets.of(block.task).check_names(block.classes, block.outputs)
            Targets.of(block.task).check(Y[rows[block.name]], block.outputs)
        return Y

    def __repr__(self) -> str:
        sizes = f"n_x={self.n_x}, n_y={self.n_y}, m={self.m}"
        return f"Dataset({self.name!r}, {self.task}, {sizes}, {self.X.dtype}, seed={self.seed})"

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.X.shape[1])

    @property
    def fit(self) -> Fit:
        """What these data ask of a network."""
        return Fit(self.shape, self.n_y, self.task, self.blocks, self.target_blocks)

    @property
    def n_x(self) -> int:
        """The number of features."""
        return int(self.X.shape[0])

    @property
    def n_y(self) -> int:
        """The number of outputs that a network needs for the (first) target."""
        if self.target_blocks:
            return self.target_blocks[0].outputs
        return self.targets.outputs(len(self.classes)) if self.classes else int(self.Y.shape[0])

    @property
    def real_rows(self) -> npt.NDArray[np.bool_]:
        """(n_x,) which rows of X hold real numbers: neither tokens nor lengths."""
        rows = np.ones(self.n_x, dtype=bool)
        for block in self.blocks:
            part = slices_of(self.blocks)[block.name]
            rows[part] = block.kind == "real"
            if block.has_lengths:
                rows[part.stop - 1] = False
        return rows

    def of_target(self, name: str | None = None) -> Dataset:
        """The same examples with one of the targets alone, the first for None; X is shared.

        Raises DataError where there is no such target.
        """
        block = self.fit.target(name)
        if len(self.target_blocks) < 2:
            return self
        other = copy.copy(self)  # everything was checked already
        other._set("Y", self.Y[slices_of(self.target_blocks)[block.name]])
        for field in ("task", "classes"):
            other._set(field, getattr(block, field))
        other._set("target_blocks", (block,))
        return other

    @property
    def targets(self) -> Targets:
        """What the numbers in Y mean, in the rows of the (first) target."""
        return Targets.of(self.task)

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """(m,) each example's position in `classes`, by the (first) target.

        Raises DataError unless classes exclude.
        """
        return self.targets.labels(self._first_Y)

    @property
    def _first_Y(self) -> Array:
        return self.Y[: self.target_blocks[0].rows] if self.target_blocks else self.Y

    @property
    def groups(self) -> npt.NDArray[np.int64]:
        """(m,) what a split gives equal shares of: the labels; all 0 where there are none."""
        return self.labels if self.targets.exclusive else np.zeros(self.m, dtype=np.int64)

    def take(self, indices: npt.ArrayLike) -> Dataset:
        """The examples at `indices`, whole numbers from 0 to m - 1, in this order."""
        chosen = np.asarray(indices)
        if chosen.ndim != 1 or chosen.size == 0 or chosen.dtype.kind not in "ui":
            raise DataError(
                "Examples are taken by a non-empty row of whole numbers;"
                f" got shape {chosen.shape} of {chosen.dtype}."
            )
        wrong = chosen[(chosen < 0) | (chosen >= self.m)]
        if wrong.size:
            raise DataError(f"There is no example {wrong[0]}; they go from 0 to {self.m - 1}.")
        weights = None if self.weights is None else self.weights[chosen]
        if weights is not None and not weights.any():
            weights = np.ones_like(weights)  # nobody counts more than another
        X, Y = self.X.T[chosen].T, self.Y.T[chosen].T
        return dataclasses.replace(self, X=X, Y=Y, weights=weights)

    def split(
        self,
        train: float,
        dev: float,
        test: float,
        seed: int | None = None,
        stratify: bool = True,
    ) -> Splits:
        """Shuffled train, dev and test sets of these fractions, which sum to 1; test may be 0.

        stratify: every set gets its share of each class, off by less than one example; it matters
        only where each example has one class. seed: None takes the data set's own. Missing values
        are filled by the means of the training set.
        """
        return self.divided(train, dev, test, seed, stratify).filled()

    def divided(
        self,
        train: float,
        dev: float,
        test: float,
        seed: int | None = None,
        stratify: bool = True,
        scheme: int = SCHEME,
    ) -> Splits:
        """The same three sets, with missing values left as they are; scheme: of the streams."""
        rng = stream(self.seed if seed is None else seed, "split", scheme=scheme)
        groups = self.groups if stratify else np.zeros(self.m, dtype=np.int64)
        chosen = partition(groups, (train, dev, test), rng)
        sets = [self.take(indices) if indices.size else None for indices in chosen]
        return Splits(cast(Dataset, sets[0]), cast(Dataset, sets[1]), sets[2])

    def joined(self, other: Dataset) -> Dataset:
        """The examples of both, these first. Raises DataError unless they are of one kind."""
        mine, its = (self.fit, self.classes), (other.fit, other.classes)
        if mine != its:
            raise DataError(
                f"The data '{self.name}' and '{other.name}' do not fit together:"
                f" {_kind(self)} against {_kind(other)}.",
                hint="Both need the same features, task, and classes.",
            )
        X = np.concatenate([self.X, other.X], axis=1)  # (n_x, m)
        Y = np.concatenate([self.Y, other.Y], axis=1)  # (n_y, m)
        weights = None
        if self.weights is not None or other.weights is not None:
            weights = np.concatenate([data._known_weights for data in (self, other)])
        gaps = self.gaps or other.gaps
        return dataclasses.replace(self, X=X, Y=Y, gaps=gaps, weights=weights)

    @property
    def _known_weights(self) -> Array:
        return np.ones(self.m) if self.weights is None else self.weights

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # the door that frozen dataclasses leave open


def from_labels(
    X: Array,
    labels: npt.ArrayLike,
    classes: Sequence[str],
    *,
    feature_names: Sequence[str] = (),
    shape: tuple[int, ...] = (),
    name: str = "",
    seed: int = 0,
    image_shape: tuple[int, int, int] | None = None,
    ink: bool = False,
) -> Dataset:
    """A classification from labels: (m,) of whole numbers; two classes make a binary task.

    classes: the names of the labels, in their order. The other arguments are Dataset's.
    """
    numbers, names = np.asarray(labels), tuple(feature_names)
    check_labels(numbers, len(classes))
    kind = class_targets(len(classes))
    Y, named = kind.encode(numbers), tuple(classes)
    return Dataset(X, Y, kind.kind, named, names, shape, name, seed, image_shape, ink)


def one_hot(labels: npt.ArrayLike, classes: int) -> npt.NDArray[np.float32]:
    """Y: (classes, m) with a single 1 in each column, in the row that the column's label names.

    Example: one_hot([0, 2], 3) is [[1, 0], [0, 0], [0, 1]]. labels: (m,) of 0 to classes - 1.
    """
    numbers = np.asarray(labels)
    check_labels(numbers, classes)
    return one_hot_of(np.asarray(numbers, np.float32)[np.newaxis], classes)


def default_names(n_x: int) -> tuple[str, ...]:
    """x1, x2, ...: the lectures' names of the features."""
    return tuple(f"x{row}" for row in range(1, n_x + 1))


def _kind(data: Dataset) -> str:
    """What a data set is for, in words for a message."""
    features = "1 feature" if data.n_x == 1 else f"{data.n_x:,} features"
    classes = f" of {', '.join(data.classes[:5])}" if data.classes else ""
    return f"{features}, {data.task.replace('_', '-')}{classes}"


def _columns(values: Array) -> Array:
    """A read-only view with contiguous columns.

    Column-major order, because a mini-batch gathers examples: with each example in one piece of
    memory, `X.T[indices].T` copies whole rows of X.T instead of single numbers from each row of X.
    """
    view = np.asfortranarray(values).view()
    view.flags.writeable = False  # of the view only: the caller's own array stays writable
    return view
