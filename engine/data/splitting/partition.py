"""Which example goes into which set: shuffled, and with equal shares of each class in every set."""

from __future__ import annotations

import numpy as np

from engine.data.checks import Array
from engine.errors import DataError

SETS = ("train", "dev", "test")
SUM_TOLERANCE = 1e-9  # of the three fractions, and of a share that is meant to be a whole number


def check_fractions(train: float, dev: float, test: float) -> None:
    """Train and dev above 0, test 0 or more, together 1. Raises DataError."""
    total = train + dev + test
    if not abs(total - 1) <= SUM_TOLERANCE:
        raise DataError(
            "The fractions of train, dev, and test must sum to 1;"
            f" got {train:g} + {dev:g} + {test:g} = {total:g}."
        )
    if train <= 0 or dev <= 0 or test < 0:
        raise DataError(
            "The fractions of train and dev must be above 0, and that of test at least 0;"
            f" got {train:g}, {dev:g} and {test:g}."
        )


def partition(
    groups: Array,
    fractions: tuple[float, float, float],
    rng: np.random.Generator,
    set_names: tuple[str, str, str] = SETS,
) -> list[Array]:
    """The examples of train, dev and test, as three shuffled arrays of indices.

    groups: (m,) the class of each example, as whole numbers; all zero if classes do not matter.
    Each set gets its fraction of every class, rounded down or up: off by less than one example.
    """
    order = rng.permutation(groups.size)
    names, counts = np.unique(groups, return_counts=True)
    shares = shares_of(counts, fractions, set_names)
    pieces: list[list[Array]] = [[], [], []]
    for name, share in zip(names, shares, strict=True):
        members = order[groups[order] == name]
        cuts = np.cumsum(share)[:-1]
        for chosen, part in zip(pieces, np.split(members, cuts), strict=True):
            chosen.append(part)
    return [rng.permutation(np.concatenate(chosen)) for chosen in pieces]


def shares_of(
    counts: Array, fractions: tuple[float, float, float], names: tuple[str, str, str] = SETS
) -> Array:
    """How many examples of each class train, dev and test get: (classes, 3) of whole numbers.

    counts: (classes,). names: of the sets, for messages. Raises DataError for unfit fractions, and
    where a set would be empty.
    """
    check_fractions(*fractions)
    shares = _shares(counts, np.asarray(fractions, dtype=np.float64))
    _check_sizes(shares.sum(axis=0), fractions, int(counts.sum()), names)
    return shares


def _shares(counts: Array, fractions: Array) -> Array:
    """How many examples of each class each set gets: (classes, 3).

    First every share is rounded down. What is left of a class then goes to the sets that lag most
    behind their overall size, at most one example to each, so that the totals come out right too.
    """
    exact = counts[:, np.newaxis] * fractions  # (classes, 3)
    shares = np.floor(exact + SUM_TOLERANCE).astype(np.int64)
    lag = exact.sum(axis=0) - shares.sum(axis=0)
    for share, wanted, count in zip(shares, exact, counts, strict=True):
        left = int(count - share.sum())
        rounded_down = wanted - share > SUM_TOLERANCE
        chosen = np.argsort(np.where(rounded_down, -lag, np.inf), kind="stable")[:left]
        share[chosen] += 1
        lag[chosen] -= 1
    return shares


def _check_sizes(
    sizes: Array, fractions: tuple[float, float, float], m: int, names: tuple[str, str, str]
) -> None:
    for name, size, fraction in zip(names, sizes, fractions, strict=True):
        if fraction > 0 and size == 0:
            raise DataError(
                f"The {name} set would be empty; its fraction is {fraction:g}, of {m} examples.",
                hint="Use more examples, or a larger fraction.",
            )
