"""Sets: the data of a project, split once for each version of them and shared by all who ask.

    sets = Sets()
    sets.of(project).data       # as the network takes them
    sets.of(project).raw        # the same before normalization

A version is what decides the sets: the data plan and the corrected labels, both values that nobody
changes. Asking blocks until the sets are built, so a window asks from another thread than its own.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Future
from functools import lru_cache

from engine.data import DataPlan, Dataset, Splits
from engine.project.project import Project

MOST_KEPT = 2
"""Versions that are kept: undo goes back to the one before."""
MOST_BYTES = 256 * 2**20
"""Older versions are forgotten as soon as all of them together take more."""
FINGERPRINT_BYTES = 6

Key = Hashable


class BuiltSets:
    """One version of a project's data. raw: before normalization. data: as the network takes them.

    fingerprint: equal for the same data plan and the same corrected labels, on every machine.
    """

    def __init__(self, project: Project) -> None:
        """Build them. Raises DataError or FileError."""
        self.fingerprint = fingerprint(project)
        self.raw: Splits = project.raw_data()
        self.data: Splits = self.raw.normalize() if project.data.normalize else self.raw

    @property
    def bytes(self) -> int:
        """The memory that the arrays take."""
        parts = (self.raw,) if self.raw is self.data else (self.raw, self.data)
        return sum(_bytes(part) for splits in parts for part in _parts(splits))


class Sets:
    """Builds what is asked for, once, and keeps the newest versions. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, Future[BuiltSets]] = OrderedDict()

    def of(self, project: Project) -> BuiltSets:
        """The sets of a project; waits while another thread builds them.

        Raises DataError or FileError; what failed is tried again by the next who asks.
        """
        key = version_of(project)
        with self._lock:
            known = self._known.get(key)
            future: Future[BuiltSets] = known or Future()
            self._known[key] = future
            self._known.move_to_end(key)
        if known is None:
            self._build(project, key, future)
        return future.result()

    def _build(self, project: Project, key: Key, future: Future[BuiltSets]) -> None:
        try:
            future.set_result(BuiltSets(project))
        except BaseException as error:
            with self._lock:
                self._known.pop(key, None)
            future.set_exception(error)
        else:
            self._forget_old()

    def _forget_old(self) -> None:
        with self._lock:
            done = [key for key, future in self._known.items() if _is_built(future)]
            total = sum(self._known[key].result().bytes for key in done)
            for kept, key in zip(range(len(done), 1, -1), done):  # noqa: B905  (not the newest)
                if kept > MOST_KEPT or total > MOST_BYTES:
                    total -= self._known.pop(key).result().bytes


def version_of(project: Project) -> Key:
    """Equal for two projects with the same data: see `same_data`."""
    return project.data, frozenset(project.analysis.labels.items())


def fingerprint(project: Project) -> str:
    """Twelve hexadecimal digits that tell the data of projects apart."""
    return _fingerprint(project.data, frozenset(project.analysis.labels.items()))


def is_test_set_open(project: Project) -> bool:
    """Whether the test set of these very data was opened on record; until then nobody looks."""
    return any(opening.data in ("", fingerprint(project)) for opening in project.openings)


@lru_cache(maxsize=64)
def _fingerprint(plan: DataPlan, labels: frozenset[tuple[str, str]]) -> str:
    text = json.dumps([plan.to_json(), sorted(labels)], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=FINGERPRINT_BYTES).hexdigest()


def _is_built(future: Future[BuiltSets]) -> bool:
    return future.done() and future.exception() is None


def _parts(splits: Splits) -> list[Dataset]:
    found = (splits.train, splits.dev, splits.test, splits.train_dev)
    return [part for part in found if part is not None]


def _bytes(part: Dataset) -> int:
    return int(part.X.nbytes + part.Y.nbytes)
