"""Found: the wrong dev examples of a run, with their keys in the project's findings. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.doctor import ErrorRate, wrong_examples
from engine.doctor.error_table import WrongExample
from engine.doctor.errors import rate_of, target_variance
from engine.network import Network
from engine.probes.example_pictures import picture_shape, pixels_of
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Snapshot
from engine.project import BuiltSets, Project, Sets
from engine.project.corrections import example_keys

Array = np.ndarray


class Wish(NamedTuple):
    """project: as it is being trained, with the labels that are right by now. sets: builds its
    data."""

    project: Project
    sets: Sets


@dataclass(frozen=True, eq=False)
class Found:
    """wrong: the worst first. keys: of these examples. P: (n_y, wrong). error: of the dev set."""

    sets: BuiltSets
    wrong: list[WrongExample]
    keys: list[str]
    P: Array
    task: str
    error: ErrorRate
    picture: tuple[int, int, int] | None
    iteration: int

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; none for a regression."""
        return self.sets.raw.dev.classes

    @property
    def can_correct(self) -> bool:
        """Whether an example has one class, which may be wrong."""
        return self.task in ("binary", "multi_class")

    def number(self, index: int) -> int:
        """The place of a wrong example in the dev set, from 0."""
        return self.wrong[index].example

    def label(self, index: int) -> str:
        """What an example is said to be."""
        return self._in_words(self.sets.raw.dev.Y[:, self.number(index)])

    def prediction(self, index: int) -> str:
        """What the network takes it for."""
        p = self.P[:, index]
        if self.task == "multi_class":
            p = np.arange(len(p)) == p.argmax()
        elif self.task != "regression":
            p = p >= 0.5
        return self._in_words(p)

    def features(self, index: int) -> Array:
        """(n_x,) in the units of the data."""
        return self.sets.raw.dev.X[:, self.number(index)]

    def pixels(self, index: int) -> Array | None:
        """(height, width, channels) of a picture."""
        if self.picture is None:
            return None
        numbers = np.array([self.number(index)])
        return pixels_of(self.sets.raw, self.sets.raw.dev, numbers, self.picture)[0]

    def _in_words(self, y: Array) -> str:
        """A target as people read it."""
        if self.task == "regression":
            return ", ".join(f"{value:.4g}" for value in y.tolist())
        if self.task == "multi_class":
            return self.classes[int(np.argmax(y))]
        if self.task == "binary":
            return self.classes[int(y[0])]
        names = [name for name, on in zip(self.classes, y.tolist(), strict=True) if on == 1]
        return ", ".join(names) or "–"


def find(snapshot: Snapshot, wish: Wish) -> Found:
    """Predict the dev set; runs on a background thread. Raises DataError or FileError."""
    sets = wish.sets.of(wish.project)
    network, dev = own_network(snapshot), sets.data.dev
    wrong = wrong_examples(network, dev, most=dev.m)
    numbers = np.array([one.example for one in wrong], int)
    keys, P = _details(network, sets, numbers)
    return Found(
        sets,
        wrong,
        keys,
        P,
        network.task.kind,
        rate_of(network, dev, target_variance(sets.data.train.Y)),
        picture_shape(network, dev),
        snapshot.iteration,
    )


def _details(network: Network, sets: BuiltSets, numbers: Array) -> tuple[list[str], Array]:
    if not numbers.size:
        return [], np.zeros((sets.data.dev.Y.shape[0], 0))
    keys = example_keys(sets.raw, sets.raw.dev.take(numbers))
    return keys, network.predict(sets.data.dev.X[:, numbers])
