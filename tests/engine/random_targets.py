"""random_targets(...): a Y that targets of a kind may hold, whatever kinds there are."""

import numpy as np


def random_targets(targets, classes, m, rng):
    """Y for so many classes (or numbers), (n_y, m) of float64; it passes the targets' own check."""
    rows = targets.rows(classes)
    if targets.exclusive:
        Y = targets.encode(rng.integers(0, targets.class_count(rows), m), classes)
    elif targets.has_classes:
        Y = rng.integers(0, 2, (rows, m))
    else:
        Y = rng.normal(size=(rows, m))
    Y = np.asarray(Y, dtype=np.float64)
    targets.check(Y)
    return Y
