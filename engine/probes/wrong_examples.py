"""WrongExamples: those of the dev set, with their keys in the project's findings. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.doctor import ErrorRate, wrong_examples
from engine.doctor.error_table import WrongExample
from engine.doctor.errors import rate_of, target_variance
from engine.network import Network
from engine.probes.example_pictures import picture_shape, pixels_of
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Snapshot
from engine.project import BuiltSets, Project, Sets
from engine.project.corrections import example_keys
from engine.targets import Targets

Array = np.ndarray


class WrongExamplesWish(NamedTuple):
    """project: as it is being trained, with the labels that are right by now. sets: builds its
    data."""

    project: Project
    sets: Sets


@dataclass(frozen=True, eq=False)
class WrongExamples:
    """dev: the dev set before normalization, with the target that is judged. wrong: the worst
    first. keys: of these examples. P: (n_y, wrong). error: of the dev set."""

    sets: BuiltSets
    dev: Dataset
    wrong: list[WrongExample]
    keys: list[str]
    P: Array
    targets: Targets
    error: ErrorRate
    picture: tuple[int, int, int] | None
    iteration: int

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; none for a regression."""
        return self.dev.classes

    @property
    def can_correct(self) -> bool:
        """Whether an example has one class, which may be wrong: a class of the first target."""
        return self.targets.exclusive and self.classes == self.sets.raw.dev.classes

    def number(self, index: int) -> int:
        """The place of a wrong example in the dev set, from 0."""
        return self.wrong[index].example

    def label(self, index: int) -> str:
        """What an example is said to be."""
        return self._in_words(self.dev.Y[:, self.number(index)])

    def prediction(self, index: int) -> str:
        """What the network takes it for."""
        return self._in_words(self.targets.decide(self.P[:, [index]])[:, 0])

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
        return self.targets.words(y, self.classes, digits=4)


def find(snapshot: Snapshot, wish: WrongExamplesWish) -> WrongExamples:
    """Predict the dev set; runs on a background thread. Raises DataError or FileError."""
    sets = wish.sets.of(wish.project)
    network = own_network(snapshot)
    judged = sets.data.of_target(network.head.target)
    dev = judged.dev
    wrong = wrong_examples(network, dev, most=dev.m)
    numbers = np.array([one.example for one in wrong], int)
    keys, P = _details(network, sets, numbers)
    return WrongExamples(
        sets,
        sets.raw.of_target(network.head.target).dev,
        wrong,
        keys,
        P,
        network.task.targets,
        rate_of(network, dev, target_variance(judged.train.Y)),
        picture_shape(network, dev),
        snapshot.iteration,
    )


def _details(network: Network, sets: BuiltSets, numbers: Array) -> tuple[list[str], Array]:
    if not numbers.size:
        return [], np.zeros((network.n_y, 0))
    keys = example_keys(sets.raw, sets.raw.dev.take(numbers))
    return keys, network.predict_first(sets.data.dev.X[:, numbers])
