"""The contract of targets: what the numbers in Y mean, whatever network is asked for them.

Y: (rows, m), one example a column; a class is one number, so that many classes take no more
memory than few. A task (engine/losses) names the targets that it is trained on;
data sets, metrics, the doctor and the pictures ask the targets, and never compare their names. To
add a kind, put a class into a file of this package, or beside the task that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.spec import Family, did_you_mean

Array = NDArray[Any]
Labels = NDArray[np.int64]
UNKNOWN = "unknown"
"""What people read where a target is NaN."""
THRESHOLD = 0.5
"""A probability of at least this counts as a yes."""


class Targets(Family):
    """What the numbers in Y mean. Its `kind` is what data sets and files call their task."""

    exclusive: ClassVar[bool] = False
    """Each example belongs to exactly one class, so that a decision is right or wrong."""
    keeps_unknown_rows: ClassVar[bool] = False
    """Whether an example of a table without one of its targets is kept, as others may be known. A
    NaN in Y is a target that nobody knows: it has no loss and counts in no metric."""
    coloring: ClassVar[Literal["classes", "sign", "scale"]] = "scale"
    """What a picture shows: all classes, each in its color, as the largest output decides; one
    output between no and yes, as a threshold decides; or a number on a scale."""
    score_title: ClassVar[str] = "accuracy"
    score_is_share: ClassVar[bool] = True
    """Whether people read the score in percent."""
    score_metric: ClassVar[str] = "accuracy"
    """The metric that the score is, by its name in METRICS."""
    large_gap: ClassVar[float] = 0.01
    """The doctor calls a gap between two errors large above 1 point: 2 - 0.1 is and 10 - 8 is,
    16 - 15 and 1 - 0.5 are not."""
    error_note: ClassVar[str] = ""
    """A sentence that the doctor adds where an error is not a share of wrong decisions."""

    @classmethod
    def of(cls, kind: str) -> Targets:
        """The targets of this kind. Raises DataError where there are none."""
        if kind not in Targets.registry:
            known = ", ".join(Targets.registry)
            hint = did_you_mean(kind, Targets.registry) if isinstance(kind, str) else ""
            raise DataError(f"A task must be one of {known}; got {kind!r}.", hint=hint)
        member: type[Targets] = Targets.registry[kind]
        return member()

    @property
    def has_classes(self) -> bool:
        """Whether each row of Y, or each value of its only row, stands for a class with a name.

        Y then holds 0 and 1, and NaN where it may be unknown.
        """
        return self.coloring != "scale"

    @property
    def has_threshold(self) -> bool:
        """Whether each output is decided by a threshold of its own."""
        return self.coloring == "sign"

    @property
    def separate(self) -> bool:
        """Whether each row of Y answers a yes-or-no question of its own."""
        return self.has_threshold and not self.exclusive

    # Shapes and names.

    def outputs(self, classes: int) -> int:
        """Output units for this many classes (for numbers: this many targets)."""
        return classes

    def rows(self, outputs: int) -> int:
        """Rows of Y for this many output units."""
        return outputs

    def class_count(self, outputs: int) -> int:
        """How many class names belong to this many output units."""
        return outputs if self.has_classes else 0

    def outputs_of(self, Y: Array, classes: Sequence[str] = ()) -> int:
        """Output units for Y, (rows, m), whose classes have these names, if they have any yet."""
        return len(Y)

    # Y from outside.

    def matrix(self, Y: Array, outputs: int) -> Array:
        """What a caller passed in for this many output units, as (rows, m), where it can be read
        so; else unchanged."""
        return Y.reshape(1, -1) if Y.ndim == 1 and outputs == 1 else Y  # (1, m)

    def check(self, Y: Array, outputs: int | None = None) -> None:
        """Raise DataError where Y, (rows, m), cannot hold such targets for so many output units."""
        raise NotImplementedError

    def indicators(self, Y: Array, outputs: int) -> Array:
        """Y as metrics count it and lectures write it, with a row for each output unit; NaN where
        a target is unknown."""
        return Y

    def fits(self, Y: Array) -> bool:
        """Whether a metric may read Y as such targets, with unknown values left out."""
        try:
            self.check(Y)
        except DataError:
            return False
        return True

    def check_names(self, classes: Sequence[str], outputs: int) -> None:
        """Raise DataError unless there is a different name for each class."""
        expected = self.class_count(outputs)
        if len(classes) != expected:
            raise DataError(
                f"This {self.kind} task has {expected} classes; got {len(classes)} class names: "
                f"{', '.join(classes) or 'none'}."
            )
        if len(set(classes)) != len(classes):
            raise DataError(f"Class names must differ from each other; got {', '.join(classes)}.")

    # Tables. categories: how many each target column has; 0 for a column of numbers.

    def posed_by(self, categories: Sequence[int]) -> bool:
        """Whether such target columns of a table are targets of this kind."""
        return False

    def names_from(self, columns: Sequence[str], categories: Sequence[Sequence[str]]) -> list[str]:
        """The class names that target columns give: their names, or their categories."""
        if self.exclusive:
            return list(categories[0])
        return list(columns) if self.has_classes else []

    def from_columns(self, found: Array, categories: Sequence[int]) -> Array:
        """Y from target columns, (columns, m) of numbers, or of categories from 0, -1 unknown."""
        return found.astype(np.float32)

    # Decisions.

    def labels(self, Y: Array) -> Labels:
        """(m,) the class of each column, from 0; -1 where it is unknown.

        Raises DataError unless classes exclude.
        """
        raise DataError(f"A {self.kind} data set has no labels; use Y, of shape {Y.shape}.")

    def encode(self, labels: Array) -> Array:
        """Y from labels, (m,) of whole numbers from 0, -1 where one is unknown."""
        raise DataError(f"A {self.kind} data set has no labels.")

    def decide(self, P: Array) -> Array:
        """What predictions say, in the form of Y. P: (n_y, ..., m)."""
        return P

    def confidence(self, P: Array) -> Array:
        """(m,) the probability of what was decided; NaN where nothing is. P: (n_y, m)."""
        return np.full(P.shape[1], np.nan)

    def errors(self, P: Array, Y: Array, variance: float = 1.0) -> Array:
        """(m,) the error of each example, 0 at best; NaN where its targets are unknown.

        P: (n_y, m), Y: (rows, m) of float64. variance: that of the training targets, for numbers.
        """
        wrong = (self.decide(P) != Y).any(axis=0)
        return np.where(np.isnan(Y).any(axis=0), np.nan, wrong)

    def wrong_above(self, errors: Array) -> float:
        """An example counts as wrong where its error is larger. errors: (m,)."""
        return 0.0

    def score(self, P: Array, Y: Array) -> float:
        """A number that teachers read, 1 at best. P: (n_y, m), Y: (rows, m)."""
        raise NotImplementedError

    def words(self, y: Array, classes: Sequence[str], digits: int = 6) -> str:
        """One example's targets, (rows,), as people read them. digits: of numbers."""
        return ", ".join(f"{value:.{digits}g}" for value in np.asarray(y).tolist())


