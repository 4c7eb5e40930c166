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
from engine.findings import KEY_LENGTH

Array = np.ndarray


def content_keys(X: Array) -> list[str]:
    """A key for each example, a column of X: (n_x, m), made of its features alone.

    X: as the source gives it, before normalization, because that depends on the split. Equal
    examples have equal keys, whatever the precision and the set in which they stand.
    """
    rows = np.ascontiguousarray(X.T, dtype="<f4") + np.float32(0)  # (m, n_x); -0 becomes 0
    return [hashlib.blake2b(row.tobytes(), digest_size=KEY_LENGTH // 2).hexdigest() for row in rows]


def corrected(data: Splits, labels: Mapping[str, str]) -> Splits:
    """The sets with corrected labels in dev and test.

    data: before normalization. labels: key -> the name of the right class; names that the data do
    not have are passed over, as are tasks whose examples have no single class.
    """
    if not labels or data.train.task not in ("binary", "multi_class"):
        return data
    test = None if data.test is None else _corrected(data.test, labels)
    return dataclasses.replace(data, dev=_corrected(data.dev, labels), test=test)


def _corrected(data: Dataset, labels: Mapping[str, str]) -> Dataset:
    numbers = {name: number for number, name in enumerate(data.classes)}
    found = {
        index: numbers[labels[key]]
        for index, key in enumerate(content_keys(data.X))
        if labels.get(key) in numbers
    }
    if not found:
        return data
    Y = np.array(data.Y)
    for index, number in found.items():
        if data.task == "binary":
            Y[0, index] = number
        else:
            Y[:, index] = np.arange(len(Y)) == number
    return dataclasses.replace(data, Y=Y)
