"""Guards: what is unsound about a split, each as a sentence with a fix.

    concerns = check_splits(splits, plan)
    concerns[0].message                 # "12 of 200 dev examples also are in the training set."
    plan = concerns[0].fix.apply(plan)  # where the fix is one edit of the plan

A difference is reported only if chance hardly explains it (p below 1 %, after Bonferroni's
correction for the number of features) and if it is not too small to matter, because with a million
examples chance explains nothing: Cohen's w of 0.1 or d of 0.2, which he calls small.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.data.chance import Z, same_means, same_shares, wilson
from engine.data.checks import Array
from engine.data.dataset import Dataset
from engine.data.plan import DataPlan
from engine.data.splitting.partition import shares_of
from engine.data.splitting.presets import CLASSIC
from engine.data.splitting.repeats import hashes
from engine.data.splitting.splits import Splits
from engine.errors import DataError
from engine.words import percent

SIGNIFICANCE = 0.01
LEAST_W, LEAST_D = 0.1, 0.2
FEWEST = 10
"""With fewer examples in a set, no difference of means is looked for."""
WIDE = 0.05
"""An error that is known only to within more than five points hardly tells two models apart."""
SUPPOSED_ERROR = 0.1
"""Before anything was trained."""
LARGEST_DEV = 0.3
"""A dev set is not proposed to have more of the examples; folds serve better then."""
NAMED = 3
"""How many classes or features a sentence names."""
TITLES = {"train": "training", "train_dev": "train-dev", "dev": "dev", "test": "test"}


@dataclass(frozen=True)
class SplitFix:
    """A remedy. title: on a button, such as "Split with seed 1". changes: of the plan's fields."""

    title: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, plan: DataPlan) -> DataPlan:
        """The plan with the fix. Raises SpecError if it does not suit this plan."""
        return plan.replace(**self.changes)


@dataclass(frozen=True)
class Concern:
    """What a guard found. name: of the guard. hint: a sentence that says what to do about it.

    fix: the hint as one edit of the plan, where it can be one.
    """

    name: str
    message: str
    hint: str
    fix: SplitFix | None = None

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


def check_splits(
    splits: Splits, plan: DataPlan | None = None, error: float | None = None
) -> tuple[Concern, ...]:
    """Everything that the guards find, the gravest first.

    plan: what the sets were built from, for fixes. error: the measured dev error, 0 to 1.
    """
    return (
        *repeated(splits, plan),
        *missing_classes(splits, plan),
        *different_shares(splits, plan),
        *different_means(splits, plan),
        *small_dev(splits, plan, error),
    )


def repeated(splits: Splits, plan: DataPlan | None = None) -> tuple[Concern, ...]:
    """Examples of dev and test that were trained on: a leak, which makes errors look small.

    Source: B. Barz and J. Denzler, Do we train on test data?, 2020, who found 3.3 % of CIFAR-10's
    and 10 % of CIFAR-100's test pictures in their training sets.
    """
    numbers = {name: hashes(data.X) for name, data in _sets(splits)}
    train = np.unique(numbers["train"])
    various = train.size > 0.5 * splits.train.m  # else rows repeat anyway, as few categories do
    found = []
    for name in ("dev", "test"):
        if name not in numbers:
            continue
        count, m = int(np.isin(numbers[name], train).sum()), numbers[name].size
        if not count:
            continue
        message = (
            f"{count:,} of {m:,} {TITLES[name]} examples also {_are(count)} in the training set."
        )
        hint = "Remove them from the training set; otherwise, the error looks smaller than it is."
        if not various:
            hint = f"The rows repeat anyway: only {train.size:,} are different. More features help."
        fix = SplitFix("Remove duplicates from the training set", {"distinct": True})
        found.append(Concern("repeated", message, hint, fix if plan and various else None))
    return tuple(found)


def missing_classes(splits: Splits, plan: DataPlan | None = None) -> tuple[Concern, ...]:
    """Classes without a single example in one of the sets."""
    if not splits.train.targets.exclusive:
        return ()
    found = []
    for name, data in _sets(splits):
        counts = _class_counts(data)
        names = [data.classes[label] for label in np.flatnonzero(counts == 0)]
        if names:
            message = f"The {TITLES[name]} set has no example of {_listed(names, 'class')}."
            hint = "Add examples of it, or give this set a larger share."
            found.append(Concern("missing_class", message, hint, _classic(plan)))
    return tuple(found)


def different_shares(splits: Splits, plan: DataPlan | None = None) -> tuple[Concern, ...]:
    """Dev and test whose classes have different shares: what is tuned on one misses the other.

    Source: A. Ng, Deep Learning Specialization, course 3, week 1, "Train / dev / test
    distributions": dev and test must come from the same distribution. The test: `same_shares`.
    """
    if splits.test is None or not splits.train.targets.exclusive:
        return ()
    dev, test = _class_counts(splits.dev), _class_counts(splits.test)
    result = same_shares(dev, test)
    if result.p >= SIGNIFICANCE or result.effect < LEAST_W:
        return ()
    shares = dev / dev.sum(), test / test.sum()
    worst = int(np.argmax(np.abs(shares[0] - shares[1])))
    message = (
        "Dev and test have different shares of the classes:"
        f" '{splits.dev.classes[worst]}' is {percent(shares[0][worst])} of dev and"
        f" {percent(shares[1][worst])} of test (chi-square test, {_probability(result.p)})."
    )
    return (Concern("different_shares", message, *_shuffle_anew(plan)),)


