"""Intervals: between which bounds a measured error, or the difference of two, may truly lie.

All of them have 95 % confidence: of a hundred such intervals, about ninety-five hold the truth.
"""

from __future__ import annotations

import math

from engine.data.chance import CONFIDENCE, Interval, Z


def of_mean(mean: float, spread: float, m: int) -> Interval:
    """The interval of a mean error of m examples, mean ± t spread / sqrt(m), never below 0.

    spread: the standard deviation of the examples' errors (divided by m - 1). t: Student's, for
    m - 1 degrees of freedom. One example says nothing: the interval is without an upper bound.

    Source: Student 1908, "The probable error of a mean".
    """
    if m < 2:
        return Interval(0.0, math.inf)
    reach = student(m - 1) * spread / math.sqrt(m)
    return Interval(max(0.0, mean - reach), mean + reach)


def of_difference(
    larger: float, larger_interval: Interval, smaller: float, smaller_interval: Interval
) -> Interval:
    """The interval of larger - smaller, from the intervals of the two, which are independent.

    d - sqrt((p1 - l1)^2 + (u2 - p2)^2)  to  d + sqrt((u1 - p1)^2 + (p2 - l2)^2)

    Example: 15 % of 1,000 less 5 % of 1,000 gives 7.4 % to 12.6 %.

    Source: Newcombe 1998, "Interval estimation for the difference between independent
    proportions", method 10; for other means Zou and Donner 2008, who show that the rule holds for
    any two sound intervals.
    """
    (l1, u1), (l2, u2) = larger_interval, smaller_interval
    d = larger - smaller
    below = math.hypot(larger - l1, u2 - smaller)
    above = math.hypot(u1 - larger, smaller - l2)
    return Interval(d - below, d + above)


def student(freedom: int) -> float:
    """The quantile of Student's t that leaves 2.5 % above it; freedom: degrees of freedom.

    Exact for 1 and 2 degrees; beyond, the expansion in powers of 1/freedom, which is off by less
    than one percent.

    Source: Abramowitz and Stegun 1964, 26.7.5.
    """
    tail = 0.5 - CONFIDENCE / 2
    if freedom == 1:
        return 1 / math.tan(math.pi * tail)
    if freedom == 2:
        return (1 - 2 * tail) / math.sqrt(2 * tail * (1 - tail))
    z = Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))
