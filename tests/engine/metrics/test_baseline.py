"""The accuracy of always answering the largest class."""

import numpy as np
import pytest

from engine.data.dataset import from_labels
from engine.data.splitting.splits import Splits
from engine.doctor.errors import baseline_error
from engine.metrics import largest_class


@pytest.mark.parametrize(
    ("train", "dev", "classes", "expected"),
    [
        ([0] * 97 + [1] * 3, [0, 0, 0, 1], 2, (0, 0.75)),
        ([1, 1, 1, 0], [1, 0], 2, (1, 0.5)),
        ([0, 1] * 50, [0, 0, 0, 1], 2, None),
        (list(range(10)) * 3, [1], 10, None),
        (list(range(10)) + [7] * 2, [7, 7, 1], 10, (7, 2 / 3)),
    ],
)
def test_it_is_the_share_of_the_training_sets_largest_class(train, dev, classes, expected):
    assert largest_class(np.array(train), np.array(dev), classes) == expected


def test_a_regression_has_no_largest_class_and_unbalanced_labels_do():
    labels = [0] * 97 + [1] * 3
    one = from_labels(np.zeros((1, 100), "float32"), labels, ("no", "yes"))
    assert baseline_error(Splits(one, one)) == pytest.approx(0.03)
    plain = type(one)(one.X, one.Y, "regression")
    assert baseline_error(Splits(plain, plain)) is None
