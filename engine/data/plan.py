"""DataPlan: which data a project trains on, how they are split, and whether they are normalized."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self, get_args

import numpy as np
from pydantic import model_validator
from pydantic.fields import FieldInfo

from engine.data.checks import Array
from engine.data.sources import DataSource
from engine.data.sources.bundled import MnistDigits
from engine.data.splitting.folds import fold_members, fold_numbers
from engine.data.splitting.partition import check_fractions, partition, shares_of
from engine.data.splitting.presets import Preset
from engine.data.splitting.repeats import without_repeats
from engine.data.splitting.splits import Splits
from engine.errors import DataError
from engine.spec import Spec, setting
from engine.streams import SCHEME, stream

LARGEST_SEED = 2**32 - 1
TRAINING_SETS = ("train", "train-dev", "test")
"""What a training set is divided into; the last part is empty."""


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
        help="Fraction of the examples used for training.",
        gt=0,
        lt=1,
    )
    dev: float = setting(
        0.2,
        title="Dev",
        help="Fraction held out for comparing designs and settings.",
        gt=0,
        lt=1,
    )
    test: float = setting(
        0.2,
        title="Test",
        help="Fraction held out for one final, unbiased evaluation; 0 for none.",
        ge=0,
        lt=1,
    )
    train_dev: float | None = setting(
        None,
        title="Train-dev",
        help="Fraction of the training set held out to tell variance from a mismatch "
        "between training and dev data; empty for none.",
        gt=0,
        lt=1,
    )
    extra: DataSource | None = setting(
        None,
        title="Extra training data",
        help="A second source used for training only; dev and test use the first source.",
    )
    distinct: bool = setting(
        False,
        title="Remove duplicates",
        help="Remove training examples that also appear in the dev or test set.",
    )
    normalize: bool = setting(
        True,
        title="Normalize",
        help="Give every feature mean 0 and variance 1, based on the training set.",
    )
    seed: int = setting(
        0,
        title="Seed",
        help="The same seed gives the same points and the same split.",
        ge=0,
        le=LARGEST_SEED,
    )
    streams: int = setting(
        SCHEME,
        title="Random streams",
        help="How the seed becomes random numbers; older files keep their scheme.",
        ge=1,
        le=SCHEME,
        hidden=True,
    )

    def to_json(self) -> dict[str, Any]:
        values = super().to_json()
        return values if self.distinct else {k: v for k, v in values.items() if k != "distinct"}

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

    @property
    def places(self) -> dict[str, str]:
        """Where own data are, by the field of their source; sources without a path are left out."""
        found = {name: getattr(getattr(self, name), "path", "") for name in self.source_fields()}
        return {name: path for name, path in found.items() if path}

    def at(self, places: Mapping[str, str]) -> Self:
        """The plan with its own data at these places."""
        moved = {name: getattr(self, name).replace(path=path) for name, path in places.items()}
        return self.replace(**moved) if moved else self

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

    def with_preset(self, preset: Preset) -> Self:
        """A copy with these fractions."""
        return self.replace(train=preset.train, dev=preset.dev, test=preset.test)

    def sizes(self) -> tuple[int, int, int]:
        """Examples in train, dev and test. Raises as `build` does.

        They are counted without drawing any, unless repeated examples are left out.
        """
        if self.distinct:
            sets = self._raw()
            return sets.train.m, sets.dev.m, sets.test.m if sets.test else 0
        train, dev, test = self._shares().sum(axis=0)
        if self.extra is not None and self.extra.fit() != self.source.fit():
            raise DataError(
                f"The data '{self.source.title}' and '{self.extra.title}' do not fit together.",
                hint="Both need the same features, task, and classes.",
            )
        more = self.extra.examples() if self.extra else 0
        return int(train) + more - self.train_dev_size(), int(dev), int(test)

    def train_dev_size(self) -> int:
        """Examples that are held back from the training set; 0 without such a part."""
        if self.train_dev is None:
            return 0
        counts = self._shares()[:, 0]
        more = np.asarray(self.extra.class_sizes()) if self.extra else np.zeros_like(counts)
        if self.distinct or counts.shape != more.shape:  # or a class is missing in one of them
            held = self._raw().train_dev
            return held.m if held else 0
        return int(shares_of(counts + more, self._held_back(), TRAINING_SETS).sum(axis=0)[1])

    def build(self) -> Splits:
        """Loads, splits and, if asked to, normalizes. Raises DataError or FileError."""
        return self._prepared(self._raw())

    def folds(self, k: int) -> Iterator[Splits]:
        """k-fold cross-validation: k times train and dev set, with every example in dev once.

        What would be train and dev set is pooled and dealt into k parts with equal shares of each
        class. The test set stays out of it, the same in every fold; so do a second source, which
        is added to every training set, and the train-dev part of that. Each fold is filled and
        normalized by its own training set. Raises DataError or FileError.
        """
        whole = self._whole()
        pool = whole.train.joined(whole.dev)
        rng = self._stream("folds")
        numbers = fold_numbers(pool.groups, k, rng)
        for learned, judged in fold_members(numbers, rng):
            fold = replace(whole, train=pool.take(learned), dev=pool.take(judged))
            yield self._prepared(self._with_own_training(fold))

    def _raw(self) -> Splits:
        """The sets as they come, with gaps and in their own units."""
        whole = self._whole()
        return self._with_own_training(whole)

    def _whole(self) -> Splits:
        """The three sets of the source."""
        data = self.source.load(self.seed, self.streams)
        return data.divided(self.train, self.dev, self.test, scheme=self.streams)

    def _stream(self, purpose: str) -> np.random.Generator:
        return stream(self.seed, purpose, scheme=self.streams)

    def _prepared(self, splits: Splits) -> Splits:
        filled = splits.filled()
        return filled.normalize() if self.normalize else filled

    def _with_own_training(self, splits: Splits) -> Splits:
        """With the second source in the training set, and with the train-dev part taken out."""
        train = splits.train
        if self.extra is not None:
            train = train.joined(self.extra.load(self.seed, self.streams))
            train = train.take(self._stream("mixing").permutation(train.m))
        if self.distinct:
            train = without_repeats(train, splits.dev, splits.test)
        if self.train_dev is None:
            return replace(splits, train=train)
        rng = self._stream("train_dev")
        learned, held, _ = partition(train.groups, self._held_back(), rng, TRAINING_SETS)
        return replace(splits, train=train.take(learned), train_dev=train.take(held))

    def _held_back(self) -> tuple[float, float, float]:
        share = self.train_dev or 0.0
        return 1 - share, share, 0.0

    def _shares(self) -> Array:
        """Examples of each class in train, dev and test: (classes, 3)."""
        counts = np.asarray(self.source.class_sizes())
        return shares_of(counts, (self.train, self.dev, self.test))


def _holds_source(info: FieldInfo) -> bool:
    return DataSource in (info.annotation, *get_args(info.annotation))
