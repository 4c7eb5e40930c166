"""random_targets(...): a Y that targets of a kind may hold, whatever kinds there are."""

import numpy as np


def random_targets(targets, classes, m, rng):
    """Y for this many classes (or numbers), (rows, m) of float64, which pass the targets' check."""
    outputs = targets.outputs(classes)
    rows = targets.rows(outputs)
    if targets.exclusive:
        Y = targets.encode(rng.integers(0, targets.class_count(outputs), m))
    elif targets.has_classes:
        Y = rng.integers(0, 2, (rows, m))
    else:
        Y = _numbers(targets, rows, m, rng)
    Y = np.asarray(Y, dtype=np.float64)
    targets.check(Y, outputs)
    return Y


def _numbers(targets, rows, m, rng):
    """Any numbers; where these will not do, those between 0 and 1; else whole ones from 0."""
    draws = (rng.normal(size=(rows, m)), rng.random((rows, m)), rng.poisson(3.0, (rows, m)))
    return next(Y for Y in draws if targets.fits(np.asarray(Y, dtype=np.float64)))