def different_means(splits: Splits, plan: DataPlan | None = None) -> tuple[Concern, ...]:
    """Dev and test whose features, or targets of a regression, have different means.

    The test: `same_means` for every feature, each p times the number of features.
    """
    if splits.test is None or min(splits.dev.m, splits.test.m) < FEWEST:
        return ()
    p, effect = same_means(_measures(splits.dev), _measures(splits.test))
    p = np.minimum(p * p.size, 1)
    differs = np.flatnonzero((p < SIGNIFICANCE) & (effect >= LEAST_D))
    if not differs.size:
        return ()
    order = differs[np.lexsort((-effect[differs], p[differs]))]
    names = [*splits.dev.feature_names, *(f"target {n + 1}" for n in range(splits.dev.n_y))]
    message = (
        f"Dev and test differ in the mean of {_listed([names[i] for i in order], 'feature')}"
        f" (Welch's test, corrected for {p.size:,} features, {_probability(float(p[order[0]]))})."
    )
    return (Concern("different_means", message, *_shuffle_anew(plan)),)


def small_dev(
    splits: Splits, plan: DataPlan | None = None, error: float | None = None
) -> tuple[Concern, ...]:
    """A dev set so small that chance decides which of two models looks better.

    error: the measured share of wrong decisions; without it, one in ten is supposed. Two models
    differ for sure if their errors are 1.96 sqrt(2 e (1 - e) / m) apart. A regression has no such
    share, so nothing is said.
    """
    if not splits.train.targets.has_classes:
        return ()
    if error is not None and not 0 <= error <= 1:
        raise DataError(f"The dev error must be a share between 0 and 1; got {error!r}.")
    m, share = splits.dev.m, SUPPOSED_ERROR if error is None else error
    low, high = wilson(share, m)
    if high - low <= 2 * WIDE:
        return ()
    middle = (low + high) / 2
    apart = Z * math.sqrt(2 * middle * (1 - middle) / m)
    message = (
        f"With {m:,} dev examples, an error of {percent(share)} could really be"
        f" {percent(low)} to {percent(high)} (95 % confidence), so that two models must differ"
        f" by some {100 * apart:.0f} points to be told apart."
    )
    wanted = _needed(share)
    fix = _larger_dev(plan, wanted)
    hint = "Compare models by k-fold cross-validation, which evaluates every example once."
    if fix:
        hint = f"Give the dev set {wanted:,} examples or more."
    return (Concern("small_dev", message, hint, fix),)


def _sets(splits: Splits) -> Iterator[tuple[str, Dataset]]:
    for name in TITLES:
        data = getattr(splits, name)
        if data is not None:
            yield name, data


def _class_counts(data: Dataset) -> Array:
    labels = data.labels
    return np.bincount(labels[labels >= 0], minlength=len(data.classes))


def _measures(data: Dataset) -> Array:
    """What has a mean: the features, and the targets where these are numbers: (n, m)."""
    return data.X if data.targets.has_classes else np.concatenate([data.X, data.of_target().Y])


def _classic(plan: DataPlan | None) -> SplitFix | None:
    """60/20/20, if that gives every class to every set and the plan is another one."""
    if plan is None or (plan.train, plan.dev, plan.test) == CLASSIC:
        return None
    shares = shares_of(np.asarray(plan.source.class_sizes()), CLASSIC)
    return SplitFix(f"Split {CLASSIC.name}", CLASSIC._asdict()) if (shares > 0).all() else None


def _shuffle_anew(plan: DataPlan | None) -> tuple[str, SplitFix | None]:
    hint = "Draw both at random from the same examples."
    if plan is None:
        return hint, None
    seed = plan.seed + 1
    return hint, SplitFix(f"Split with seed {seed}", {"seed": seed})


def _needed(error: float) -> int:
    """The fewest dev examples, in steps of a quarter more, that make the interval narrow enough."""
    m = 10
    while np.ptp(wilson(error, m)) > 2 * WIDE:
        m = math.ceil(1.25 * m)
    return m


def _larger_dev(plan: DataPlan | None, wanted: int) -> SplitFix | None:
    """The dev fraction that gives this many examples, if the data have them."""
    if plan is None:
        return None
    fraction = math.ceil(1000 * wanted / plan.source.examples()) / 1000
    if fraction > LARGEST_DEV:
        return None
    changed = plan.with_fraction("dev", fraction)
    fractions = {name: getattr(changed, name) for name in ("train", "dev", "test")}
    return SplitFix(f"Make the dev set {percent(fraction, None)}", fractions)


def _listed(names: list[str], noun: str) -> str:
    """Names with their noun: "the class 'a'", "the features 'a', 'b', 'c' and 4 more"."""
    shown = ", ".join(f"'{name}'" for name in names[:NAMED])
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    plural = {"class": "classes", "feature": "features"}[noun]
    return f"the {noun if len(names) == 1 else plural} {shown}{more}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _probability(p: float) -> str:
    return f"p = {p:.1g}" if p >= 1e-4 else "p < 0.0001"
