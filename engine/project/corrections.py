"""Corrected labels: examples known by their content, and given their right class in dev and test.

Source: A. Ng, Deep Learning Specialization, course 3, week 2, "Cleaning up incorrectly labeled
data": the same correction for dev and test, which must stay of one kind; the training set may be
left as it is, because learning is robust to a few random errors.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping

import numpy as np

from engine.data import Dataset, Splits
from engine.errors import DataError
from engine.project.findings import KEY_LENGTH

Array = np.ndarray


def content_keys(X: Array) -> list[str]:
    """A key for each example, a column of X: (n_x, m), made of its features alone.

    Equal examples have equal keys, whatever the precision and the set in which they stand.
    """
    rows = np.ascontiguousarray(X.T, dtype="<f4") + np.float32(0)  # (m, n_x); -0 becomes 0
    return [hashlib.blake2b(row.tobytes(), digest_size=KEY_LENGTH // 2).hexdigest() for row in rows]


def example_keys(data: Splits, part: Dataset) -> list[str]:
    """The keys of the examples of one of the sets, in order. data: see Project.raw_data.

    Missing values count as missing, whatever the split has put in their places. Raises DataError
    for normalized data, whose features depend on the split.
    """
    if data.normalization is not None:
        raise DataError("Examples are known by their features before normalization.")
    X = part.X if data.filling is None else np.where(data.filling == part.X, np.nan, part.X)
    return content_keys(X)


def corrected(data: Splits, labels: Mapping[str, str]) -> Splits:
    """The sets with corrected labels in dev and test.

    data: before normalization. labels: key -> the name of the right class; names that the data do
    not have are passed over, as are tasks whose examples have no single class.
    """
    if not labels or not data.train.targets.exclusive:
        return data

    def changed(part: Dataset) -> Dataset:
        return _corrected(part, example_keys(data, part), labels)

    test = None if data.test is None else changed(data.test)
    return dataclasses.replace(data, dev=changed(data.dev), test=test)


def _corrected(data: Dataset, keys: list[str], labels: Mapping[str, str]) -> Dataset:
    first = data.of_target()
    numbers = {name: number for number, name in enumerate(first.classes)}
    found = {
        index: numbers[labels[key]] for index, key in enumerate(keys) if labels.get(key) in numbers
    }
    if not found:
        return data
    Y = np.array(data.Y)
    for index, number in found.items():
        Y[: len(first.Y), [index]] = first.targets.encode(np.array([number]))
    return dataclasses.replace(data, Y=Y)
