"""DataSource: the family of everything that data can come from, and how to add one.

A new source is one class with a `kind`, its fields and `load`; menus, files and contract tests find
it in the registry. It must give the same data for the same seed, take all randomness from
`engine.streams.stream`, and leave the division into sets to `Dataset.split`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from engine.data.checks import Array
from engine.data.dataset import Dataset, from_labels
from engine.data.fit import Fit
from engine.spec import Family, setting
from engine.streams import SCHEME, stream


def points_setting(default: int, help: str) -> Any:
    """The field of every generator that says how many examples it draws."""
    return setting(default, title="Points", help=help, ge=10, le=100_000)


def classes_setting(default: int, help: str) -> Any:
    """The field of every generator that can draw more than two classes."""
    return setting(default, title="Classes", help=help, ge=2, le=10)


class DataSource(Family):
    """Where data come from: a generator with its settings, a bundled set, or somebody's own data.

    The registry has what a menu can offer by name; `opened` has the kinds of own data (own.py).
    """

    opened: ClassVar[dict[str, type[DataSource]]] = {}
    has_pixels: ClassVar[bool] = False
    """Whether all features are pixels: they have one range, and need no normalization."""

    @classmethod
    def parse(cls, value: Any) -> Self:
        kind = value.get("kind") if isinstance(value, Mapping) else None
        own = cls.opened.get(kind) if isinstance(kind, str) else None
        if own is None or not issubclass(own, cls):
            return super().parse(value)
        return own.from_json({name: v for name, v in value.items() if name != "kind"})

    def relative_to(self, folder: Path) -> Self:
        """As a file in this folder holds it: a path of own data becomes relative."""
        return self

    def resolved_in(self, folder: Path) -> Self:
        """As it is used, from what a file in this folder holds: a path becomes absolute."""
        return self

    def check_files(self) -> None:
        """Raises DataFileError if a file of own data is gone or changed."""

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        """The data. The same seed gives the same data; the Dataset remembers it for its split.

        scheme: see engine.streams.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how to load its data.")

    def fit(self) -> Fit:
        """What these data ask of a network; sources that know it without loading override this."""
        return _loaded_fit(self)

    def examples(self) -> int:
        """How many examples `load` gives."""
        return sum(self.class_sizes())

    def class_sizes(self) -> tuple[int, ...]:
        """Examples of each class, or all in one number where an example has no single class.

        Sources that know it without loading override this.
        """
        return _loaded_sizes(self)


class PlaneSource(DataSource):
    """Base of the generated classifications of points (x1, x2) in the plane."""

    abstract: ClassVar[bool] = True

    points: int = points_setting(
        300, ("Number of examples in all classes together, in equal shares.")
    )

    def class_names(self) -> tuple[str, ...]:
        """The names of the classes, in the order of their labels."""
        raise NotImplementedError

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        """The points of each class: counts[c] of them as a (2, counts[c]) array."""
        raise NotImplementedError

    def fit(self) -> Fit:
        classes = len(self.class_names())
        return Fit.of_classes((2,), classes)

    def class_sizes(self) -> tuple[int, ...]:
        return tuple(equal_shares(self.points, len(self.class_names())))

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        names, counts = self.class_names(), list(self.class_sizes())
        clouds = self.draw(counts, stream(seed, "points", scheme=scheme))
        X = np.concatenate(clouds, axis=1).astype(np.float32)  # (2, m)
        labels = np.repeat(np.arange(len(names)), counts)
        order = stream(seed, "order", scheme=scheme).permutation(self.points)
        return from_labels(X[:, order], labels[order], names, name=self.kind, seed=seed)


@lru_cache(maxsize=64)
def _loaded_fit(source: DataSource) -> Fit:
    return source.load().fit


@lru_cache(maxsize=64)
def _loaded_sizes(source: DataSource) -> tuple[int, ...]:
    groups = source.load().groups
    return tuple(int(count) for count in np.unique(groups, return_counts=True)[1])


def equal_shares(points: int, classes: int) -> list[int]:
    """How many points each class gets; they differ by one at most."""
    return [len(range(label, points, classes)) for label in range(classes)]


def numbered(classes: int) -> tuple[str, ...]:
    """Class names of classes that have no better ones."""
    return tuple(f"class {label}" for label in range(classes))


def polar(radius: Array, angle: Array) -> Array:
    """Points (radius cos angle, radius sin angle): (2, points)."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])
