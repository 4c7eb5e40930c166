"""Parts: the sets of a plan as pieces of one line from 0 to 1, and the borders between them."""

from __future__ import annotations

from typing import NamedTuple

from engine.data import DataPlan
from engine.data.splitting.partition import SETS

DIGITS = 12
"""Of a fraction, so that three of them sum to 1 without a tail of rounding errors."""


class SplitPart(NamedTuple):
    """name: "train", "train_dev", "dev" or "test". share: of all examples. end: of its piece."""

    name: str
    share: float
    end: float

    @property
    def start(self) -> float:
        """Where its piece begins."""
        return self.end - self.share


def parts_of(plan: DataPlan) -> list[SplitPart]:
    """The pieces in their order; the test set is one of them also where it is empty."""
    held = plan.train * (plan.train_dev or 0)
    named = [("train", plan.train - held), ("dev", plan.dev), ("test", plan.test)]
    if plan.train_dev is not None:
        named.insert(1, ("train_dev", held))
    parts, end = [], 0.0
    for name, share in named:
        end = round(end + share, DIGITS)
        parts.append(SplitPart(name, share, end))
    return parts


def moved(plan: DataPlan, border: int, place: float, least: float) -> DataPlan:
    """The plan with the border behind part `border` at `place`, 0 to 1; only its neighbors change.

    least: the share that every part but test keeps, such as one example.
    """
    name = parts_of(plan)[border].name
    if name == "dev":
        train_and_dev = _between(plan.train + least, place, 1.0)
        return _divided(plan, plan.train, train_and_dev - plan.train)
    if name == "train" and plan.train_dev is not None:
        fewest = min(least / plan.train, 0.5)
        held = _between(fewest, 1 - place / plan.train, 1 - fewest)
        return plan.replace(train_dev=round(held, DIGITS))
    both, held = plan.train + plan.dev, plan.train_dev or 1.0
    fewest = min(least / min(held, 1 - held or 1.0), both - least)
    train = _between(fewest, place, both - least)
    return _divided(plan, train, both - train)


def sizes_of(plan: DataPlan) -> dict[str, int]:
    """How many examples each part has. Raises as `plan.sizes` does."""
    sizes = dict(zip(SETS, plan.sizes(), strict=True))
    if plan.train_dev is not None:
        sizes["train_dev"] = plan.train_dev_size()
    return {part.name: sizes[part.name] for part in parts_of(plan)}


def counts_at_once(plan: DataPlan) -> bool:
    """Whether the sizes are known without loading any data."""
    return not plan.distinct and not (plan.train_dev is not None and plan.extra is not None)


def _divided(plan: DataPlan, train: float, dev: float) -> DataPlan:
    train, dev = round(train, DIGITS), round(dev, DIGITS)
    return plan.replace(train=train, dev=dev, test=max(0.0, round(1 - train - dev, DIGITS)))


def _between(low: float, value: float, high: float) -> float:
    return max(low, min(value, high))
