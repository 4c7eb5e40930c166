"""DataPlan: which data a project trains on, how they are split, and whether they are normalized."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self, get_args

import numpy as np
from pydantic import model_validator
from pydantic.fields import FieldInfo

from engine.data.bundled import MnistDigits
from engine.data.partition import check_fractions, shares_of
from engine.data.sources import DataSource
from engine.data.splits import Splits
from engine.spec import Spec, setting

LARGEST_SEED = 2**32 - 1


class DataPlan(Spec):
    """Everything that decides the three sets. Equal plans build equal sets, on every machine.

    Example: DataPlan(source="moons", train=0.8, dev=0.2, test=0.0, seed=3).build().train
    """

    source: DataSource = setting(
        MnistDigits(), title="Data", help="A bundled data set, or a generator and its settings."
    )
    train: float = setting(
        0.6,
        title="Train",
        help="Fraction of the examples that the network learns from.",
        gt=0,
        lt=1,
    )
    dev: float = setting(
        0.2,
        title="Dev",
        help="Fraction that is held back for comparing designs and settings.",
        gt=0,
        lt=1,
    )
    test: float = setting(
        0.2,
        title="Test",
        help="Fraction that is kept for one final, unbiased measurement; 0 leaves it out.",
        ge=0,
        lt=1,
    )
    normalize: bool = setting(
        True,
        title="Normalize",
        help="Give every feature mean 0 and variance 1, by the numbers of the training set.",
    )
    seed: int = setting(
        0,
        title="Seed",
        help="The same seed draws the same points and splits them the same way.",
        ge=0,
        le=LARGEST_SEED,
    )

    @model_validator(mode="after")
    def _fractions_sum_to_one(self) -> Self:
        check_fractions(self.train, self.dev, self.test)
        return self

    @classmethod
    def source_fields(cls) -> list[str]:
        """The names of the fields that hold a source."""
        return [name for name, value in cls.model_fields.items() if _holds_source(value)]

    def relative_to(self, folder: Path) -> Self:
        """As a file in this folder holds the plan: paths of own data are relative."""
        return self._with_sources(lambda source: source.relative_to(folder))

    def resolved_in(self, folder: Path) -> Self:
        """As the plan is used, from what a file in this folder holds."""
        return self._with_sources(lambda source: source.resolved_in(folder))

    def _with_sources(self, change: Callable[[DataSource], DataSource]) -> Self:
        """The same object where no source changes."""
        before = {name: getattr(self, name) for name in self.source_fields()}
        after = {name: source and change(source) for name, source in before.items()}
        changes = {name: source for name, source in after.items() if source is not before[name]}
        return self.replace(**changes) if changes else self

    def with_fraction(self, name: Literal["train", "dev", "test"], fraction: float) -> Self:
        """A copy with one fraction changed; the other two share the rest as they did before.

        One field of a form cannot change alone, because the three must sum to 1.
        """
        first, second = (other for other in ("train", "dev", "test") if other != name)
        before = getattr(self, first), getattr(self, second)
        share = (1 - fraction) * before[0] / sum(before)
        changes = {name: fraction, first: share, second: 1 - fraction - share}
        return self.replace(**{key: round(value, 12) for key, value in changes.items()})

    def sizes(self) -> tuple[int, int, int]:
        """Examples in train, dev and test, counted without drawing any. Raises as `build` does."""
        counts = np.asarray(self.source.class_sizes())
        train, dev, test = shares_of(counts, (self.train, self.dev, self.test)).sum(axis=0)
        return int(train), int(dev), int(test)

    def build(self) -> Splits:
        """Loads, splits and, if asked to, normalizes. Raises DataError or FileError."""
        splits = self.source.load(self.seed).split(self.train, self.dev, self.test)
        return splits.normalize() if self.normalize else splits


def _holds_source(info: FieldInfo) -> bool:
    return DataSource in (info.annotation, *get_args(info.annotation))