def targets_for(categories: Sequence[int]) -> Targets | None:
    """The targets that columns with this many categories each pose (0: numbers); None for none."""
    found = (Targets.of(kind) for kind in Targets.registry)
    return next((targets for targets in found if targets.posed_by(categories)), None)


def class_targets(classes: int) -> Targets:
    """The targets of a classification into two or more classes that exclude each other."""
    found = targets_for([classes])
    if found is None:
        raise DataError(f"A classification needs at least 2 classes; got {classes}.")
    return found


def unknown(Y: Array) -> NDArray[np.bool_]:
    """Which targets are NaN; whole numbers never are."""
    return np.isnan(Y) if Y.dtype.kind == "f" else np.zeros(Y.shape, dtype=bool)


def from_codes(codes: Array) -> Array:
    """Numbers of categories, -1 where one is unknown, as float32 with NaN."""
    return np.where(codes < 0, np.nan, codes).astype(np.float32)


def check_entries(Y: Array, wrong: Array, rule: str, hint: str = "") -> None:
    """Raise DataError for the first wrong entry, example by example. wrong: (n_y, m) of bool."""
    if not wrong.any():
        return
    column = int(np.argmax(wrong.any(axis=0)))
    row = int(np.argmax(wrong[:, column]))
    raise DataError(f"Y holds {Y[row, column]} in row {row}, column {column}; {rule}.", hint=hint)
