"""How likely a difference is by chance: the tail probabilities that the guards need, and Wilson's
interval. NumPy and the standard library only, because SciPy would be a dependency for three lines.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from engine.data.checks import Array

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
"""1.96: so many standard deviations to either side hold 95 % of a normal distribution."""


class Interval(NamedTuple):
    """Lower and upper bound, both included."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """From the lower to the upper bound."""
        return self.high - self.low


class Homogeneity(NamedTuple):
    """p: the probability of counts at least as uneven, if both samples were drawn alike.

    effect: Cohen's w, sqrt(chi-square / total), which does not grow with the number of examples.
    """

    p: float
    effect: float


def chi_square_tail(x: float, freedom: int) -> float:
    """The probability that chi-square with this many degrees of freedom is at least x.

    Q(k/2, x/2), with Q(1/2, h) = erfc(sqrt h), Q(1, h) = exp(-h) and
    Q(a + 1, h) = Q(a, h) + h^a exp(-h) / Gamma(a + 1).

    Source: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 1964, 26.4 and 6.5.
    """
    h = x / 2
    if h <= 0:
        return 1.0
    a = 0.5 if freedom % 2 else 1.0
    tail = math.erfc(math.sqrt(h)) if freedom % 2 else math.exp(-h)
    while a < freedom / 2:
        tail += math.exp(a * math.log(h) - h - math.lgamma(a + 1))
        a += 1
    return min(tail, 1.0)


def same_shares(first: Array, second: Array) -> Homogeneity:
    """Pearson's test that two rows of counts have the same shares. first, second: (classes,).

    chi-square = sum (observed - expected)^2 / expected over both rows, with expected counts from
    the shares of both together, and classes - 1 degrees of freedom. Classes with fewer than five
    expected examples are put together, because the test is unsound for them.

    Source: K. Pearson, On the criterion, 1900; W. G. Cochran, Some methods for strengthening the
    common chi-square tests, 1954 (at least five); J. Cohen, Statistical Power Analysis, 1988 (w).
    """
    counts = _without_rare(np.stack([first, second]).astype(np.float64))  # (2, classes)
    total = counts.sum()
    if counts.shape[1] < 2 or not counts.sum(axis=1).all():
        return Homogeneity(1.0, 0.0)
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / total  # (2, classes)
    x = float(((counts - expected) ** 2 / expected).sum())
    return Homogeneity(chi_square_tail(x, counts.shape[1] - 1), math.sqrt(x / total))


def _without_rare(counts: Array) -> Array:
    """Classes of too few expected examples as one; none at all where these are too few as well."""
    expected = counts.sum(axis=0) * counts.sum(axis=1).min() / max(counts.sum(), 1)
    rare = expected < 5
    rest = counts[:, rare].sum(axis=1, keepdims=True)  # (2, 1)
    kept = counts[:, ~rare]
    return np.concatenate([kept, rest], axis=1) if expected[rare].sum() >= 5 else kept


def same_means(first: Array, second: Array) -> tuple[Array, Array]:
    """Welch's test for each row that two samples have the same mean: p and effect, (n,) each.

    first: (n, m1), second: (n, m2), each of two examples or more. effect: Cohen's d, the difference
    over the standard deviation of both. t is turned into a normal deviate by Wallace's formula,
    which is off by less than a percent. Rows that are constant in both differ for sure, or not.

    Source: B. L. Welch, The generalization of "Student's" problem, 1947; D. L. Wallace, Bounds on
    normal approximations to Student's and the chi-square distributions, 1959; J. Cohen, Statistical
    Power Analysis, 1988 (d).
    """
    (m1, v1), (m2, v2) = _moments(first), _moments(second)
    n1, n2 = first.shape[1], second.shape[1]
    e1, e2 = v1 / n1, v2 / n2
    error = e1 + e2
    with np.errstate(divide="ignore", invalid="ignore"):
        t2 = (m1 - m2) ** 2 / error
        freedom = error**2 / (e1**2 / (n1 - 1) + e2**2 / (n2 - 1))
        z = (8 * freedom + 1) / (8 * freedom + 3) * np.sqrt(freedom * np.log1p(t2 / freedom))
        effect = np.abs(m1 - m2) / np.sqrt((v1 + v2) / 2)
    constant = error == 0
    z = np.where(constant, np.where(m1 == m2, 0.0, np.inf), z)
    effect = np.where(constant, np.where(m1 == m2, 0.0, np.inf), effect)
    return np.array([math.erfc(value / math.sqrt(2)) for value in z]), effect


def _moments(X: Array) -> tuple[Array, Array]:
    """Mean and variance (divided by m - 1) of each row: (n,) of float64 each."""
    return X.mean(axis=1, dtype=np.float64), X.var(axis=1, ddof=1, dtype=np.float64)


def wilson(share: float, m: int) -> Interval:
    """The score interval of a share, such as the wrong decisions among m.

    (p + z^2/2m ± z sqrt(p (1 - p)/m + z^2/4m^2)) / (1 + z^2/m)

    It stays within 0 and 1, and is sound for small m and for shares near 0, where p ± 1.96
    sqrt(p (1 - p)/m) shrinks to nothing: no error among 50 gives 0 to 7.1 %.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    center = share + Z**2 / (2 * m)
    reach = Z * math.sqrt(share * (1 - share) / m + Z**2 / (4 * m**2))
    whole = 1 + Z**2 / m
    return Interval(max(0.0, (center - reach) / whole), min(1.0, (center + reach) / whole))
